"""What an answer that was not understood may have meant: for a person to judge, never for a program to take."""

from __future__ import annotations

import re

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from hrmonitor.questionnaire.model import Question
from hrmonitor.questionnaire.typography import typographic
from hrmonitor.readers.number_formats import ISO, MONTHS, SLASHED, one_line

# Out of 100; options less alike than this have nothing to do with a text.
ALIKE = 60
_DAY_MONTH = re.compile(r"(\d{1,2})[- ]([a-z]{3,9})\.?", re.I)
_MONTH_FIRST = re.compile(r"([a-z]{3,9})\.?[- ](\d{1,2})", re.I)
_SPAN = re.compile(r"(\d+) ?(?:-|t/m|tot|to) ?(\d+)(?!\d)")
# What turns an option into its opposite or into another size, however alike the letters are.
_SIGNS = re.compile(r"[<>≤≥=±+]|\d+")
_NEGATIONS = {"niet", "geen", "nooit", "zonder", "not", "no", "non", "never", "without"}
_NEGATING = ("niet", "non", "dis", "on", "un", "in")


def pairs_behind_date(text: str) -> set[tuple[int, int]]:
    """The pairs of numbers that a spreadsheet turns into this date: `01-Apr`, `1-apr`, `Apr-04`, `2024-04-01` for 1-4 or 4-1."""
    written = one_line(text)
    if match := _DAY_MONTH.fullmatch(written):
        first, second = int(match.group(1)), MONTHS.get(match.group(2).casefold(), 0)
    elif match := _MONTH_FIRST.fullmatch(written):
        first, second = int(match.group(2)), MONTHS.get(match.group(1).casefold(), 0)
    elif match := ISO.fullmatch(written):
        first, second = int(match.group(3)), int(match.group(2))
    elif match := SLASHED.fullmatch(written):
        first, second = int(match.group(1)), int(match.group(3))
    else:
        return set()
    return {(first, second), (second, first)} if first and second else set()


def opposed(text: str, option: str) -> bool:
    """Whether the two differ in a sign, a number or a negation, so that one may be the opposite of the other."""
    if _SIGNS.findall(text) != _SIGNS.findall(option):
        return True
    # "on-eens" is "oneens".
    ours, theirs = (re.findall(r"\w+", one.replace("-", "")) for one in (text, option))
    if _NEGATIONS.intersection(ours) != _NEGATIONS.intersection(theirs):
        return True
    return any(
        longer.startswith(prefix)
        and not shorter.startswith(prefix)
        and fuzz.ratio(longer.removeprefix(prefix), shorter) >= ALIKE
        for one, other in ((ours, theirs), (theirs, ours))
        for longer in one
        for shorter in other
        for prefix in _NEGATING
    )


def nearest_option(text: str, question: Question) -> tuple[str, str]:
    """(code of the likeliest option, why); ("", "") where none is like the text, or those that are may be its opposite."""
    texts: dict[str, str] = {}
    for choice in question.choices:
        for option in (choice.name, *choice.labels.values()):
            texts.setdefault(typographic(option), choice.name)
    if pairs := pairs_behind_date(text):
        for option, code in texts.items():
            if (span := _SPAN.match(option)) and (int(span.group(1)), int(span.group(2))) in pairs:
                return code, "a spreadsheet turned it into a date"
    written = typographic(text)
    candidates = [option for option in texts if not opposed(written, option)]
    near = process.extractOne(written, candidates, scorer=fuzz.ratio, score_cutoff=ALIKE)
    return (texts[near[0]], "alike") if near else ("", "")


def misspelt_option(text: str, question: Question) -> str:
    """The option that a text is but for one letter, or one in four; "" for none. Where people may write anything, others are texts of their own."""
    written = typographic(text)
    for choice in question.choices:
        for option in map(typographic, (choice.name, *choice.labels.values())):
            letters = max(len(written), len(option))
            if OSA.distance(written, option) <= max(1, letters // 4) and not opposed(written, option):
                return choice.name
    return ""


def what_is_wanted(text: str, question: Question) -> str:
    """What would be understood in the place of a text that was not."""
    if question.choices:
        code, why = nearest_option(text, question)
        return f"{code} ({why})" if why not in ("", "alike") else code or "none is like it"
    if question.kind in ("integer", "decimal") and pairs_behind_date(text):
        return "a number: a spreadsheet turned what was typed into a date"
    return {"integer": "a whole number", "decimal": "a number", "date": "dd-mm-yyyy"}[question.kind]
