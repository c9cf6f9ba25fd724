"""Groups of rounds side by side: estimates as they are published, of indicators that the groups asked alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from hrmonitor.questionnaire.side_by_side import Standing
from hrmonitor.tabulation.indicators import ALL

# Bounds that assume nothing about those who did not answer are no estimate.
NOT_SHOWN = ("share_bounds",)
# What divides services: types that groups share, or parts of one group.
TYPES, PARTS = "types", "parts"
# As indicators.csv has them.
TAKEN = [
    "round", "service", "indicator", "category", "statistic", "n", "population", "estimate", "ci_low", "ci_high", "unit",
    "suppressed", "se", "suppression",
]  # fmt: skip
KEY = ["indicator", "answer", "of", "statistic"]


def beside_each_other(
    indicators: pd.DataFrame,
    found: Mapping[str, Mapping[str, Standing]],
    rounds: Mapping[str, str],
    services: str,
) -> pd.DataFrame:
    """The rows of `indicators` (as published: what is hidden there is hidden here) that stand beside those of another group, in `TAKEN`, with

    group: whose row it is. answer: the category of the measure, which `category` is called in the group's own form. of: what the row is compared
    as: a type of service, or all. `rounds` gives the round of each group; `services` is types or parts.

    Estimates for all types of service stand beside each other only where they are of the same types; of parts, always.
    """
    parts = []
    table = indicators[~indicators["statistic"].isin(NOT_SHOWN)]
    of_round = {name: own for name, own in table.groupby("round", sort=False)}
    for indicator, own in found.items():
        alike = {group: one for group, one in own.items() if one.alike}
        rows = {
            group: _rows(of_round[rounds[group]], indicator, one)
            for group, one in alike.items()
            if rounds[group] in of_round
        }
        rows = {group: one.assign(group=group) for group, one in rows.items() if len(one)}
        if len(rows) > 1:
            parts += _compared(rows, services)
    columns = [*TAKEN, "group", "answer", "of"]
    if not parts:
        return pd.DataFrame(columns=columns)
    joined = pd.concat(parts, ignore_index=True)[columns]
    # One row alone is no comparison.
    several = joined.groupby(KEY, sort=False)["group"].transform("nunique") > 1
    return _in_order(joined[several], list(rounds))


def _rows(table: pd.DataFrame, indicator: str, standing: Standing) -> pd.DataFrame:
    own = table[table["indicator"] == indicator]
    own = own[(own["statistic"] == "share") | own["statistic"].isin(standing.statistics)]
    names = {"": "", **(standing.categories or {})}
    own = own.assign(answer=own["category"].map(names))
    return own[own["answer"].notna()]


def _compared(rows: Mapping[str, pd.DataFrame], services: str) -> list[pd.DataFrame]:
    """The rows of each group under what they are compared as (`of`)."""
    if services == PARTS:
        return [_as_a_whole(own).assign(of=ALL) for own in rows.values()]
    asked = {group: frozenset(own["service"]) - {ALL} for group, own in rows.items()}
    often = pd.Series(list(asked.values())).value_counts(sort=False)
    # The types that most groups asked; of two that are as frequent, those that came first.
    most = max(often.index, key=lambda types: often[types])
    found = []
    for group, own in rows.items():
        kept = own if asked[group] == most else own[own["service"] != ALL]
        found.append(kept.assign(of=kept["service"]))
    return found


def _as_a_whole(own: pd.DataFrame) -> pd.DataFrame:
    """The rows for all parts of a group; of a group that is one part, that one's."""
    return own[own["service"] == ALL] if (own["service"] == ALL).any() else own


def types_of(indicators: pd.DataFrame, rounds: Mapping[str, str]) -> dict[tuple[str, str], str]:
    """(indicator, group) -> the types of service that its estimates are of, in the order of the table, joined by spaces."""
    found: dict[tuple[str, str], dict[str, None]] = {}
    groups = {name: group for group, name in rounds.items()}
    own = indicators[indicators["round"].isin(groups) & (indicators["service"] != ALL)]
    for name, indicator, service in own[["round", "indicator", "service"]].itertuples(index=False):
        found.setdefault((indicator, groups[name]), {})[service] = None
    return {place: " ".join(services) for place, services in found.items()}


def _in_order(table: pd.DataFrame, groups: Sequence[str]) -> pd.DataFrame:
    """By what is compared, as it first comes, and then by group in the order of config.yaml: no order tells anything of what is hidden."""
    places = {name: place for place, name in enumerate(groups)}
    key = pd.Series(list(table[KEY].itertuples(index=False, name=None)), index=table.index, dtype=object)
    first = {name: place for place, name in enumerate(dict.fromkeys(key))}
    order = pd.DataFrame({"key": key.map(first), "group": table["group"].map(places)}, index=table.index)
    return table.loc[order.sort_values(["key", "group"], kind="stable").index].reset_index(drop=True)
