"""Answers filled in from other facilities, if config asks for it, and marked wherever they go.

A filled value keeps its mark in the column that says why a value is missing: `imputed:no_answer` in `question__missing`. Whoever
takes that column into account, as every estimate does, meets it; the codebook, the response tables and the tests of mode go by the answers
that were given (`drop_imputed`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from zlib import crc32

import numpy as np
import pandas as pd

from hrmonitor.cleaning.imputation_flags import MARK, RULE
from hrmonitor.project.config import Imputation
from hrmonitor.questionnaire.expressions import compile_expression
from hrmonitor.questionnaire.model import Question, Questionnaire

KINDS = ("select_one", "integer", "decimal")
COLUMN_OF = {"service": "service", "province": "province", "mode": "_mode"}


def impute(
    tables: dict[str, pd.DataFrame], questionnaire: Questionnaire, settings: Imputation, seed: int
) -> dict[str, pd.DataFrame]:
    """The tables of `clean`, with gaps filled by a random hot deck when `settings.method` is `hot_deck`.

    A facility that was asked a question and gave no answer gets the answer of a facility drawn at random (with `seed`) among
    those of its class, the columns `settings.classes`; without one there, the last class column is dropped, and so on (Andridge
    and Little, International Statistical Review 78, 2010). "Don't know" is filled for numbers only: among choices it is an answer.
    Not filled: answers that decide which questions come next, as those were not put; and what no donor's answer would fit, given
    the questionnaire's constraint. Calculated values come from given answers only. Each fill has a line `imputed` in the
    audit trail, with the reason as `raw`.
    """
    if settings.method != "hot_deck":
        return tables
    facilities = tables["facilities"].copy()
    place = tables["submissions"].query("status == 'kept'").set_index("facility_id")[["source", "row"]]
    given = facilities.copy()
    lines = []
    for question in questionnaire.answerable:
        if (
            question.kind not in KINDS
            or f"{question.name}__missing" not in facilities
            or is_gate(question, questionnaire)
        ):
            continue
        random = np.random.default_rng([seed, crc32(question.name.encode())])
        fills = _fills(given, question, settings.classes, random)
        reasons = given.loc[fills.index, f"{question.name}__missing"]
        facilities.loc[fills.index, question.name] = fills
        facilities.loc[fills.index, f"{question.name}__missing"] = MARK + reasons
        for index, value in fills.items():
            facility = given["facility_id"][index]
            source, row = place.loc[facility, ["source", "row"]]
            shown = f"{value:g}" if isinstance(value, float) else str(value)
            lines.append((source, row, facility, question.name, reasons[index], shown, RULE, "changed"))
    audit = tables["audit"]
    audit = pd.concat([audit, pd.DataFrame(lines, columns=audit.columns).astype(audit.dtypes)], ignore_index=True)
    audit = audit.sort_values(["source", "row"], kind="stable", ignore_index=True)
    return {**tables, "facilities": facilities, "audit": audit}


def is_gate(question: Question, questionnaire: Questionnaire) -> bool:
    """Whether the question's answer decides which others come next."""
    asked_by = re.compile(rf"\$\{{\s*{re.escape(question.name)}\s*\}}")
    return question.name == "service" or any(asked_by.search(other.relevant or "") for other in questionnaire)


def _fills(given: pd.DataFrame, question: Question, classes: Sequence[str], random: np.random.Generator) -> pd.Series:
    """Index of the facility -> the value it gets."""
    reason = given[f"{question.name}__missing"]
    fillable = ["no_answer", "refused"] if question.kind == "select_one" else ["no_answer", "refused", "dont_know"]
    has_value = given[question.name].notna()
    found = {}
    for index in given.index[reason.isin(fillable)]:
        columns = [COLUMN_OF[one] for one in classes]
        while True:
            same = (given[columns] == given.loc[index, columns]).all(axis=1)
            donors = given.index[has_value & same]
            values = given.loc[random.permutation(donors), question.name].reset_index(drop=True)
            values = values[_fit(given, index, values, question)]
            if len(values) or not columns:
                break
            columns = columns[:-1]
        if len(values):
            found[index] = values.iloc[0]
    return pd.Series(found, dtype=given[question.name].dtype)


def _fit(given: pd.DataFrame, index: int, values: pd.Series, question: Question) -> pd.Series:
    """Which of the values the constraint allows beside the facility's own answers."""
    if not question.constraint or values.empty:
        return pd.Series(True, index=values.index)
    beside = given.loc[[index] * len(values)].reset_index(drop=True)
    beside[question.name] = values.to_numpy()
    return compile_expression(question.constraint).holds(beside.astype({question.name: values.dtype}), question.name)
