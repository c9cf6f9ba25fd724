"""Which cells are confidential in themselves: the rules of `disclosure:` in config.yaml.

Sources: Hundepool and others, Handbook on Statistical Disclosure Control, 2nd edition (2024), section 4.2, for the minimum frequency
rule, the p% rule, its protection levels and contributors that belong together ("holdings"); docs/methods/disclosure.md for what a
statistical office has published about its own choices.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from hrmonitor.project.config import Disclosure


@dataclass(frozen=True)
class Rules:
    """The keys of `disclosure:` in config.yaml.

    minimum_cell, minimum_organisations: how many facilities, and organisations, must stand behind a number. p_percent: how near
    the second largest organisation may come to the largest, in per cent of it. protection: how near, in per cent, anybody may
    come to a number that is hidden for its few facilities. rounding_base: totals are multiples of it (0: as they are).
    minimum_spread: how many facilities must stand behind a standard error, design effect or interval of numbers. sensitive: indicators of which small counts, not only small bases, are hidden.
    round_sensitive: what the counts of these are multiples of instead (0: they are hidden).
    """

    minimum_cell: int = 3
    minimum_organisations: int = Disclosure.minimum_organisations
    p_percent: float = Disclosure.p_percent
    protection: float = Disclosure.protection
    rounding_base: int = Disclosure.rounding_base
    minimum_spread: int = Disclosure.minimum_spread
    sensitive: tuple[str, ...] = Disclosure.sensitive
    round_sensitive: int = Disclosure.round_sensitive


def too_few(organisations: pd.Series, rules: Rules) -> bool:
    """Whether the facilities, given by the organisation of each, are too few or belong to too few organisations."""
    return len(organisations) > 0 and (
        len(organisations) < rules.minimum_cell or organisations.nunique() < rules.minimum_organisations
    )


def small_count(count: int, base: int, rules: Rules) -> bool:
    """Whether a count of a sensitive answer is too small, or leaves so few (or none) that gave another answer."""
    return 0 < count < rules.minimum_cell or (base > 0 and 0 <= base - count < rules.minimum_cell)


def unsafe_count(count: int, organisations: pd.Series, indicator: str, rules: Rules) -> bool:
    """Whether how many of these facilities (by the organisation of each) gave an answer is confidential in itself."""
    return too_few(organisations, rules) or (
        indicator in rules.sensitive and small_count(count, len(organisations), rules)
    )


def runs_of_counts(
    count: int, organisations: pd.Series, indicator: str, rules: Rules
) -> tuple[tuple[float, float], ...]:
    """The counts that `unsafe_count` judges as it judges `count`, as (least, most); empty where it judges all alike.

    Nobody is told why a cell is hidden, but who knows the rules, the config and this code may work it out.
    """
    base = len(organisations)
    if indicator not in rules.sensitive or too_few(organisations, rules):
        return ()
    return runs([one for one in range(base + 1) if small_count(one, base, rules) == small_count(count, base, rules)])


def runs(numbers: list[int]) -> tuple[tuple[float, float], ...]:
    """Whole numbers in ascending order as (first, last) of each unbroken run."""
    known = set(numbers)
    starts = [float(one) for one in numbers if one - 1 not in known]
    ends = [float(one) for one in numbers if one + 1 not in known]
    return tuple(zip(starts, ends, strict=True))


def dominance(values: pd.Series, organisations: pd.Series, rules: Rules) -> float:
    """The protection level of a total by the p% rule: above 0 when it is unsafe.

    p/100 x1 - (X - x1 - x2), x1 and x2 being the two largest organisations' contributions: what the second largest lacks to be
    kept p per cent away from the largest. Weights are public (facilities in the register over those that answered), so X is the
    sum of what was answered.
    """
    parts = values.groupby(organisations).sum().sort_values(ascending=False).to_numpy(dtype=float)
    if not len(parts) or parts[0] <= 0:
        return 0.0
    rest = float(parts[2:].sum())
    return max(0.0, rules.p_percent / 100 * float(parts[0]) - rest)


def safe_quantile(values: np.ndarray, low: float, high: float, rules: Rules) -> bool:
    """Whether enough facilities lie at or beyond both ends of a quantile's interval.

    The ends are values of single facilities; the smallest and the largest of all would show what one of them answered.
    """
    known = values[~np.isnan(values)]
    return min(int((known <= low).sum()), int((known >= high).sum())) >= rules.minimum_cell
