"""How each column is written: decided once, from all its cells and the type of its question, with the evidence.

One notation fits all cells: it is taken, and said. Two fit and would give other values: the column is open, and the export cannot be read
until `notations:` of the export in config.yaml says which it is. Values under a notation that cleaning would read otherwise are written
out here in one that has a single reading (`plain_number`, `yyyy-mm-dd`, `40%`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pandas as pd

from hrmonitor.errors import ReaderError
from hrmonitor.files.distinct import replaced
from hrmonitor.questionnaire.model import Question, Questionnaire
from hrmonitor.readers.dialect import Habits
from hrmonitor.readers.number_formats import (
    DECIMAL_COMMA,
    DECIMAL_POINT,
    EPOCHS,
)
from hrmonitor.readers.open_decisions import SHOWN

NUMBERS = (DECIMAL_POINT, DECIMAL_COMMA)
# Other words for the same: what marks thousands tells the decimal sign.
ALIASES = {"thousands_comma": DECIMAL_POINT, "thousands_point": DECIMAL_COMMA}
PERCENTAGES = ("percents", "fractions", "fractions_below_one")
DATES = ("day_first", "month_first", *EPOCHS)
CHOICES = ("codes", "labels")
BOXES = ("blank_is_no", "blank_is_missing")
# What is only about right ("ca. 12", "10-15") is that number, or the middle; or it is no answer.
APPROXIMATE = ("as_number", "no_answer")
# What config may say for all questions of a kind at once, beside names of questions.
KINDS = {
    "numbers": NUMBERS,
    "percentages": PERCENTAGES,
    "dates": DATES,
    "choices": CHOICES,
    "boxes": BOXES,
    "approximate": APPROXIMATE,
}
# Forms that people fill in by hand, one file a submission: no program writes its numbers in a fixed format there.
BY_HAND = ("excel_form", "word_form")


def possible_for(question: Question | None) -> tuple[str, ...]:
    """What can be said of the notation of a question."""
    if question is None:
        return ()
    numbers = (*NUMBERS, *APPROXIMATE)
    of_kind = {"integer": numbers, "decimal": numbers, "date": DATES, "select_one": CHOICES, "select_multiple": BOXES}
    return of_kind.get(question.kind, ()) + (PERCENTAGES if question.unit == "%" else ())


@dataclass
class Notation:
    """What was decided for one column. `name` is "" while it is open; then `possible` has what it can be.

    examples: (written, what it is under each of `possible`). rows: the first rows that it is about; count: how many cells.
    """

    question: str
    kind: str
    name: str
    evidence: str
    possible: tuple[str, ...] = ()
    examples: list[tuple[str, ...]] = field(default_factory=list)
    rows: tuple[int, ...] = ()
    count: int = 0

    @property
    def open(self) -> bool:
        return not self.name

    def sentence(self) -> str:
        """What is open, with examples: for messages."""
        shown = "; ".join(
            f"{written!r} is "
            + " or ".join(f"{value} ({name})" for name, value in zip(self.possible, values, strict=True))
            for written, *values in self.examples[:3]
        )
        cells = f"{self.count} cell{'' if self.count == 1 else 's'}"
        return f"question {self.question!r}, {cells}: {self.evidence}" + (f": {shown}" if shown else "")

    def line(self) -> str:
        """The line for config.yaml, with the first possibility."""
        return f"{self.question}: {self.possible[0]}"


def refuse_open(path: str, notations: list[Notation]) -> None:
    """Raises `ReaderError` that names every column whose notation a person must decide."""
    left = [notation for notation in notations if notation.open]
    if left:
        raise ReaderError(
            f"{path}: {left[0].sentence()}. Nobody can tell from the file which is meant"
            f"{f', nor for {len(left) - 1} more questions' if len(left) > 1 else ''}. Look into the tool or ask who made the file, and "
            "put this, corrected, under the export in config.yaml:\n        notations:\n"
            + "\n".join(f"          {notation.line()}  # or {', '.join(notation.possible[1:])}" for notation in left)
        )


class ColumnReader:
    """Decides on the columns of one export, one question after another, and keeps what was decided in `decided`."""

    def __init__(self, tool: str, row: pd.Series, entry: dict, questionnaire: Questionnaire, habits: Habits):
        self.tool, self.row, self.entry, self.habits = tool, row, entry, habits
        self.decided: list[Notation] = []
        # A percentage has two notations, so that several may be said of one question.
        places = {name: "config.yaml, notations" for name in entry.get("notations", {})}
        self.said = {
            name: [said] if isinstance(said, str) else list(said) for name, said in entry.get("notations", {}).items()
        }
        for line in entry.get("decided_notations", []):
            name = line["question"] or line["kind"]
            self._refuse_another(line.place, name, line["notation"])
            self.said[name] = [*self.said.get(name, []), line["notation"]]
            places[name] = line.place
        for name, said in self.said.items():
            known = KINDS.get(name) or possible_for(questionnaire.questions.get(name))
            if not known:
                raise ReaderError(
                    f"{places[name]}: the form has no question {name!r} with a notation. Write the name of a number, date or choice "
                    f"question, or one of {', '.join(KINDS)} for all questions of the kind."
                )
            said[:] = [ALIASES.get(one, one) for one in said]
            if wrong := [one for one in said if one not in known]:
                raise ReaderError(
                    f"{places[name]}: {wrong[0]!r} is not a notation of {name!r}. It can be: {', '.join(known)}."
                )

    def _refuse_another(self, place: str, name: str, notation: str) -> None:
        """Raises `ReaderError` when something else has been said of the same: nobody can tell which of them is meant."""
        notation = ALIASES.get(notation, notation)
        for said in (ALIASES.get(one, one) for one in self.said.get(name, [])):
            if said != notation and any({said, notation} <= set(kind) for kind in KINDS.values()):
                raise ReaderError(
                    f"{place}: {notation!r} is decided for {name!r}, and config.yaml (`notations:` of the export) or another line says "
                    f"{said!r}. Take one of them out."
                )

    def said_of(self, question: Question, kind: str) -> str | None:
        """What config says about a kind of notation (a key of `KINDS`) for a question."""
        of_question = [one for one in self.said.get(question.name, []) if one in KINDS[kind]]
        return next(iter([*of_question, *self.said.get(kind, [])]), None)

    def take(self, question: Question, kind: str, name: str, evidence: str) -> None:
        self.decided.append(Notation(question.name, kind, name, evidence))

    # Over 6 parameters: what a person will see of the question: its kind, what can be meant, why it is open, and from which cells and by
    # which two functions the examples are made.
    def leave_open(
        self, question: Question, kind: str, possible: tuple[str, ...], evidence: str, cells: pd.Series,
        unclear: Callable[[str], bool], value: Callable[[str, str], str],
    ) -> None:  # fmt: skip
        texts = [text for text in cells.dropna().unique() if unclear(text)]
        where = cells.index[cells.isin(texts)]
        examples = [(text, *(value(text, name) for name in possible)) for text in texts[:SHOWN]]
        rows = tuple(int(row) for row in self.row[where[:SHOWN]])
        self.decided.append(Notation(question.name, kind, "", evidence, possible, examples, rows, len(where)))


def rewritten(cells: pd.Series, new: dict[str, str], but: pd.Series | None = None) -> pd.Series:
    """The cells with new texts in place of old ones, `but` for some rows."""
    changed = replaced(cells, new)
    return changed if but is None else changed.where(~but, cells)
