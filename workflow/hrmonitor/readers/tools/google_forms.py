"""Google Forms: headings are the questions, `Question [Row]` a row of a grid, ticked options joined by ", "."""

from __future__ import annotations

import re

import pandas as pd

from hrmonitor.files.sheets import Sheet, read_sheets
from hrmonitor.questionnaire.model import Questionnaire
from hrmonitor.readers.export import Column, Export
from hrmonitor.readers.matching import plain

TIMESTAMP = {"timestamp", "tijdstempel", "zeitstempel", "horodateur"}
SYSTEM = TIMESTAMP | {"emailaddress", "emailadres", "username", "gebruikersnaam", "score"}


def recognise(sheet: Sheet) -> str | None:
    """Why the sheet is Google Forms', if it is."""
    if plain((sheet.row(0) or [""])[0]) in TIMESTAMP:
        return "its first column is Google Forms' timestamp"
    return None


def read(path: str, entry: dict, questionnaire: Questionnaire | None) -> Export:
    """One row a response; every response was sent in, at its timestamp."""
    sheets, facts = read_sheets(path, entry)
    sheet = sheets[0]
    header, body = sheet.row(0), sheet.body(1)
    index = pd.RangeIndex(len(body))
    rows = body.index.to_series(index=index)
    body = body.set_axis(index)
    kept = [place for place, heading in enumerate(header) if plain(heading) not in SYSTEM]
    columns = []
    for place in kept:
        names = [(header[place], None)]
        if match := re.fullmatch(r"(.*?)\s*\[(.*)\]\s*", header[place], re.S):
            names += [match.groups(), (" - ".join(match.groups()), None)]
        columns.append(Column(header[place], tuple(names)))
    data = body[kept].set_axis(range(len(kept)), axis=1)
    stamp = next((place for place, heading in enumerate(header) if plain(heading) in TIMESTAMP), 0)
    facts.append(f"{len(data)} responses")
    notes = [(row, "blank_row", "the row has no cell with text") for row in sheet.blank_rows]
    system = [heading for heading in header if plain(heading) in SYSTEM]
    return Export(
        "google_forms", data, columns, rows, body[stamp], joiner=", ", system=system, facts=facts, notes=notes
    )
