"""Every comparable indicator between two rounds: at the facilities that answered both, and between all that answered each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from hrmonitor.errors import ComparisonError
from hrmonitor.estimation import Estimate, paired_ratio, share_change, unpaired_change
from hrmonitor.estimation.sampling_design import EstimationSettings, clusters_of, groups_of, sizes_of
from hrmonitor.project.frame import is_sample
from hrmonitor.questionnaire.comparability import Link, comparable
from hrmonitor.survey import Round, applies_to, pairs_of, values_of
from hrmonitor.tabulation.indicators import ALL, domain_sizes, yes_of

COLUMNS = [
    "indicator", "category", "service", "round_from", "round", "statistic", "n", "estimate", "ci_low", "ci_high", "se", "unit",
]  # fmt: skip


def changes_of(earlier: Round, later: Round, settings: EstimationSettings) -> pd.DataFrame:
    """All changes from one round to a later one, in `COLUMNS`, by service and for all services that both asked.

    Statistics: `change` (between the means
    of all that answered each round), `paired_change` and, for counts, `paired_ratio` (at those that answered both). Shares change
    in shares of 1. What cannot be compared is not here; results/comparability.csv says why.
    """
    rows = []
    groups = related_groups([earlier, later], settings)
    for indicator in later.questionnaire.by_indicator:
        try:
            link = comparable(earlier.questionnaire, later.questionnaire, indicator)
        except (ComparisonError, KeyError):
            continue
        asked = link.services or tuple(later.frame["service"].unique())
        both = [
            service
            for service in asked
            if all((one.facilities["service"] == service).any() for one in (earlier, later))
        ]
        populations = Populations.of(link, earlier, later, settings)
        for category, then, now in _answers(link, earlier.facilities, later.facilities, settings):
            for service in [*both, *([ALL] if len(both) > 1 else [])]:
                members = both if service == ALL else [service]
                pairs = matched(earlier.facilities, then, later.facilities, now)
                pairs = pairs[pairs["service"].isin(members)]
                for statistic, found in _estimates(pairs, populations, link, settings, groups):
                    rows.append((indicator, category, service, earlier.name, later.name, statistic, found.n, found.value,
                                 found.low, found.high, found.se, "share" if category else link.later.unit))  # fmt: skip
    return pd.DataFrame(rows, columns=COLUMNS)


def all_changes(rounds: Mapping[str, Round], settings: EstimationSettings) -> pd.DataFrame:
    """`changes_of` for each pair of rounds of one group, sorted by year (`survey.read_rounds`); nothing links samples to other rounds."""
    linked = [one for one in rounds.values() if not is_sample(one.frame)]
    tables = [changes_of(earlier, later, settings) for earlier, later in pairs_of(linked)]
    tables = [table for table in tables if len(table)]
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=COLUMNS)


def matched(
    then_facilities: pd.DataFrame, then: np.ndarray, now_facilities: pd.DataFrame, now: np.ndarray
) -> pd.DataFrame:
    """One row a facility that gave a value in either round: `service then now`, NaN where it gave none."""
    sides = [
        pd.DataFrame({"facility_id": facilities["facility_id"], "service": facilities["service"], name: values})
        for facilities, values, name in ((then_facilities, then, "then"), (now_facilities, now, "now"))
    ]
    pairs = sides[0].merge(sides[1], on=["facility_id", "service"], how="outer").sort_values("facility_id")
    return pairs[pairs[["then", "now"]].notna().any(axis=1)].reset_index(drop=True)


@dataclass(frozen=True)
class Populations:
    """Service -> facilities that a question applies to: in the earlier round, in the later one, and open in both."""

    then: dict[str, float]
    now: dict[str, float]
    both: dict[str, float]

    @classmethod
    def of(cls, link: Link, earlier: Round, later: Round, settings: EstimationSettings) -> Populations:
        """N times the share of those that answered to which the question applies, as in every estimate of one round."""
        opinions = link.later.kind.startswith("select") and not settings.dont_know_in_base
        sides = ((earlier, link.earlier), (later, link.later))
        applies = [applies_to(one.facilities, question.name, opinions) for one, question in sides]
        kept = later.frame[later.frame["facility_id"].isin(earlier.frame["facility_id"])]
        then, now = (
            domain_sizes(one.facilities["service"], own, sizes_of(one.frame))
            for (one, _), own in zip(sides, applies, strict=True)
        )
        return cls(then, now, domain_sizes(later.facilities["service"], applies[1], sizes_of(kept)))

    @property
    def closed(self) -> Populations:
        """The facilities open in both rounds, for those that answered both."""
        return Populations(self.both, self.both, self.both)


def related_groups(rounds: Sequence[Round], settings: EstimationSettings) -> pd.Series | None:
    """facility_id -> the organisation that answered for it, where answers of an organisation are not independent in one of the rounds; else None.

    Of a facility in several rounds it is that of the last.
    """
    if all(clusters_of(one.facilities, one.frame, settings) is None for one in rounds):
        return None
    groups = pd.concat([
        groups_of(one.facilities, one.frame).set_axis(pd.Index(one.facilities["facility_id"])) for one in reversed(rounds)
    ])  # fmt: skip
    return groups[~groups.index.duplicated()]


def change_of(
    pairs: pd.DataFrame, populations: Populations, confidence: float, shares: bool, groups: pd.Series | None = None
) -> Estimate:
    """The change between the means, or shares of 0 and 1, of all facilities that answered each round (`matched`); `groups` as in `related_groups`."""
    strata = {service: part for service, part in pairs.groupby("service")}
    estimate = share_change if shares else unpaired_change
    return estimate(
        {service: part["then"].to_numpy(float) for service, part in strata.items()},
        {service: part["now"].to_numpy(float) for service, part in strata.items()},
        populations.then, populations.now, {service: populations.both.get(service, 0) for service in strata}, confidence,
        None if groups is None else {service: part["facility_id"].map(groups).to_numpy(str) for service, part in strata.items()},
    )  # fmt: skip


def _estimates(
    pairs: pd.DataFrame, populations: Populations, link: Link, settings: EstimationSettings, groups: pd.Series | None
):
    shares = link.later.kind.startswith("select")
    yield "change", change_of(pairs, populations, settings.confidence, shares, groups)
    both = pairs.dropna(subset=["then", "now"])
    if both.empty:
        return
    yield "paired_change", change_of(both, populations.closed, settings.confidence, shares, groups)
    if not shares and link.later.unit != "%":
        strata = both["service"].to_numpy(dtype=str)
        yield "paired_ratio", paired_ratio(
            both["now"], both["then"], strata, populations.both, settings.confidence,
            None if groups is None else both["facility_id"].map(groups).to_numpy(str),
        )  # fmt: skip


def matched_categories(link: Link):
    """(category, its categories in the earlier round) of each answer that both rounds know; "don't know" is none."""
    for choice in link.later.choices:
        if choice.missing:
            continue
        try:
            before = link.earlier_categories([choice.name])
        except ComparisonError:
            continue
        if before:
            yield choice.name, before


def _answers(link: Link, then: pd.DataFrame, now: pd.DataFrame, settings: EstimationSettings):
    """(category, earlier values, later values): numbers once, choices once a category that both rounds know."""
    if not link.later.kind.startswith("select"):
        yield "", values_of(then, link.earlier.name), values_of(now, link.later.name)
        return
    for category, before in matched_categories(link):
        earlier, later = yes_of(then, link.earlier, before, settings), yes_of(now, link.later, [category], settings)
        # Of an answer that nobody gave in either round there is nothing to say.
        if np.nansum(earlier) + np.nansum(later) > 0:
            yield category, earlier, later
