"""Which indicators of two rounds may be set side by side, and why others may not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from hrmonitor.questionnaire.comparability import compare_rounds
from hrmonitor.questionnaire.model import Questionnaire


def comparability(
    questionnaires: Mapping[str, Questionnaire], groups: Mapping[str, str], languages: Sequence[str]
) -> pd.DataFrame:
    """One row an indicator and pair of rounds of one group; `questionnaires` by round, the earliest first, `groups` the group of each ("" if none)."""
    parts = [
        compare_rounds({name: form for name, form in questionnaires.items() if groups[name] == group}, list(languages))
        for group in dict.fromkeys(groups[name] for name in questionnaires)
    ]
    return pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
