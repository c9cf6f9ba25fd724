"""SurveyMonkey: the question in the first row, the option (or "Response") in the second, a matrix's row in between.

Answers are texts or numbers of options; a select-multiple has a column an option ("expanded") or one cell ("condensed").
"""

from __future__ import annotations

import re

import pandas as pd

from hrmonitor.files.sheets import Sheet, read_sheets
from hrmonitor.questionnaire.model import Questionnaire
from hrmonitor.readers.export import Column, Export, Name, never
from hrmonitor.readers.matching import plain

SYSTEM = {
    "respondentid", "collectorid", "startdate", "enddate", "ipaddress", "emailaddress", "firstname", "lastname", "customdata1",
    "customdata", "datecreated", "datemodified", "collector", "respondentnummer", "verzamelaarid", "begindatum", "einddatum",
    "ipadres", "emailadres", "voornaam", "achternaam", "aangepastegegevens1", "language", "taal",
}  # fmt: skip
RESPONSE = {
    "response", "openendedresponse", "antwoord", "openantwoord", "reactie", "", "datetime", "date", "time", "datumtijd", "datum", "tijd",
}  # fmt: skip
OTHER = re.compile(r"(other|anders|overige?|andere?)\b.*", re.I)
ENDED = ("enddate", "einddatum", "datemodified")


def recognise(sheet: Sheet) -> str | None:
    """Why the sheet is SurveyMonkey's, if it is."""
    headings = {plain(heading) for heading in sheet.row(0)[:3]}
    if {"respondentid", "collectorid"} <= headings or {"respondentnummer", "verzamelaarid"} <= headings:
        return "its first columns are SurveyMonkey's respondent and collector"
    return None


def read(path: str, entry: dict, questionnaire: Questionnaire | None) -> Export:
    """One row a respondent; rows under the last one without a respondent are no responses."""
    sheets, facts = read_sheets(path, entry)
    sheet = sheets[0]
    first = sheet.row(0)
    headings = _heading_rows(sheet)
    facts.append(f"{headings} heading rows")
    below = [sheet.row(place) for place in range(1, headings)]
    body = sheet.body(headings)
    named = body[0].notna()
    notes = [(row, "blank_row", "the row has no cell with text") for row in sheet.blank_rows]
    notes += [(row, "no_respondent", "the row has no respondent number") for row in body.index[~named]]
    body = body[named]
    index = pd.RangeIndex(len(body))
    rows = body.index.to_series(index=index)
    body = body.set_axis(index)
    columns, kept, system = [], [], []
    submitted = never(index)
    question = ""
    for place, heading in enumerate(first):
        if plain(heading) in SYSTEM:
            system.append(heading)
            if plain(heading) in ENDED:
                submitted = body[place]
            continue
        question = heading.strip() or question
        parts = [cells[place].strip() for cells in below]
        columns.append(Column(" / ".join(filter(None, [question, *parts])), tuple(_names(question, parts))))
        kept.append(place)
    data = body[kept].set_axis(range(len(kept)), axis=1)
    numbered = _numbered(data, columns)
    if numbered:
        facts.append("options may stand by their number")
        # In a column of one option any number says that it was chosen.
        columns = [
            Column(column.heading, column.names, {n: "1" for n in data[place].dropna().unique() if n.isdigit()})
            if any(option for _, option in column.names)
            else column
            for place, column in enumerate(columns)
        ]
    facts.append(f"{len(data)} respondents")
    return Export(
        "surveymonkey",
        data,
        columns,
        rows,
        submitted,
        joiner=", ",
        system=system,
        facts=facts,
        notes=notes,
        numbered=numbered,
    )


def _heading_rows(sheet: Sheet) -> int:
    """Rows before the first with a respondent's number."""
    for place in range(1, min(4, len(sheet.cells))):
        if sheet.row(place)[0].strip():
            return place
    return min(4, len(sheet.cells)) if len(sheet.cells) < 4 else 2


def _names(question: str, parts: list[str]) -> list[Name]:
    parts = [part for part in parts if plain(part) not in RESPONSE]
    if not parts:
        return [(question, None)]
    if OTHER.fullmatch(parts[-1]):
        return [(question, parts[-1]), (question, "other")]
    whole = " - ".join([question, *parts])
    return [(question, parts[-1]), (" - ".join([question, *parts[:-1]]), parts[-1]), (whole, None)]


def _numbered(data: pd.DataFrame, columns: list[Column]) -> bool:
    """Whether the columns of options hold nothing but numbers: then answers may be numbers of options elsewhere too."""
    boxes = [p for p, c in enumerate(columns) if c.names[0][1] and not OTHER.fullmatch(c.names[0][1])]
    cells = pd.concat([data[place].dropna() for place in boxes]) if boxes else pd.Series(dtype="str")
    return bool(cells.str.fullmatch(r"\d+").all())
