"""Numbers of the results in a sentence of a study: which a brace may name.

`{test 1}` is the estimate of the finding's first test, `{test 1 by clients}` the same by clients, `{n 1}` the facilities behind it;
`{share 1}` is the estimate in words, `{rises 1}` and `{falls 1}` how many report a change either way, and `{who}` who gave the answer that a
sentence is about. `{question: answer, answer}` is the share of facilities that gave one of the answers, and a single word is a `FACT`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from hrmonitor.errors import ConfigError
from hrmonitor.project.config import Finding
from hrmonitor.project.paths import nearest

FIELD = re.compile(r"\{([^{}]*)\}")
_OF_TEST = re.compile(r"(test|n|share|rises|falls) (\d{1,2})( by clients)?")
_OF_QUESTION = re.compile(r"([^:]+):(.+)")
# What every study can name of the round that its report is about; the last two only where they are there.
FACTS = ("year", "register", "kept", "rest", "share", "confidence", "total", "approached")
# How each kind of number is written.
FORMS = {
    "test": "{test 1}", "clients": "{test 1 by clients}", "n": "{n 1}", "in_words": "{share 1}", "rises": "{rises 1}", "falls": "{falls 1}",
    "who": "{who}", "share": "{question: answer, answer}", "fact": ", ".join(f"{{{fact}}}" for fact in FACTS),
}  # fmt: skip
IN_CONFIG = ("test", "clients", "n", "share")


@dataclass(frozen=True)
class Field:
    """What a brace asks for. what: a key of `FORMS`; of the test `number`, the `categories` of the `question`, or the fact of that `name`."""

    what: str
    number: int = 0
    question: str = ""
    categories: tuple[str, ...] = ()
    name: str = ""


@dataclass(frozen=True)
class Asked:
    """What a questionnaire asks: the kind of each question, and the answers that it may have."""

    kinds: Mapping[str, str]
    choices: Mapping[str, Sequence[str]]


def field_of(text: str) -> Field | None:
    """What stands between braces, or None if it is none of the forms above."""
    written = text.strip()
    if found := _OF_TEST.fullmatch(written):
        what, number, clients = found.groups()
        if clients:
            return Field("clients", int(number)) if what == "test" else None
        return Field("in_words" if what == "share" else what, int(number))
    if written == "who":
        return Field("who")
    if written in FACTS:
        return Field("fact", name=written)
    if found := _OF_QUESTION.fullmatch(text):
        categories = tuple(part.strip() for part in found.group(2).split(","))
        return Field("share", 0, found.group(1).strip(), categories)
    return None


def check_fields(place: str, finding: Finding, kinds: Mapping[str, str], choices: Mapping[str, Sequence[str]]) -> None:
    """Raises `ConfigError` for the first brace of `operationalised` that names no number. `kinds` and `choices` by question."""
    for lang, text in (finding.operationalised or {}).items():
        check_braces(f"config.yaml, {place}.operationalised.{lang}", text, IN_CONFIG, Asked(kinds, choices), finding)


def check_braces(where: str, text: str, allowed: Collection[str], asked: Asked, finding: Finding | None = None) -> None:
    """Raises `ConfigError` for the first brace of a text that is none of the `allowed` kinds or names what is not there."""
    for written in FIELD.findall(text):
        field = field_of(written)
        if field is None or field.what not in allowed:
            known = ", ".join(FORMS[what] for what in allowed)
            raise ConfigError(
                f"{where}: {{{written}}} names no number. "
                + (f"It can be: {known}." if known else "No number can stand here.")
            )
        if field.what == "share":
            _check_share(where, field, asked)
        elif field.what not in ("who", "fact"):
            tests = len(finding.tests) if finding else 0
            if not 1 <= field.number <= tests:
                raise ConfigError(f"{where}: {{{written}}} is no test of this finding, which has {tests}.")
            if field.what == "clients" and finding and finding.clients is None:
                raise ConfigError(f"{where}: {{{written}}} needs the key `clients` of the finding.")


def _check_share(where: str, field: Field, asked: Asked) -> None:
    if field.question not in asked.kinds:
        raise ConfigError(
            f"{where}: there is no question {field.question!r}.{nearest(field.question, list(asked.kinds))}"
        )
    known = asked.choices.get(field.question, ())
    for category in field.categories:
        if category not in known:
            raise ConfigError(
                f"{where}: question {field.question!r} has no answer {category!r}.{nearest(category, list(known))}"
            )
    if len(field.categories) > 1 and asked.kinds[field.question] != "select_one":
        raise ConfigError(
            f"{where}: facilities may give several answers to {field.question!r}, so their shares do not add up. Name one answer."
        )
