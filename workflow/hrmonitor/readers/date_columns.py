"""How a column of dates is written: day or month first, in words, or as a number of days."""

from __future__ import annotations

import pandas as pd

from hrmonitor.questionnaire.model import Question
from hrmonitor.readers.column_notation import BY_HAND, ColumnReader, rewritten
from hrmonitor.readers.dialect import Habits
from hrmonitor.readers.number_formats import (
    EPOCHS,
    ISO,
    SERIAL,
    SERIALS,
    SLASHED,
    date_in_words,
    date_of_serial,
    one_line,
    real_date,
)

# Tools whose numbers of days are Excel's: their files are workbooks, or never went through a program that counts otherwise.
FROM_EXCEL = (*BY_HAND, "surveymonkey", "google_forms", "microsoft_forms")
YEAR_FIRST = r"^\s*(\d{4})/(\d{1,2})/(\d{1,2})(?!\d)"  # as sheets of some countries write it
STAMP = r"\s*(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(.*)"


def settle_dates(reader: ColumnReader, question: Question, cells: pd.Series) -> pd.Series:
    counts = dict.fromkeys(("written", "day_late", "month_late", "pointed", "either", "serial"), 0)
    texts = cells.value_counts()
    classes = {text: _date_class(text) for text in texts.index}
    for text, number in texts.items():
        if classes[text]:
            counts[classes[text]] += int(number)
    found = reader.habits.over_file(("dates", question.name), tuple(counts.values()))
    counts = dict(zip(counts, found, strict=True))
    said = reader.said_of(question, "dates")
    order = _date_order(reader, question, counts, said, cells, classes)
    days = _serials(reader, question, counts, said, cells, classes)
    new = {}
    for text, kind in classes.items():
        if kind == "month_late" or (kind == "either" and order == "month_first"):
            month, _, day, year = _parts(text)
            real = real_date(int(year), int(month), int(day))
        elif kind == "serial" and days in ("stata_days", "unix_days"):
            real = date_of_serial(_days(text), days)
        else:
            continue
        if real:
            new[text] = real.isoformat()
    return rewritten(cells, new)


def _date_order(
    reader: ColumnReader, question: Question, counts: dict, said: str | None, cells: pd.Series, classes: dict
) -> str:
    day, month = counts["day_late"], counts["month_late"]
    order = said if said in ("day_first", "month_first") else reader.entry.get("dates")
    if order:
        evidence = "config says so"
    elif day and month and counts["either"]:
        order, evidence = "open", f"{day} dates have the day first and {month} the month"
    elif day or month:
        order = "day_first" if not month else "month_first" if not day else "each"
        evidence = f"{day or month} dates show it" if order != "each" else "each date shows its own"
    elif counts["either"]:
        order, evidence = "open", "no date has a number above 12"
    else:
        order, evidence = "day_first", "with points between, the day comes first"
    if order == "open":
        reader.leave_open(question, "dates", ("day_first", "month_first"), evidence, cells,
                         lambda text: classes.get(text) == "either", _in_order)  # fmt: skip
    elif counts["either"] or day or month or counts["pointed"]:
        reader.take(question, "dates", order, evidence)
    return order


def _serials(
    reader: ColumnReader, question: Question, counts: dict, said: str | None, cells: pd.Series, classes: dict
) -> str:
    if not counts["serial"]:
        return ""
    days = said if said in EPOCHS else ""
    others = sum(counts.values()) - counts["serial"]
    if days:
        evidence = "config says so"
    elif reader.tool in FROM_EXCEL:
        days, evidence = (
            "excel_serial",
            "neither the tool nor a workbook that was filled in counts from another day than Excel",
        )
    elif others:
        days, evidence = "excel_serial", f"{others} cells are written dates: a spreadsheet held the rest as numbers"
    else:
        reader.leave_open(
            question,
            "dates",
            tuple(EPOCHS),
            "dates are numbers of days, and programs count from different days",
            cells,
            lambda text: classes.get(text) == "serial",
            lambda text, n: date_of_serial(_days(text), n).isoformat(),
        )
        return ""
    reader.take(question, "dates", days, f"{counts['serial']} numbers; {evidence}")
    return days


def _date_class(text: str) -> str:
    written = one_line(text)
    if ISO.fullmatch(written) or date_in_words(written):
        return "written"
    if match := SERIAL.fullmatch(written):
        return "serial" if int(match.group(1)) in SERIALS else ""
    if not (match := SLASHED.fullmatch(written)):
        return ""
    first, mark, second, _ = match.groups()
    if int(first) > 12 or int(second) > 12:
        return "day_late" if int(first) > 12 else "month_late"
    if first == second:
        return "written"
    return "pointed" if mark == "." else "either"


def _parts(text: str) -> tuple[str, ...]:
    """First number, mark, second number and year of a text that `_date_class` found to be such a date."""
    match = SLASHED.fullmatch(one_line(text))
    assert match is not None
    return match.groups()


def _days(text: str) -> int:
    """The number in a text that `_date_class` found to be a serial."""
    match = SERIAL.fullmatch(one_line(text))
    assert match is not None
    return int(match.group(1))


def _in_order(text: str, order: str) -> str:
    first, _, second, year = _parts(text)
    day, month = (first, second) if order == "day_first" else (second, first)
    return f"{year}-{int(month):02}-{int(day):02}"


def settle_timestamps(stamps: pd.Series, said: str | None, habits: Habits | None = None) -> pd.Series:
    """Times of submission with the date in ISO 8601 where it was written with a day or month first.

    They order and count nothing, so that an order which nothing shows does not stop the build: it is taken for day first.
    """
    frame = pd.DataFrame({"stamp": stamps.astype("str")})
    parts = frame["stamp"].str.extract(STAMP)
    first, second = pd.to_numeric(parts[0]), pd.to_numeric(parts[1])
    late = (int((first > 12).sum()), int((second > 12).sum()))
    first_late, second_late = (habits or Habits()).over_file(("timestamps",), late)
    month_first = said == "month_first" or (said is None and second_late and not first_late)
    day, month = (1, 0) if month_first else (0, 1)
    iso = parts[2] + "-" + parts[month].str.zfill(2) + "-" + parts[day].str.zfill(2) + parts[3].fillna("")
    return frame["stamp"].where(iso.isna(), iso).str.replace(YEAR_FIRST, r"\1-\2-\3", regex=True)
