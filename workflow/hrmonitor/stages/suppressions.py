"""Which cells of the indicators and changes are hidden, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from hrmonitor.disclosure.rules import Rules
from hrmonitor.disclosure.suppressions import find_pattern
from hrmonitor.editions import Edition
from hrmonitor.estimation.sampling_design import EstimationSettings
from hrmonitor.survey import Round


def suppressions(
    rounds: Mapping[str, Round], settings: EstimationSettings, rules: Rules, editions: Sequence[Edition] = ()
) -> tuple[pd.DataFrame, list[str]]:
    """(`disclosure.suppressions.COLUMNS`, one row a hidden or rounded cell; what a user should know)."""
    return find_pattern(list(rounds.values()), settings, rules, editions)
