"""Answers of facilities come in as numbers, with the design: who answered, of how many, in which strata.

Out go estimates with interval, standard error and design effect for a small finite population. Functions here are pure: they know no
questionnaire, label, file or language, they draw random numbers only from the seed that they are given, and each formula names its source.
"""

from hrmonitor.estimation.changes import holm, paired_change, paired_ratio, share_change, unpaired_change
from hrmonitor.estimation.designs import (
    Design,
    counted,
    item_design,
    of_item,
    poststratify,
    rake,
    sampled,
    stratified,
    trim,
)
from hrmonitor.estimation.estimate import NONE, Estimate
from hrmonitor.estimation.estimators import (
    bootstrap,
    difference,
    mean,
    quantile,
    ratio,
    share,
    share_difference,
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
    "NONE", "Design", "Estimate", "bootstrap", "counted", "difference", "exact_count", "exact_share", "holm", "item_design", "mean", "of_item", "paired_change",
    "paired_ratio", "poststratify", "quantile", "rake", "ratio", "sampled", "share", "share_change", "share_difference", "sign_test", "stratified", "total",
    "trim", "unpaired_change", "weighted_quantile", "worst_case_share",
]  # fmt: skip
