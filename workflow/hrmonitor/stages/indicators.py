"""Estimates with intervals for every analysable question of every round."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from hrmonitor.disclosure.rounding import round_totals
from hrmonitor.disclosure.suppressions import hide
from hrmonitor.estimation.sampling_design import EstimationSettings
from hrmonitor.survey import Round
from hrmonitor.tabulation.indicators import estimate_round


def indicators(
    rounds: Mapping[str, Round], suppressions: pd.DataFrame, settings: EstimationSettings, rounding_base: int
) -> pd.DataFrame:
    """`tabulation.indicators.COLUMNS`, one row an estimate; what `suppressions` names is blank, totals are multiples of `rounding_base`."""
    tables = [estimate_round(round_, settings) for round_ in rounds.values()]
    # A round in which nobody answered has no rows, and columns of no type.
    table = pd.concat([part for part in tables if len(part)] or tables, ignore_index=True)
    return round_totals(hide(table, "indicators", suppressions), rounding_base)
