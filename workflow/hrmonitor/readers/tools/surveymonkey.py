"""SurveyMonkey: the question in the first row, the option (or "Response") in the second, a matrix's row in between.

Answers are texts or numbers of options; a select-multiple has a column an option ("expanded") or one cell ("condensed"). A row of codes
may stand above, and the second row may repeat the first.
"""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd

from hrmonitor.files.sheet import Sheet
from hrmonitor.files.sheets import read_sheets
from hrmonitor.questionnaire.model import Questionnaire
from hrmonitor.readers.export import Column, Export, Name, never
from hrmonitor.readers.matching import plain
from hrmonitor.readers.reader import Likeness, Reader, marks
from hrmonitor.readers.sheet_body import SheetBody

RESPONDENT = {"respondentid", "respondentnummer", "respondentennummer"}
COLLECTOR = {"collectorid", "verzamelaarid", "collector"}
SYSTEM = RESPONDENT | COLLECTOR | {
    "startdate", "enddate", "ipaddress", "emailaddress", "firstname", "lastname", "customdata1", "customdata", "datecreated",
    "datemodified", "begindatum", "einddatum", "ipadres", "emailadres", "voornaam", "achternaam", "aangepastegegevens1", "language",
    "taal",
}  # fmt: skip
RESPONSE = {
    "response", "openendedresponse", "antwoord", "openantwoord", "reactie", "", "datetime", "date", "time", "datumtijd", "datum", "tijd",
}  # fmt: skip
OTHER = re.compile(r"(other|anders|overige?|andere?)\b.*", re.I)
ENDED = ("enddate", "einddatum", "datemodified")


def recognise(sheet: Sheet) -> Likeness:
    """The respondent's number in the first column, and beside it the collector, or a second row of headings."""
    top = _top(sheet)
    headings = [plain(heading) for heading in sheet.row(top)]
    respondent = bool(headings) and headings[0] in RESPONDENT
    below = sheet.row(top + 1)
    has, lacks = marks(
        {
            "a first column Respondent ID": respondent,
            "a column Collector ID": bool(set(headings[:4]) & COLLECTOR),
            "a second row of headings": bool(below) and not below[0].strip(),
        }
    )
    return Likeness("its first column is SurveyMonkey's respondent" if respondent else "", has, lacks)


def read(path: str, entry: dict, questionnaire: Questionnaire | None) -> Export:
    """One row a respondent; rows under the last one without a respondent are no responses."""
    sheets, facts = read_sheets(path, entry)
    sheet = sheets[0]
    top = _top(sheet)
    headings = entry.get("heading_rows") or _heading_rows(sheet, top)
    codes = sheet.row(top - 1) if top else []
    first, below = sheet.row(top), [sheet.row(place) for place in range(top + 1, headings)]
    facts.append(f"{headings} heading rows")
    body = SheetBody(sheet, headings, entry)
    named = body.cells[0].notna()
    body.notes += [(row, "no_respondent", "the row has no respondent number") for row in body.row[~named]]
    body.keep(named)
    submitted = never(body.row.index)
    question = ""
    for place, heading in enumerate(first):
        if plain(heading) in SYSTEM:
            if plain(heading) in ENDED:
                submitted = body.cells[place]
            body.own(place, heading)
            continue
        question = heading.strip() or question
        # The second row may repeat the first.
        parts = [part for cells in below if (part := cells[place].strip()) and part != question]
        names = _names(question, parts)
        if codes and codes[place].strip():
            names.append((codes[place].strip(), None))
        body.answer(place, " / ".join([question, *parts]), names)
    facts.append(f"{len(body.row)} respondents")
    export = body.export("surveymonkey", submitted, facts, joiner=", ")
    export.numbered = _numbered(export.data, export.columns)
    if export.numbered:
        facts.append("options may stand by their number")
        export.columns = [_by_number(column, export.data[place]) for place, column in enumerate(export.columns)]
    return export


def _top(sheet: Sheet) -> int:
    """The place of the row that names the questions: the first, unless rows stand above that of the respondents' heading."""
    for place in range(min(3, len(sheet.cells))):
        if plain(sheet.row(place)[0]) in RESPONDENT:
            return place
    return 0


def _heading_rows(sheet: Sheet, top: int) -> int:
    """Rows before the first with a respondent's number."""
    for place in range(top + 1, min(top + 4, len(sheet.cells))):
        first = sheet.row(place)[0].strip()
        if first and plain(first) not in RESPONDENT:
            return place
    return min(top + 4, len(sheet.cells)) if len(sheet.cells) < top + 4 else top + 2


def _names(question: str, parts: list[str]) -> list[Name]:
    parts = [part for part in parts if plain(part) not in RESPONSE]
    if not parts:
        return [(question, None)]
    if OTHER.fullmatch(parts[-1]):
        return [(question, parts[-1]), (question, "other")]
    whole = " - ".join([question, *parts])
    return [(question, parts[-1]), (" - ".join([question, *parts[:-1]]), parts[-1]), (whole, None)]


def _numbered(data: pd.DataFrame, columns: list[Column]) -> bool:
    """Whether the columns of options hold nothing but numbers, as answers then do elsewhere too."""
    boxes = [p for p, c in enumerate(columns) if c.names[0][1] and not OTHER.fullmatch(c.names[0][1])]
    cells = pd.concat([data[place].dropna() for place in boxes]) if boxes else pd.Series(dtype="str")
    return bool(cells.str.fullmatch(r"\d+").all())


def _by_number(column: Column, cells: pd.Series) -> Column:
    """In a column of one option any number says that it was chosen."""
    if not any(option for _, option in column.names):
        return column
    return replace(column, values={number: "1" for number in cells.dropna().unique() if number.isdigit()})


READER = Reader("surveymonkey", "SurveyMonkey", read, recognise, heading_rows=True)
