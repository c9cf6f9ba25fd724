"""The answers of three or four facilities from their mean or total and its standard error, or from whatever our own estimator prints beside it."""

from __future__ import annotations

from itertools import combinations_with_replacement
from math import ceil, floor, sqrt

import numpy as np
import pandas as pd
from hrmonitor.estimation.estimate import t_quantile
from hrmonitor.estimation.sampling_design import EstimationSettings, round_design
from hrmonitor.estimation.statistics import Answers, number

# The first answers of more worlds than these are not tried, and of more that are left nothing is known.
MOST_WORLDS = 200_000


def answers_of_few(mean: float, se: float, n: int, population: int, off: float) -> list[tuple[int, ...]]:
    """The whole numbers from 0 of `n` (3 or 4) facilities that have this mean and, to within a share `off`, this standard error.

    se^2 = s^2 / n (1 - n / N), the standard error of a mean of n facilities of N.
    """
    total = round(mean * n)
    if population <= n or np.isnan(se) or abs(total - mean * n) > 1e-6 * max(1.0, abs(total)):
        return []
    # The sum of the squares of the answers.
    spread = se**2 * n / (1 - n / population) * (n - 1)
    low, high = (spread * (1 + sign * off) ** 2 + total**2 / n for sign in (-1, 1))
    if (total / n) ** (n - 2) > MOST_WORLDS:
        return []
    found: list[tuple[int, ...]] = []
    for first in combinations_with_replacement(range(total // n + 1), n - 2):
        left = total - sum(first)
        # The last two are known by their sum and the range of the square of their difference.
        ends = [2 * (squares - sum(one**2 for one in first)) - left**2 for squares in (low, high)]
        if ends[1] < -1e-6:
            continue
        near, far = ceil(sqrt(max(ends[0], 0.0)) - 1e-6), floor(sqrt(max(ends[1], 0.0)) + 1e-6)
        for apart in range(near + (near + left) % 2, min(far, left) + 1, 2):
            if (left - apart) // 2 >= first[-1]:
                found.append((*first, (left - apart) // 2, (left + apart) // 2))
        if len(found) > MOST_WORLDS:
            return []
    return found


def told(row: dict, n: int, population: int, settings: EstimationSettings) -> list[tuple[int, ...]]:
    """The answers of `n` facilities (3 or 4) of `population` that our own estimator gives the printed error, design effect and interval.

    `row` is a mean or total of one service. Where the error is hidden, the interval tells it. The answers are taken to be independent.
    """
    size = population if row["statistic"] == "total" else 1
    t = t_quantile(settings.confidence, n - 1)
    se = (row["ci_high"] - row["estimate"]) / t if np.isnan(row["se"]) else row["se"]
    if np.isnan(se):
        return []
    # Two digits are those of a number that was rounded to its error.
    off = 0.05 if float(f"{se:.1e}") == se else 1e-6
    facilities, frame = (
        pd.DataFrame({"facility_id": [str(place) for place in range(many)], "service": row["service"]})
        for many in (n, population)
    )
    design, everyone = round_design(facilities, frame, settings), np.ones(n, dtype=bool)
    kept = []
    for world in answers_of_few(row["estimate"] / size, se / size, n, population, off):
        found = number(row["statistic"], Answers(np.array(world, dtype=float), None, everyone), design, settings, "")
        printed = {"se": found.se, "deff": found.deff, "ci_low": found.low, "ci_high": found.high}
        # An end of the interval is as far off as the error from which it was made.
        unit = {"se": found.se, "deff": found.deff, "ci_low": t * found.se, "ci_high": t * found.se}
        if all(
            np.isnan(row[name]) or abs(value - row[name]) <= 2 * off * unit[name] for name, value in printed.items()
        ):
            kept.append(world)
    return kept
