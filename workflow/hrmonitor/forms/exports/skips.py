"""Skip logic as a person reads it: which questions belong to one condition, and the condition in words."""

from __future__ import annotations

from hrmonitor.language import of_forms
from hrmonitor.questionnaire.expressions import compile_expression
from hrmonitor.questionnaire.model import Questionnaire

# A condition is a tuple of terms that must all hold. A term is (what, question, values): one of its answers is
# `chosen`, one that is `other` than these, it is `answered` or `open`, its number or number of ticks compares so.
Term = tuple[str, str, tuple]
OPPOSITE = {"chosen": "other", "other": "chosen", "answered": "open", "open": "answered"}
TURNED = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "=": "=", "!=": "!="}


def terms(expression: str) -> tuple[Term, ...] | None:
    """The condition in terms; None where it has a shape that cannot be said simply."""
    if not expression:
        return ()
    found: list[Term] = []
    for part in _joined(compile_expression(expression).plan, "and"):
        term = _alternatives([_term(one) for one in _joined(part, "or")])
        if term is None:
            return None
        found.append(term)
    for name in {term[1] for term in found if term[0] == "other"}:  # neither this nor that is one term
        same = [term for term in found if term[:2] == ("other", name)]
        merged = ("other", name, tuple(value for term in same for value in term[2]))
        found = [merged if term is same[0] else term for term in found if term not in same[1:]]
    # "Has an answer" says nothing beside a term about that answer.
    named = {term[1] for term in found if term[0] != "answered"}
    return tuple(dict.fromkeys(term for term in found if term[0] != "answered" or term[1] not in named))


def in_words(condition: tuple[Term, ...], questionnaire: Questionnaire, numbers: dict[str, int], lang: str) -> str:
    """The condition as it stands after "only if". `numbers` are those that the questions have on paper.

    Raises `KeyError` when a question or answer in it is not on paper.
    """
    words = of_forms(lang)["form"]
    parts = []
    for what, name, values in condition:
        number, question = numbers[name], questionnaire[name]
        if what == "number" and question.choices and values[0] in ("=", "!="):  # a code that looks like a number
            what, values = "chosen" if values[0] == "=" else "other", (f"{values[1]:g}",)
        if what in ("chosen", "other"):
            labels = [words["quoted"].format(question.choice(value).label(lang)) for value in values]
            parts.append(words[what].format(number, words["or"].join(labels)))
        elif what in ("number", "ticks"):
            sign, value = values
            amount = words["one"] if what == "ticks" and value == 1 else f"{value:g}"
            key = what if value == 1 else f"{what}_many"
            parts.append(words[key].format(number, f"{words['signs'][sign]} {amount}".strip()))
        else:
            parts.append(words[what].format(number))
    return words["and"].join(parts)


def _joined(plan: tuple, operator: str) -> list[tuple]:
    if plan[:2] == ("operator", operator):
        return [*_joined(plan[2], operator), *_joined(plan[3], operator)]
    return [plan]


def _alternatives(found: list[Term | None]) -> Term | None:
    """Several answers to one question that will do, as one term."""
    if len(found) == 1:
        return found[0]
    terms = [term for term in found if term is not None]
    if len(terms) < len(found) or {term[:2] for term in terms} != {("chosen", terms[0][1])}:
        return None
    return ("chosen", terms[0][1], tuple(value for term in terms for value in term[2]))


def _term(plan: tuple) -> Term | None:
    if plan[0] == "function" and plan[1] == "not":
        term = _term(plan[2])
        return (OPPOSITE[term[0]], *term[1:]) if term and term[0] in OPPOSITE else None
    if plan[0] == "function" and plan[1] == "selected" and plan[2][0] == "question" and plan[3][0] == "literal":
        return ("chosen", plan[2][1], (plan[3][1],))
    if plan[0] == "operator" and plan[1] in TURNED:
        sign, left, right = plan[1:]
        if left[0] == "literal":
            sign, left, right = TURNED[sign], right, left
        if right[0] == "literal":
            return _comparison(sign, left, right[1])
    return None


def _comparison(sign: str, left: tuple, value) -> Term | None:
    ticks = left[:2] == ("function", "count-selected") and left[2][0] == "question"
    if ticks and isinstance(value, float):
        return ("ticks", left[2][1], (sign, value))
    if left[0] != "question":
        return None
    if isinstance(value, float):
        return ("number", left[1], (sign, value))
    if sign in ("=", "!="):
        if value == "":
            return ("open" if sign == "=" else "answered", left[1], ())
        return ("chosen" if sign == "=" else "other", left[1], (value,))
    return None
