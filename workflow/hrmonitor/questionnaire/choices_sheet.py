"""`choices.csv`: the answer categories of each list."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from hrmonitor.errors import QuestionnaireError
from hrmonitor.questionnaire.form import Choice
from hrmonitor.questionnaire.sheets import by_language

MISSING_ANSWERS = ("dont_know", "refused", "not_applicable")


def read_choices(rows: list[dict[str, str]], folder: Path) -> dict[str, tuple[Choice, ...]]:
    """The options of each list; those of one name, which a form may allow (allow_choice_duplicates), are one.

    Where a form does not allow it, pyxform has refused it.
    """
    lists: dict[str, dict[str, Choice]] = {}
    for number, row in enumerate(rows, start=2):
        missing = row.get("missing") or None
        if missing not in (None, *MISSING_ANSWERS):
            raise QuestionnaireError(
                f"{folder}/choices.csv, row {number}: missing is {missing!r}. "
                f"It can be empty or one of {', '.join(MISSING_ANSWERS)}."
            )
        choice = Choice(row["name"], by_language(row, "label"), missing)
        options = lists.setdefault(row["list_name"], {})
        before = options.get(choice.name)
        options[choice.name] = choice if before is None else _one_option(before, choice)
    return {name: tuple(options.values()) for name, options in lists.items()}


def _one_option(first: Choice, second: Choice) -> Choice:
    """Two options of one name, such as the towns called so in two provinces, as one under both labels."""
    labels = {
        lang: " / ".join(dict.fromkeys(filter(None, (first.labels.get(lang, ""), second.labels.get(lang, "")))))
        for lang in (first.labels | second.labels)
    }
    return replace(first, labels=labels)
