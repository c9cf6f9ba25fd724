"""Returned questionnaires: one workbook a stakeholder, labels in column B, answers in C, remarks in D.

A question row has a number in column A. Under a choice question stands one row an option; a mark in C
ticks it, and the text of "other, namely" stands in D.
"""

from __future__ import annotations

import pandas as pd

from hrmonitor.errors import ReaderError
from hrmonitor.questionnaire import Question, Questionnaire
from hrmonitor.readers.matching import check_columns, plain_label

MARKS = {"x", "✓", "✔", "v", "ja", "yes", "1", "1.0"}


def read(path: str, questionnaire: Questionnaire, entry: dict) -> pd.DataFrame:
    """One row: the workbook. `_row` is 1; a form that came back counts as submitted."""
    by_label = {
        plain_label(label): question
        for question in questionnaire.answerable
        for label in question.labels.values()
        if not question.name.endswith("_other")
    }
    headings = {plain_label(label) for labels in questionnaire.groups.values() for label in labels.values()}
    answers: dict[str, str] = {}
    found: set[str] = set()
    unmatched: list[str] = []
    question: Question | None = None
    for number, (mark, label, answer, remark) in enumerate(_rows(path), start=1):
        if mark and plain_label(label) in by_label:
            question = by_label[plain_label(label)]
            found |= {question.name, f"{question.name}_other"}
            if answer and not question.kind.startswith("select"):
                answers[question.name] = answer
        elif mark and number > 2:
            unmatched.append(label)
        elif question and (choice := _choice(question, label)):
            _tick(answers, question, choice, answer, remark, path, number)
        elif answer and plain_label(label) not in headings and number > 2:
            unmatched.append(label or f"cell C{number}")
    if not found:
        raise ReaderError(
            f"{path}: no question of the form stands in column B. Is this the questionnaire of this round?"
        )
    found &= set(questionnaire.questions)
    check_columns(path, questionnaire, entry, found, unmatched)
    _untick(answers, questionnaire)
    return pd.DataFrame([{"_row": 1, "_submitted_at": "returned", **answers}])


def _rows(path: str) -> list[tuple[str, str, str, str]]:
    from python_calamine import CalamineWorkbook

    try:
        rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    except Exception as error:  # calamine raises a dozen kinds for files that are no workbook
        raise ReaderError(f"{path}: the workbook cannot be opened. Ask for it again, as .xlsx.") from error
    return [tuple(_text(cell) for cell in (*row, "", "", "", "")[:4]) for row in rows]


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _choice(question: Question, label: str) -> str | None:
    for choice in question.choices:
        if plain_label(label) in map(plain_label, choice.labels.values()):
            return choice.name
    return None


def _tick(answers, question: Question, choice: str, answer: str, remark: str, path: str, number: int) -> None:
    if not answer:
        return
    if answer.casefold() not in MARKS:
        raise ReaderError(
            f"{path}, cell C{number}: a box holds a cross or nothing; something else stands there. "
            "Correct the cell (x for ticked)."
        )
    if question.kind == "select_multiple":
        answers[f"{question.name}/{choice}"] = "1"
    else:
        # Two crosses where one was asked: both go on, and cleaning flags that they are not one answer.
        answers[question.name] = " | ".join(filter(None, [answers.get(question.name), choice]))
    if choice == "other" and remark:
        answers[f"{question.name}_other"] = remark


def _untick(answers: dict[str, str], questionnaire: Questionnaire) -> None:
    """Where one box of a question is crossed, the others are not."""
    for question in questionnaire.answerable:
        boxes = [f"{question.name}/{code}" for code in question.codes]
        if question.kind == "select_multiple" and any(box in answers for box in boxes):
            for box in boxes:
                answers.setdefault(box, "0")
