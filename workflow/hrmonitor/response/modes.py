"""Interview against returned questionnaire: do facilities of the same type answer differently?"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

from hrmonitor.estimation import holm
from hrmonitor.questionnaire.model import Question, Questionnaire
from hrmonitor.response.association import (
    informative,
    share_difference,
    shift,
    strata_ranks,
    stratified_association,
)
from hrmonitor.survey import in_base
from hrmonitor.tabulation.indicators import EstimationSettings, has_category, offered

COLUMNS = [
    "round", "question", "category", "statistic", "n_interview", "n_questionnaire", "estimate", "ci_low", "ci_high", "unit",
    "p_value", "p_holm", "differs",
]  # fmt: skip
NUMBERS = ["estimate", "ci_low", "ci_high", "p_value", "p_holm"]
# A question with fewer answers in one of the modes is not tested: nothing short of a world of difference would show.
LEAST = 5


def compare_modes(
    round_: str,
    facilities: pd.DataFrame,
    questionnaire: Questionnaire,
    settings: EstimationSettings,
    minimum_cell: int,
    hidden: Collection[str] = (),
) -> pd.DataFrame:
    """One row a category of a choice question or a number question, in `COLUMNS`; interviews less questionnaires.

    The test is one a question, within types of service (those with both modes): see `stratified_association`; for numbers it
    compares ranks. `p_holm` is corrected for the number of questions tested in the round, and `differs` says whether it is
    below 1 - confidence. Effects: `share_difference` (Mantel-Haenszel) and `shift` (Hodges-Lehmann, in the question's unit).
    Questions with fewer than `LEAST` or `minimum_cell` answers in one mode, or without any variation, are not tested, nor those in `hidden`
    (of which counts are confidential): they have one row with `not_tested`. Answers that were filled in must have been taken out before.
    """
    if set(facilities["_mode"]) < {"interview", "questionnaire"}:
        return pd.DataFrame(columns=COLUMNS).astype(dict.fromkeys(NUMBERS, float) | {"differs": bool})
    rows: list[dict] = []
    tests: dict[str, float] = {}
    for question in questionnaire:
        if not question.indicator:
            continue
        base = _base(facilities, question, settings)
        group = (facilities["_mode"] == "interview").to_numpy().astype(int)
        strata = facilities["service"].to_numpy()
        base = _informative_where(base, group, strata)
        part, group, strata = facilities[base], group[base], strata[base]
        interviews, returned = int(group.sum()), int((1 - group).sum())
        lead = {"round": round_, "question": question.name, "n_interview": interviews, "n_questionnaire": returned}
        scores = _scores(part, question)
        enough = min(interviews, returned) >= max(LEAST, minimum_cell)
        if question.name in hidden or not enough or not (scores.nunique() > 1).any():
            rows.append({"round": round_, "question": question.name, "category": "", "statistic": "not_tested"})
            continue
        name = f"{round_}/mode/{question.name}"
        numeric = not question.kind.startswith("select")
        tested = strata_ranks(scores.iloc[:, 0].to_numpy(), strata) if numeric else scores.to_numpy(dtype=float)
        tests[question.name] = stratified_association(tested, group, strata, settings.seed, name)[1]
        for category, values in scores.items():
            if numeric:
                effect = shift(values.to_numpy(), group, strata, settings.confidence, settings.seed, name)
            elif values.nunique() > 1:
                effect = share_difference(values.to_numpy(), group, strata, settings.confidence)
            else:
                continue
            rows.append({**lead, "category": category, "statistic": "shift" if numeric else "share_difference",
                         "unit": question.unit if numeric else "share", **dict(zip(NUMBERS[:3], effect, strict=True))})  # fmt: skip
    table = pd.DataFrame(rows, columns=COLUMNS)
    # Rows of untested questions only leave columns without a type.
    table[NUMBERS[:3]] = table[NUMBERS[:3]].astype(float)
    adjusted = dict(zip(tests, holm(list(tests.values())), strict=True))
    return table.assign(
        p_value=table["question"].map(tests).astype(float),
        p_holm=table["question"].map(adjusted).astype(float),
        differs=table["question"].map(adjusted).lt(1 - settings.confidence),
    )


def _base(facilities: pd.DataFrame, question: Question, settings: EstimationSettings) -> np.ndarray:
    """Who answered; for several options, who saw them all, so that each has the same base."""
    if not question.kind.startswith("select"):
        return facilities[question.name].notna().to_numpy()
    base = in_base(facilities, question.name, settings.dont_know_in_base)
    for code in question.codes if question.kind == "select_multiple" else ():
        seen = offered(facilities, question, code)
        base = base & (seen | ~seen.any())
    return base.to_numpy(dtype=bool)


def _informative_where(base: np.ndarray, group: np.ndarray, strata: np.ndarray) -> np.ndarray:
    found = np.zeros(len(base), dtype=bool)
    found[base] = informative(group[base], strata[base]) if base.any() else False
    return found


def _scores(part: pd.DataFrame, question: Question) -> pd.DataFrame:
    """A column of 0/1 a category, or one column of numbers."""
    if not question.kind.startswith("select"):
        return part[[question.name]].astype(float).set_axis([""], axis=1)
    return pd.DataFrame({code: has_category(part, question, code).astype(float) for code in question.codes})
