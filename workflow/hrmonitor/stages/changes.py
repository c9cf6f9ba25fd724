"""Every comparable indicator between each pair of rounds."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from hrmonitor.disclosure.suppressions import hide
from hrmonitor.estimation.sampling_design import EstimationSettings
from hrmonitor.survey import Round
from hrmonitor.tabulation.changes import all_changes


def changes(rounds: Mapping[str, Round], suppressions: pd.DataFrame, settings: EstimationSettings) -> pd.DataFrame:
    """`tabulation.changes.COLUMNS`, one row a change; what `suppressions` names is blank."""
    return hide(all_changes(rounds, settings), "changes", suppressions)
