"""Groups of facilities (strata, organisations, margins of weights) as numbers, and weights that were fitted to them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd


def labels(of: np.ndarray | pd.Categorical) -> pd.Categorical:
    """Labels as numbers of groups whose names are in alphabetical order: what is asked of text is asked once a name."""
    return of if isinstance(of, pd.Categorical) else pd.Categorical(np.asarray(of, dtype=str).astype(object))


def numbered(of: pd.Categorical) -> tuple[list[str], np.ndarray]:
    """The names that are there, in alphabetical order, and the place of each label's name among them."""
    there = np.bincount(of.codes, minlength=len(of.categories)) > 0
    places = (np.cumsum(there) - 1).astype(np.int32)[of.codes]
    return [str(name) for name in of.categories[there]], places


@dataclass(frozen=True)
class Adjustment:
    """Groups whose totals the weights were fitted to (several for raking), and the weights that came out.

    fitted: whether that changed the weights; those of a stratified sample add up to the sizes of the strata as they are.
    """

    margins: tuple[pd.Categorical, ...]
    before: np.ndarray
    after: np.ndarray
    fitted: bool = True

    @cached_property
    def codes(self) -> tuple[np.ndarray, ...]:
        """The margins as numbers of groups."""
        return tuple(numbered(margin)[1] for margin in self.margins)

    def part(self, chosen: np.ndarray, factor: np.ndarray | float = 1.0) -> Adjustment:
        """Of the chosen facilities only, their weights times the factor."""
        margins = tuple(margin[chosen] for margin in self.margins)
        return replace(
            self, margins=margins, before=(self.before * factor)[chosen], after=(self.after * factor)[chosen]
        )
