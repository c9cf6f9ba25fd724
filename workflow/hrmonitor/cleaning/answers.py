"""What a single written answer means: numbers, dates, choices, and the words for "no answer".

Each parser takes a text and returns a `Parsed`. They know Dutch and English notation and nothing of a
questionnaire's logic.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

from rapidfuzz import fuzz, process

from hrmonitor.questionnaire.missing_words import missing_word
from hrmonitor.questionnaire.model import Question

_ABOUT = r"(?:ca\.?|circa|ongeveer|plm\.?|±|\+/-|~|rond(?: de)?|zo'n|about|approx\.?|around)"
_NUMBER = r"-?\d[\d.,]*"
_RANGE = re.compile(rf"({_NUMBER})\s*(?:-|–|tot|à|a|t/m|to)\s*({_NUMBER})\s*%?", re.I)
_WORDS = re.compile(rf"(?:{_ABOUT}\s*)?({_NUMBER})\s*(?:[^\W\d]+\.?)?", re.I)
_EXCEL_EPOCH = date(1899, 12, 30)
# Serials of 1954 to 2064: five digits that a person would not type as a date of another kind.
_SERIALS = range(20000, 60001)


@dataclass(frozen=True)
class Parsed:
    """A value, or the reason why there is none, and the rules that were needed to get there."""

    value: object = None
    missing: str | None = None
    rules: tuple[str, ...] = field(default=())


@lru_cache(maxsize=100_000)
def parse_number(text: str, whole: bool, percent: bool = False) -> Parsed:
    """A number as people write it: `1.234` (thousands, if whole), `12,5`, `ca. 120`, `10-15` (midpoint), `40%`.

    `percent`: a fraction below 1 with decimals is taken for a share and multiplied by 100. Halves of whole
    numbers are rounded up.
    """
    if reason := missing_word(text):
        return Parsed(missing=reason, rules=("missing_word",))
    stripped = text.strip()
    rules: list[str] = []
    if match := _RANGE.fullmatch(stripped):
        low, high = (_plain_number(part, whole, rules) for part in match.groups())
        if low is None or high is None or high < low:
            return Parsed(missing="no_answer", rules=("not_understood",))
        number = (low + high) / 2
        rules.append("range_midpoint")
    else:
        if percent:
            stripped = re.sub(r"\s*%$", "", stripped)
        number = _plain_number(stripped, whole, rules)
        if number is None and (match := _WORDS.fullmatch(stripped)):
            number = _plain_number(match.group(1), whole, rules)
            rules.append("number_with_words")
    if number is None:
        return Parsed(missing="no_answer", rules=("not_understood",))
    if percent and 0 < number < 1 and not number.is_integer():
        number = round(number * 100, 10)
        rules = ["percent_from_fraction"]
    if whole:
        if not number.is_integer():
            rules.append("rounded")
        number = int(number + 0.5) if number >= 0 else int(number)
    return Parsed(number, rules=tuple(rules))


def _plain_number(text: str, whole: bool, rules: list[str]) -> float | None:
    """`text` as a number, or None; says in `rules` which notation it had."""
    if re.fullmatch(r"-?\d+", text):
        return float(text)
    if whole and re.fullmatch(r"-?\d{1,3}(\.\d{3})+", text):
        rules.append("thousands_point")
        return float(text.replace(".", ""))
    if re.fullmatch(r"-?\d+\.\d+", text):
        return float(text)
    if re.fullmatch(r"-?\d{1,3}(\.\d{3})*,\d+", text):
        rules.append("decimal_comma")
        return float(text.replace(".", "").replace(",", "."))
    if re.fullmatch(r"-?\d+,\d+", text):
        rules.append("decimal_comma")
        return float(text.replace(",", "."))
    return None


def parse_date(text: str) -> Parsed:
    """A date as yyyy-mm-dd (with or without a time), dd-mm-yyyy (also / and .), or an Excel serial number."""
    if reason := missing_word(text):
        return Parsed(missing=reason, rules=("missing_word",))
    stripped = text.strip()
    if match := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T][\d:.]+)?", stripped):
        return _date(*map(int, match.groups()))
    if match := re.fullmatch(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?:[ T][\d:.]+)?", stripped):
        day, month, year = map(int, match.groups())
        return _date(year, month, day, "date_day_first")
    if re.fullmatch(r"\d{5}(\.0)?", stripped) and (serial := int(float(stripped))) in _SERIALS:
        return Parsed((_EXCEL_EPOCH + timedelta(days=serial)).isoformat(), rules=("excel_serial_date",))
    return Parsed(missing="no_answer", rules=("not_understood",))


def _date(year: int, month: int, day: int, *rules: str) -> Parsed:
    try:
        return Parsed(date(year, month, day).isoformat(), rules=rules)
    except ValueError:
        return Parsed(missing="no_answer", rules=("not_understood",))


def parse_choice(text: str, question: Question) -> Parsed:
    """The code of a choice, from its code or its label in any language, misspelt labels included."""
    plain = re.sub(r"\s+", " ", text).strip()
    by_text = {code: code for code in question.codes}
    for choice in question.choices:
        for label in choice.labels.values():
            by_text.setdefault(label, choice.name)
    if plain in by_text:
        return Parsed(by_text[plain])
    folded = {key.casefold(): code for key, code in by_text.items()}
    if plain.casefold() in folded:
        return Parsed(folded[plain.casefold()], rules=("label_matched",))
    if reason := missing_word(plain):
        own = next((choice.name for choice in question.choices if choice.missing == reason), None)
        return Parsed(own, rules=("missing_word",)) if own else Parsed(missing=reason, rules=("missing_word",))
    near = process.extractOne(plain.casefold(), folded.keys(), scorer=fuzz.ratio, score_cutoff=90)
    if near:
        return Parsed(folded[near[0]], rules=("label_matched",))
    return Parsed(missing="no_answer", rules=("not_understood",))
