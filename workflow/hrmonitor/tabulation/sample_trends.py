"""Trends over rounds that each drew a sample of their own: from the indicators as they are published, as nothing links their respondents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from hrmonitor.errors import ComparisonError
from hrmonitor.estimation.trends import Trend, independent_monotone_p, independent_trend
from hrmonitor.questionnaire.comparability import Link
from hrmonitor.survey import Round
from hrmonitor.tabulation.trends import COLUMNS, LEAST_ROUNDS, links_of

# Of what an indicator is a trend, as over rounds that are linked.
SHARE, MEAN = "share", "mean"
KEYS = ["round", "service", "indicator", "category", "statistic"]
ENDS = ["ci_low", "ci_high"]


def sample_trends(samples: Mapping[str, Round], indicators: pd.DataFrame, confidence: float) -> pd.DataFrame:
    """`tabulation.trends.COLUMNS` and `suppressed`, as `all_trends` has them, of rounds that are samples.

    `samples` are in the order of their years, `indicators` as published: what is hidden there hides the trend, and nothing is told here that
    is not printed there. A mean has a trend where the questionnaire publishes it. `n` are the answers of all rounds together, `fewest` and `organisations`
    those of the round with fewest.
    """
    published = indicators.drop_duplicates(KEYS).set_index(KEYS)
    rows: list[tuple] = []
    asked = dict.fromkeys((one.group, name) for one in samples.values() for name in one.questionnaire.by_indicator)
    for group, indicator in asked:
        asking = [one for one in samples.values() if one.group == group and indicator in one.questionnaire.by_indicator]
        links = links_of(indicator, asking)
        if links:
            rows += _rows(indicator, links, asking[-1], published, confidence)
    return pd.DataFrame(rows, columns=[*COLUMNS, "suppressed"])


def _rows(
    indicator: str, links: list[tuple[Round, Link]], last: Round, published: pd.DataFrame, confidence: float
) -> Iterator[tuple]:
    question = links[0][1].later
    shares = question.kind.startswith("select")
    when = {one.name: one.year for one in (*(one for one, _ in links), last)}
    for category in [one.name for one in question.choices if not one.missing] if shares else [""]:
        used = [(one.name, then) for one, link in links if (then := _then(link, category)) is not None]
        names = [*used, (last.name, category)]
        for service in dict.fromkeys(published.index.get_level_values("service")):
            places = [(name, service, indicator, own, SHARE if shares else MEAN) for name, own in names]
            if len(names) < 2 or any(place not in published.index for place in places):
                continue
            years = np.array([when[name] for name, _ in names], float)
            place = (indicator, category, service)
            yield _row(place, published.loc[places], years, SHARE if shares else question.unit, confidence)


def _then(link: Link, category: str) -> str | None:
    """The category of the earlier round that is published under the same meaning; None where several together are, or none is."""
    if not category:
        return ""
    try:
        found = link.earlier_categories([category])
    except ComparisonError:
        return None
    return found[0] if len(found) == 1 else None


def _row(place: tuple, own: pd.DataFrame, years: np.ndarray, unit: str, confidence: float) -> tuple:
    hidden = bool(own["suppressed"].astype(bool).any() or own["estimate"].isna().any())
    found, monotone = Trend(), np.nan
    if not hidden and len(own) >= LEAST_ROUNDS:
        estimates, ends = own["estimate"].to_numpy(float), own[ENDS].to_numpy(float)
        found = independent_trend(years, estimates, ends, confidence)
        monotone = independent_monotone_p(estimates, ends, confidence)
    n = own["n"].astype("Float64").fillna(0)
    fewest = 0 if hidden else int(n.min())
    used = tuple(own.index.get_level_values("round"))
    return (*place, used, 0 if hidden else int(n.sum()), fewest, fewest, found.value, found.low, found.high, found.se, found.p, monotone,
            unit, hidden)  # fmt: skip
