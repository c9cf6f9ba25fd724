"""What people wrote under "other, namely", and what a person decided that it means.

A decision names an existing option of the question (several apart by `|`), or `keep` (it stays "other"), or `new` (it stays "other" and
the next questionnaire should have an option for it). With options, the answer becomes those options and is "other" no more, unless
`keep` or `new` stands beside them.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from hrmonitor.errors import CleaningError
from hrmonitor.files.sheet import wanted_columns
from hrmonitor.files.sheets import read_sheets
from hrmonitor.files.spreadsheet import as_written
from hrmonitor.questionnaire.model import Questionnaire

COLUMNS = ["question", "written", "decision", "reason"]
OTHER, STAYS = "other", ("keep", "new")


def other_questions(questionnaire: Questionnaire) -> list[str]:
    """The choice questions with an option `other` and a text question `..._other` for what it is."""
    return [
        question.name
        for question in questionnaire.answerable
        if OTHER in question.codes and f"{question.name}_{OTHER}" in questionnaire.questions
    ]


def same(text: str) -> str:
    """Two texts that differ in case and white space only get one decision."""
    return " ".join(str(text).casefold().split())


def read_other(path: str | Path, questionnaire: Questionnaire) -> pd.DataFrame:
    """question, written, decision, reason of the lines that have a decision; `written` as `same` gives it.

    Raises `CleaningError` naming the row for a question that has no "other", a decision that is no option of it, several options
    where one can be given, and two decisions on one text.
    """
    lines = wanted_columns(read_sheets(str(path), {})[0][0], COLUMNS)
    lines = lines.assign(written=lines["written"].map(as_written).map(same))
    lines = lines[lines["decision"] != ""]
    with_other = other_questions(questionnaire)
    for number, one in lines.iterrows():
        if one["question"] not in with_other:
            raise CleaningError(
                f"{path}, row {number}: {one['question']!r} is no question with an option 'other' in {questionnaire.folder}. "
                f"Questions that are: {', '.join(with_other) or 'none'}."
            )
        question = questionnaire[one["question"]]
        codes = [code for code in question.codes if code != OTHER]
        unknown = [part for part in _parts(one["decision"]) if part not in (*codes, *STAYS)]
        if unknown:
            raise CleaningError(
                f"{path}, row {number}: {unknown[0]!r} is no option of {question.name!r}. It can be keep, new, or: {', '.join(codes)}."
            )
        if question.kind == "select_one" and len(_parts(one["decision"])) > 1:
            raise CleaningError(f"{path}, row {number}: {question.name!r} takes one answer, not {one['decision']!r}.")
    doubled = lines[lines.duplicated(["question", "written"])]
    if len(doubled):
        raise CleaningError(
            f"{path}, row {doubled.index[0]}: there are two decisions on this text for {doubled['question'].iloc[0]!r}. Keep one."
        )
    return lines


def _parts(decision: str) -> list[str]:
    return [part.strip() for part in decision.split("|") if part.strip()]


def recode_other(
    answers: pd.DataFrame, missing: pd.DataFrame, questionnaire: Questionnaire, decisions: pd.DataFrame
) -> list[tuple[str, pd.Index, str]]:
    """Apply the decisions to `answers` and `missing` in place; returns question, submissions and the options that they got.

    What was "other" and is nothing but options now has no other text any more: the text is not an answer to a question of its own.
    """
    done = []
    for one in decisions.itertuples():
        codes = [part for part in _parts(one.decision) if part not in STAYS]
        text = f"{one.question}_{OTHER}"
        if not codes or text not in answers:
            continue
        where = answers.index[answers[text].map(same, na_action="ignore").eq(one.written).fillna(False).astype(bool)]
        if not len(where):
            continue
        stays = len(codes) < len(_parts(one.decision))
        if questionnaire[one.question].kind == "select_one":
            answers.loc[where, one.question] = codes[0]
        else:
            answers.loc[where, [f"{one.question}/{code}" for code in codes]] = True
            if not stays:
                answers.loc[where, f"{one.question}/{OTHER}"] = False
        missing.loc[where, one.question] = pd.NA
        if not stays:
            answers.loc[where, text] = pd.NA
            missing.loc[where, text] = "not_asked"
        done.append((one.question, where, "|".join(codes)))
    return done
