"""What the questionnaire says about answers: constraints, skip logic, calculated values, totals and their parts.

Each rule changes `answers` and `missing` (as `typed_answers` gives them) in place and adds its lines to the audit trail.
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from hrmonitor.cleaning.audit_trail import trail_lines
from hrmonitor.cleaning.typed_answers import IDENTITY
from hrmonitor.questionnaire.expressions import compile_expression
from hrmonitor.questionnaire.model import Question


def apply_constraints(answers, missing, responses, questionnaire, audit) -> None:
    """A number, date or choice that breaks the form's constraint is impossible and is taken out; several ticks are flagged."""
    for question in questionnaire.answerable:
        if not question.constraint or question.pii or question.name in IDENTITY:
            continue
        columns = columns_of(answers, question)
        present = answers[columns].notna().any(axis=1)
        broken = answers.index[present & ~compile_expression(question.constraint).holds(answers, question.name)]
        if broken.empty:
            continue
        if question.kind == "select_multiple":
            audit.append(trail_lines(responses, broken, question.name, "", "", "constraint_flag"))
            continue
        audit.append(
            trail_lines(responses, broken, question.name, responses.loc[broken, question.name], "", "constraint")
        )
        answers.loc[broken, question.name] = pd.NA
        missing.loc[broken, question.name] = "no_answer"


def apply_skip_logic(
    answers: pd.DataFrame, missing: pd.DataFrame, responses: pd.DataFrame, questions: Iterable[Question], audit: list
) -> None:
    """In form order, as skips depend on answers before: what should not have been asked has no answer."""
    for question in questions:
        if question.kind == "calculate" or not question.relevant or question.name not in missing:
            continue
        hidden = ~compile_expression(question.relevant).holds(answers)
        columns = columns_of(answers, question)
        # An option "not ticked" under a hidden question is no answer to it.
        several = question.kind == "select_multiple"
        given = answers[columns].fillna(False).any(axis=1) if several else answers[columns[0]].notna()
        where = answers.index[hidden & given.astype(bool)]
        raw = "" if several else responses.loc[where, question.name]
        audit.append(trail_lines(responses, where, question.name, raw, "", "skip_logic"))
        answers.loc[hidden, columns] = pd.NA
        missing.loc[hidden, question.name] = "not_asked"


def calculate(answers: pd.DataFrame, missing: pd.DataFrame, questions: Iterable[Question]) -> None:
    for question in questions:
        if question.kind != "calculate":
            continue
        values = pd.to_numeric(compile_expression(question.calculation).evaluate(answers), errors="coerce")
        values = values.astype("Float64").replace([float("inf"), float("-inf")], pd.NA)
        asked = pd.Series(True, index=answers.index)
        if question.relevant:
            asked = compile_expression(question.relevant).holds(answers)
        answers[question.name] = values.where(asked & values.notna())
        reason = pd.Series("no_answer", index=answers.index, dtype="str").where(asked, "not_asked")
        missing[question.name] = reason.mask(answers[question.name].notna())


def check_parts(answers, responses, questionnaire, audit) -> None:
    """Flag totals that are smaller than their parts together; which of them is wrong, nobody can see."""
    for question in questionnaire:
        if not question.parts:
            continue
        parts = answers[list(question.parts)].astype("Float64").sum(axis=1, min_count=1)
        where = answers.index[(answers[question.name].astype("Float64") < parts).fillna(False)]
        audit.append(
            trail_lines(
                responses, where, question.name, answers.loc[where, question.name], parts[where], "total_of_parts"
            )
        )


def columns_of(answers: pd.DataFrame, question: Question) -> list[str]:
    if question.kind == "select_multiple":
        return [f"{question.name}/{code}" for code in question.codes]
    return [question.name]
