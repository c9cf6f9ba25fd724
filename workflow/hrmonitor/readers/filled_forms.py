"""A questionnaire that a person filled in: rows of (number, label, answer, remark), as the pipeline prints it.

A question row has a number. Under a choice question stands one row an option; a mark in the answer ticks it, and the
text of "other, namely" stands beside it as a remark.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import pandas as pd

from hrmonitor.errors import ReaderError
from hrmonitor.questionnaire.model import Question, Questionnaire
from hrmonitor.questionnaire.typography import typographic
from hrmonitor.readers.export import Column, Export
from hrmonitor.readers.matching import plain

MARKS = {"x", "✓", "✔", "☒", "☑", "v", "ja", "yes", "1"}
# What stands over the numbers of questions.
HEADINGS = ("Nr.", "No.")
EMPTY_BOXES = {"☐", "□"}


class Row(NamedTuple):
    """`typed`: whether the file holds the answer as a number."""

    mark: str = ""
    label: str = ""
    answer: str = ""
    remark: str = ""
    typed: bool = False


def row_of(cells: Iterable[str], typed: bool = False) -> Row:
    """The first four cells, "" for those that are not there."""
    first, second, third, fourth, *_ = (*cells, "", "", "", "")
    return Row(first, second, third, fourth, typed)


def interpret(tool: str, path: str, rows: list[Row], questionnaire: Questionnaire, where: str) -> Export:
    """One submission. `where` names the cell of an answer by row, such as "cell C{}"."""
    by_label: dict[str, list[Question]] = {}
    for asked_for in questionnaire.answerable:
        if not (asked_for.name.endswith("_other") and asked_for.name.removesuffix("_other") in questionnaire.questions):
            for label in set(asked_for.labels.values()):
                by_label.setdefault(plain(label), []).append(asked_for)
    headings = {plain(label) for labels in questionnaire.groups.values() for label in labels.values()}
    asked = _Asked(questionnaire)
    question: Question | None = None
    for number, (mark, label, answer, remark, typed) in enumerate(rows, start=1):
        answer = "" if answer in EMPTY_BOXES else answer
        place = f"{path}, {where.format(number)}"
        if mark and (known := by_label.get(plain(label))):
            question = next((one for one in known if one.name not in asked.columns), known[0])
            asked.meet(question)
            asked.answer(question, answer, typed, place)
        elif mark and number > 2:
            asked.strange[label] = answer
        elif question and (choices := _choices(question, label)):
            asked.tick(question, choices, answer, remark, place)
        elif answer and plain(label) not in headings and number > 2:
            asked.strange[label or where.format(number)] = answer
    if not asked.columns:
        raise ReaderError(f"{path}: it holds no question of the form. Is this the questionnaire of this round?")
    return asked.export(tool)


class _Asked:
    """The questions met so far, and their answers."""

    def __init__(self, questionnaire: Questionnaire):
        self.questionnaire = questionnaire
        self.columns: dict[str, tuple[str, str | None]] = {}
        self.answers: dict[str, str] = {}
        self.typed: set[str] = set()
        self.strange: dict[str, str] = {}

    def meet(self, question: Question) -> None:
        if question.kind == "select_multiple":
            self.columns |= {f"{question.name}/{code}": (question.name, code) for code in question.codes}
        self.columns.setdefault(question.name, (question.name, None))
        other = f"{question.name}_other"
        if other in self.questionnaire.questions:
            self.columns[other] = (other, None)

    def answer(self, question: Question, answer: str, typed: bool, place: str) -> None:
        """What stands beside the question itself."""
        if not answer:
            return
        if question.kind == "select_multiple":
            raise ReaderError(
                f"{place}: an answer stands beside the question itself. Put a cross (x) at each option that it means, and clear this cell."
            )
        # Of a single choice it may be the option in words: cleaning knows it, or says that it is not understood.
        self.answers[question.name] = answer
        self.typed |= {question.name} if typed else set()

    def tick(self, question: Question, choices: list[str], answer: str, remark: str, place: str) -> None:
        if not answer:
            return
        choice, *others = choices
        if others:
            raise ReaderError(
                f"{place}: the options {' and '.join(choices)} of {question.name} are written alike here, and nobody can tell which is meant. "
                "Correct the label as the form has it, or give the options different labels."
            )
        if answer.casefold() not in MARKS:
            raise ReaderError(
                f"{place}: a box holds a cross or nothing; something else stands there. Correct the cell (x for ticked)."
            )
        if question.kind == "select_multiple":
            self.answers[f"{question.name}/{choice}"] = "1"
        else:
            # Two crosses where one was asked: both go on, and cleaning flags that they are not one answer.
            self.answers[question.name] = " | ".join(filter(None, [self.answers.get(question.name), choice]))
        if choice == "other" and remark:
            self.answers[f"{question.name}_other"] = remark

    def export(self, tool: str) -> Export:
        boxes = {name.split("/")[0] for name in self.columns if "/" in name}
        names = [name for name in self.columns if name not in boxes]
        columns = [Column(name, (self.columns[name],)) for name in names]
        columns += [Column(label, ((label, None),)) for label in self.strange]
        cells = [self.answers.get(name) for name in names] + list(self.strange.values())
        data = pd.DataFrame([cells], columns=range(len(cells)), dtype="str")
        numbers = pd.DataFrame([[column.heading in self.typed for column in columns]], columns=data.columns, dtype=bool)
        facts = [f"{sum(cell is not None for cell in cells)} cells filled in"]
        return Export(
            tool, data, columns, pd.Series([1]), pd.Series(["returned"], dtype="str"), numbers=numbers, facts=facts
        )


def _choices(question: Question, label: str) -> list[str]:
    """The options that a row may be about: by the letter, else by what is left without punctuation ("A-" is not "A")."""
    for spelt in (str.strip, typographic, plain):
        found = [one.name for one in question.choices if spelt(label) in map(spelt, one.labels.values())]
        if found:
            return found
    return []
