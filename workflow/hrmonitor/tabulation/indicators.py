"""Indicators: for every analysable question an estimate with its interval, by type of service and for all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np
import pandas as pd

from hrmonitor.cleaning.imputation_flags import MARK
from hrmonitor.estimation import Design, Estimate, counted, of_item, share, worst_case_share
from hrmonitor.estimation.sampling_design import EstimationSettings, round_design, sizes_of
from hrmonitor.estimation.statistics import Answers, number
from hrmonitor.project.frame import is_sample
from hrmonitor.questionnaire.model import Question
from hrmonitor.survey import OUT_OF_BASE, Round, applies_to, asked, in_base, values_of

COLUMNS = [
    "round", "service", "indicator", "category", "statistic", "n", "population", "estimate", "ci_low", "ci_high", "unit",
    "suppressed", "se", "deff", "imputed",
]  # fmt: skip
ALL = "all"


def estimate_round(round_: Round, settings: EstimationSettings) -> pd.DataFrame:
    """All indicators of a round, in `COLUMNS`; shares between 0 and 1, `suppressed` still False, `imputed` of the n filled in.

    Beside every share stands a row `share_bounds` with the bounds that assume nothing about those who did not answer; of a sample, whose
    `population` is not known, there are none. Those of all services
    count the services that the round was about and of which nobody answered too.
    """
    facilities = round_.facilities
    rows: list[dict] = []
    design, sizes = round_design(facilities, round_.frame, settings), sizes_of(round_.frame)
    of_service = {service: (facilities["service"] == service).to_numpy(dtype=bool) for service in sizes}
    services = [service for service in sizes if of_service[service].any()]
    about = round_.questionnaire.services or tuple(sizes)
    silent = int(sum(size for service, size in sizes.items() if service in about and service not in services))

    @cache
    def among(members: tuple[str, ...]) -> tuple[np.ndarray, Design]:
        chosen = np.logical_or.reduce([of_service[service] for service in members])
        return chosen, design.subset(chosen)

    for question in round_.questionnaire:
        if not question.indicator:
            continue
        # The type of service may be an indicator itself.
        answers = facilities[list(dict.fromkeys(["service", *answer_columns(question)]))]
        was_asked = asked(answers, question.name).to_numpy()
        asking = [service for service in services if was_asked[of_service[service]].any()]
        for service in [*asking, *([ALL] if len(asking) > 1 else [])]:
            members = asking if service == ALL else [service]
            chosen, its_design = among(tuple(members))
            lead = {"round": round_.name, "service": service, "indicator": question.indicator}
            its_answers, its_sizes = answers[chosen], {name: sizes[name] for name in members}
            if question.kind.startswith("select"):
                # A question that some services were not asked says nothing of those of which nobody answered.
                beyond = silent if service == ALL and asking == services else 0
                found = _shares(question, its_answers, its_design, its_sizes, settings, beyond)
            else:
                found = _numbers(question, its_answers, its_design, its_sizes, settings, f"{round_.name}/{service}")
            rows += [{**lead, **row} for row in found]
    table = pd.DataFrame(rows, columns=COLUMNS).assign(suppressed=False)
    return table.astype({"population": "Int64"}) if is_sample(round_.frame) else table


def answer_columns(question: Question) -> list[str]:
    """What an estimate of the question looks at."""
    several = question.kind == "select_multiple"
    columns = [f"{question.name}/{code}" for code in question.codes] if several else [question.name]
    return [name for name in (*columns, f"{question.name}__missing", question.weighted_by) if name]


def is_imputed(facilities: pd.DataFrame, question: str) -> np.ndarray:
    """Whether the facility's answer was filled in."""
    reasons = facilities[f"{question}__missing"]
    filled = [reason for reason in reasons.unique() if isinstance(reason, str) and reason.startswith(MARK)]
    if not filled:
        return np.zeros(len(reasons), dtype=bool)
    return reasons.isin(filled).to_numpy(dtype=bool)


def domain_size(services: pd.Series, applies: np.ndarray, sizes: Mapping[str, float]) -> float:
    """Facilities in the population that a question is about, from whether it applies to each of those that answered.

    All of them if it applies to all; else N times the share to which it does, as the register does not know (for instance) which
    facilities lend music.
    """
    size = sum(domain_sizes(services, applies, sizes).values())
    return max(round(size), int(applies.sum())) if np.isfinite(size) else size


def domain_sizes(services: pd.Series, applies: np.ndarray, sizes: Mapping[str, float]) -> dict[str, float]:
    """`domain_size` by service, not in whole facilities; services of which nobody answered are not there."""
    coded = pd.Categorical(services)
    # Of those without a service, whose code is -1, nothing is said.
    answered, asked_of = (np.bincount(coded.codes + 1, of)[1:] for of in (None, np.asarray(applies, dtype=float)))
    there = zip(coded.categories, asked_of, answered, strict=False)
    shares = {service: its / number for service, its, number in there if number}
    return {
        service: size * shares[service] if np.isfinite(size) else size
        for service, size in sizes.items()
        if service in shares
    }


def has_category(facilities: pd.DataFrame, question: Question, category: str) -> pd.Series:
    """Whether the facility gave that answer; False where it gave none."""
    if question.kind == "select_multiple":
        return facilities[f"{question.name}/{category}"].fillna(False).astype(bool)
    reason = question.choice(category).missing
    if reason:
        return facilities[f"{question.name}__missing"] == reason
    return (facilities[question.name] == category).fillna(False).astype(bool)


def offered(facilities: pd.DataFrame, question: Question, category: str) -> pd.Series:
    """Whether the facility could give that answer: an option that its version of the form lacked is not a no."""
    if question.kind != "select_multiple":
        return pd.Series(True, index=facilities[question.name].index)
    return facilities[f"{question.name}/{category}"].notna()


def yes_of(
    facilities: pd.DataFrame, question: Question, categories: Sequence[str], settings: EstimationSettings
) -> np.ndarray:
    """1 where the facility gave one of the categories, 0 where another answer, NaN outside the base of shares."""
    gave = np.logical_or.reduce([has_category(facilities, question, code).to_numpy(dtype=bool) for code in categories])
    could = np.logical_and.reduce([offered(facilities, question, code).to_numpy(dtype=bool) for code in categories])
    base = in_base(facilities, question.name, settings.dont_know_in_base).to_numpy(dtype=bool) & (could | gave)
    return np.where(base, gave.astype(float), np.nan)


def share_of(
    yes: np.ndarray, applies: np.ndarray, design: Design, population: float, settings: EstimationSettings
) -> Estimate:
    """The share of facilities that say yes (1; 0 for no, NaN outside the base), of the `population` that the question applies to."""
    item, (said,) = of_item(*counted(design, applies, yes))
    return share(item, said, settings.confidence, settings.share_interval, population)


def _shares(
    question: Question,
    part: pd.DataFrame,
    design: Design,
    sizes: Mapping[str, float],
    settings: EstimationSettings,
    beyond: int,
) -> list[dict]:
    applies = applies_to(part, question.name, not settings.dont_know_in_base)
    population = domain_size(part["service"], applies, sizes)
    known = int(population) if np.isfinite(population) else None
    imputed = is_imputed(part, question.name)
    rows = []
    for choice in question.choices:
        if choice.missing in OUT_OF_BASE or (choice.missing == "dont_know" and not settings.dont_know_in_base):
            continue
        yes = yes_of(part, question, [choice.name], settings)
        found = share_of(yes, applies, design, population, settings)
        filled = int((imputed & ~np.isnan(yes)).sum())
        common = {"category": choice.name, "n": found.n, "population": known, "unit": "share", "imputed": filled}
        rows.append({**common, "statistic": "share", **_columns(found)})
        if known is None:
            continue
        bounds = worst_case_share(int(np.nansum(yes)), found.n, known + beyond)
        low, high = bounds if found.n else (np.nan, np.nan)
        rows.append({**common, "statistic": "share_bounds", "estimate": np.nan, "ci_low": low, "ci_high": high})
    return rows


def _numbers(
    question: Question,
    part: pd.DataFrame,
    design: Design,
    sizes: Mapping[str, float],
    settings: EstimationSettings,
    place: str,
) -> list[dict]:
    applies = applies_to(part, question.name)
    answers = Answers(
        values_of(part, question.name),
        values_of(part, question.weighted_by) if question.weighted_by else None,
        applies,
    )
    population = domain_size(part["service"], applies, sizes)
    known = int(population) if np.isfinite(population) else None
    rows = []
    for statistic in question.statistics:
        found = number(statistic, answers, design, settings, f"{place}/{question.indicator}/{statistic}")
        rows.append({"category": "", "statistic": statistic, "n": found.n, "population": known,
                     "unit": question.unit_of(statistic), "imputed": int(is_imputed(part, question.name).sum()), **_columns(found)})  # fmt: skip
    return rows


def _columns(found: Estimate) -> dict[str, float]:
    return {"estimate": found.value, "ci_low": found.low, "ci_high": found.high, "se": found.se, "deff": found.deff}
