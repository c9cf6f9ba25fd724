"""Microsoft Forms: headings are the questions, ticked options joined by ";" with one at the end."""

from __future__ import annotations

import re

from hrmonitor.files.sheet import Sheet
from hrmonitor.files.sheets import read_sheets
from hrmonitor.questionnaire.model import Questionnaire
from hrmonitor.readers.export import Export, never
from hrmonitor.readers.matching import plain
from hrmonitor.readers.reader import Likeness, Reader, marks
from hrmonitor.readers.sheet_body import SheetBody

STARTED = {"starttime", "begintijd", "startzeit", "heurededébut"}
COMPLETED = {"completiontime", "tijdvanvoltooien", "voltooiingstijd", "fertigstellungszeit", "heuredefin"}
# The tool's first columns, each of which occurs once.
LEAD = (
    {"id"}, STARTED, COMPLETED, {"email", "emailadres"}, {"name", "naam"}, {"lastmodifiedtime", "tijdvanlaatstewijziging"},
    {"language", "taal"}, {"totalpoints", "totaalaantalpunten"}, {"quizfeedback"},
)  # fmt: skip
QUIZ = re.compile(r"(Points|Feedback|Punten) - .*", re.S)


def recognise(sheet: Sheet) -> Likeness:
    """The times of start and completion among the first columns."""
    headings = {plain(heading) for heading in sheet.row(0)[:7]}
    has, lacks = marks(
        {
            "a column for the start (Start time)": bool(headings & STARTED),
            "a column for the completion (Completion time)": bool(headings & COMPLETED),
        }
    )
    return Likeness("" if lacks else "it has Microsoft Forms' columns for start and completion", has, lacks)


def read(path: str, entry: dict, questionnaire: Questionnaire | None) -> Export:
    """One row a response, sent in at its time of completion."""
    sheets, facts = read_sheets(path, entry)
    header = sheets[0].row(0)
    body = SheetBody(sheets[0], 1, entry)
    questions = _first_question(header)
    for place, written in enumerate(header):
        if place < questions or QUIZ.fullmatch(written) or plain(written) in COMPLETED:
            body.own(place, written)
            continue
        heading = written.replace("\xa0", " ")
        # A repeated heading gets a number behind it, which is not the form's.
        body.answer(place, heading, [(heading, None), (re.sub(r"(?<=\D)\d$", "", heading), None)])
    done = next((place for place, heading in enumerate(header) if plain(heading) in COMPLETED), None)
    facts.append(f"{len(body.row)} responses")
    submitted = never(body.row.index) if done is None else body.cells[done]
    return body.export("microsoft_forms", submitted, facts, joiner=";")


def _first_question(header: list[str]) -> int:
    """How many columns are the tool's own, before the first question: that may well be called "Name" too."""
    left = list(LEAD)
    for place, heading in enumerate(header):
        known = next((names for names in left if plain(heading) in names), None)
        if known is None:
            return place
        left.remove(known)
    return len(header)


READER = Reader("microsoft_forms", "Microsoft Forms", read, recognise)
