"""What a single written answer means: numbers, dates, choices, and the words for "no answer".

Each parser takes a text and returns a `Parsed`. A text is read exactly, or it is not understood: likeness to an option only makes
suggestions. They know Dutch and English notation and nothing of a questionnaire's logic; where a text has two readings, the
readers have settled the column before (`readers.column_notation`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import ROUND_FLOOR, Decimal
from functools import lru_cache

from hrmonitor.questionnaire.missing_words import missing_word
from hrmonitor.questionnaire.model import Question
from hrmonitor.questionnaire.typography import typographic, visible
from hrmonitor.readers.label_decisions import Labels
from hrmonitor.readers.number_formats import (
    ISO,
    SERIAL,
    SERIALS,
    SLASHED,
    bare_number,
    date_in_words,
    date_of_serial,
    one_line,
    real_date,
)
from hrmonitor.readers.numbers_in_words import number_in_words, without_per_cent

# What a tool writes for a yes-or-no question in place of its options.
_YES = frozenset(["y", "yes", "j", "ja", "true", "waar"])
_NO = frozenset(["n", "no", "nee", "false", "onwaar"])


@dataclass(frozen=True)
class Parsed:
    """A value, or the reason why there is none, and the rules that were needed to get there."""

    value: object = None
    missing: str | None = None
    rules: tuple[str, ...] = field(default=())


NOT_UNDERSTOOD = Parsed(missing="no_answer", rules=("not_understood",))
# Whole numbers above this are not all numbers of their own in a table of numbers: 2^53.
MOST_EXACT = 2**53


@lru_cache(maxsize=100_000)
def parse_number(text: str, whole: bool, percent: bool = False, unit: str = "") -> Parsed:
    """A number as people write it: `1.234` (thousands, if whole), `12,5`, `ca. 120`, `10-15` (midpoint), `3 mln`, `40%`.

    `percent`: a bare fraction between 0 and 1 is taken for a share and multiplied by 100; with a sign for per cent it is not.
    `unit`: the question's unit, whose words may stand behind the number. Halves of whole numbers are rounded up.
    """
    if reason := missing_word(text):
        return Parsed(missing=reason, rules=("missing_word",))
    written = one_line(text)
    bare = without_per_cent(written) if percent else written
    rules: list[str] = []
    if found := bare_number(bare, whole):
        number, rule = found
        rules += [rule] if rule else []
    elif composed := number_in_words(written, whole, percent, unit):
        number, rule = composed
        rules.append(rule)
        # No column tells whether "ca. 0,4" is a fraction or a percentage.
        if percent and 0 < number < 1:
            return NOT_UNDERSTOOD
    else:
        return NOT_UNDERSTOOD
    if percent and bare == written and 0 < number < 1:
        number *= 100
        rules = ["percent_from_fraction"]
    if not whole:
        return Parsed(float(number), rules=tuple(rules))
    if number != number.to_integral_value():
        rules.append("rounded")
        number = (number + Decimal("0.5")).to_integral_value(ROUND_FLOOR) if number >= 0 else Decimal(int(number))
    if abs(number) > MOST_EXACT:
        return NOT_UNDERSTOOD
    return Parsed(int(number), rules=tuple(rules))


def parse_date(text: str) -> Parsed:
    """A date as yyyy-mm-dd (with or without a time and its zone), dd-mm-yyyy (also / and .), `1 mei 2024`, or an Excel serial number.

    A date with a time is the day that stands there, in the zone that it was written in.
    """
    if reason := missing_word(text):
        return Parsed(missing=reason, rules=("missing_word",))
    written = one_line(text)
    rules: tuple[str, ...] = ()
    if match := ISO.fullmatch(written):
        found = real_date(*map(int, match.groups()))
    elif match := SLASHED.fullmatch(written):
        day, _, month, year = match.groups()
        found, rules = real_date(int(year), int(month), int(day)), ("date_day_first",)
    elif found := date_in_words(written):
        rules = ("date_in_words",)
    elif (match := SERIAL.fullmatch(written)) and int(match.group(1)) in SERIALS:
        found, rules = date_of_serial(int(match.group(1)), "excel_serial"), ("excel_serial_date",)
    return Parsed(found.isoformat(), rules=rules) if found else NOT_UNDERSTOOD


class Options:
    """The options of a question by the ways to write them: codes, labels, and what a person decided on other labels."""

    def __init__(self, question: Question, labels: Labels | None = None):
        self.codes = set(question.codes)
        self.exact: dict[str, set[str]] = {}
        self.alike: dict[str, set[str]] = {}
        for choice in question.choices:
            for label in choice.labels.values():
                self.exact.setdefault(label, set()).add(choice.name)
            for text in (choice.name, *choice.labels.values()):
                self.alike.setdefault(typographic(text), set()).add(choice.name)
        self.decided = {written: option for (name, written), option in (labels or {}).items() if name == question.name}
        self.says = {choice.missing: choice.name for choice in reversed(question.choices) if choice.missing}
        self.yes_no = _yes_no(question)

    def parse(self, text: str) -> Parsed:
        """The code that a text stands for: by the letter, or but for what typography may change."""
        plain = " ".join(visible(text).split())
        if plain in self.codes:
            return Parsed(plain)
        folded = typographic(text)
        if option := self.decided.get(folded):
            known = option in self.codes
            return Parsed(option if known else None, None if known else "no_answer", ("label_decided",))
        if len(options := self.exact.get(plain, set())) == 1:
            return Parsed(next(iter(options)))
        if len(options := self.alike.get(folded, set())) == 1:
            return Parsed(next(iter(options)), rules=("label_matched",))
        if options:
            return NOT_UNDERSTOOD
        if reason := missing_word(text):
            return Parsed(self.says.get(reason), None if reason in self.says else reason, ("missing_word",))
        if folded in self.yes_no:
            return Parsed(self.yes_no[folded], rules=("label_matched",))
        return self._by_number(plain)

    def _by_number(self, plain: str) -> Parsed:
        """`1.0` or `1e+00` for the code 1, as programs write that know numbers only."""
        found = bare_number(plain, whole=False) if re.fullmatch(r"-?\d+(?:\.0+|(?:\.\d+)?[eE]\+?\d+)", plain) else None
        code = format(found[0].normalize(), "f") if found else ""
        return Parsed(code, rules=("label_matched",)) if code in self.codes else NOT_UNDERSTOOD


def _yes_no(question: Question) -> dict[str, str]:
    """Words for yes and no -> the code, where the question has one option for each."""
    found: dict = {}
    for words in (_YES, _NO):
        options = [
            c.name for c in question.choices if {typographic(text) for text in (c.name, *c.labels.values())} & words
        ]
        if len(options) != 1:
            return {}
        found |= dict.fromkeys(words, options[0])
    return found


def parse_choice(text: str, question: Question, labels: Labels | None = None) -> Parsed:
    """The code of a choice, from its code or its label in any language; a misspelt label is not understood."""
    return Options(question, labels).parse(text)
