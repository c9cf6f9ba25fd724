"""LimeSurvey CSV: headings are question codes (`code`, `code[sub]`), full questions, or both.

Answers may be codes or labels; an option is `Y` or `Ja`/`Yes` when ticked, `Nee`/`No` or blank when not, `N/A`
where it was not shown. Drop-outs are in the file too: they have no date of submission.
"""

from __future__ import annotations

import re

from hrmonitor.errors import ReaderError
from hrmonitor.files.sheets import Sheet, read_sheets
from hrmonitor.questionnaire.model import Questionnaire
from hrmonitor.readers.dialect import Habits
from hrmonitor.readers.export import Column, Export, Name, names_of
from hrmonitor.readers.matching import plain

# What LimeSurvey itself adds, as code or in words, in English, Dutch and German.
SUBMITTED = {"submitdate", "datesubmitted", "datumverstuurd", "datumabgeschickt"}
LAST_PAGE = {"lastpage", "laatstepagina", "letzteseite"}
SYSTEM = SUBMITTED | LAST_PAGE | {
    "id", "responseid", "responsid", "antwortid", "startlanguage", "begintaal", "startsprache", "seed", "token",
    "startdate", "datestarted", "startdatum", "datumgestart", "datumgestartet", "datestamp", "datelastaction",
    "datumlaatsteactie", "datumletzteaktivität", "ipaddr", "ipaddress", "ipadres", "ipadresse", "refurl",
    "referrerurl", "verwijzerurl", "weiterleitungsurl", "interviewtime", "totaltime", "totaaltijd", "gesamtzeit",
}  # fmt: skip
TIMING = re.compile(r"(grouptime|questiontime|groeptijd|vraagtijd|gruppenzeit|fragezeit).*")


def recognise(sheet: Sheet) -> str | None:
    """Why the sheet is LimeSurvey's, if it is."""
    headings = {plain(heading) for heading in sheet.row(0)}
    if headings & SUBMITTED and headings & LAST_PAGE:
        return "it has LimeSurvey's columns for the date of submission and the last page"
    return None


def read(path: str, entry: dict, questionnaire: Questionnaire | None) -> Export:
    """Answers as they stand; `-oth-` is "other"; drop-outs have no `submitted`."""
    sheets, facts = read_sheets(path, entry)
    return read_sheet(path, sheets[0], facts, Habits())


def read_sheet(path: str, sheet: Sheet, facts: list[str], habits: Habits) -> Export:
    """As `read`, of a sheet that may be a part of the file."""
    header = sheet.row(0)
    doubled = sorted({name for name in header if header.count(name) > 1 and name})
    if doubled and len({plain(name) for name in header} & SYSTEM) == 0:
        raise ReaderError(
            f"{path}: the heading {doubled[0]!r} occurs more than once. Export with question codes as headings."
        )
    body = sheet.body(1)
    # The R variant writes NA where there is no answer; elsewhere NA may be the code of an option.
    (of_r,) = habits.over_file(("NA for blank",), (_of_r(header, body),))
    blanks = ["N/A", "NA"] if of_r else ["N/A"]
    body = body.mask(body.isin(blanks)).replace("-oth-", "other")
    columns, places, system = [], [], []
    submitted = None
    for place, heading in enumerate(header):
        # With codes and text both, a heading is "code. Text".
        code = plain(heading.split(". ", 1)[0])
        if code in SUBMITTED:
            submitted = body[place]
        if code in SYSTEM or TIMING.fullmatch(code) or heading.endswith("[filecount]"):
            system.append(heading)
            continue
        columns.append(Column(heading, tuple(_names(heading))))
        places.append(place)
    data = body[places].set_axis(range(len(places)), axis=1).reset_index(drop=True)
    rows = body.index.to_series(index=data.index)
    if submitted is None:
        raise ReaderError(
            f"{path}: there is no column `submitdate` (Datum verstuurd), which tells who finished. "
            "Export again with the response data included."
        )
    submitted = submitted.reset_index(drop=True)
    # An unfinished response that a manager marked as submitted has this date.
    dated = submitted.notna().sum()
    facts.append(f"{len(data)} responses, of which {dated} were sent in and {len(data) - dated} broken off")
    notes = [(row, "blank_row", "the row has no cell with text") for row in sheet.blank_rows]
    return Export("limesurvey", data, columns, rows, submitted, system=system, facts=facts, notes=notes)


def _of_r(header: list[str], body) -> int:
    """R variant: how often NA stands in columns of the system, where a code of an option cannot stand."""
    return sum(int((body[place] == "NA").sum()) for place, heading in enumerate(header) if plain(heading) in SYSTEM)


def _names(heading: str) -> list[Name]:
    """`barriers[stigma]` is an option of a question or a row of an array; "code. Text" names both."""
    names: list[Name] = [(heading, None)]
    if match := re.fullmatch(r"\s*(\w+(?:\[.*?\])*)\.\s+(.*)", heading, re.S):
        names = [*_names(match.group(1)), *_names(match.group(2))]
    elif match := re.fullmatch(r"\s*(.*?)\s*\[(.*)\]\s*", heading, re.S):
        question, sub = match.groups()
        if plain(sub) in ("other", "overige", "anders", "sonstiges", "anderenamelijk", "andersnamelijk"):
            sub = "other"
        names += [(question, sub), (f"{question}_{sub}", None), (f"{question} - {sub}", None)]
        if place := re.fullmatch(r"(?:rank|rang)\w*\s*(\d+)", sub, re.I):
            names.append((f"{question}_{place.group(1)}", None))
    elif match := re.fullmatch(r"([A-Za-z]\w*)\.(.+?)\.?", heading):  # as R rewrites code[sub]
        names += [(match.group(1), match.group(2))]
    elif re.fullmatch(r"\w+", heading):  # codes as expressions name them: code_sub
        names += names_of(heading, "_")[1:]
    return names
