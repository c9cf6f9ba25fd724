"""The first stage of a sample that brings its own design: which primary sampling units were drawn in which stratum, of how many.

Variances are those of R's `svydesign(ids, strata, weights, fpc, nest = TRUE)`: influences add up by unit, and the sums deviate from their
mean in the stratum (Lohr, Sampling: Design and Analysis, 3rd ed., 9.2). A part of the answers is a domain: a unit of which
nobody is in it counts with a sum of 0, so that the number of units drawn stays what it was.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from hrmonitor.errors import EstimationError

# What to do with a stratum of which one unit alone was drawn, which shows no variance (R: survey.lonely.psu).
LONELY = ("fail", "adjust", "certainty")


@dataclass(frozen=True)
class PrimaryUnits:
    """codes: the unit of each answer. owner: the stratum of each unit. fractions: by stratum, the share of its units that was drawn (0 where
    nobody knows how many there are). lonely: one of `LONELY`."""

    codes: np.ndarray
    owner: np.ndarray
    fractions: np.ndarray
    lonely: str = "fail"

    def part(self, chosen: np.ndarray) -> PrimaryUnits:
        """Of the chosen answers only."""
        return replace(self, codes=self.codes[chosen])

    @property
    def endless(self) -> bool:
        """Whether nothing is said of how many units there are."""
        return not self.fractions.any()

    @property
    def everybody(self) -> bool:
        """Whether all units were drawn."""
        return bool((self.fractions == 1).all())

    def variance(self, influence: np.ndarray) -> float:
        """Variance of an estimator with these influence values, weight included."""
        sums = np.bincount(self.codes, influence, minlength=len(self.owner))
        number = np.bincount(self.owner)
        deviations = sums - (np.bincount(self.owner, sums) / number)[self.owner]
        if self.lonely == "adjust":
            deviations = np.where(number[self.owner] == 1, sums, deviations)
        squares = np.bincount(self.owner, deviations**2) * number / np.maximum(number - 1, 1)
        return float(((1 - self.fractions) * squares).sum())

    def freedom(self, inside: np.ndarray) -> int:
        """Units less strata of the answers inside (R: degf)."""
        there = np.unique(self.codes[inside])
        return max(1, len(there) - len(np.unique(self.owner[there])))


def primary_units(strata: np.ndarray, clusters: np.ndarray, fpc: np.ndarray | None, lonely: str) -> PrimaryUnits:
    """The units of answers with these strata and clusters; a cluster belongs to its stratum (R: nest = TRUE).

    fpc: the number of units in the population of each answer's stratum, or the share that was drawn; None where that is not known. Raises
    `EstimationError` when it cannot be, or when a stratum has one unit and `lonely` is "fail".
    """
    names, places = np.unique(strata, return_inverse=True)
    pairs, codes = np.unique(np.column_stack([places, np.unique(clusters, return_inverse=True)[1]]), axis=0, return_inverse=True)  # fmt: skip
    owner = pairs[:, 0]
    number = np.bincount(owner, minlength=len(names))
    if lonely == "fail" and (number == 1).any():
        raise EstimationError(
            f"The stratum {str(names[number == 1][0])!r} has one primary sampling unit, which shows no variance. Join it with another stratum, or "
            "say in `frame.design.lonely` of the round what to do: `adjust` takes it from the mean of all, `certainty` takes it as drawn for certain."
        )
    return PrimaryUnits(codes.ravel(), owner, _fractions(names, places, number, fpc), lonely)


def _fractions(names: np.ndarray, places: np.ndarray, number: np.ndarray, fpc: np.ndarray | None) -> np.ndarray:
    """By stratum, the share of its units that was drawn."""
    if fpc is None:
        return np.zeros(len(names))
    if not (np.isfinite(fpc) & (fpc > 0)).all():
        raise EstimationError("The fpc must be a number above 0 for everybody.")
    if not ((fpc <= 1).all() or (fpc >= 1).all()):
        raise EstimationError(
            "The fpc has numbers below 1 and above: give shares for all, or numbers of units for all."
        )
    least, most = (np.full(len(names), start) for start in (np.inf, -np.inf))
    np.minimum.at(least, places, fpc)
    np.maximum.at(most, places, fpc)
    if (least != most).any():
        raise EstimationError(f"The fpc is not the same for all of the stratum {str(names[least != most][0])!r}.")
    fractions = least if (fpc <= 1).all() else number / least
    if (fractions > 1).any():
        wrong = int(np.argmax(fractions > 1))
        raise EstimationError(
            f"Of the stratum {str(names[wrong])!r} {number[wrong]} units are in the sample, but the fpc says that there are {least[wrong]:g}."
        )
    return fractions
