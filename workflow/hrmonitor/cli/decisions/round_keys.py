"""Add keys to a round's block of config.yaml, as a person would: one line, with all comments and the order kept."""

from __future__ import annotations

import re

import yaml


def with_keys(text: str, name: str, keys: dict[str, str]) -> str | None:
    """The text of config.yaml with those keys of round `name`, behind its `questionnaire:`; None if it cannot be done safely.

    The result says what the text said and those keys, and nothing else: this is seen by reading it again.
    """
    lines = text.split("\n")
    place = _line_of_questionnaire(lines, name)
    if place is None:
        return None
    indent = " " * (len(lines[place]) - len(lines[place].lstrip(" ")))
    end = "\r" if lines[place].endswith("\r") else ""
    new = [f"{indent}{line_of(key, path)}{end}" for key, path in keys.items()]
    added = [*lines[: place + 1], *new, *lines[place + 1 :]]
    changed = "\n".join(added)
    try:
        before, after = yaml.safe_load(text), yaml.safe_load(changed)
        known = next(block for key, block in before["rounds"].items() if str(key) == name)
    except (yaml.YAMLError, TypeError, AttributeError, KeyError, StopIteration):
        return None
    wanted = {**before, "rounds": {key: {**block, **keys} if block is known else block for key, block in before["rounds"].items()}}  # fmt: skip
    return changed if after == wanted else None


def line_of(key: str, path: str) -> str:
    """The key as YAML writes it: a path may need quotation marks."""
    return yaml.safe_dump({key: path}, allow_unicode=True, width=10_000).rstrip("\n")


def _line_of_questionnaire(lines: list[str], name: str) -> int | None:
    """Where the round's own `questionnaire:` is, which every round has on one line."""
    inside = False
    depth = None
    for place, line in enumerate(lines):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        indent = len(line) - len(line.lstrip(" "))
        if indent == 0:
            inside, depth = line.startswith("rounds:"), None
        elif not inside:
            continue
        elif depth is not None and indent > depth:
            if re.match(r" *questionnaire: +[^\s|>&*{\[]", line):
                return place
        else:
            depth = indent if re.fullmatch(rf" *([\"']?){re.escape(name)}\1:\s*(#.*)?", line) else None
    return None
