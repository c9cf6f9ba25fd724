"""Open answers that carry themes, and two people who code them without seeing each other's work."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pandas as pd

# Theme -> (Dutch label, English label, share of facilities, sentences).
THEMES = {
    "barriers_open": {
        "stigma": ("Stigma en vooroordelen", "Stigma and prejudice", 0.46, [
            "Onze bezoekers worden met de nek aangekeken bij de huisarts.",
            "Mensen schamen zich en durven daarom geen hulp te vragen.",
            "In het ziekenhuis worden zij niet serieus genomen zodra het woord verslaving valt.",
        ]),
        "insurance": ("Verzekering en documenten", "Insurance and documents", 0.3, [
            "Zonder verzekering of verblijfspapieren kunnen we niemand doorverwijzen.",
            "Veel mensen zijn onverzekerd en krijgen dan alleen noodhulp.",
        ]),
        "waiting": ("Wachtlijsten", "Waiting lists", 0.25, [
            "De wachttijd voor een kliniek is maanden, dan is de motivatie weg.",
            "Er zijn lange wachtlijsten voor de ggz.",
        ]),
        "rules": ("Regels en voorwaarden", "Rules and conditions", 0.2, [
            "De voorwaarden zijn streng: wie gebruikt, mag er niet in.",
            "Door de regiobinding vallen mensen buiten de boot.",
        ]),
    },
    "needs_open": {
        "housing": ("Wonen", "Housing", 0.4, ["Een eigen plek om te wonen, met begeleiding.", "Woonruimte, ook voor wie nog gebruikt."]),
        "ageing": ("Zorg voor ouderen", "Care for older people", 0.35, ["Verpleegzorg voor mensen die oud worden met hun gebruik.", "Een plek in een verpleeghuis waar gebruik mag."]),
        "day_activities": ("Dagbesteding", "Day activities", 0.25, ["Zinvolle dagbesteding en werk.", "Meer te doen overdag."]),
        "ghb": ("Hulp bij GHB", "Help with GHB", 0.2, ["Opvang voor mensen die GHB gebruiken.", "Kennis over GHB en plekken om af te bouwen."]),
    },
    "wishes_open": {
        "staff": ("Personeel", "Staff", 0.4, ["Meer collega's, we draaien met een minimale bezetting.", "Vaste krachten in plaats van invallers."]),
        "funding": ("Financiering", "Funding", 0.3, ["Zekerheid over de subsidie voor langer dan een jaar.", "Structureel geld."]),
        "cooperation": ("Samenwerking", "Cooperation", 0.25, ["Betere samenwerking met de ggz en de gemeente.", "Korte lijnen met het ziekenhuis."]),
        "monitoring": ("Landelijke cijfers", "National figures", 0.2, ["Landelijke cijfers waarmee we ons kunnen vergelijken.", "Een vaste manier van registreren."]),
    },
}  # fmt: skip
# What a coder does with a theme that is there, and with one that is not.
FINDS, IMAGINES = 0.95, 0.02
# The second coder takes one theme for another in some of the answers that have the first.
CONFUSED, EVERY = ("barriers_open", "insurance", "rules"), 6
# One answer of each was cleared, so that the way of a quote into the report is walked.
QUOTED = (("barriers_open", "stigma"), ("barriers_open", "waiting"), ("needs_open", "housing"))
CLEARED = "synthetisch voorbeeld van een vrijgegeven citaat"


def write_open_answers(truth: pd.DataFrame, scenario: str, rng: np.random.Generator) -> pd.DataFrame:
    """Fill the open questions of `truth` with text; returns the true themes (facility_id, question, theme)."""
    themes = []
    for question, book in THEMES.items():
        texts = []
        for facility in truth["facility_id"]:
            sentences = []
            for theme, (_, _, share, examples) in book.items():
                share = 0.05 if scenario == "reversed" and theme == "stigma" else share
                if rng.random() < share:
                    themes.append((facility, question, theme))
                    sentences.append(examples[rng.integers(len(examples))])
            # Two in a hundred leave the question open; someone without a theme has nothing to add.
            empty = rng.random() < 0.02
            texts.append(None if empty else " ".join(sentences) or "Geen bijzonderheden.")
        truth[question] = texts
    truth["remarks"] = [None if rng.random() < 0.6 else "Fijn dat dit onderzoek er is." for _ in range(len(truth))]
    return pd.DataFrame(themes, columns=["facility_id", "question", "theme"])


def write_coding(folder: Path, answers: pd.DataFrame, themes: pd.DataFrame, rng: np.random.Generator) -> None:
    """Write themes.csv, coder_1.csv, coder_2.csv and consensus.csv.

    `answers` has source, row, facility_id, question: the open answers that were handed to the coders.
    """
    folder.mkdir(parents=True, exist_ok=True)
    book = [
        (question, theme, nl, en) for question, entries in THEMES.items() for theme, (nl, en, _, _) in entries.items()
    ]
    _write(folder / "themes.csv", "utf-8", ",", ["question", "theme", "label_nl", "label_en"], book)
    true = set(themes.itertuples(index=False, name=None))
    seen: dict[tuple, list[str]] = {}
    times = 0
    for number in (1, 2):
        rows = []
        for answer in answers.itertuples(index=False):
            marked = []
            for theme in THEMES[answer.question]:
                there = (answer.facility_id, answer.question, theme) in true
                if rng.random() < (FINDS if there else IMAGINES):
                    marked.append(theme)
            if number == 2 and answer.question == CONFUSED[0] and CONFUSED[1] in marked and CONFUSED[2] not in marked:
                times += 1
                if times % EVERY == 0:
                    marked[marked.index(CONFUSED[1])] = CONFUSED[2]
            rows.append([answer.source, answer.row, answer.question, "|".join(marked)])
            seen.setdefault((answer.source, answer.row, answer.question), []).append("|".join(marked))
        header = ["source", "row", "question", "themes"]
        if number == 2:
            # The second coder works in an older Excel: Windows-1252, and a column of remarks.
            header.append("opmerking")
            rows = [[*row, "cliënt noemt heroïne" if i % 40 == 7 else ""] for i, row in enumerate(rows)]
        _write(folder / f"coder_{number}.csv", "utf-8" if number == 1 else "cp1252", ";", header, rows)
    _write(folder / "consensus.csv", "utf-8", ",", ["source", "row", "question", "themes", "publish", "remark"],
           _consensus(answers, seen, true))  # fmt: skip


def _consensus(answers: pd.DataFrame, seen: dict[tuple, list[str]], true: set[tuple]) -> list[list]:
    """Where the coders differ they find the truth together; and of a few themes they clear the first answer that has no other."""
    rows, quoted = [], set()
    for answer in answers.itertuples(index=False):
        first, second = seen[answer.source, answer.row, answer.question]
        there = [theme for theme in THEMES[answer.question] if (answer.facility_id, answer.question, theme) in true]
        place = [answer.source, answer.row, answer.question, "|".join(there)]
        quote = (answer.question, first)
        if first != second:
            rows.append([*place, "", ""])
        elif [first] == there and quote in QUOTED and quote not in quoted:
            quoted.add(quote)
            rows.append([*place, "yes", CLEARED])
    return rows


def _write(path: Path, encoding: str, delimiter: str, header: list[str], rows: list) -> None:
    with open(path, "w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, delimiter=delimiter, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
