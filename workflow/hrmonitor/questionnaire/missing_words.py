"""The words that people and tools write where there is no answer, in Dutch and English."""

from __future__ import annotations

import re

from hrmonitor.questionnaire.typography import typographic

MISSING_WORDS = {
    "dont_know": (
        "weet niet",
        "weet ik niet",
        "onbekend",
        "geen idee",
        "don't know",
        "do not know",
        "dont know",
        "unknown",
        "?",
    ),
    "not_applicable": ("n.v.t.", "nvt", "niet van toepassing", "n/a", "na", "not applicable"),
    "refused": ("wil niet zeggen", "geweigerd", "refused", "prefer not to say"),
    "no_answer": ("geen antwoord", "-", "no answer", "not answered", "niet ingevuld", "missing"),
}
# What a code for no answer becomes that a tool or a project declares.
WORD_FOR = {"dont_know": "don't know", "not_applicable": "n/a", "refused": "refused", "no_answer": "no answer"}
_MISSING = {typographic(word): reason for reason, words in MISSING_WORDS.items() for word in words}


# A label that has one of these among other words ("Weet niet / geen antwoord") says so too. Not the short ones: "na" is a word.
_WITHIN = re.compile(
    "|".join(
        rf"(?<!\w){re.escape(word)}(?!\w)"
        for word in sorted(_MISSING, key=len, reverse=True)
        if len(word) > 6 or word == "n.v.t"
    )
)


def missing_word(text: str) -> str | None:
    """`dont_know`, `not_applicable`, `refused`, `no_answer` for a text that says so; else None."""
    return _MISSING.get(typographic(text))


def missing_label(label: str) -> str | None:
    """The same of the label that a file gives to a code: it may say so among other words, of which the first counts."""
    folded = typographic(label)
    if reason := _MISSING.get(folded):
        return reason
    match = _WITHIN.search(folded)
    return _MISSING[match.group()] if match else None
