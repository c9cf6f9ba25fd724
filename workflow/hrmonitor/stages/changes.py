"""Every comparable indicator between each pair of rounds."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from hrmonitor.disclosure.moments import few_answers, justified, without_moments, without_moments_of
from hrmonitor.disclosure.rules import Rules
from hrmonitor.disclosure.suppressions import hide
from hrmonitor.estimation.sampling_design import EstimationSettings
from hrmonitor.survey import Round
from hrmonitor.tabulation.changes import all_changes


def changes(
    rounds: Mapping[str, Round], suppressions: pd.DataFrame, settings: EstimationSettings, rules: Rules
) -> pd.DataFrame:
    """`tabulation.changes.COLUMNS` and `suppression`, one row a change, as it is published."""
    shown = without_moments(hide(all_changes(rounds, settings), "changes", suppressions), rules.minimum_spread)
    few = few_answers(rounds.values(), rules.minimum_spread)
    return justified(without_moments_of(shown, suppressions, few))
