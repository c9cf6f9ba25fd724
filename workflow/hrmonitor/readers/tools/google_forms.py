"""Google Forms: headings are the questions, `Question [Row]` a row of a grid, ticked options joined by ", "."""

from __future__ import annotations

import re

from hrmonitor.files.sheet import Sheet
from hrmonitor.files.sheets import read_sheets
from hrmonitor.questionnaire.model import Questionnaire
from hrmonitor.readers.export import Export, Name
from hrmonitor.readers.matching import plain
from hrmonitor.readers.reader import Likeness, Reader, marks
from hrmonitor.readers.sheet_body import SheetBody

TIMESTAMP = {"timestamp", "tijdstempel", "zeitstempel", "horodateur", "marcatemporal"}
SYSTEM = TIMESTAMP | {"emailaddress", "emailadres", "username", "gebruikersnaam", "score"}


def recognise(sheet: Sheet) -> Likeness:
    """The time in the first column."""
    first = plain((sheet.row(0) or [""])[0]) in TIMESTAMP
    has, lacks = marks({"a first column Timestamp": first})
    return Likeness("its first column is Google Forms' timestamp" if first else "", has, lacks)


def read(path: str, entry: dict, questionnaire: Questionnaire | None) -> Export:
    """One row a response; every response was sent in, at its timestamp."""
    sheets, facts = read_sheets(path, entry)
    header = sheets[0].row(0)
    body = SheetBody(sheets[0], 1, entry)
    for place, heading in enumerate(header):
        if plain(heading) in SYSTEM:
            body.own(place, heading)
            continue
        names: list[Name] = [(heading, None)]
        if match := re.fullmatch(r"([^\[]*)\[(.*)\]", heading.strip(), re.S):
            question, row = match.group(1).rstrip(), match.group(2)
            names += [(question, row), (f"{question} - {row}", None)]
        body.answer(place, heading, names)
    stamp = next((place for place, heading in enumerate(header) if plain(heading) in TIMESTAMP), 0)
    facts.append(f"{len(body.row)} responses")
    return body.export("google_forms", body.cells[stamp], facts, joiner=", ")


READER = Reader("google_forms", "Google Forms", read, recognise)
