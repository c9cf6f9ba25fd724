"""How a column of numbers is written: the decimal sign, the mark of thousands, per cents as fractions, what is only about right."""

from __future__ import annotations

import pandas as pd

from hrmonitor.files.distinct import counted, distinct, in_digits
from hrmonitor.questionnaire.model import Question
from hrmonitor.readers.column_notation import APPROXIMATE, BY_HAND, NUMBERS, ColumnReader, rewritten
from hrmonitor.readers.number_formats import (
    DECIMAL_COMMA,
    DECIMAL_POINT,
    bare_number,
    one_line,
    plain_number,
    readings,
    two_readings,
)
from hrmonitor.readers.numbers_in_words import approximate


def settle_numbers(reader: ColumnReader, question: Question, cells: pd.Series, typed: pd.Series | None) -> pd.Series:
    """The cells with a decimal sign and marks of thousands as cleaning reads them. `typed`: which the file holds as numbers."""
    whole = question.kind == "integer"
    if typed is not None and typed.any() and whole and reader.tool in BY_HAND:
        cells, typed = _typed_by_hand(cells, typed)
    if typed is not None and typed.any():
        # A number of the file is a number: written so that nobody takes it for another.
        sure = cells.where(typed).map(_sure_number, na_action="ignore")
        cells = cells.mask(sure.notna(), sure).astype("str")
    texts, digits = counted(cells if typed is None else cells.mask(typed), but=in_digits)
    counts = dict.fromkeys(
        ("point", "comma", "either_point", "either_comma", "ragged_point", "ragged_comma", "others"), 0
    )
    counts["others"] = digits
    for text, number in texts.items():
        counts[_number_class(text)] += number
        if two_readings(text) and not one_line(text).endswith("000"):
            counts[_number_class(text).replace("either", "ragged")] += number
    names = tuple(counts)
    counts = dict(zip(names, reader.habits.over_file(("numbers", question.name), tuple(counts.values())), strict=True))
    name, evidence = _decide_numbers(counts, whole, reader.tool in BY_HAND)
    said = reader.said_of(question, "numbers") or {".": DECIMAL_POINT, ",": DECIMAL_COMMA}.get(
        reader.entry.get("decimal", "")
    )
    if said and whole and question.name not in reader.said and counts[f"ragged_{said.removeprefix('decimal_')}"]:
        # Said of all columns; of this one it would make 1,734 clients two.
        name, evidence = (
            "open",
            f"as {said.replace('_', ' ')}, which config says of the file, these are no whole numbers",
        )
    elif said:
        name, evidence = said, f"config says so ({evidence})"
    if name == "open":
        reader.leave_open(
            question, "numbers", NUMBERS, evidence, cells, two_readings, lambda text, n: f"{readings(text)[n]:f}"
        )
        return cells
    if counts["point"] + counts["comma"] + counts["either_point"] + counts["either_comma"]:
        reader.take(question, "numbers", name, evidence)
    if name not in NUMBERS:
        return cells
    known = {text: _written_out(text, name, whole) for text in texts if two_readings(text)}
    return rewritten(cells, {text: new for text, new in known.items() if new != text}, typed)


def _typed_by_hand(cells: pd.Series, typed: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Fractions in a form that a person filled in and that asks for whole numbers: what was typed as 6.720 is stored as 6.72 by a
    spreadsheet with decimal points. With three digits behind it the point is of thousands, as in a text; other fractions are put between
    quotation marks, which no number has, so that they are not understood."""
    texts = cells.where(typed & ~cells.fillna("").str.contains("%"))
    thousands = texts.str.fullmatch(r"-?[1-9]\d{0,2}\.\d{3}").fillna(False).astype(bool)
    fraction = texts.str.contains(".", regex=False).fillna(False).astype(bool) & ~thousands
    return cells.mask(fraction, "\u201c" + cells + "\u201d").astype("str"), typed & ~thousands & ~fraction


def settle_percentages(reader: ColumnReader, question: Question, cells: pd.Series) -> pd.Series:
    """Per cents that are written as fractions: 0.35 for 35 %. A cell with a sign for per cent has one reading."""
    whole = question.kind == "integer"
    values = {text: float(found[0]) for text in cells.dropna().unique() if (found := bare_number(text, whole))}
    of_class = {
        text: "below" if 0 < v < 1 else "one" if v == 1 else "above" if v > 1 else "" for text, v in values.items()
    }
    seen = cells.map(of_class, na_action="ignore")
    counts = tuple(int(seen.eq(name).sum()) for name in ("below", "above"))
    below, above = reader.habits.over_file(("percentages", question.name), counts)
    possible = ("percents", "fractions") if not above else ("percents", "fractions_below_one")
    if not below:
        name, evidence = "percents", "no value lies between 0 and 1"
    elif whole and not above:
        name, evidence = "fractions", "the question asks for whole per cents, and a fraction is none"
    else:
        name, evidence = "open", f"{below} values lie between 0 and 1{f', {above} above' if above else ''}"
    said = reader.said_of(question, "percentages")
    if said:
        name, evidence = said, f"config says so ({evidence})"
    if name == "open":

        def fits(text: str) -> bool:
            return of_class.get(text) == "below" or (of_class.get(text) == "one" and (whole or not above))

        reader.leave_open(
            question, "percentages", possible, evidence, cells, fits, lambda text, n: _percent(values[text], n)
        )
        return cells
    if below or said:
        reader.take(question, "percentages", name, evidence)
    new = {
        text: _percent(value, name).replace(" ", "")
        for text, value in values.items()
        if _percent_needs_saying(value, name)
    }
    return rewritten(cells, new)


def settle_approximate(reader: ColumnReader, question: Question, cells: pd.Series) -> pd.Series:
    """Answers that are only about right, or a range: a person decides whether they count. Those that do not are put between quotation
    marks, which no number has."""
    whole, percent = question.kind == "integer", question.unit == "%"
    found = {
        text: value
        for text in distinct(cells, but=in_digits)
        if (value := approximate(text, whole, percent, question.unit)) is not None
    }
    (count,) = reader.habits.over_file(("approximate", question.name), (int(cells.isin(list(found)).sum()),))
    if not count:
        return cells
    said = reader.said_of(question, "approximate")
    if not said:
        evidence = f"{count} answers are only about right, or give a range"
        reader.leave_open(question, "approximate", APPROXIMATE, evidence, cells, found.__contains__,
                          lambda text, n: f"{found[text]:f}" if n == "as_number" else "no answer")  # fmt: skip
        return cells
    reader.take(question, "approximate", said, "config says so")
    return cells if said == "as_number" else rewritten(cells, {text: f"\u201c{text}\u201d" for text in found})


def _sure_number(text: str) -> str | None:
    """A number cell in a notation of one reading; None where it is no number after all, such as a word for a missing value."""
    try:
        return plain_number(text)
    except ArithmeticError:
        return None


def _number_class(text: str) -> str:
    found = readings(text)
    if len(set(found.values())) == 2:
        return "either_point" if "." in one_line(text) else "either_comma"
    if len(found) == 1:
        return "point" if DECIMAL_POINT in found else "comma"
    return "others"


def _decide_numbers(counts: dict[str, int], whole: bool, by_hand: bool) -> tuple[str, str]:
    """(notation, `each` where every cell has one reading of its own, or `open`; the evidence)."""
    point, comma, either_point, either_comma = (
        counts[key] for key in ("point", "comma", "either_point", "either_comma")
    )
    either = either_point + either_comma
    if whole and either:
        if (point and either_point) or (comma and either_comma):
            return "open", f"{either} numbers can be thousands or decimals, and {point or comma} others are decimals"
        # All of them 1.000, 2.000 and so on: so does a program write whole numbers that was set to three decimals.
        fixed = not (point or comma or counts["ragged_point"] or counts["ragged_comma"] or counts["others"])
        if fixed and not by_hand:
            return "open", "all numbers have three noughts behind the sign, which a program may have added as decimals"
        if either_point and either_comma:
            return "each", "a whole number: both marks are of thousands"
        return (
            DECIMAL_COMMA if either_point else DECIMAL_POINT
        ), f"whole numbers: the mark in {either} of them is of thousands"
    if point and comma:
        if either:
            return "open", f"{point} numbers have a decimal point and {comma} a decimal comma"
        return (
            "each",
            f"{point} numbers have a decimal point and {comma} a decimal comma, none of which can be thousands",
        )
    if point or comma:
        return (DECIMAL_POINT if point else DECIMAL_COMMA), f"{point or comma} numbers show it"
    return (
        ("open", f"{either} numbers have three digits behind the sign, and no other number tells")
        if either
        else ("each", "digits only")
    )


def _written_out(text: str, notation: str, whole: bool) -> str:
    """A text of two readings as cleaning will read it: unchanged where that is what it would read anyway."""
    value = readings(text)[notation]
    read = bare_number(text, whole)
    return text if read and read[0] == value else plain_number(value)


def _percent(value: float, notation: str) -> str:
    scaled = notation == "fractions" or (notation == "fractions_below_one" and value < 1)
    return f"{value * 100 if scaled else value:.15g} %"


def _percent_needs_saying(value: float, notation: str) -> bool:
    """Whether cleaning, which takes a value between 0 and 1 for a fraction, would read it otherwise."""
    return 0 < value < 1 if notation == "percents" else value >= 1 if notation == "fractions" else False
