"""Writes the made-up answers of this example: raw/2025/exports/clients.csv, as LimeSurvey exports it. The same seed gives the same bytes.

    .venv/bin/python examples/clients/generate.py

1,200 people took part and 33 refused, in 46 sessions at services of two made-up cities. Sessions were drawn in strata (city and kind of
service), and people in a session; a weight is one over the chance of being drawn: the sessions drawn of those held in a month, the people
asked of those present, and the days on which the person comes (three or fewer count as four, so that no single weight is very large). People of a session resemble each other more than people of different ones.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import numpy as np

SEED = 20250314
OUTPUT = Path(__file__).parent / "raw/2025/exports/clients.csv"
# Stratum -> (sessions drawn, sessions held in the month, people who took part, people present at a session on average).
STRATA = {
    ("altenhafen", "room"): (8, 112, 230, 95),
    ("altenhafen", "dropin"): (8, 96, 210, 70),
    ("altenhafen", "ost"): (6, 44, 130, 60),
    ("altenhafen", "outreach"): (6, 40, 90, 30),
    ("bergstetten", "dropin"): (8, 52, 290, 65),
    ("bergstetten", "ost"): (5, 40, 140, 45),
    ("bergstetten", "outreach"): (5, 32, 110, 35),
}
REFUSED = 33
# Where a person who came to this kind of service mostly uses: home, others, room, shelter, public.
PLACES = {
    ("altenhafen", "room"): (0.25, 0.08, 0.47, 0.06, 0.14),
    ("altenhafen", "dropin"): (0.38, 0.12, 0.19, 0.08, 0.23),
    ("altenhafen", "ost"): (0.68, 0.12, 0.06, 0.03, 0.11),
    ("altenhafen", "outreach"): (0.26, 0.11, 0.13, 0.10, 0.40),
    ("bergstetten", "dropin"): (0.44, 0.14, 0.00, 0.08, 0.34),
    ("bergstetten", "ost"): (0.70, 0.13, 0.00, 0.03, 0.14),
    ("bergstetten", "outreach"): (0.28, 0.13, 0.00, 0.08, 0.51),
}
WISHES = (
    "Mehr Plätze zum Rauchen wären gut.", "Danke, dass ihr fragt.", "Am Wochenende ist alles zu.", "Weniger Kontrollen vor der Tür.",
    "Eine Wohnung würde mir am meisten helfen.", "Die Leute hier sind in Ordnung.",
)  # fmt: skip
BOXES = {
    "needs": ("evenings", "smoking", "checking", "medical", "housing", "women", "peers", "nothing"),
    "drugs": ("heroin", "crack", "cocaine", "amphetamine", "benzodiazepines", "pregabalin", "opioids", "cannabis", "alcohol"),
    "ost_barriers": ("place", "daily", "cooccurring", "insurance", "distance", "not_wanted", "not_opioids"),
}  # fmt: skip


class Person:
    """Draws the answers of one person, whose session leans by `mood` (on the scale of log odds)."""

    def __init__(self, random: np.random.Generator, city: str, service: str, mood: float):
        self.random, self.city, self.service, self.mood = random, city, service, mood
        self.answers: dict[str, str] = {"service": service, "city": city}

    def chance(self, share: float, lean: float = 1.0) -> bool:
        odds = np.log(share / (1 - share)) + lean * self.mood
        return bool(self.random.random() < 1 / (1 + np.exp(-odds)))

    def one_of(self, options: dict[str, float]) -> str:
        shares = np.array(list(options.values()))
        return str(self.random.choice(list(options), p=shares / shares.sum()))

    def say(self, question: str, yes: bool) -> bool:
        self.answers[question] = "yes" if yes else "no"
        return yes

    def tick(self, question: str, shares: dict[str, float]) -> None:
        ticked = {option for option, share in shares.items() if self.chance(share)}
        if question == "needs" and not ticked:
            ticked = {"nothing"}
        self.answers |= {f"{question}[{option}]": "Y" if option in ticked else "" for option in BOXES[question]}

    def person(self) -> None:
        at_ost, outside = self.service == "ost", self.service == "outreach"
        ages = (3, 14, 33, 33, 17) if at_ost else (7, 25, 36, 23, 9)
        self.answers["age"] = self.one_of(dict(zip(("u25", "a25_34", "a35_44", "a45_54", "a55"), ages, strict=True)))
        self.answers["gender"] = self.one_of({"woman": 0.24, "man": 0.745, "other": 0.015})
        homes = (60, 10, 16, 8, 6) if at_ost else (14, 16, 12, 24, 34) if outside else (32, 14, 16, 20, 18)
        homes = dict(zip(("own", "friends", "institution", "shelter", "street"), homes, strict=True))
        self.answers["housing"] = self.one_of(homes)
        mean = {"room": 13, "dropin": 11, "ost": 18, "outreach": 6}[self.service]
        self.answers["visits"] = str(int(np.clip(self.random.negative_binomial(3, 3 / (3 + mean)), 1, 30)))
        suits = (
            {"well": 0.52, "partly": 0.31, "badly": 0.17}
            if not at_ost
            else {"well": 0.34, "partly": 0.38, "badly": 0.28}
        )
        self.answers["hours_suit"] = self.one_of(suits)
        woman = self.answers["gender"] == "woman"
        self.tick("needs", {
            "evenings": 0.41, "smoking": 0.12 if at_ost else 0.44, "checking": 0.33, "medical": 0.25, "housing": 0.36,
            "women": 0.31 if woman else 0.02, "peers": 0.19,
        })  # fmt: skip

    def consumption(self) -> None:
        at_ost = self.service == "ost"
        crack = 0.52 if self.city == "altenhafen" else 0.27
        self.tick("drugs", {
            "heroin": 0.28 if at_ost else 0.58, "crack": crack * (0.6 if at_ost else 1.15), "cocaine": 0.30, "amphetamine": 0.15,
            "benzodiazepines": 0.29, "pregabalin": 0.24, "opioids": 0.18, "cannabis": 0.52, "alcohol": 0.55,
        })  # fmt: skip
        trend = (30, 34, 22, 3, 1, 10) if self.city == "altenhafen" else (14, 31, 33, 5, 2, 15)
        names = ("strong_increase", "increase", "stable", "decrease", "strong_decrease", "dont_know")
        self.answers["crack_trend"] = self.one_of(dict(zip(names, trend, strict=True)))
        places = dict(
            zip(("home", "others", "room", "shelter", "public"), PLACES[self.city, self.service], strict=True)
        )
        self.answers["place_of_use"] = self.one_of(places)
        if self.city == "altenhafen":
            mean = 14 if self.service == "room" else 12 if self.answers["place_of_use"] == "room" else 2.5
            self.answers["room_days"] = str(int(min(self.random.negative_binomial(1.3, 1.3 / (1.3 + mean)), 30)))
        if self.say("injected", self.chance(0.31 if at_ost else 0.47)):
            shares = (44, 31, 20, 5) if self.city == "altenhafen" else (31, 30, 31, 8)
            self.answers["syringes_enough"] = self.one_of(
                dict(zip(("always", "mostly", "sometimes", "never"), shares, strict=True))
            )
            short = self.answers["syringes_enough"] in ("sometimes", "never")
            self.say("shared", self.chance(0.38 if short else 0.13))
        self.answers["checking_used"] = self.one_of({"yes": 0.06, "no": 0.38, "unknown": 0.56})
        self.answers["checking_would"] = self.one_of({"yes": 0.63, "no": 0.26, "dont_know": 0.11})
        self.answers["naloxone"] = self.one_of({"yes": 0.23, "no": 0.70, "dont_know": 0.07})
        self.say("overdose", self.chance(0.08 if at_ost else 0.14))

    def care(self) -> None:
        if self.say("ost_now", self.service == "ost" or self.chance(0.43)):
            self.answers["ost_takehome"] = self.one_of({"0": 34, "1": 8, "2": 6, "5": 4, "6": 33, "7": 15})
        else:
            self.tick("ost_barriers", {
                "place": 0.22 if self.city == "altenhafen" else 0.38, "daily": 0.36, "cooccurring": 0.33, "insurance": 0.19,
                "distance": 0.08 if self.city == "altenhafen" else 0.26, "not_wanted": 0.24, "not_opioids": 0.21,
            })  # fmt: skip
        tested = 0.66 if self.service == "ost" else 0.47
        self.answers["hcv_test"] = self.one_of({"yes": tested, "no": 0.94 - tested, "dont_know": 0.06})
        badly = {"often": 0.24, "sometimes": 0.34, "never": 0.32, "not_used": 0.10}
        self.answers["stigma_care"] = self.one_of(badly)
        avoided = {"often": 0.66, "sometimes": 0.47, "never": 0.24, "not_used": 0.30}[self.answers["stigma_care"]]
        self.say("care_avoided", self.chance(avoided))
        reached = {"room": 0.46, "dropin": 0.36, "ost": 0.17, "outreach": 0.52}[self.service]
        if self.say("peer_contact", self.chance(reached, 1.5)):
            self.answers["peer_helped"] = self.one_of({"yes": 0.71, "no": 0.21, "dont_know": 0.08})
        if self.random.random() < 0.12:
            self.answers["wishes"] = str(self.random.choice(WISHES))

    def leave_open(self) -> None:
        """One answer in fifty is missing, and never one that decides what is asked next."""
        kept = ("service", "city", "injected", "ost_now", "peer_contact", "wishes")
        for question in [name for name in self.answers if "[" not in name and name not in kept]:
            if self.random.random() < 0.02:
                self.answers[question] = ""


def sessions(random: np.random.Generator) -> list[tuple[str, str, int, int, float]]:
    """A row a session: (city, service, its number, how many took part, its mood)."""
    found = []
    for (city, service), (drawn, _, people, _) in STRATA.items():
        sizes = 8 + random.multinomial(people - 8 * drawn, random.dirichlet(np.full(drawn, 6.0)))
        found += [
            (city, service, place + 1, int(size), float(random.normal(0, 0.28))) for place, size in enumerate(sizes)
        ]
    return found


def rows() -> list[dict[str, str]]:
    random, found = np.random.default_rng(SEED), []
    codes = iter(random.permutation(np.arange(100000, 999999))[:4000])
    for city, service, number, size, mood in sessions(random):
        drawn, held, _, present = STRATA[city, service]
        there = max(size + 2, int(random.poisson(present)))
        day = f"2025-03-{3 + (7 * number + len(service)) % 26:02}"
        for place in range(size):
            one = Person(random, city, service, mood)
            one.person()
            one.consumption()
            one.care()
            visits = int(one.answers["visits"])
            one.leave_open()
            stay = {
                "client_code": f"K{next(codes)}", "stratum": f"{city} {service}", "session": f"{city} {service} {number:02}",
                "weight": f"{held / drawn * there / size * 3 / max(visits, 4):.4f}", "consent": "yes",
                "submitdate": f"{day} {10 + place // 6:02}:{place % 6 * 10 + 4:02}:00",
            }  # fmt: skip
            found.append(stay | one.answers)
    for place in sorted(random.choice(len(found), REFUSED, replace=False))[::-1]:
        near = found[place]
        keys = ("service", "city", "stratum", "session", "weight", "submitdate")
        found.insert(place, {key: near[key] for key in keys} | {"client_code": f"K{next(codes)}", "consent": "no"})
    return found


QUESTIONS = (
    "client_code", "service", "city", "stratum", "session", "weight", "consent", "age", "gender", "housing", "visits", "hours_suit", "needs",
    "drugs", "crack_trend", "place_of_use", "room_days", "injected", "syringes_enough", "shared", "checking_used", "checking_would",
    "naloxone", "overdose", "ost_now", "ost_takehome", "ost_barriers", "hcv_test", "stigma_care", "care_avoided", "peer_contact",
    "peer_helped", "wishes",
)  # fmt: skip


def write(path: Path = OUTPUT) -> None:
    """Write the export: codes of questions and answers, `N/A` nowhere, a date of submission and a last page."""
    columns = [
        name
        for question in QUESTIONS
        for name in ([f"{question}[{box}]" for box in BOXES[question]] if question in BOXES else [question])
    ]
    lead = {"lastpage": "4", "startlanguage": "de"}
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.DictWriter(
            file,
            ["id", "submitdate", *lead, *columns],
            restval="",
            delimiter=";",
            quoting=csv.QUOTE_ALL,
            lineterminator="\n",
        )
        table.writeheader()
        table.writerows({"id": str(number), **lead, **row} for number, row in enumerate(rows(), start=1))


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else OUTPUT)
