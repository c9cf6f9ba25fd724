"""Surveys without a register, as files: clients of needle exchanges in three cities, drawn by place and weighted; and services of which only
the number is known."""

from __future__ import annotations

import random
from pathlib import Path

from small_survey import small_config, write_small

FORM = {
    "survey": """type,name,label::English (en),indicator,statistic
text,client_code,Code of the client,,
select_one city,service,City,,
text,place,Place of the interview,,
text,stratum,Stratum of the place,,
decimal,weight,Weight,,
select_one yn,tested_hepatitis,Were you tested for hepatitis C in the last year?,tested_hepatitis,share
select_multiple needs,needs,What do you need?,needs,share
select_one yn,violence,Did you meet violence in the last year?,violence,share
integer,visits,How often did you come here in the last 30 days?,visits,mean median total
""",
    "choices": """list_name,name,label::English (en)
city,north,Northport
city,hills,Hillcity
city,lake,Lakeside
yn,yes,Yes
yn,no,No
needs,housing,A place to live
needs,care,Medical care
needs,rights,Help with my rights
""",
    "settings": "form_title,form_id,version\nClients,clients,1\n",
}
DESIGN = {"strata": "stratum", "cluster": "place", "weight": "weight"}
# City -> (places, clients of each place, share tested).
CITIES = {"north": (8, 14, 0.7), "hills": (6, 12, 0.5), "lake": (5, 11, 0.45)}


def clients(seed: int = 7) -> list[dict[str, str]]:
    """A row a client. Clients of a place answer alike, and large places weigh more."""
    draw, rows = random.Random(seed), []
    for city, (places, each, tested) in CITIES.items():
        for place in range(places):
            mood, weight = draw.gauss(0, 0.12), draw.choice([2.5, 4.0, 7.5])
            for _ in range(each):
                needs = {
                    need: str(int(draw.random() < share))
                    for need, share in (("housing", 0.6), ("care", 0.4), ("rights", 0.25))
                }
                rows.append({
                    "client_code": f"K{len(rows) + 1:04d}", "service": city, "place": f"{city} {place + 1}",
                    "stratum": f"{city} {'inner' if place % 2 else 'outer'}", "weight": str(round(weight * draw.uniform(0.8, 1.2), 3)),
                    "tested_hepatitis": "yes" if draw.random() < tested + mood else "no" if draw.random() < 0.96 else "",
                    **{f"needs/{need}": given for need, given in needs.items()},
                    # Two in Lakeside: few enough to be hidden.
                    "violence": "yes" if (city != "lake" and draw.random() < 0.2) or len(rows) in (190, 210) else "no",
                    "visits": str(draw.randint(1, 30)),
                })  # fmt: skip
    return rows


def as_csv(rows: list[dict[str, str]]) -> str:
    return "\n".join([",".join(rows[0]), *(",".join(row.values()) for row in rows)]) + "\n"


def sample_config(**frame) -> dict:
    """The config of the clients' survey; `frame` are keys of its frame besides its kind and design."""
    config = small_config(("en",))
    del config["register"]
    config["unit"] = "person"
    config["rounds"]["2024"]["frame"] = {"kind": "sample", "identity": "client_code", "design": dict(DESIGN), **frame}
    config["findings"] = {
        "tested": {
            "number": 1,
            "round": "2024",
            "statement": {"en": "Most clients were tested for hepatitis C in the last year."},
            "reason": "Most is more than half.",
            "tests": [
                {"test": "share_above", "question": "tested_hepatitis", "categories": ["yes"], "threshold": 0.5, "why": "Most were tested.",
                 "short": "Most were tested"}
            ],
        }
    }  # fmt: skip
    config["figures"] = {
        "needs": {"kind": "barriers", "section": "tested", "round": "2024", "question": "needs", "title": {"en": "What clients need"}},
    }  # fmt: skip
    config["minimum_organisations"] = 3
    config["disclosure"]["sensitive"] = ["violence"]
    return config


def write_sample(folder: Path, config: dict | None = None, rows: list[dict[str, str]] | None = None) -> None:
    """Write the clients' survey under `folder`, without a register."""
    write_small(folder, config or sample_config(), FORM, as_csv(rows or clients()))
    (folder / "raw/register.csv").unlink()


# --- the same answers, of services of which only the number is known ------------------------------------------

COUNTS = "service,population\nlake,60\nnorth,150\nhills,72\n"


def population_config() -> dict:
    """The config of a round with a population; `write_population` writes its counts."""
    config = sample_config(kind="population", counts="raw/2024/population.csv")
    del config["rounds"]["2024"]["frame"]["design"]
    config["unit"] = "event"
    return config


def write_population(folder: Path, content: str) -> None:
    (folder / "raw/2024").mkdir(parents=True, exist_ok=True)
    (folder / "raw/2024/population.csv").write_text(content, encoding="utf-8")
