"""The smallest survey there can be, as files: one round, one question, four names in the register, nothing optional."""

from __future__ import annotations

import shutil
from pathlib import Path

import yaml

FORM = {
    "survey": """type,name,label::English (en),label::Nederlands (nl),indicator,statistic
text,facility_name,Name of the facility,Naam van de voorziening,,
select_one service,service,Type of service,Type voorziening,,
select_one yn,open_weekends,Open at weekends?,In het weekend open?,open_weekends,share
""",
    "choices": """list_name,name,label::English (en),label::Nederlands (nl)
service,room,Consumption room,Gebruiksruimte
yn,yes,Yes,Ja
yn,no,No,Nee
""",
    "settings": "form_title,form_id,version\nSmall,small,1\n",
}
REGISTER = """facility_id,name,aliases,organisation,service,province,municipality,opened,closed
NL-ROOM-1,Anker,,Stichting A,room,utrecht,Utrecht,2010-01-01,
NL-ROOM-2,Baken,,Stichting B,room,utrecht,Utrecht,2010-01-01,
NL-ROOM-3,Cirkel,,Stichting C,room,limburg,Maastricht,2010-01-01,
NL-ROOM-4,Delta,,Stichting D,room,limburg,Maastricht,2010-01-01,
"""
ANSWERS = """facility_name,service,open_weekends
Anker,room,yes
Baken,room,no
Cirkel,room,yes
Delta,room,yes
"""
# What raw/reference must have: published figures of others, none here.
SERIES = "series,topic,label_en,label_nl,unit,counts,basis_en,basis_nl\n"
VALUES = "series,year,value,low,high,run,edition,source,source_url,status,note,note_nl\n"


def small_config(languages: tuple[str, ...] = ("en", "nl")) -> dict:
    """The config with the required keys and no others."""
    words = dict.fromkeys(languages, "Small")
    return {
        "synthetic": True,
        "seed": 1,
        "confidence": 0.95,
        "languages": list(languages),
        "register": "raw/register.csv",
        "rounds": {
            "2024": {
                "year": 2024,
                "title": words,
                "questionnaire": "raw/2024/questionnaire",
                "exports": [{"path": "raw/2024/answers.csv", "tool": "table", "mode": "interview"}],
            }
        },
        "findings": {},
        "figures": {},
        "disclosure": {"minimum_cell": 3},
        "report": {
            "engine": "pandoc",
            "title": words,
            "subtitle": words,
            "authors": ["A"],
            "reference": "raw/reference",
        },
    }


def write_small(folder: Path, config: dict | None = None, form: dict[str, str] = FORM, answers: str = ANSWERS) -> None:
    """Write raw/ and config.yaml under `folder`, without texts of a study; `form` has the sheets of the questionnaire."""
    shutil.rmtree(folder / "report/study", ignore_errors=True)
    round_ = folder / "raw" / "2024"
    (round_ / "questionnaire").mkdir(parents=True)
    (folder / "raw/reference").mkdir()
    for sheet, content in form.items():
        (round_ / "questionnaire" / f"{sheet}.csv").write_text(content, encoding="utf-8")
    (round_ / "answers.csv").write_text(answers, encoding="utf-8")
    for name, content in (("register", REGISTER), ("reference/series", SERIES), ("reference/values", VALUES)):
        (folder / "raw" / f"{name}.csv").write_text(content, encoding="utf-8")
    text = yaml.safe_dump(config or small_config(), sort_keys=False, allow_unicode=True)
    (folder / "config.yaml").write_text(text, encoding="utf-8")
