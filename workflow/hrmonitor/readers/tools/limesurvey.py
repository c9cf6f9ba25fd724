"""LimeSurvey CSV: headings are question codes (`code`, `code[sub]`), full questions, or both.

Answers may be codes or labels; an option is `Y` or `Ja`/`Yes` when ticked, `Nee`/`No` or blank when not, `N/A`
where it was not shown. Drop-outs are in the file too: they have no date of submission.
"""

from __future__ import annotations

import re

from hrmonitor.files.distinct import replaced
from hrmonitor.files.sheet import Sheet
from hrmonitor.files.sheets import read_sheets
from hrmonitor.questionnaire.model import Questionnaire
from hrmonitor.readers.dialect import Habits
from hrmonitor.readers.export import Export, Name, always, names_of
from hrmonitor.readers.matching import plain
from hrmonitor.readers.reader import Likeness, Reader, marks
from hrmonitor.readers.sheet_body import SheetBody

# What LimeSurvey itself adds, as code or in words, in English, Dutch, German, French and Spanish.
SUBMITTED = {"submitdate", "datesubmitted", "datumverstuurd", "datumabgeschickt", "datedesoumission", "fechadeenvío"}
LAST_PAGE = {"lastpage", "laatstepagina", "letzteseite", "dernièrepage", "últimapágina"}
SYSTEM = SUBMITTED | LAST_PAGE | {
    "id", "responseid", "responsid", "antwortid", "startlanguage", "begintaal", "startsprache", "seed", "token",
    "startdate", "datestarted", "startdatum", "datumgestart", "datumgestartet", "datestamp", "datelastaction",
    "datumlaatsteactie", "datumletzteaktivität", "ipaddr", "ipaddress", "ipadres", "ipadresse", "refurl",
    "referrerurl", "verwijzerurl", "weiterleitungsurl", "interviewtime", "totaltime", "totaaltijd", "gesamtzeit",
    "iddelaréponse", "languededépart", "iddelarespuesta", "lenguajeinicial",
}  # fmt: skip
# Of these, one in a file says no more than that its author called a question so.
COMMON = {"id", "token", "seed", "startdate"}
CODE_AND_TEXT = re.compile(r"[A-Za-z]\w*(\[\w+\])*\. .+", re.S)
BOX = re.compile(r"([A-Za-z]\w*)\[\w+\]")
TIMING = re.compile(r"(grouptime|questiontime|groeptijd|vraagtijd|gruppenzeit|fragezeit).*")


def recognise(sheet: Sheet) -> Likeness:
    """LimeSurvey's own columns; or, where they were taken out, the form of its headings."""
    headings = [heading.strip() for heading in sheet.row(0)]
    own = {_code(heading) for heading in headings} & SYSTEM
    boxes = [match.group(1) for heading in headings if (match := BOX.fullmatch(heading))]
    with_text = sum(bool(CODE_AND_TEXT.fullmatch(heading)) for heading in headings)
    has, lacks = marks(
        {
            "a column for the date of submission (submitdate)": bool(own & SUBMITTED),
            "a column for the last page (lastpage)": bool(own & LAST_PAGE),
            "headings such as code[option]": len(boxes) > len(set(boxes))
            or any("[" in h and ". " in h for h in headings),
        }
    )
    if own & SUBMITTED and own & LAST_PAGE:
        return Likeness("it has LimeSurvey's columns for the date of submission and the last page", has, lacks)
    if len(headings) > 2 and with_text > 0.8 * len(headings):
        return Likeness("its headings are LimeSurvey's, a code with the question behind it", has, lacks)
    if own & (SUBMITTED | LAST_PAGE) or len(own - COMMON) > 1 or (own and len(boxes) > len(set(boxes))):
        return Likeness("it has columns and headings as LimeSurvey writes them", has, lacks)
    return Likeness("", has, lacks)


def read(path: str, entry: dict, questionnaire: Questionnaire | None) -> Export:
    """Answers as they stand; `-oth-` is "other"; drop-outs have no `submitted`."""
    sheets, facts = read_sheets(path, entry)
    return read_part(path, sheets[0], entry, facts, Habits())


def read_part(path: str, sheet: Sheet, entry: dict, facts: list[str], habits: Habits) -> Export:
    """As `read`, of a sheet that may be a part of the file."""
    header = sheet.row(0)
    body = SheetBody(sheet, 1, entry)
    # The R variant writes NA where there is no answer; elsewhere NA may be the code of an option.
    (of_r,) = habits.over_file(("NA for blank",), (_of_r(header, body.cells),))
    meant = {"N/A": None, "-oth-": "other"} | ({"NA": None} if of_r else {})
    body.cells = body.cells.apply(replaced, new=meant)
    submitted = None
    for place, heading in enumerate(header):
        code = _code(heading)
        if code in SUBMITTED:
            submitted = body.cells[place]
        if code in SYSTEM or TIMING.fullmatch(code) or heading.endswith("[filecount]"):
            body.own(place, heading)
        else:
            body.answer(place, heading, _names(heading))
    count = len(body.row)
    if submitted is None:
        submitted = always("in the export", body.row.index)
        facts.append(f"{count} responses; there is no column submitdate, so all of them count as sent in")
    else:
        dated = int(submitted.notna().sum())
        facts.append(f"{count} responses, of which {dated} were sent in and {count - dated} broken off")
    return body.export("limesurvey", submitted, facts)


def _code(heading: str) -> str:
    """The code of a heading; with codes and text both, it is "code. Text"."""
    return plain(heading.split(". ", 1)[0])


def _of_r(header: list[str], body) -> int:
    """R variant: how often NA stands in columns of the system, where a code of an option cannot stand."""
    return sum(int((body[place] == "NA").sum()) for place, heading in enumerate(header) if _code(heading) in SYSTEM)


def _names(heading: str) -> list[Name]:
    """`barriers[stigma]` is an option of a question or a row of an array; "code. Text" names both."""
    names: list[Name] = [(heading, None)]
    if match := re.fullmatch(r"\s*(\w+(?:\[.*?\])*)\.\s+(.*)", heading, re.S):
        names = [*_names(match.group(1)), *_names(match.group(2))]
    elif match := re.fullmatch(r"([^\[]*)\[(.*)\]", heading.strip(), re.S):
        question, sub = match.group(1).rstrip(), match.group(2)
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


READER = Reader("limesurvey", "LimeSurvey", read, recognise, read_part=read_part)
