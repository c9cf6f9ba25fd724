"""From the headings of an export to the questions of the form; nothing is dropped silently."""

from __future__ import annotations

import re

from rapidfuzz import process

from hrmonitor.errors import ReaderError
from hrmonitor.questionnaire import Questionnaire


def plain(text: str) -> str:
    """A code without case and punctuation: tools differ in which marks they allow."""
    return re.sub(r"[^0-9a-z]", "", text.lower())


def plain_label(text: object) -> str:
    return re.sub(r"\s+", " ", str(text)).strip().casefold()


def check_columns(path: str, questionnaire: Questionnaire, entry: dict, found: set[str], unmatched: list[str]) -> None:
    """Refuse an export with columns that are no question, or without a question of the form.

    `found` are names of questions that have a column, `unmatched` headings that are left over. Config
    says what may be left over (`ignore`) and what may be absent (`absent`).
    """
    left = [heading for heading in unmatched if heading not in entry.get("ignore", [])]
    if left:
        names = {plain(name): name for name in questionnaire.questions}
        near = process.extractOne(plain(left[0]), names.keys())
        nearest = f" The nearest question is {names[near[0]]}." if near else ""
        raise ReaderError(
            f"{path}, column {left[0]!r}: it is no question of the form.{nearest} Correct the heading, "
            f"or list it under `ignore:` of this export in config.yaml"
            f"{f' ({len(left) - 1} more like this)' if len(left) > 1 else ''}."
        )
    expected = {question.name for question in questionnaire.answerable}
    missing = [name for name in questionnaire.questions if name in expected - found - set(entry.get("absent", []))]
    if missing:
        raise ReaderError(
            f"{path}: there is no column for question {missing[0]!r}"
            f"{f' and {len(missing) - 1} more' if len(missing) > 1 else ''}. Export all questions, "
            "or list it under `absent:` of this export in config.yaml."
        )
