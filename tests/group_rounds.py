"""Three small countries in one study, as files: one with two rounds, one whose form differs, one so small that its cells are hidden."""

from __future__ import annotations

import random
from copy import deepcopy
from pathlib import Path

import yaml
from small_survey import SERIES, VALUES, small_config

FORM = {
    "survey": """type,name,label::English (en),label::Nederlands (nl),indicator,statistic,unit
text,facility_name,Name of the facility,Naam van de voorziening,,,
select_one service,service,Type of service,Type voorziening,,,
select_one yn,weekends,Open at weekends?,In het weekend open?,open_weekends,share,
select_one need,need,What is needed most?,Wat is het meest nodig?,need,share,
integer,clients,Clients last year?,Cliënten vorig jaar?,clients,mean,persons
""",
    "choices": """list_name,name,label::English (en),label::Nederlands (nl)
service,room,Consumption room,Gebruiksruimte
service,needle,Needle exchange,Spuitomruil
yn,yes,Yes,Ja
yn,no,No,Nee
need,staff,Staff,Personeel
need,space,Space,Ruimte
need,money,Money,Geld
""",
    "settings": "form_title,form_id,version\nSmall,small,1\n",
}
# Belgium asks another scale of needs; Luxembourg does not ask about weekends.
OTHER_CHOICES = FORM["choices"].replace("need,money,Money,Geld\n", "need,peers,Peers,Ervaringsdeskundigen\n")
WITHOUT = FORM["survey"].replace(
    "select_one yn,weekends,Open at weekends?,In het weekend open?,open_weekends,share,\n", ""
)
NAMES = {
    "nl": {"en": "Netherlands", "nl": "Nederland"},
    "be": {"en": "Belgium", "nl": "België"},
    "lu": {"en": "Luxembourg", "nl": "Luxemburg"},
}
# Round -> (group, year, how many of each type of service there are; in the large ones every fifth does not answer).
ROUNDS = {
    "nl_2022": ("nl", 2022, {"room": 12, "needle": 14}),
    "nl_2024": ("nl", 2024, {"room": 12, "needle": 14}),
    "be_2024": ("be", 2024, {"room": 11, "needle": 13}),
    "lu_2023": ("lu", 2023, {"room": 2, "needle": 5}),
}
FORMS = {
    "be_2024": {**FORM, "choices": OTHER_CHOICES, "settings": FORM["settings"].replace("small,1", "small_be,1")},
    "lu_2023": {**FORM, "survey": WITHOUT, "settings": FORM["settings"].replace("small,1", "small_lu,1")},
}
FIGURES = {
    "weekends": {"kind": "groups", "section": "groups", "indicator": "open_weekends", "answers": ["yes"]},
    "clients": {"kind": "groups", "section": "groups", "indicator": "clients"},
}


def groups_config(frame: str = "register") -> dict:
    config = small_config()
    config["groups"] = {"kind": {"en": "Country", "nl": "Land"}, "names": deepcopy(NAMES)}
    config["rounds"] = {
        name: {
            "year": year,
            "group": group,
            "title": {lang: f"{NAMES[group][lang]} {year}" for lang in ("en", "nl")},
            "questionnaire": f"raw/{name}/questionnaire",
            "exports": [{"path": f"raw/{name}/answers.csv", "tool": "table", "mode": "interview"}],
        }
        for name, (group, year, _) in ROUNDS.items()
    }
    config["figures"] = {
        name: {**figure, "title": {"en": name.title(), "nl": name.title()}} for name, figure in FIGURES.items()
    }
    config["findings"] = {
        "open": {
            "number": 1,
            "round": "be_2024",
            "statement": {"en": "Most are open at weekends.", "nl": "De meeste zijn in het weekend open."},
            "reason": "Most is more than half.",
            "tests": [
                {
                    "test": "share_above",
                    "question": "weekends",
                    "categories": ["yes"],
                    "threshold": 0.5,
                    "why": "Most are open.",
                }
            ],
        }
    }
    if frame != "register":
        del config["register"]
        for name, block in config["rounds"].items():
            block["frame"] = {"kind": frame, "identity": "facility_name"}
            if frame == "population":
                block["frame"]["counts"] = f"raw/{name}/population.csv"
    return config


def write_groups(folder: Path, config: dict | None = None) -> None:
    """raw/ and config.yaml under `folder`; the register has the facilities of all countries."""
    draw, register = (
        random.Random(3),
        ["facility_id,name,aliases,organisation,service,province,municipality,opened,closed,group"],
    )
    (folder / "raw/reference").mkdir(parents=True)
    for name, (group, _, sizes) in ROUNDS.items():
        sheets = folder / "raw" / name / "questionnaire"
        sheets.mkdir(parents=True)
        form = FORMS.get(name, FORM)
        for sheet, content in form.items():
            (sheets / f"{sheet}.csv").write_text(content, encoding="utf-8")
        rows = ["facility_name,service,weekends,need,clients"]
        last = form["choices"].splitlines()[-1].split(",")[1]
        for service, size in sizes.items():
            for place in range(size):
                who = f"{group.upper()} {service} {place + 1}"
                row = f"{group.upper()}-{service.upper()}-{place + 1},{who},,Stichting {group}{place},{service},utrecht,Utrecht,2010-01-01,,{group}"
                if row not in register:
                    register.append(row)
                if size > 5 and place % 5 == 4:
                    continue  # did not answer
                asked = draw.choice(["yes", "yes", "no"]) if "open_weekends" in form["survey"] else ""
                rows.append(f"{who},{service},{asked},{draw.choice(['staff', 'space', last])},{draw.randint(20, 90)}")
        if "open_weekends" not in form["survey"]:
            rows = [",".join(cell for at, cell in enumerate(row.split(",")) if at != 2) for row in rows]
        (folder / "raw" / name / "answers.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
        counts = "service,population\n" + "".join(f"{service},{size + 2}\n" for service, size in sizes.items())
        (folder / "raw" / name / "population.csv").write_text(counts, encoding="utf-8")
    (folder / "raw/register.csv").write_text("\n".join(register) + "\n", encoding="utf-8")
    for name, content in (("series", SERIES), ("values", VALUES)):
        (folder / "raw/reference" / f"{name}.csv").write_text(content, encoding="utf-8")
    text = yaml.safe_dump(config or groups_config(), sort_keys=False, allow_unicode=True)
    (folder / "config.yaml").write_text(text, encoding="utf-8")
