"""Numbers beside estimates (ends of intervals, standard errors, design effects) that follow from what single facilities answered."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pandas as pd

from hrmonitor.questionnaire.model import Questionnaire
from hrmonitor.questionnaire.statistics import QUANTILES

BESIDE = re.compile(r"(.+)/(?:ci_low|ci_high|se|deff)")


def told_beside(
    statements: pd.DataFrame,
    bases: dict[tuple[str, str, str], int],
    asked: dict[tuple[str, str], list[str]],
    forms: dict[str, Questionnaire],
    least: int,
) -> Iterator[tuple]:
    """(round, service, indicator, category, statistic, reason, source) of each number that should not stand beside its estimate.

    `bases` are the answers behind (round, service, indicator), `asked` the services of (round, indicator), `least` the facilities of which
    moments may be shown.
    """
    place = ["round_from", "round", "service", "indicator", "category"]
    estimates = {(*row[:5], row[5]) for row in statements[[*place, "statistic"]].itertuples(index=False, name=None)}
    for row in statements.itertuples(index=False):
        found = BESIDE.fullmatch(row.statistic)
        if not found:
            continue
        statistic = found.group(1)
        name = (row.round, row.service, row.indicator, row.category, row.statistic)
        form = forms.get(row.round)
        question = form.by_indicator.get(row.indicator) if form else None
        number = question is not None and not question.kind.startswith("select")
        rounds = [row.round, *filter(None, [row.round_from])]
        if number and any(bases.get((one, row.service, row.indicator), least) < least for one in rounds):
            yield (*name, "moments of few facilities", row.source)
        if row.service == "all" and statistic not in QUANTILES and not row.round_from:
            services = [one for one in asked.get((row.round, row.indicator), []) if one != "all"]
            parts = [("", row.round, one, row.indicator, row.category, statistic) for one in services]
            if statistic != "share_bounds" and any(part not in estimates for part in parts):
                yield (*name, "a function of a hidden part", row.source)
        if row.statistic.endswith(("/se", "/deff")) and digits((row.low + row.high) / 2) > 2:
            yield (*name, "more digits than it justifies", row.source)


def digits(value: float) -> int:
    """Significant digits of a printed number."""
    if not np.isfinite(value) or value == 0:
        return 0
    return len(f"{value:.9e}".split("e")[0].replace("-", "").replace(".", "").rstrip("0"))
