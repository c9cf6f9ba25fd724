"""A questionnaire that a person filled in: rows of (number, label, answer, remark), as the pipeline prints it.

A question row has a number. Under a choice question stands one row an option; a mark in the answer ticks it, and the
text of "other, namely" stands beside it as a remark.
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from hrmonitor.errors import ReaderError
from hrmonitor.questionnaire.model import Question, Questionnaire
from hrmonitor.readers.export import Column, Export
from hrmonitor.readers.matching import plain

MARKS = {"x", "✓", "✔", "☒", "☑", "v", "ja", "yes", "1"}
# What stands over the numbers of questions.
HEADINGS = ("Nr.", "No.")
EMPTY_BOXES = {"☐", "□"}
Row = tuple[str, str, str, str]


def row_of(cells: Iterable[str]) -> Row:
    """The first four cells, "" for those that are not there."""
    first, second, third, fourth, *_ = (*cells, "", "", "", "")
    return first, second, third, fourth


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
    for number, (mark, label, answer, remark) in enumerate(rows, start=1):
        answer = "" if answer in EMPTY_BOXES else answer
        if mark and (known := by_label.get(plain(label))):
            question = next((one for one in known if one.name not in asked.columns), known[0])
            asked.meet(question)
            if answer and not question.kind.startswith("select"):
                asked.answers[question.name] = answer
        elif mark and number > 2:
            asked.strange[label] = answer
        elif question and (choice := _choice(question, label)):
            asked.tick(question, choice, answer, remark, f"{path}, {where.format(number)}")
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
        self.strange: dict[str, str] = {}

    def meet(self, question: Question) -> None:
        if question.kind == "select_multiple":
            self.columns |= {f"{question.name}/{code}": (question.name, code) for code in question.codes}
        self.columns.setdefault(question.name, (question.name, None))
        other = f"{question.name}_other"
        if other in self.questionnaire.questions:
            self.columns[other] = (other, None)

    def tick(self, question: Question, choice: str, answer: str, remark: str, place: str) -> None:
        if not answer:
            return
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
        facts = [f"{sum(cell is not None for cell in cells)} cells filled in"]
        return Export(tool, data, columns, pd.Series([1]), pd.Series(["returned"], dtype="str"), facts=facts)


def _choice(question: Question, label: str) -> str | None:
    for choice in question.choices:
        if plain(label) in map(plain, choice.labels.values()):
            return choice.name
    return None
