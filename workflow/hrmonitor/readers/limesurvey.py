"""LimeSurvey CSV: headings are question codes, `code[sub]` a ticked option, `code[other]` free text.

Answers may be codes or labels; an option is `Y` or `Ja`/`Yes` when ticked, `Nee`/`No` when not, `N/A` or
empty when it was not shown. Codes carry no underscores there, so names are compared without them.
"""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pandas as pd

from hrmonitor.errors import ReaderError
from hrmonitor.questionnaire import Questionnaire
from hrmonitor.readers.matching import check_columns, plain

# Heading -> system column; Dutch and R variants are what LimeSurvey itself writes.
SUBMITTED = {"submitdate", "datumverstuurd"}
SYSTEM = SUBMITTED | {
    "id", "lastpage", "startlanguage", "seed", "token", "startdate", "datestamp", "ipaddr", "refurl",
    "interviewtime", "responsid", "laatstepagina", "begintaal", "datumgestart", "datumlaatsteactie", "ipadres",
}  # fmt: skip
TIMING = re.compile(r"(grouptime|questiontime)\d*|.*time$")
TICKS = {"Y": "1", "Ja": "1", "Yes": "1", "1": "1", "Nee": "0", "No": "0", "N": "0", "0": "0"}


def read(path: str, questionnaire: Questionnaire, entry: dict) -> pd.DataFrame:
    """See `hrmonitor.readers` for what comes back; `_row` counts the heading as row 1."""
    table = _table(path, entry)
    by_code = {plain(question.name): question for question in questionnaire.answerable}
    columns: dict[str, pd.Series] = {}
    unmatched = []
    submitted = pd.Series(pd.NA, index=table.index, dtype="str")
    for heading in table.columns:
        values = table[heading]
        code, sub = _split(heading)
        if plain(heading) in SUBMITTED:
            submitted = values
        elif plain(heading) in SYSTEM or TIMING.fullmatch(plain(heading)):
            continue
        elif (question := by_code.get(code)) is None:
            unmatched.append(heading)
        elif sub is None:
            columns[question.name] = values.replace("-oth-", "other")
        elif sub == "other":
            columns[f"{question.name}_other"] = values
            if question.kind == "select_multiple":
                columns[f"{question.name}/other"] = values.notna().map({True: "1", False: pd.NA})
        elif choice := next((c for c in question.codes if plain(c) == sub), None):
            columns[f"{question.name}/{choice}"] = _ticks(values, path, heading)
        else:
            unmatched.append(heading)
    found = {name.split("/")[0] for name in columns}
    check_columns(path, questionnaire, entry, found, unmatched)
    lead = {"_row": pd.Series(range(2, len(table) + 2), index=table.index), "_submitted_at": submitted}
    return pd.DataFrame({**lead, **columns})


def _table(path: str, entry: dict) -> pd.DataFrame:
    text = decode(path, entry.get("encoding"))
    delimiter = entry.get("delimiter") or guess_delimiter(text)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise ReaderError(f"{path}: the file is no CSV that can be read ({error}). Export it again.") from error
    while rows and not any(rows[-1]):
        rows.pop()
    if not rows:
        raise ReaderError(f"{path}: there is nothing in the file. Export it again.")
    header = rows[0]
    doubled = sorted({name for name in header if header.count(name) > 1})
    if doubled:
        raise ReaderError(
            f"{path}: the heading {doubled[0]!r} occurs more than once. Export with question codes as headings."
        )
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != len(header):
            raise ReaderError(
                f"{path}, row {number}: {len(row)} cells where the heading has {len(header)}. "
                "The file may be cut off, or have another delimiter: export it again or set `delimiter:`."
            )
    table = pd.DataFrame(rows[1:], columns=header, dtype="str")
    table = table.apply(lambda column: column.str.strip())
    return table.mask(table.isin(["", "N/A"]))


def decode(path: str, encoding: str | None) -> str:
    """The file's text; UTF-8 if it is that, else the encoding that charset-normalizer finds likeliest."""
    content = Path(path).read_bytes()
    if encoding is None:
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError:
            from charset_normalizer import from_bytes

            # Survey tools of this region write Windows-1252 when they do not write UTF-8.
            best = from_bytes(content, cp_isolation=["cp1252", "utf_16", "iso8859_15"]).best()
            encoding = best.encoding if best else "cp1252"
    try:
        return content.decode(encoding)
    except (UnicodeDecodeError, LookupError) as error:
        raise ReaderError(
            f"{path}: the text is not in {encoding}. Set `encoding:` of this export in config.yaml."
        ) from error


def guess_delimiter(text: str) -> str:
    """The one of ; , and tab that cuts the heading into the most cells."""
    heading = text.split("\n", 1)[0]
    return max(";,\t", key=heading.count)


def _split(heading: str) -> tuple[str, str | None]:
    """`barriers[stigma]` -> (`barriers`, `stigma`), both without punctuation."""
    match = re.fullmatch(r"\s*(.*?)\s*\[(.*)\]\s*", heading, re.S)
    return (plain(match.group(1)), plain(match.group(2))) if match else (plain(heading), None)


def _ticks(values: pd.Series, path: str, heading: str) -> pd.Series:
    unknown = values[values.notna() & ~values.isin(list(TICKS))]
    if not unknown.empty:
        raise ReaderError(
            f"{path}, row {unknown.index[0] + 2}, column {heading!r}: an option is Y, Ja, Yes, Nee, No or empty; "
            "something else stands there. Export multiple choice questions anew."
        )
    return values.map(TICKS).astype("str")
