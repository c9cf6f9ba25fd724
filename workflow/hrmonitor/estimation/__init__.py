"""Estimates for a small finite population of facilities, most of which answer.

`shares`: one type of service, exact. `design`: who answered of how many, and weights. `estimators`: means, totals, ratios,
quantiles and differences under a design. `change`: between two rounds.
"""

from hrmonitor.estimation.changes import holm, paired_change, paired_ratio, share_change, unpaired_change
from hrmonitor.estimation.designs import Design, poststratify, rake, stratified, trim
from hrmonitor.estimation.estimate import NONE, Estimate
from hrmonitor.estimation.estimators import (
    bootstrap,
    difference,
    mean,
    quantile,
    ratio,
    share,
    total,
    weighted_quantile,
)
from hrmonitor.estimation.intervals import (
    exact_count,
    exact_share,
    sign_test,
    worst_case_share,
)

__all__ = [
    "NONE", "Design", "Estimate", "bootstrap", "difference", "exact_count", "exact_share", "holm", "mean", "paired_change",
    "paired_ratio", "poststratify", "quantile", "rake", "ratio", "share", "share_change", "sign_test", "stratified", "total",
    "trim", "unpaired_change", "weighted_quantile", "worst_case_share",
]  # fmt: skip
