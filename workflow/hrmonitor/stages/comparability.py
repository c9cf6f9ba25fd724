"""Which indicators of two rounds may be set side by side, and why others may not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from hrmonitor.questionnaire.comparability import compare_rounds
from hrmonitor.questionnaire.model import Questionnaire


def comparability(questionnaires: Mapping[str, Questionnaire], languages: Sequence[str]) -> pd.DataFrame:
    """One row an indicator and pair of rounds; `questionnaires` by round, the earliest first."""
    return compare_rounds(dict(questionnaires), list(languages))
