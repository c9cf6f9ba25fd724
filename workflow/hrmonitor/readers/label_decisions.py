"""What a person decided that a label means which is none of the question's own: a misspelling, an option of another version.

Kept in a CSV (`labels:` of the round): question, written, option, reason. An option is a code of the question, or `no_answer`.
"""

from __future__ import annotations

from pathlib import Path

from hrmonitor.errors import CleaningError
from hrmonitor.files.sheet import wanted_columns
from hrmonitor.files.sheets import read_sheets
from hrmonitor.files.spreadsheet import as_written
from hrmonitor.questionnaire.model import Questionnaire
from hrmonitor.questionnaire.typography import typographic

COLUMNS = ["question", "written", "option", "reason"]
NO_ANSWER = "no_answer"
# (question, what was written as `typographic` gives it) -> code, or `no_answer`.
Labels = dict[tuple[str, str], str]


def read_labels(path: str | Path, questionnaire: Questionnaire) -> Labels:
    """The decisions that have an option.

    Raises `CleaningError` naming the row for a question that has no options, an option that is none of it, a line without a reason, and
    two decisions on one label.
    """
    lines = wanted_columns(read_sheets(str(path), {})[0][0], COLUMNS)
    found: Labels = {}
    for number, line in lines[lines["option"] != ""].iterrows():
        place = f"{path}, row {number}"
        question = questionnaire.questions.get(line["question"])
        if question is None or not question.choices:
            raise CleaningError(
                f"{place}: {line['question']!r} is no question with options in {questionnaire.folder}. Correct the name."
            )
        if line["option"] not in (*question.codes, NO_ANSWER):
            raise CleaningError(
                f"{place}: {line['option']!r} is no option of {question.name!r}. It can be {NO_ANSWER}, or: {', '.join(question.codes)}."
            )
        if not line["reason"]:
            raise CleaningError(f"{place}: there is no reason. Say who decided it and why.")
        key = (question.name, typographic(as_written(line["written"])))
        if key in found:
            raise CleaningError(f"{place}: an earlier row decides on this label of {question.name!r}. Keep one.")
        found[key] = line["option"]
    return found
