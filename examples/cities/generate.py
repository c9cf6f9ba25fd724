"""Writes the made-up answers of this example: raw/{year}/exports/cities.csv of three years, as KoboToolbox exports them. The same seed gives the
same bytes.

    .venv/bin/python examples/cities/generate.py

A made-up network has 36 cities, known by codes and in four regions of Europe; 30 of them answer each year, most of them every year. What a
city has, it mostly keeps: each city leans towards few or many services, and the whole of Europe moves a little from year to year.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import numpy as np

SEED = 20230517
FOLDER = Path(__file__).parent / "raw"
YEARS = (2023, 2024, 2025)
REGIONS = {"north": 7, "west": 11, "south": 8, "east": 10}
ANSWERS = 30
# By region, how far its cities lean towards having services (log odds).
LEAN = {"north": 0.3, "west": 0.7, "south": -0.1, "east": -0.8}
# Options of a question and the share of each in the three years, over all cities; what is left of 1 is "don't know".
ONE_OF = {
    "naloxone": {"open": (0.22, 0.36, 0.50), "prescription": (0.17, 0.16, 0.15), "no": (0.56, 0.45, 0.33)},
    "room": {"yes": (0.22, 0.25, 0.28), "planned": (0.08, 0.10, 0.11), "no": (0.70, 0.65, 0.61)},
    "checking": {"yes": (0.31, 0.37, 0.44), "planned": (0.14, 0.14, 0.13), "no": (0.52, 0.46, 0.40)},
    "pipes": {"yes": (0.27, 0.38, 0.49), "planned": (0.12, 0.12, 0.11), "no": (0.57, 0.46, 0.36)},
    "hcv": {"all": (0.45, 0.47, 0.49), "some": (0.30, 0.30, 0.30), "no": (0.19, 0.17, 0.15)},
    "strategy": {"yes": (0.58, 0.60, 0.61), "no": (0.34, 0.33, 0.32)},
    "involved": {"decide": (0.14, 0.13, 0.12), "consulted": (0.37, 0.36, 0.34), "informed": (0.27, 0.28, 0.30), "no": (0.19, 0.20, 0.21)},
    "union": {"yes": (0.42, 0.44, 0.45), "no": (0.51, 0.49, 0.48)},
    "peers": {"all": (0.26, 0.28, 0.30), "some": (0.36, 0.36, 0.36), "no": (0.16, 0.14, 0.12), "no_peers": (0.19, 0.19, 0.19)},
    "police": {"support": (0.25, 0.25, 0.25), "tolerate": (0.43, 0.42, 0.42), "disturb": (0.26, 0.27, 0.27)},
    "alerts": {"yes": (0, 0, 0.37), "no": (0, 0, 0.56)},
    # Those who have least are first to lose: the other way round.
    "term": {"longer": (0.12, 0.12, 0.11), "two_three": (0.28, 0.27, 0.26), "year": (0.54, 0.55, 0.57)},
    "funding_trend": {
        "strong_increase": (0.03, 0.03, 0.02), "increase": (0.21, 0.18, 0.14), "stable": (0.43, 0.41, 0.38), "decrease": (0.22, 0.26, 0.31),
        "strong_decrease": (0.06, 0.08, 0.10),
    },
    "reach_trend": {
        "strong_increase": (0.08, 0.08, 0.07), "increase": (0.38, 0.38, 0.37), "stable": (0.36, 0.36, 0.36), "decrease": (0.12, 0.12, 0.13),
        "strong_decrease": (0.01, 0.01, 0.02),
    },
}  # fmt: skip
BOXES = {
    "offer": {"nsp": 0.93, "oat": 0.95, "outreach": 0.88, "dropin": 0.79, "hcv_peers": 0.38, "housing": 0.35, "women": 0.42, "chemsex": 0.47, "prison": 0.13},
    "funders": {"state": 0.62, "region": 0.44, "city": 0.66, "insurance": 0.20, "eu": 0.22, "foundations": 0.40, "donations": 0.33},
    "barriers": {"possession": 0.66, "equipment": 0.14, "room": 0.52, "checking": 0.46, "age": 0.30, "insurance": 0.41, "documents": 0.44},
}  # fmt: skip
GROUPS = {
    "city": ("city_code", "service", "respondent", "size"),
    "availability": ("offer", "naloxone", "room", "checking", "pipes"),
    "coverage": ("outlets", "syringes", "waiting", "hcv", "reach_trend"),
    "funding": ("funders", "term", "funding_trend"),
    "law": ("barriers", "strategy", "police"),
    "involvement": ("involved", "union", "peers", "alerts", "remarks"),
}
REMARKS = (
    "The mayor wants a consumption room; the region does not.", "Our contract ends in December.", "Le local doit fermer, nous cherchons un autre lieu.",
    "Crack est arrivé l'année dernière.", "Waiting times are long in summer.", "Two of our peers now have permanent contracts.",
)  # fmt: skip


class City:
    """What a city is like; its draws of each question stay with it, so that little changes from one year to the next."""

    def __init__(self, random: np.random.Generator, code: str, region: str):
        self.code, self.region = code, region
        self.lean = LEAN[region] + random.normal(0, 0.7)
        self.kept = {
            name: random.random() for name in (*ONE_OF, *(f"{q}/{box}" for q, boxes in BOXES.items() for box in boxes))
        }
        self.size = str(random.choice(["under_250", "to_1m", "over_1m"], p=[0.3, 0.43, 0.27]))
        self.outlets = max(0, int(random.lognormal(2.2 + 0.4 * self.lean, 0.6)))
        self.syringes = random.lognormal(4.5 + 0.5 * self.lean, 0.6)
        self.waiting = random.lognormal(2.1 - 0.5 * self.lean, 0.9)

    def _draw(self, random: np.random.Generator, name: str) -> float:
        """The city's own number, moved a little; one answer in eight is drawn anew."""
        if random.random() < 0.12:
            self.kept[name] = random.random()
        return float(np.clip(self.kept[name] + random.normal(0, 0.02), 0, 0.9999))

    def _leant(self, share: float, lean: float) -> float:
        return 1 / (1 + np.exp(-(np.log(share / (1 - share)) + lean)))

    def answers(self, random: np.random.Generator, place: int) -> dict[str, str]:
        """The answers of one round; `place` is its place among the years."""
        said = {
            "city_code": self.code,
            "service": self.region,
            "size": self.size,
            "respondent": f"Person {self.code}, Organisation {self.code}",
        }
        for name, options in ONE_OF.items():
            shares = {option: years[place] for option, years in options.items()}
            if not sum(shares.values()):
                continue
            first, *others = shares
            lean = 0 if name.endswith("trend") else self.lean
            head = self._leant(shares[first], lean) if shares[first] else 0
            left = (1 - head) / (1 - shares[first])
            drawn, total, answer = self._draw(random, name), 0.0, "dont_know"
            for option in (first, *others):
                total += head if option == first else shares[option] * left
                if drawn < total:
                    answer = option
                    break
            said[name] = answer
        for question, boxes in BOXES.items():
            lean = -self.lean if question == "barriers" else self.lean if question == "offer" else 0
            ticked = [
                box
                for box, share in boxes.items()
                if self._draw(random, f"{question}/{box}") < self._leant(share, lean)
            ]
            said[question] = " ".join(
                ticked or (["none"] if question == "barriers" else ["state"] if question == "funders" else ["oat"])
            )
        said["outlets"] = str(max(0, self.outlets + int(random.integers(-2, 3)) + place))
        said["syringes"] = str(int(self.syringes * random.uniform(0.9, 1.1) * (1 + 0.04 * place)))
        said["waiting"] = str(int(min(self.waiting * random.uniform(0.8, 1.25), 300)))
        for name in ("syringes", "waiting", "police", "hcv", "reach_trend"):
            if random.random() < 0.05:
                said[name] = ""
        if random.random() < 0.25:
            said["remarks"] = str(random.choice(REMARKS))
        return said


def columns(year: int) -> list[str]:
    """Headings with their groups: a select-multiple has a column of its own and one for each option."""
    found = []
    for group, questions in GROUPS.items():
        for question in questions:
            if question == "alerts" and year < 2025:
                continue
            found.append(f"{group}/{question}")
            boxes = [*BOXES.get(question, ()), *(["none"] if question == "barriers" else [])]
            found += [f"{group}/{question}/{box}" for box in boxes]
    return found


def row(said: dict[str, str], year: int, number: int, random: np.random.Generator) -> dict[str, str]:
    day = f"{year}-{5 + number // 16:02}-{3 + number * 7 % 26:02}"
    time = f"{9 + number % 8:02}:{number * 13 % 60:02}"
    found = {
        "start": f"{day}T{time}:00.000+02:00",
        "end": f"{day}T{9 + number % 8 + 1:02}:{number * 17 % 60:02}:00.000+02:00",
    }
    for column in columns(year):
        _, question, *box = column.split("/")
        answer = said.get(question, "")
        found[column] = str(int(box[0] in answer.split())) if box else answer
    tail = "".join(random.choice(list("0123456789abcdef"), 32))
    found |= {
        "_id": str(100 * (year - 2000) * 100 + number), "_uuid": f"{tail[:8]}-{tail[8:12]}-4{tail[13:16]}-8{tail[17:20]}-{tail[20:]}",
        "_submission_time": f"{day}T{9 + number % 8 + 1:02}:{number * 17 % 60:02}:30", "_validation_status": "", "_notes": "", "_status": "submitted_via_web",
        "_submitted_by": "", "__version__": f"v{year}a", "_tags": "", "_index": str(number),
    }  # fmt: skip
    return found


def rounds() -> dict[int, list[dict[str, str]]]:
    """Year -> the rows of its export. In the second year a city sent its answers twice, and somebody tried the form."""
    random = np.random.default_rng(SEED)
    cities = []
    for region, number in REGIONS.items():
        cities += [City(random, f"C{len(cities) + place + 1:02}", region) for place in range(number)]
    kept = set(random.choice(len(cities), 26, replace=False).tolist())
    found = {}
    for place, year in enumerate(YEARS):
        others = [number for number in range(len(cities)) if number not in kept]
        here = sorted(kept | set(random.choice(others, ANSWERS - len(kept), replace=False).tolist()))
        order = [here[spot] for spot in random.permutation(len(here))]
        said = [cities[number].answers(random, place) for number in order]
        if year == 2024:
            said.append(said[4] | {"outlets": str(int(said[4]["outlets"]) + 1)})
        found[year] = [row(one, year, number, random) for number, one in enumerate(said, start=1)]
    return found


def write(folder: Path = FOLDER) -> None:
    """Write the three exports: semicolons, all cells in quotes, CRLF, as Kobo does."""
    for year, rows in rounds().items():
        path = folder / str(year) / "exports/cities.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8", newline="") as file:
            table = csv.DictWriter(file, list(rows[0]), delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
            table.writeheader()
            table.writerows(rows)


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
