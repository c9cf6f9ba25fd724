"""Who answered: classes of facilities so coarse that the register and all tables of response do not tell it of any.

How many answered is published by type of service, province, size of the organisation, age and municipality. Each table alone is harmless;
together, with the register beside them, they are an integer program whose solution can be the state of single facilities.
So all tables use the same classes, joined until every facility may have answered and may not have.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import scipy

from hrmonitor.disclosure.rounding import COARSE, to_coarse
from hrmonitor.disclosure.small_groups import pool_small

OTHER = "other"
SERVICE = "service"
# Solvers are exact to so many facilities.
EXACT = 1e-6


def joined_classes(levels: pd.DataFrame, answered: np.ndarray, minimum: int) -> pd.DataFrame:
    """`levels` (a column a variable, `service` among them, which stays) with so many of each joined to `other` as must be.

    Of the facilities of each class at least `minimum` answered and as many did not, and whichever number of each class that are published
    are put together, any facility may be of either kind. Where all or none of a service answered that is known of each of
    them, and they do not count.
    """
    everybody = pd.Series(answered).groupby(levels[SERVICE].to_numpy()).transform("mean").to_numpy()
    undecided = (everybody > 0) & (everybody < 1)
    found = levels.astype("str").reset_index(drop=True)
    for variable in [name for name in found if name != SERVICE]:
        found[variable] = _join_weak(pool_small(found[variable], minimum), answered, undecided, minimum)
    while _told(found, answered, undecided):
        several = [name for name in found if name != SERVICE and found[name].nunique() > 1]
        if not several:
            break
        # The variable of most classes loses least when two of them are joined.
        variable = max(several, key=lambda name: found[name].nunique())
        found[variable] = _join(found[variable], answered, undecided, more=1)
    return found.set_axis(levels.index)


def _strength(values: pd.Series, answered: np.ndarray, inside: np.ndarray) -> pd.Series:
    """Level -> the smaller of how many answered and how many did not, weakest first; only levels of which facilities count."""
    counts = pd.crosstab(values[inside], answered[inside]).reindex(columns=[False, True], fill_value=0)
    return counts.min(axis=1).sort_index(kind="stable").sort_values(kind="stable")


def _join_weak(values: pd.Series, answered: np.ndarray, inside: np.ndarray, minimum: int) -> pd.Series:
    while True:
        strength = _strength(values, answered, inside)
        if len(strength) < 2 or strength.iloc[0] >= minimum:
            return values
        values = _join(values, answered, inside, more=1)


def _join(values: pd.Series, answered: np.ndarray, inside: np.ndarray, more: int) -> pd.Series:
    """The weakest classes as one: `other` with `more` others."""
    strength = _strength(values, answered, inside)
    weakest = [level for level in strength.index if level != OTHER][: more + (OTHER not in strength.index)]
    # The weakest itself may be `other`, and what nothing is known of follows the smallest.
    return values.where(~values.isin(weakest), OTHER)


def _told(levels: pd.DataFrame, answered: np.ndarray, undecided: np.ndarray) -> bool:
    """Whether the numbers by class, and their shares weighted by service in whole per cents, tell of some facility whether it answered."""
    cells = levels.groupby(list(levels.columns), sort=True).ngroup().to_numpy()
    size, true = np.bincount(cells), np.bincount(cells, weights=answered.astype(float))
    open_ = np.bincount(cells, weights=undecided.astype(float)) > 0
    of_service = pd.Series(answered.astype(float)).groupby(levels[SERVICE].to_numpy()).transform("mean").to_numpy()
    weight = np.zeros(len(size))
    # How many facilities an answer of the cell stands for.
    weight[cells] = np.divide(1.0, of_service, out=np.zeros(len(cells)), where=of_service > 0)
    rows, low, high = [], [], []
    for variable in levels:
        for _, members in levels.groupby(variable, sort=True).indices.items():
            row = np.zeros(len(size))
            row[np.unique(cells[members])] = 1
            number, share = true @ row, float(to_coarse(true @ (row * weight) / (true @ weight)))
            rows += [row, row * weight]
            low += [number, (share - COARSE / 2) * (true @ weight) - EXACT]
            high += [number, (share + COARSE / 2) * (true @ weight) + EXACT]
    # All of a cell that answered, or none: another world must have one that did not, or did.
    full, empty = open_ & (true == size), open_ & (true == 0)
    while full.any() or empty.any():
        found = scipy.optimize.milp(
            full.astype(float) - empty.astype(float),
            constraints=scipy.optimize.LinearConstraint(np.array(rows), low, high),
            bounds=scipy.optimize.Bounds(0, size),
            integrality=np.ones(len(size)),
        )
        if found.x is None:
            return True
        other = np.round(found.x)
        still = full & (other == size), empty & (other == 0)
        if (still[0] == full).all() and (still[1] == empty).all():
            return True
        full, empty = still
    return False
