"""How numbers and dates can be written, and which values a text can stand for.

A text may have two readings: `1.500` is one and a half where a point is the decimal sign, and fifteen hundred where it marks thousands.
This module lists the readings; `column_notation` decides between them from all cells of a column.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache

from hrmonitor.questionnaire.typography import level, visible

DECIMAL_POINT, DECIMAL_COMMA = "decimal_point", "decimal_comma"
# Digits, bare or in groups of three behind one and the same mark; then decimals or an exponent of ten.
_BARE = r"[+-]?(?:\d+(?:{sign}\d+)?|{sign}\d+)(?:[eE][+-]?\d{{1,2}})?"
_GROUPED = r"[+-]?[1-9]\d{{0,2}}([{mark} '])\d{{3}}(?:\1\d{{3}})*(?:{sign}\d+)?"
_WRITTEN = {
    DECIMAL_POINT: (re.compile(_BARE.format(sign=r"\.")), re.compile(_GROUPED.format(sign=r"\.", mark=","))),
    DECIMAL_COMMA: (re.compile(_BARE.format(sign=",")), re.compile(_GROUPED.format(sign=",", mark="."))),
}
# The readings of `1 234` or `1'234` are one; the rule that says so goes by the mark.
_RULE_OF_MARK = {".": "thousands_point", ",": "thousands_comma", " ": "thousands_space", "'": "thousands_space"}

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan januari january", "feb febr februari february", "mrt mar maart march", "apr april", "mei may", "jun juni june",
            "jul juli july", "aug augustus august", "sep sept september", "okt oct oktober october", "nov november", "dec december",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_CLOCK = r"(?:[T ,]\s*\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:[AaPp][Mm])?\s*(?:Z|UTC|GMT|CES?T|[+-]\d{2}:?\d{2})?)?"
ISO = re.compile(rf"(\d{{4}})[-/](\d{{1,2}})[-/](\d{{1,2}}){_CLOCK}")
# Two numbers of which one is the day, and which, the column must tell.
SLASHED = re.compile(rf"(\d{{1,2}})([-/.])(\d{{1,2}})\2(\d{{4}}){_CLOCK}")
_DAY_MONTH = re.compile(rf"(\d{{1,2}})[\s.-]*([a-z]{{3,9}})\.?[\s-]*(\d{{4}}){_CLOCK}", re.I)
_MONTH_DAY = re.compile(rf"([a-z]{{3,9}})\.?\s+(\d{{1,2}}),?\s+(\d{{4}}){_CLOCK}", re.I)
SERIAL = re.compile(r"(\d{5})(?:\.0+)?")
# Days are counted from here: by Excel, by Stata and SAS, by R and Unix.
EPOCHS = {"excel_serial": date(1899, 12, 30), "stata_days": date(1960, 1, 1), "unix_days": date(1970, 1, 1)}
# Serials of 1954 to 2064 in Excel: five digits that a person would not type as a date of another kind.
SERIALS = range(20000, 60001)


def one_line(text: str) -> str:
    """The text with blanks, dashes and quotation marks of one shape, nothing invisible, and no blanks around it."""
    return " ".join(level(visible(text)).split())


@lru_cache(maxsize=200_000)
def readings(text: str) -> dict[str, Decimal]:
    """decimal_point, decimal_comma -> the number that the text is in that notation; none where it is no number in it."""
    written = one_line(text)
    found = {}
    for notation, (bare, grouped) in _WRITTEN.items():
        point = written if notation == DECIMAL_POINT else written.translate(str.maketrans(".,", ",."))
        if bare.fullmatch(written) or grouped.fullmatch(written):
            found[notation] = Decimal(re.sub("[, ']", "", point))
    return found


def two_readings(text: str) -> bool:
    """Whether the text is one number with a decimal point and another with a decimal comma."""
    return len(set(readings(text).values())) == 2


def bare_number(text: str, whole: bool) -> tuple[Decimal, str] | None:
    """The number that a text stands for once its column was settled, and the rule of its notation ("" for plain digits).

    Where two readings are left, a whole-number question takes the mark for thousands and any other for the decimal sign: what the
    column decided otherwise, `column_notation` has written out.
    """
    found = readings(text)
    if not found:
        return None
    written = one_line(text)
    if len(set(found.values())) == 2:
        sign = DECIMAL_POINT if "." in written else DECIMAL_COMMA
        if not whole:
            return found[sign], "decimal_comma" if sign == DECIMAL_COMMA else ""
        other = DECIMAL_COMMA if sign == DECIMAL_POINT else DECIMAL_POINT
        return found[other], _RULE_OF_MARK["." if "." in written else ","]
    notation, value = next(iter(found.items()))
    grouped = _WRITTEN[notation][1].fullmatch(written)
    sign = "." if notation == DECIMAL_POINT else ","
    if sign == "," and "," in written and len(found) == 1:
        return value, "decimal_comma"
    return value, _RULE_OF_MARK[grouped.group(1)] if grouped else ""


def plain_number(value: Decimal | float | str) -> str:
    """The number in a notation that has one reading: a point before decimals, of which there are never exactly three."""
    text = format(Decimal(str(value)).normalize(), "f")
    return f"{text}0" if re.fullmatch(r"-?[1-9]\d{0,2}\.\d{3}", text) else text


def date_in_words(text: str) -> date | None:
    """`15Oct2024`, `1 May 2024`, `1 mei 2024`, `May 1, 2024`, with or without a time behind it."""
    written = one_line(text)
    if match := _DAY_MONTH.fullmatch(written):
        day, month, year = match.groups()
    elif match := _MONTH_DAY.fullmatch(written):
        month, day, year = match.groups()
    else:
        return None
    return real_date(int(year), MONTHS.get(month.casefold(), 0), int(day))


def real_date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def date_of_serial(number: int, notation: str) -> date:
    return EPOCHS[notation] + timedelta(days=number)
