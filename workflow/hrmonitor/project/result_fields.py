"""Numbers of the results in a sentence of config.yaml: which a brace may name.

`{test 1}` is the estimate of the finding's first test, `{test 1 by clients}` the same by clients, `{n 1}` the facilities behind it;
`{question: answer, answer}` is the share of facilities that gave one of the answers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hrmonitor.errors import ConfigError
from hrmonitor.project.config import Finding
from hrmonitor.project.paths import nearest

FIELD = re.compile(r"\{([^{}]*)\}")
_OF_TEST = re.compile(r"(test|n) (\d{1,2})( by clients)?")
_OF_QUESTION = re.compile(r"([^:]+):(.+)")


@dataclass(frozen=True)
class Field:
    """What a brace asks for. what: test, clients or n of the test `number`, or share of `categories` of the `question`."""

    what: str
    number: int = 0
    question: str = ""
    categories: tuple[str, ...] = ()


def field_of(text: str) -> Field | None:
    """What stands between braces, or None if it is none of the forms above."""
    if found := _OF_TEST.fullmatch(text.strip()):
        what, number, clients = found.groups()
        if what == "n" and clients:
            return None
        return Field("clients" if clients else what, int(number))
    if found := _OF_QUESTION.fullmatch(text):
        categories = tuple(part.strip() for part in found.group(2).split(","))
        return Field("share", 0, found.group(1).strip(), categories)
    return None


def check_fields(place: str, finding: Finding, kinds: Mapping[str, str], choices: Mapping[str, Sequence[str]]) -> None:
    """Raises `ConfigError` for the first brace of `operationalised` that names no number. `kinds` and `choices` by question."""
    for lang, text in (finding.operationalised or {}).items():
        where = f"config.yaml, {place}.operationalised.{lang}"
        for written in FIELD.findall(text):
            field = field_of(written)
            if field is None:
                raise ConfigError(
                    f"{where}: {{{written}}} names no number. It can be: {{test 1}}, {{test 1 by clients}}, {{n 1}}, "
                    "{question: answer, answer}."
                )
            if field.what == "share":
                _check_share(where, field, kinds, choices)
            elif not 1 <= field.number <= len(finding.tests):
                raise ConfigError(f"{where}: {{{written}}} is no test of this finding, which has {len(finding.tests)}.")
            elif field.what == "clients" and finding.clients is None:
                raise ConfigError(f"{where}: {{{written}}} needs the key `clients` of the finding.")


def _check_share(where: str, field: Field, kinds: Mapping[str, str], choices: Mapping[str, Sequence[str]]) -> None:
    if field.question not in kinds:
        raise ConfigError(f"{where}: there is no question {field.question!r}.{nearest(field.question, list(kinds))}")
    known = choices.get(field.question, ())
    for category in field.categories:
        if category not in known:
            raise ConfigError(
                f"{where}: question {field.question!r} has no answer {category!r}.{nearest(category, list(known))}"
            )
    if len(field.categories) > 1 and kinds[field.question] != "select_one":
        raise ConfigError(
            f"{where}: facilities may give several answers to {field.question!r}, so their shares do not add up. Name one answer."
        )
