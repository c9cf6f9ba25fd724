"""Gaps filled several times over by chained draws, so that not knowing what was left open shows in how the completed tables differ.

Each question is drawn given all others, in turn, for several rounds (van Buuren and Groothuis-Oudshoorn, Journal of Statistical Software 45:3,
2011). A draw is predictive mean matching with parameters drawn from their posterior (Little, Journal of Business and Economic Statistics 6,
1988): a facility takes over the answer of one of the few facilities whose predicted answer is nearest to its own, so that only answers occur
that somebody gave. Every filled answer bears the mark of `imputation_flags`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from zlib import crc32

import numpy as np
import pandas as pd

from hrmonitor.cleaning.imputation import is_gate
from hrmonitor.cleaning.imputation_flags import MARK
from hrmonitor.questionnaire.expressions import compile_expression
from hrmonitor.questionnaire.model import Question, Questionnaire

KINDS = ("select_one", "select_multiple", "integer", "decimal")
# Rounds through all questions; nearest facilities among which one is drawn; answers for each predictor.
ROUNDS, NEAREST, ANSWERS_EACH = 5, 5, 10
# So many of the nearest are asked whether their answer fits.
CANDIDATES = 50
RIDGE = 1e-5
# In place of a donor where no answer fits the facility's own others.
NOBODY = -1


def complete(
    facilities: pd.DataFrame, questionnaire: Questionnaire, questions: Sequence[str], seed: int, number: int
) -> pd.DataFrame:
    """The facilities with the gaps of these questions filled, the `number`th time.

    A gap: a facility to which the question applies and that gave no answer, or for a number said that it does not know ("don't know" among
    choices is an answer). Gaps in answers that decide which questions come next stay, as those were not put, and so do gaps for which nobody
    gave an answer to take over.
    """
    asked = [questionnaire[name] for name in dict.fromkeys(questions)]
    asked = [one for one in asked if one.kind in KINDS and not is_gate(one, questionnaire)]
    scores = {one.name: _score(facilities, one) for one in asked}
    gaps = {one.name: _gaps(facilities, one) for one in asked}
    todo = [one for one in asked if gaps[one.name].any() and (~np.isnan(scores[one.name])).any()]
    random = np.random.default_rng([seed, number, crc32("/".join(scores).encode())])
    services = facilities["service"].to_numpy(dtype=str)
    # To begin with, the answer of any facility of the service.
    donors = {one.name: _any_donor(scores[one.name], gaps[one.name], services, random) for one in todo}
    for _ in range(ROUNDS):
        for one in todo:
            candidates = _nearest(one.name, scores, gaps, donors, services, random)
            donors[one.name] = np.array([random.choice(near[:NEAREST]) for near in candidates])
    completed = facilities.copy()
    # Last the questions whose answers must fit others, which stand by then.
    for one in sorted(todo, key=lambda one: "${" in one.constraint):
        places, found = np.flatnonzero(gaps[one.name]), donors[one.name]
        if bound := _bound(one, questionnaire):
            candidates = _nearest(one.name, scores, gaps, donors, services, random)
            allowed = _fitting(completed, one, bound, places, candidates)
            found = np.array([random.choice(near[:NEAREST]) if len(near) else NOBODY for near in allowed])
        _fill(completed, facilities, one, places[found != NOBODY], found[found != NOBODY])
    return completed


def _bound(question: Question, questionnaire: Questionnaire) -> list[Question]:
    """The questions with a constraint that binds this one to others; to any other every answer that somebody gave fits."""
    named = re.compile(rf"\$\{{\s*{re.escape(question.name)}\s*\}}")
    return [one for one in questionnaire.answerable
            if named.search(one.constraint) or (one.name == question.name and "${" in one.constraint)]  # fmt: skip


def _score(facilities: pd.DataFrame, question: Question) -> np.ndarray:
    """The answer as a number, to predict by: the place of a choice, how many boxes are ticked, the number; NaN where there is none."""
    given = facilities[f"{question.name}__missing"].isna().to_numpy()
    if question.kind == "select_multiple":
        boxes = [f"{question.name}/{code}" for code in question.codes if f"{question.name}/{code}" in facilities]
        ticked = facilities[boxes].fillna(False).astype(float).sum(axis=1).to_numpy()
        return np.where(given, ticked, np.nan)
    if question.kind == "select_one":
        places = {code: float(place) for place, code in enumerate(question.codes)}
        return facilities[question.name].map(places).to_numpy(dtype=float, na_value=np.nan)
    return facilities[question.name].astype("Float64").to_numpy(dtype=float, na_value=np.nan)


def _gaps(facilities: pd.DataFrame, question: Question) -> np.ndarray:
    reasons = ["no_answer", "refused", *(["dont_know"] if question.kind in ("integer", "decimal") else [])]
    return facilities[f"{question.name}__missing"].isin(reasons).to_numpy()


def _any_donor(score: np.ndarray, gaps: np.ndarray, services: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """For each gap the place of a facility that answered, of the same service if there is one."""
    return np.array(
        [
            random.choice(_of_service(np.flatnonzero(~np.isnan(score)), services, place))
            for place in np.flatnonzero(gaps).tolist()
        ]
    )


def _of_service(answered: np.ndarray, services: np.ndarray, place: int, least: int = 1) -> np.ndarray:
    same = answered[services[answered] == services[place]]
    return same if len(same) >= least else answered


def _with(score: np.ndarray, donors: np.ndarray, gaps: np.ndarray) -> np.ndarray:
    filled = score.copy()
    filled[gaps] = np.where(donors == NOBODY, np.nan, score[donors])
    return filled


def _predictors(services: np.ndarray, others: dict[str, np.ndarray], score: np.ndarray) -> np.ndarray:
    """A constant, the services, and the other questions that go most with this one, as many as its answers allow."""
    known = ~np.isnan(score)
    names = np.unique(services)[1:]
    columns = [np.ones(len(score)), *((services == name).astype(float) for name in names)]
    standard = []
    for other in others.values():
        both = ~np.isnan(other)
        spread = np.std(other[both]) if both.any() else 0.0
        if spread > 0:
            # Where a question does not apply, it says nothing: the mean.
            standard.append(np.where(both, (other - np.mean(other[both])) / spread, 0.0))
    strength = [abs(np.corrcoef(one[known], score[known])[0, 1]) if np.std(one[known]) and np.std(score[known]) else 0.0
                for one in standard]  # fmt: skip
    most = max(1, int(known.sum()) // ANSWERS_EACH - len(columns))
    chosen: list[int] = np.argsort(-np.array(strength), kind="stable")[:most].tolist() if standard else []
    return np.column_stack([*columns, *(standard[place] for place in sorted(chosen))])


# Over 6 parameters: what is drawn, all that it is drawn by, and the draws.
def _nearest(
    name: str,
    scores: dict[str, np.ndarray],
    gaps: dict[str, np.ndarray],
    donors: dict[str, np.ndarray],
    services: np.ndarray,
    random: np.random.Generator,
) -> list[np.ndarray]:
    """For each gap the places of the facilities whose answer it may take over, that of the nearest predicted answer first."""
    score = scores[name]
    others = {
        other: _with(own, donors[other], gaps[other]) if other in donors else own
        for other, own in scores.items()
        if other != name
    }
    x, answered = _predictors(services, others, score), np.flatnonzero(~np.isnan(score))
    own, y = x[answered], score[answered]
    normal = own.T @ own + RIDGE * len(y) * np.eye(x.shape[1])
    found = np.linalg.solve(normal, own.T @ y)
    rest = y - own @ found
    spread = np.sqrt((rest @ rest) / random.chisquare(max(1, len(y) - x.shape[1])))
    drawn = found + spread * np.linalg.cholesky(np.linalg.inv(normal)) @ random.standard_normal(x.shape[1])
    predicted = np.full(len(score), np.nan)
    predicted[answered] = own @ found
    candidates = []
    for place in np.flatnonzero(gaps[name]).tolist():
        near = _of_service(answered, services, place, NEAREST)
        order = np.argsort(np.abs(predicted[near] - x[place] @ drawn), kind="stable")
        candidates.append(near[order][:CANDIDATES])
    return candidates


def _fitting(
    completed: pd.DataFrame,
    question: Question,
    bound: list[Question],
    places: np.ndarray,
    candidates: list[np.ndarray],
) -> list[np.ndarray]:
    """Those of the candidates whose answer the constraints of `bound` allow beside the facility's own others, as far as these are there."""
    sizes = [len(near) for near in candidates]
    beside = completed.iloc[np.repeat(places, sizes)].reset_index(drop=True)
    answers = completed[question.name].iloc[np.concatenate(candidates)].to_numpy()
    beside[question.name] = pd.array(answers, dtype=completed[question.name].dtype)
    allowed = np.ones(len(beside), dtype=bool)
    for one in bound:
        if one.name in beside:
            holds = compile_expression(one.constraint).holds(beside, one.name).to_numpy(dtype=bool)
            allowed &= holds | beside[one.name].isna().to_numpy()
    return [near[fits] for near, fits in zip(candidates, np.split(allowed, np.cumsum(sizes)[:-1]), strict=True)]


def _fill(
    completed: pd.DataFrame, given: pd.DataFrame, question: Question, places: np.ndarray, donors: np.ndarray
) -> None:
    boxes = (
        [f"{question.name}/{code}" for code in question.codes]
        if question.kind == "select_multiple"
        else [question.name]
    )
    for column in boxes:
        if column in given:
            completed.iloc[places, completed.columns.get_loc(column)] = given[column].iloc[donors].to_numpy()
    reason = f"{question.name}__missing"
    completed.iloc[places, completed.columns.get_loc(reason)] = (MARK + given[reason].iloc[places]).to_numpy()
