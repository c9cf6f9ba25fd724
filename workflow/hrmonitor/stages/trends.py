"""The trend of every indicator over all rounds that asked it alike."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from hrmonitor.declarations.tables import tables
from hrmonitor.disclosure.moments import justified
from hrmonitor.disclosure.trends import NUMBERS, hide_trends
from hrmonitor.estimation import holm
from hrmonitor.estimation.sampling_design import EstimationSettings
from hrmonitor.project.frame import is_sample
from hrmonitor.survey import Round
from hrmonitor.tabulation.sample_trends import sample_trends
from hrmonitor.tabulation.trends import LEAST_ROUNDS, all_trends


# Over 6 parameters: the rounds with what is published of them, how to estimate, and how many must stand behind a trend.
def trends(
    rounds: Mapping[str, Round],
    changes: pd.DataFrame,
    indicators: pd.DataFrame,
    settings: EstimationSettings,
    minimum_facilities: int,
    minimum_organisations: int,
) -> pd.DataFrame:
    """One row an indicator, category and service, as it is published, with what can be said of it (`outcome`).

    `changes` and `indicators` are those that are published: a trend is hidden where one of the changes is, over samples where one of the
    indicators is. Rounds that are samples have their own trends, beside those of the others. Holm's correction is for all trends that are told.
    """
    samples = {name: one for name, one in rounds.items() if is_sample(one.frame)}
    linked = {name: one for name, one in rounds.items() if name not in samples}
    table = hide_trends(all_trends(linked, settings), changes)
    if samples:
        both = [table, sample_trends(samples, indicators, settings.confidence)]
        table = pd.concat([own for own in both if len(own)] or [table], ignore_index=True)
    few = (table["fewest"] < minimum_facilities) | (table["organisations"] < minimum_organisations)
    short = table["used"].map(len) < LEAST_ROUNDS
    # Without an interval, the answers show nothing of how facilities differ.
    told = ~short & ~few & ~table["suppressed"] & table["ci_low"].notna()
    table.loc[~told, NUMBERS] = np.nan
    table["n"] = table["n"].astype("Int64").mask(~told)
    table["p_holm"] = holm(table["p"].tolist())
    clear = table["p_holm"] <= 1 - settings.confidence
    table["outcome"] = np.select(
        [table["suppressed"], short, ~told, clear & (table["estimate"] > 0), clear & (table["estimate"] < 0)],
        ["", "too_few_rounds", "too_few_facilities", "rises", "falls"],
        "no_trend_shown",
    )
    ends = [(used[0], used[-1], len(used)) for used in table["used"]]
    table[["round_from", "round", "rounds"]] = pd.DataFrame(ends, index=table.index, columns=["a", "b", "c"])
    table = justified(table.assign(statistic="trend"))
    return table[tables()["trends"].names([])].astype({"rounds": "int64"})
