"""Controlled rounding: counts of sensitive answers as multiples of a base that add up, in place of hiding the small ones.

Cox, A constructive procedure for unbiased controlled rounding, JASA 82 (1987). A table is the answers of the facilities of one type of service. Its sum
goes to the nearest multiple of the base and each count to one of the two multiples around it, so that the counts add up; a multiple stays. The nearest counts would tell
more than the range: who knows the code could run it on every table that might be the true one. So the nearer multiple is the likelier one only, as in unbiased random rounding,
and what decides is drawn from all answers of the facilities behind a count, which nobody has. The same answers give the same draws, in any order and under any names.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256

import numpy as np
import pandas as pd

from hrmonitor.disclosure.rules import Rules, too_few
from hrmonitor.estimation.sampling_design import EstimationSettings
from hrmonitor.questionnaire.model import Question
from hrmonitor.survey import OUT_OF_BASE, Round, pairs_of
from hrmonitor.tabulation.indicators import ALL, yes_of

# What published tables and the list of suppressions say of a count or share, by the base.
SAID = {base: f"rounded_to_{base}" for base in (3, 5)}
# Those who gave none of the answers that are shown.
OTHERS = ""


def controlled(counts: np.ndarray, base: int, draws: np.ndarray) -> np.ndarray:
    """Counts as multiples of an odd `base` that add up to the multiple nearest to their sum, each less than a base off.

    `draws` are between 0 and 1. Up go the counts of which the remainder over the base exceeds its draw by most, as many as the sum needs; that there are
    enough follows from each remainder being less than the base.
    """
    rest = counts % base
    up = (_nearest(int(counts.sum()), base) - int((counts - rest).sum())) // base
    order = np.argsort(np.where(rest > 0, draws - rest / base, np.inf), kind="stable")
    found = counts - rest
    found[order[:up]] += base
    return found


def _nearest(count: int, base: int) -> int:
    return (count + base // 2) // base * base


def base_of(rows: pd.DataFrame) -> int:
    """What the counts of some rows of a published table are multiples of, from their `suppression`; 0 if none are rounded."""
    said = rows["suppression"] if "suppression" in rows else pd.Series(dtype="str")
    return next((base for base, words in SAID.items() if (said == words).any()), 0)


def is_rounded(question: Question, rules: Rules) -> bool:
    return bool(rules.round_sensitive) and question.kind.startswith("select") and question.indicator in rules.sensitive


def rounded_counts(
    question: Question, one: Round, settings: EstimationSettings, base: int
) -> dict[tuple[str, str], tuple[int, int]]:
    """(service, category) -> (count, facilities that it is of), both rounded; without categories that nobody of a service could give."""
    answers = {choice: yes_of(one.facilities, question, [choice], settings) for choice in _shown(question, settings)}
    keys = _keys(one)
    found: dict[tuple[str, str], tuple[int, int]] = {}
    for service, its in one.of_service.items():
        own = {choice: yes[its] for choice, yes in answers.items() if (~np.isnan(yes[its])).any()}
        tables = [own] if question.kind == "select_one" else [{choice: yes} for choice, yes in own.items()]
        for table in tables:
            if not table:
                continue
            inside = ~np.isnan(next(iter(table.values())))
            gave = {choice: np.nan_to_num(yes) == 1 for choice, yes in table.items()}
            gave[OTHERS] = inside & ~np.logical_or.reduce(list(gave.values()))
            counts = np.array([int(yes.sum()) for yes in gave.values()])
            draws = np.array([_draw(keys[its][yes]) for yes in gave.values()])
            rounded = controlled(counts, base, draws)
            many = int(rounded.sum())
            found |= {(service, choice): (int(n), many) for choice, n in zip(gave, rounded, strict=True) if choice}
    return found


def _shown(question: Question, settings: EstimationSettings) -> list[str]:
    return [
        choice.name
        for choice in question.choices
        if choice.missing not in OUT_OF_BASE and (choice.missing != "dont_know" or settings.dont_know_in_base)
    ]


def _keys(one: Round) -> np.ndarray:
    """What each facility answered to all questions, as a digest."""
    facilities = one.facilities
    names = facilities.columns if isinstance(facilities, pd.DataFrame) else facilities.metadata.schema.names
    rows = np.full(len(facilities["service"]), "", dtype=object)
    for name in sorted(set(names) - {"facility_id"}):
        rows += name + "=" + facilities[name].astype("str").fillna("").to_numpy(dtype=object) + "\n"
    return np.array([sha256(row.encode()).hexdigest() for row in rows], dtype=object)


def _draw(keys: np.ndarray) -> float:
    """A number between 0 and 1 that is the same for the same answers, whoever gave them."""
    return int.from_bytes(sha256("".join(sorted(keys)).encode()).digest()[:8], "big") / 2**64


def cells(question: Question, one: Round, settings: EstimationSettings, rules: Rules) -> list[tuple]:
    """(service, category, whether it is rounded) of each share; it is hidden where facilities or organisations are few, and of all services then.

    A count of so few that they round to none is hidden too.
    """
    counts, found = rounded_counts(question, one, settings, rules.round_sensitive), []
    hidden = set()
    for (service, category), (_, many) in counts.items():
        yes = yes_of(one.facilities, question, [category], settings)
        own = one.organisations[one.of_service[service] & ~np.isnan(yes)]
        if too_few(own, rules) or not many:
            hidden.add(service)
        found.append((service, category))
    rows = [(*cell, cell[0] not in hidden) for cell in found]
    return rows + [(ALL, category, not hidden) for category in dict.fromkeys(category for _, category in found)]


def changes_of(indicator: str, rounds: Sequence[Round]) -> list[tuple]:
    """The names of all changes of an indicator between rounds: functions of exact counts, which two rounded shares do not tell."""
    found = []
    for earlier, later in pairs_of(rounds):
        question = later.questionnaire.by_indicator.get(indicator)
        if question is not None and indicator in earlier.questionnaire.by_indicator:
            for service in (*later.of_service, ALL):
                for category in question.codes:
                    found += [
                        ("changes", earlier.name, later.name, service, indicator, category, statistic)
                        for statistic in ("change", "paired_change")
                    ]
    return found


def show_rounded(
    table: pd.DataFrame, rounds: Mapping[str, Round], settings: EstimationSettings, rules: Rules
) -> pd.DataFrame:
    """`indicators`, cells already hidden: shares that are said to be rounded, from rounded counts, and how many these are of.

    The share of all services is that of each, weighted by the facilities that they stand for, so that it tells nothing more.
    """
    said = table["suppression"] == SAID.get(rules.round_sensitive)
    if not said.any():
        return table
    table = table.copy()
    for (name, indicator), own in table[said & (table["service"] != ALL)].groupby(["round", "indicator"], sort=False):
        question = rounds[name].questionnaire.by_indicator[indicator]
        counts = rounded_counts(question, rounds[name], settings, rules.round_sensitive)
        places = list(own[["service", "category"]].itertuples(index=False, name=None))
        table.loc[own.index, "n"] = [counts[place][1] for place in places]
        table.loc[own.index, "estimate"] = [counts[place][0] / counts[place][1] for place in places]
    of_services = table[said & (table["service"] != ALL)]
    for index, row in table[said & (table["service"] == ALL)].iterrows():
        parts = of_services[
            (of_services[["round", "indicator", "category"]] == row[["round", "indicator", "category"]]).all(axis=1)
        ]
        weights = parts["population"].astype(float)
        table.loc[index, "n"] = int(parts["n"].sum())
        table.loc[index, "estimate"] = float((parts["estimate"] * weights).sum() / weights.sum())
    return table
