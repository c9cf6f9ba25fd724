"""Microsoft Forms: headings are the questions, ticked options joined by ";" with one at the end."""

from __future__ import annotations

import re

import pandas as pd

from hrmonitor.files.sheets import Sheet, read_sheets
from hrmonitor.questionnaire.model import Questionnaire
from hrmonitor.readers.export import Column, Export, never
from hrmonitor.readers.matching import plain

COMPLETED = {"completiontime", "tijdvanvoltooien", "voltooiingstijd"}
SYSTEM = COMPLETED | {
    "id", "starttime", "begintijd", "email", "emailadres", "name", "naam", "lastmodifiedtime", "tijdvanlaatstewijziging", "language",
    "taal", "totalpoints", "totaalaantalpunten", "quizfeedback",
}  # fmt: skip
QUIZ = re.compile(r"(Points|Feedback|Punten) - .*", re.S)


def recognise(sheet: Sheet) -> str | None:
    """Why the sheet is Microsoft Forms', if it is."""
    headings = {plain(heading) for heading in sheet.row(0)[:7]}
    if headings & COMPLETED and headings & {"starttime", "begintijd"}:
        return "it has Microsoft Forms' columns for start and completion"
    return None


def read(path: str, entry: dict, questionnaire: Questionnaire | None) -> Export:
    """One row a response, sent in at its time of completion."""
    sheets, facts = read_sheets(path, entry)
    sheet = sheets[0]
    header, body = sheet.row(0), sheet.body(1)
    index = pd.RangeIndex(len(body))
    rows = body.index.to_series(index=index)
    body = body.set_axis(index)
    # Only the first columns are the tool's: a question may well be called "Name".
    questions = max((place for place, heading in enumerate(header[:8]) if plain(heading) in SYSTEM), default=-1) + 1
    kept = [
        p for p in range(questions, len(header)) if not QUIZ.fullmatch(header[p]) and plain(header[p]) not in COMPLETED
    ]
    # A repeated heading gets a number behind it, which is not the form's.
    columns = []
    for place in kept:
        heading = header[place].replace("\xa0", " ")
        bare = re.sub(r"(?<=\D)\d$", "", heading)
        columns.append(Column(heading, ((heading, None), (bare, None))))
    data = body[kept].set_axis(range(len(kept)), axis=1)
    done = next((place for place, heading in enumerate(header) if plain(heading) in COMPLETED), None)
    facts.append(f"{len(data)} responses")
    notes = [(row, "blank_row", "the row has no cell with text") for row in sheet.blank_rows]
    system = [heading for place, heading in enumerate(header) if place not in kept]
    submitted = never(index) if done is None else body[done]
    return Export(
        "microsoft_forms", data, columns, rows, submitted, joiner=";", system=system, facts=facts, notes=notes
    )
