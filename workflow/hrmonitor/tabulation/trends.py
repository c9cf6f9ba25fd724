"""The trend of every indicator over all rounds that asked it alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

import numpy as np
import pandas as pd

from hrmonitor.errors import ComparisonError
from hrmonitor.estimation.sampling_design import EstimationSettings, sizes_of
from hrmonitor.estimation.trends import Sizes, Trend, linear_trend, monotone_p
from hrmonitor.questionnaire.comparability import Link, comparable
from hrmonitor.questionnaire.model import Question
from hrmonitor.survey import Round, applies_to, values_of
from hrmonitor.tabulation.changes import matched_categories, related_groups
from hrmonitor.tabulation.indicators import ALL, domain_sizes, yes_of

# `used` are the names of the rounds, `fewest` the facilities and `organisations` the organisations of the round with fewest: both stay inside.
COLUMNS = [
    "indicator", "category", "service", "used", "n", "fewest", "organisations", "estimate", "ci_low", "ci_high", "se", "p", "p_monotone", "unit",
]  # fmt: skip
# Two rounds have a change; a trend that can be wrong needs one more.
LEAST_ROUNDS = 3


def all_trends(rounds: Mapping[str, Round], settings: EstimationSettings) -> pd.DataFrame:
    """One row an indicator, category and service that at least two rounds asked alike, in `COLUMNS`.

    `rounds` are in the order of their years. Each is compared with the last that asked the indicator, and left out where the two may not be
    (results/comparability.csv says why). Without three rounds there are no numbers.
    """
    rows: list[tuple] = []
    # Rounds of different groups are no series.
    for group in dict.fromkeys(one.group for one in rounds.values()):
        rows += _of_group([one for one in rounds.values() if one.group == group], settings)
    return pd.DataFrame(rows, columns=COLUMNS)


def _of_group(rounds: Sequence[Round], settings: EstimationSettings) -> Iterator[tuple]:
    groups = related_groups(rounds, settings)
    for indicator in dict.fromkeys(name for one in rounds for name in one.questionnaire.by_indicator):
        asking = [one for one in rounds if indicator in one.questionnaire.by_indicator]
        links = links_of(indicator, asking)
        if links:
            used = [*(one for one, _ in links), asking[-1]]
            yield from _rows(indicator, used, [link for _, link in links], settings, groups)


def links_of(indicator: str, asking: Sequence[Round]) -> list[tuple[Round, Link]]:
    """The rounds that asked the indicator as the last of them did, each with its link to that; the last itself is not in it."""
    found = []
    for earlier in asking[:-1]:
        try:
            found.append((earlier, comparable(earlier.questionnaire, asking[-1].questionnaire, indicator)))
        except ComparisonError:
            continue
    return found


def _rows(
    indicator: str, used: list[Round], links: list[Link], settings: EstimationSettings, groups: pd.Series | None
) -> Iterator[tuple]:
    last = links[0].later
    questions = [*(link.earlier for link in links), last]
    unit = "share" if last.kind.startswith("select") else last.unit
    for category, places, answers in _answers(used, links, settings):
        rounds, asked = [used[place] for place in places], [questions[place] for place in places]
        limits = [link.services for place, link in enumerate(links) if place in places and link.services]
        services = [
            service
            for service in last_services(rounds)
            if all(service in own for own in limits) and answers.xs(service, level="service").notna().any().all()
        ]
        sizes = _sizes(rounds, asked, settings) if len(rounds) >= LEAST_ROUNDS else {}
        years = np.array([one.year for one in rounds], float)
        for service in [*services, *([ALL] if len(services) > 1 else [])]:
            members = {
                name: answers.xs(name, level="service").to_numpy(float)
                for name in (services if service == ALL else [service])
            }
            found, monotone, fewest, organisations = Trend(), np.nan, 0, 0
            if sizes:
                clusters = (
                    {name: _organisations(answers, name, groups) for name in members} if groups is not None else None
                )
                found = linear_trend(members, years, sizes, settings.confidence, unit == "share", clusters)
                monotone = monotone_p(np.vstack(list(members.values())))
                fewest, organisations = _fewest(answers, rounds, list(members))
            yield (indicator, category, service, tuple(one.name for one in rounds), found.n, fewest, organisations, found.value,
                   found.low, found.high, found.se, found.p, monotone, unit)  # fmt: skip


def _organisations(answers: pd.DataFrame, service: str, groups: pd.Series) -> np.ndarray:
    """The organisation of each facility of a service, in the order of its answers."""
    return answers.xs(service, level="service").index.map(groups).to_numpy(str)


def last_services(rounds: Sequence[Round]) -> list[str]:
    """The types of service of which somebody answered in every round, in the order of the last one's register."""
    answered = [set(one.facilities["service"]) for one in rounds]
    return [service for service in rounds[-1].frame["service"].unique() if all(service in own for own in answered)]


def _answers(
    used: list[Round], links: list[Link], settings: EstimationSettings
) -> Iterator[tuple[str, list[int], pd.DataFrame]]:
    """(category, places of the rounds that know it, a column a round by facility and service): numbers once, choices a category."""
    later = links[0].later
    if not later.kind.startswith("select"):
        names = [*(link.earlier.name for link in links), later.name]
        values = [values_of(one.facilities, name) for one, name in zip(used, names, strict=True)]
        yield "", list(range(len(used))), _side_by_side(used, values)
        return
    before = [dict(matched_categories(link)) for link in links]
    for choice in later.choices:
        places = [place for place, known in enumerate(before) if choice.name in known]
        if choice.missing or not places:
            continue
        values = [yes_of(used[at].facilities, links[at].earlier, before[at][choice.name], settings) for at in places]
        values.append(yes_of(used[-1].facilities, later, [choice.name], settings))
        # Of an answer that nobody gave in any round there is nothing to say.
        if sum(np.nansum(own) for own in values) > 0:
            places.append(len(used) - 1)
            yield choice.name, places, _side_by_side([used[at] for at in places], values)


def _side_by_side(rounds: Sequence[Round], values: Sequence[np.ndarray]) -> pd.DataFrame:
    columns = [
        pd.Series(own, index=pd.MultiIndex.from_frame(pd.DataFrame({key: one.facilities[key] for key in ("facility_id", "service")})))
        for one, own in zip(rounds, values, strict=True)
    ]  # fmt: skip
    return pd.concat(columns, axis=1, keys=[one.name for one in rounds]).sort_index()


def _sizes(rounds: Sequence[Round], questions: Sequence[Question], settings: EstimationSettings) -> dict[str, Sizes]:
    """Facilities that the question applies to, by service: N times the share of those that answered to which it applies."""
    opinions = questions[-1].kind.startswith("select") and not settings.dont_know_in_base
    applies = [
        applies_to(one.facilities, question.name, opinions) for one, question in zip(rounds, questions, strict=True)
    ]

    def of(place: int, frame: pd.DataFrame) -> dict[str, float]:
        return domain_sizes(rounds[place].facilities["service"], applies[place], sizes_of(frame))

    each = [of(place, one.frame) for place, one in enumerate(rounds)]
    both = {
        (j, k): of(k, rounds[k].frame[rounds[k].frame["facility_id"].isin(rounds[j].frame["facility_id"])])
        for j, k in combinations(range(len(rounds)), 2)
    }
    return {
        service: Sizes(tuple(own[service] for own in each), {pair: own.get(service, 0.0) for pair, own in both.items()})
        for service in each[-1]
        if all(service in own for own in each)
    }


def _fewest(answers: pd.DataFrame, rounds: Sequence[Round], services: list[str]) -> tuple[int, int]:
    """Facilities, and organisations, in the round where they are fewest."""
    own = answers[answers.index.get_level_values("service").isin(services)]
    facilities, organisations = [], []
    for one in rounds:
        answered = own.index.get_level_values("facility_id")[own[one.name].notna()]
        facilities.append(len(answered))
        organisations.append(one.frame.loc[one.frame["facility_id"].isin(answered), "organisation"].nunique())
    return min(facilities), min(organisations)
