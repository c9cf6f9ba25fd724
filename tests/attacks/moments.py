"""The answers of three or four facilities from their mean or total and its standard error."""

from __future__ import annotations

import numpy as np


def answers_of_few(mean: float, se: float, n: int, population: int, off: float) -> list[tuple[int, ...]]:
    """The whole numbers from 0 of `n` (3 or 4) facilities that have this mean and, to within a share `off`, this standard error.

    se^2 = s^2 / n (1 - n / N), the standard error of a mean of n facilities of N.
    """
    total = round(mean * n)
    if population <= n or np.isnan(se) or abs(total - mean * n) > 1e-6 * max(1.0, abs(total)):
        return []
    squares = se**2 * n / (1 - n / population) * (n - 1)
    low, high = squares * (1 - off) ** 2, squares * (1 + off) ** 2
    found = []

    def more(chosen: tuple[int, ...], left: int) -> None:
        if len(chosen) == n - 1:
            numbers = (*chosen, left)
            spread = sum((one - mean) ** 2 for one in numbers)
            if left >= chosen[-1] and low <= spread <= high:
                found.append(numbers)
            return
        for one in range(chosen[-1] if chosen else 0, left // (n - len(chosen)) + 1):
            # The least that the others can add to the spread is when all are alike.
            if sum((other - mean) ** 2 for other in (*chosen, one)) <= high:
                more((*chosen, one), left - one)

    more((), total)
    return found
