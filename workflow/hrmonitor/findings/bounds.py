"""What a test would measure over the whole population, whatever those who did not answer would have said (Manski's bounds).

Those who did not answer are the facilities of the register of which no answer came, also of a service of which none came, and those that
left the question open. A facility that sent nothing may or may not be one that the question applies to: the bounds hold for
either. A facility of which no answer came counts once, whatever its weight, as the whole population is counted.

A function here takes the test, the round, all rounds and the settings, and gives the lowest and highest value; None where nothing limits a
number.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TypeVar

import numpy as np
import pandas as pd

from hrmonitor.estimation.sampling_design import EstimationSettings
from hrmonitor.project.config import FindingTest
from hrmonitor.questionnaire.comparability import comparable
from hrmonitor.questionnaire.model import Question
from hrmonitor.survey import Round, applies_to
from hrmonitor.tabulation.indicators import yes_of

Bounds = tuple[float, float]
Setting = TypeVar("Setting")
RISES, FALLS = ("increase", "strong_increase"), ("decrease", "strong_decrease")


def needed(setting: Setting | None) -> Setting:
    """A key that this kind of test needs; the schema of config.yaml refuses a test without it (`test_kinds.needed_keys`)."""
    if setting is None:
        raise RuntimeError("a test of a finding lacks a key that its kind needs, which the schema should have refused")
    return setting


def population_of(round_: Round) -> pd.DataFrame:
    """The register of the year, of the services that the round was about; one that nobody of answered is there too."""
    services = round_.questionnaire.services
    return round_.frame[round_.frame["service"].isin(services)] if services else round_.frame


def silent(round_: Round, answered: np.ndarray, applies: np.ndarray) -> int:
    """Facilities of which it is not known what they would have said: none of their answers came, or not this one."""
    return max(len(population_of(round_)) - len(answered), 0) + int((applies & ~answered).sum())


def _share(
    test: FindingTest, round_: Round, rounds: Mapping[str, Round], settings: EstimationSettings
) -> Bounds | None:
    question, categories = round_.questionnaire[needed(test.question)], needed(test.categories)
    ends = [_of_yes(yes_of(round_.facilities, question, categories, settings), round_, question.name)]
    if settings.dont_know_in_base:
        # A facility that does not know may be counted as another answer, or not at all.
        yes = without_dont_know(round_, question, categories, settings)
        ends.append(_of_yes(yes, round_, question.name, to_those_who_know=True))
    return min(low for low, _ in ends), max(high for _, high in ends)


def _of_yes(yes: np.ndarray, round_: Round, question: str, to_those_who_know: bool = False) -> Bounds:
    answered = ~np.isnan(yes)
    return _of_count(
        int(np.nansum(yes)),
        int(answered.sum()),
        silent(round_, answered, applies_to(round_.facilities, question, to_those_who_know)),
    )


def _of_count(count: int, n: int, unknown: int) -> Bounds:
    everyone = n + unknown
    return (count / everyone, (count + unknown) / everyone) if everyone else (0.0, 1.0)


def without_dont_know(
    round_: Round, question: Question, categories: Sequence[str], settings: EstimationSettings
) -> np.ndarray:
    """`yes_of` with the facilities that answered "don't know" left out of the base."""
    yes = yes_of(round_.facilities, question, categories, settings)
    unsure = (round_.facilities[f"{question.name}__missing"] == "dont_know").to_numpy(dtype=bool)
    return np.where(unsure, np.nan, yes)


def _rises(
    test: FindingTest, round_: Round, rounds: Mapping[str, Round], settings: EstimationSettings
) -> Bounds | None:
    rises, falls, _, unknown = _trend(test, round_)
    return _of_count(rises, rises + falls, unknown)


def _net(test: FindingTest, round_: Round, rounds: Mapping[str, Round], settings: EstimationSettings) -> Bounds | None:
    rises, falls, n, unknown = _trend(test, round_)
    everyone = n + unknown
    return ((rises - falls - unknown) / everyone, (rises - falls + unknown) / everyone) if everyone else (-1.0, 1.0)


def _trend(test: FindingTest, round_: Round) -> tuple[int, int, int, int]:
    """Rises, falls, answers on the scale, and facilities of which no answer on the scale is known."""
    question = needed(test.question)
    answers = round_.facilities[question]
    given = answers.notna().to_numpy(dtype=bool)
    unknown = silent(round_, given, applies_to(round_.facilities, question))
    return int(answers.isin(RISES).sum()), int(answers.isin(FALLS).sum()), int(given.sum()), unknown


def _theme(
    test: FindingTest, round_: Round, rounds: Mapping[str, Round], settings: EstimationSettings
) -> Bounds | None:
    coded = theme_answers(test, round_)
    return _of_count(int(coded["present"].sum()), len(coded), max(len(population_of(round_)) - len(coded), 0))


def theme_answers(test: FindingTest, round_: Round) -> pd.DataFrame:
    """The rows of `Round.themes` about the test's theme, of facilities that are in the round."""
    themes = round_.themes
    return themes[
        (themes["round"] == round_.name) & (themes["question"] == test.question)
        & (themes["theme"] == test.theme) & themes["facility_id"].isin(round_.facilities["facility_id"])
    ]  # fmt: skip


def limits_of(question: Question) -> Bounds | None:
    """The smallest and largest number that the question takes: 0 to 100 for a percentage, else as its constraint says."""
    least = re.search(r"\.\s*>=\s*(-?\d+(?:\.\d+)?)", question.constraint)
    most = re.search(r"\.\s*<=\s*(-?\d+(?:\.\d+)?)", question.constraint)
    if least and most:
        return float(least.group(1)), float(most.group(1))
    return (0.0, 100.0) if question.unit == "%" else None


def _paired_change(
    test: FindingTest, round_: Round, rounds: Mapping[str, Round], settings: EstimationSettings
) -> Bounds | None:
    now, then = needed(test.now), needed(test.then)
    limits_now, limits_then = (limits_of(round_.questionnaire[name]) for name in (now, then))
    if limits_now is None or limits_then is None:
        return None
    (low_now, high_now), (low_then, high_then) = limits_now, limits_then
    change = round_.values_of(now) - round_.values_of(then)
    given = ~np.isnan(change)
    applies = applies_to(round_.facilities, now) & applies_to(round_.facilities, then)
    unknown = silent(round_, given, applies)
    total, everyone = float(change[given].sum()), int(given.sum()) + unknown
    if not everyone:
        return low_now - high_then, high_now - low_then
    # Of one that gave one of its two numbers less is unknown than this allows for.
    return (total + unknown * (low_now - high_then)) / everyone, (total + unknown * (high_now - low_then)) / everyone


def _median(
    test: FindingTest, round_: Round, rounds: Mapping[str, Round], settings: EstimationSettings
) -> Bounds | None:
    question = needed(test.question)
    values = round_.values_of(question)
    given = ~np.isnan(values)
    unknown = silent(round_, given, applies_to(round_.facilities, question))
    least, most = limits_of(round_.questionnaire[question]) or (-np.inf, np.inf)
    ends = []
    for end in (least, most):
        ordered = np.sort(np.concatenate([values[given], np.full(unknown, end)]))
        ends.append(
            float(ordered[(len(ordered) - 1) // 2 if end == least else len(ordered) // 2]) if len(ordered) else end
        )
    return ends[0], ends[1]


def _change(
    test: FindingTest, round_: Round, rounds: Mapping[str, Round], settings: EstimationSettings
) -> Bounds | None:
    if test.categories is None:
        return None
    since = rounds[needed(test.since)]
    indicator = round_.questionnaire[needed(test.question)].indicator
    link = comparable(since.questionnaire, round_.questionnaire, indicator)
    round_, since = (one.only_services(link.services) for one in (round_, since))
    now = _of_yes(yes_of(round_.facilities, link.later, test.categories, settings), round_, link.later.name)
    before = link.earlier_categories(test.categories)
    then = _of_yes(yes_of(since.facilities, link.earlier, before, settings), since, link.earlier.name)
    return now[0] - then[1], now[1] - then[0]


def _difference(
    test: FindingTest, round_: Round, rounds: Mapping[str, Round], settings: EstimationSettings
) -> Bounds | None:
    """Of groups by service the register knows who is silent; a silent facility may be of either group of another kind."""
    if test.categories is None:
        return None
    question, groups_by = round_.questionnaire[needed(test.question)], needed(test.by)
    yes = yes_of(round_.facilities, question, test.categories, settings)
    by = round_.facilities["_mode" if groups_by == "mode" else groups_by]
    applies = applies_to(round_.facilities, question.name)
    ends = []
    for group in (needed(test.group), needed(test.against)):
        own = by.isin(group).to_numpy(dtype=bool)
        known = own & ~np.isnan(yes)
        if groups_by in round_.frame:
            gone = int(population_of(round_)[groups_by].isin(group).sum()) - int(own.sum())
        else:
            gone = len(population_of(round_)) - len(yes) + int(by.isna().sum())
        unknown = max(gone, 0) + int((own & applies & np.isnan(yes)).sum())
        ends.append(_of_count(int(np.nansum(yes[known])), int(known.sum()), unknown))
    (low, high), (other_low, other_high) = ends
    return low - other_high, high - other_low


# Ratios of counts have no bounds, as nothing limits a count; a published series has no silent facilities.
BOUNDS = {
    "share": _share,
    "rises": _rises,
    "net": _net,
    "theme": _theme,
    "paired_change": _paired_change,
    "median": _median,
    "change": _change,
    "difference": _difference,
}
