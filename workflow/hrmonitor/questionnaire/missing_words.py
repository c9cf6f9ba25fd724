"""The words that people and tools write where there is no answer, in Dutch and English."""

from __future__ import annotations

import re

MISSING_WORDS = {
    "dont_know": ("weet niet", "weet ik niet", "onbekend", "geen idee", "don't know", "dont know", "unknown", "?"),
    "not_applicable": ("n.v.t.", "nvt", "niet van toepassing", "n/a", "na", "not applicable"),
    "refused": ("wil niet zeggen", "geweigerd", "refused"),
    "no_answer": ("geen antwoord", "-", "no answer"),
}
_MISSING = {word: reason for reason, words in MISSING_WORDS.items() for word in words}


def missing_word(text: str) -> str | None:
    """`dont_know`, `not_applicable`, `refused`, `no_answer` for a text that says so; else None."""
    return _MISSING.get(re.sub(r"\s+", " ", text).strip().casefold())
