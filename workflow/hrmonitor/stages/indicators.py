"""Estimates with intervals for every analysable question of every round."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from hrmonitor.disclosure.moments import justified, without_moments
from hrmonitor.disclosure.rounded_counts import show_rounded
from hrmonitor.disclosure.rounding import round_totals
from hrmonitor.disclosure.rules import Rules
from hrmonitor.disclosure.suppressions import hide
from hrmonitor.estimation.sampling_design import EstimationSettings
from hrmonitor.survey import Round
from hrmonitor.tabulation.indicators import estimate_round


def indicators(
    rounds: Mapping[str, Round], suppressions: pd.DataFrame, settings: EstimationSettings, rules: Rules
) -> pd.DataFrame:
    """`tabulation.indicators.COLUMNS` and `suppression`, one row an estimate, as it is published."""
    tables = [estimate_round(round_, settings) for round_ in rounds.values()]
    # A round in which nobody answered has no rows, and columns of no type.
    table = pd.concat([part for part in tables if len(part)] or tables, ignore_index=True)
    shown = without_moments(hide(table, "indicators", suppressions), rules.minimum_spread)
    return justified(round_totals(show_rounded(shown, rounds, settings, rules), rules.rounding_base))
