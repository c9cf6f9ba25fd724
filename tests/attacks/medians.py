"""A median's interval ends at answers: which ones follows from our own estimator, whatever the answers are."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
from hrmonitor.estimation.sampling_design import EstimationSettings, round_design
from hrmonitor.estimation.statistics import Answers, number


def ends(
    row: dict, answered: pd.DataFrame, frame: pd.DataFrame, settings: EstimationSettings
) -> tuple[float | None, float | None]:
    """(the smallest answer, the largest answer) where the interval of a median ends there; None where it need not.

    `row` is that of the published table; `answered` has the `facility_id` and `service` of those that said a number; `frame` is
    the register. Which of them lie below the median is unknown: the worlds are how many of each organisation do. No two answers are taken to be the same.
    """
    n = len(answered)
    if pd.isna(row["ci_low"]) or pd.isna(row["ci_high"]) or not n:
        return None, None
    owner = answered["facility_id"].map(frame.set_index("facility_id")["organisation"]).to_numpy(dtype=str)
    design, everyone = round_design(answered, frame, settings), np.ones(n, dtype=bool)
    lows, highs = set(), set()
    for below in _worlds(owner, (n + 1) // 2):
        ranks = np.empty(n)
        ranks[below] = np.arange(1.0, below.sum() + 1)
        ranks[~below] = np.arange(below.sum() + 1.0, n + 1)
        found = number("median", Answers(ranks, None, everyone), design, settings, "")
        lows.add(found.low)
        highs.add(found.high)
    return row["ci_low"] if lows == {1.0} else None, row["ci_high"] if highs == {float(n)} else None


def _worlds(owner: np.ndarray, many: int) -> list[np.ndarray]:
    """Whether each facility is among the `many` smallest; facilities of one organisation are alike."""
    places = [np.flatnonzero(owner == name) for name in dict.fromkeys(owner)]
    worlds = []
    for counts in product(*(range(len(own) + 1) for own in places)):
        if sum(counts) == many:
            below = np.zeros(len(owner), dtype=bool)
            for own, count in zip(places, counts, strict=True):
                below[own[:count]] = True
            worlds.append(below)
    return worlds
