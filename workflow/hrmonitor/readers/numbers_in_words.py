"""Numbers that stand among words: `120 personen`, `3 mln`; and those that are only about right: `ca. 12`, `10-15`.

What is only about right is no exact reading. A person decides whether such answers count (`approximate` of `column_notation`); until
then they block the build.
"""

from __future__ import annotations

import re
from decimal import Decimal

from hrmonitor.readers.number_formats import bare_number, one_line, two_readings

# A number, the words around it and a sign for per cent are short; what is longer is a story.
LONGEST = 80
_ABOUT = r"(?:ca\.?|circa|ongeveer|plm\.?|±|\+/-|~|rond(?: de)?|zo'n|about|approx\.?|around)"
_NUMBER = r"-?\d(?:[\d.,' ]*\d)?"
_RANGE = re.compile(rf"({_NUMBER})\s*(?:-|tot|à|a|t/m|to)\s*({_NUMBER})", re.I)
_WORDS = re.compile(rf"({_ABOUT})?\s*({_NUMBER})\s*([^\W\d_]+\.?)?", re.I)
_PER_CENT = re.compile(r"(?:%|procent|percent|per cent|pct\.?)$", re.I)
# A number before one of these is so many times as large.
MULTIPLIERS = {
    word: factor
    for factor, words in (
        (1_000, "k dzd duizend thousand"),
        (1_000_000, "mln mio miljoen million"),
        (1_000_000_000, "mld miljard billion"),
    )
    for word in words.split()
}
# Words behind a number that say what was counted. Others may change it ("12 dozijn", "3 maanden"): then it is not understood.
_COUNTED = frozenset(
    [
        "x",
        "keer",
        "maal",
        "times",
        "stuk",
        "stuks",
        "persoon",
        "personen",
        "mens",
        "mensen",
        "man",
        "vrouwen",
        "mannen",
        "cliënt",
        "cliënten",
        "client",
        "cliënts",
        "clienten",
        "clients",
        "klant",
        "klanten",
        "bezoeker",
        "bezoekers",
        "patiënt",
        "patiënten",
        "patient",
        "patienten",
        "patients",
        "deelnemer",
        "deelnemers",
        "gebruiker",
        "gebruikers",
        "bewoner",
        "bewoners",
        "people",
        "persons",
        "person",
        "visitors",
        "visitor",
        "users",
        "user",
        "participants",
        "customers",
        "pieces",
        "piece",
    ]
)
# The words of a question's own unit.
_OF_UNIT = {
    "hours": "u uur uren hour hours hrs h", "years": "jaar jaren year years yr yrs", "months": "maand maanden month months",
    "weeks": "week weken weeks", "days": "dag dagen day days", "minutes": "min minuut minuten minute minutes", "fte": "fte",
    "euro": "euro euros eur", "eur": "euro euros eur", "km": "km", "places": "plaats plaatsen place places", "beds": "bed bedden beds",
    "syringes": "spuit spuiten syringe syringes", "doses": "dosis doses dose", "metres": "m meter metres", "units": "unit units",
}  # fmt: skip


def without_per_cent(text: str) -> str:
    """The text, as `one_line` gives it, without a sign for per cent at its end."""
    return _PER_CENT.sub("", text).rstrip()


def number_in_words(written: str, whole: bool, percent: bool = False, unit: str = "") -> tuple[Decimal, str] | None:
    """The number that a text, as `one_line` gives it, stands for, and the rule of its reading; None if it is none.

    `percent`: a sign for per cent may stand behind it. `unit`: the question's unit, whose words may.
    """
    if len(written) > LONGEST:
        return None
    text = without_per_cent(written) if percent else written
    if (found := _middle(text, whole)) is not None:
        return found, "range_midpoint"
    found = _with_words(text, whole, unit)
    return None if found is None else (found, "number_with_words")


def approximate(text: str, whole: bool, percent: bool = False, unit: str = "") -> Decimal | None:
    """The number that a text gives as about right, or the middle of a range; None where it says what is exact, or no number."""
    written = one_line(text)
    bare = without_per_cent(written) if percent else written
    found = None if bare_number(bare, whole) else number_in_words(written, whole, percent, unit)
    # No column tells whether "ca. 0,4" is a fraction or a percentage: it is not understood.
    if found is None or (percent and 0 < found[0] < 1):
        return None
    match = _WORDS.fullmatch(bare)
    return found[0] if found[1] == "range_midpoint" or (match and match.group(1)) else None


def _middle(text: str, whole: bool) -> Decimal | None:
    match = _RANGE.fullmatch(text)
    if not match:
        return None
    low, high = (_part(part, whole) for part in match.groups())
    return None if low is None or high is None or high < low else (low + high) / 2


def _with_words(text: str, whole: bool, unit: str) -> Decimal | None:
    match = _WORDS.fullmatch(text)
    if not match:
        return None
    digits, word = match.group(2), (match.group(3) or "").rstrip(".").casefold()
    factor = MULTIPLIERS.get(word, 1)
    if word and word not in MULTIPLIERS and word not in _COUNTED and word not in _OF_UNIT.get(unit, "").split():
        return None
    # "1.500 duizend" may be fifteen hundred or one and a half thousand.
    number = None if factor > 1 and two_readings(digits) else _part(digits, whole and factor == 1)
    if number is None or (whole and (number * factor) % 1 and factor > 1):
        return None
    return number * factor


def _part(text: str, whole: bool) -> Decimal | None:
    """A number within a text: the column tells nothing about it, so that it must have one reading by itself."""
    found = None if not whole and two_readings(text) else bare_number(text, whole)
    return found[0] if found else None
