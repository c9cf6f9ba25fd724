"""How alike coders coded: Krippendorff's alpha, Cohen's kappa, percent agreement, and which themes they take for each other.

A theme is there or not, so each is nominal with two values. Intervals are those of a seeded bootstrap that draws answers with
replacement (Zapf, Castell, Morawietz and Karch, BMC Medical Research Methodology 16:93, 2016; the idea is that of Hayes and Krippendorff,
Communication Methods and Measures 1, 2007); that of percent agreement is exact (Clopper-Pearson).
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from zlib import crc32

import numpy as np
import pandas as pd
import scipy

from hrmonitor.themes.coding import PLACE

REPLICATES = 999
AGREEMENT = ["round", "question", "theme", "coder_a", "coder_b", "statistic", "estimate", "ci_low", "ci_high", "n"]
CONFUSION = ["round", "question", "coder_a", "coder_b", "theme_a", "theme_b", "n"]
NO_OTHER = "none"


def krippendorff_alpha(values: np.ndarray) -> float:
    """Krippendorff's alpha for nominal data; rows are answers, columns coders, NaN where a coder did not code.

    NaN when all values are the same: without variation agreement cannot be told from chance.
    """
    import krippendorff

    values = np.asarray(values, dtype=float)
    paired = values[(~np.isnan(values)).sum(axis=1) > 1] if values.size else values
    if len(np.unique(paired[~np.isnan(paired)])) < 2:
        return float("nan")
    return float(krippendorff.alpha(reliability_data=paired.T, level_of_measurement="nominal"))


def cohen_kappa(values: np.ndarray) -> float:
    """Cohen's kappa of two coders (columns), nominal: (p_o - p_e) / (1 - p_e) (Educational and Psychological Measurement 20, 1960).

    NaN when both give all answers one and the same value.
    """
    values = np.asarray(values)
    observed = np.mean(values[:, 0] == values[:, 1])
    expected = sum(np.prod(np.mean(values == category, axis=0)) for category in np.unique(values))
    return float((observed - expected) / (1 - expected)) if expected < 1 else float("nan")


def resampled(
    statistic: Callable[[np.ndarray], float], values: np.ndarray, confidence: float, seed: int, name: str
) -> tuple[float, float]:
    """Percentile interval of `statistic` over samples of the rows; samples in which it is not defined are left out."""
    random = np.random.default_rng([seed, crc32(name.encode())])
    drawn = random.integers(0, len(values), (REPLICATES, len(values)))
    replicates = np.array([statistic(values[rows]) for rows in drawn])
    replicates = replicates[~np.isnan(replicates)]
    tail = (1 - confidence) / 2
    low, high = np.quantile(replicates, [tail, 1 - tail]) if len(replicates) else (float("nan"), float("nan"))
    return float(low), float(high)


def agreement_table(round_: str, book: pd.DataFrame, wide: pd.DataFrame, confidence: float, seed: int) -> pd.DataFrame:
    """`AGREEMENT`: alpha of all coders, and kappa and percent agreement (a share) of each pair, for each theme of the book.

    `wide` is that of `coding.side_by_side`; `n` is the number of answers that at least two (or both) of them coded.
    """
    coders = [column for column in wide if column.startswith("coder_")]
    rows = []
    for question, theme in book[["question", "theme"]].itertuples(index=False):
        of_theme = wide.loc[(wide["question"] == question) & (wide["theme"] == theme), coders]
        marks = of_theme.astype("Float64").to_numpy(dtype=float, na_value=np.nan)
        paired = marks[(~np.isnan(marks)).sum(axis=1) > 1]
        lead = (round_, question, theme)
        alpha = _with_interval(krippendorff_alpha, paired, confidence, seed, f"alpha/{'/'.join(lead)}")
        rows.append((*lead, "all", "all", "alpha", *alpha, len(paired)))
        for a, b in combinations(range(len(coders)), 2):
            both = marks[:, [a, b]]
            both = both[~np.isnan(both).any(axis=1)]
            pair = (*lead, coders[a], coders[b])
            kappa = _with_interval(cohen_kappa, both, confidence, seed, f"kappa/{'/'.join(pair)}")
            rows.append((*pair, "kappa", *kappa, len(both)))
            rows.append((*pair, "percent_agreement", *_percent_agreement(both, confidence), len(both)))
    return pd.DataFrame(rows, columns=AGREEMENT)


def _with_interval(statistic, values, confidence, seed, name) -> tuple[float, float, float]:
    estimate = statistic(values) if len(values) else float("nan")
    if np.isnan(estimate):
        return (float("nan"),) * 3
    low, high = resampled(statistic, values, confidence, seed, name)
    return estimate, min(low, estimate), max(high, estimate)


def _percent_agreement(both: np.ndarray, confidence: float) -> tuple[float, float, float]:
    if not len(both):
        return (float("nan"),) * 3
    same = int((both[:, 0] == both[:, 1]).sum())
    interval = scipy.stats.binomtest(same, len(both)).proportion_ci(confidence, method="exact")
    return same / len(both), interval.low, interval.high


def confusion_table(round_: str, book: pd.DataFrame, wide: pd.DataFrame) -> pd.DataFrame:
    """`CONFUSION`: in how many answers coder_a gives theme_a where coder_b gives theme_b instead.

    On the diagonal: answers to which both give the theme. Off it: coder_a alone gives theme_a and coder_b alone gives theme_b; `none`
    stands where the other gives nothing that the first does not. Only answers that both coded, only pairs that occur.
    """
    coders = [column for column in wide if column.startswith("coder_")]
    rows = []
    for question, group in wide.groupby("question", sort=False):
        themes = [*book.loc[book["question"] == question, "theme"], NO_OTHER]
        for a, b in combinations(coders, 2):
            both = group[group[a].notna() & group[b].notna()]
            if not len(both):
                continue
            mine, theirs = (_matrix(both, coder, themes[:-1]) for coder in (a, b))
            only_mine, only_theirs = mine & ~theirs, theirs & ~mine
            counts = np.zeros((len(themes), len(themes)), dtype=int)
            counts[:-1, :-1] = only_mine.T.astype(int) @ only_theirs.astype(int) + np.diag((mine & theirs).sum(axis=0))
            counts[:-1, -1] = only_mine[~only_theirs.any(axis=1)].sum(axis=0)
            counts[-1, :-1] = only_theirs[~only_mine.any(axis=1)].sum(axis=0)
            rows += [
                (round_, question, a, b, themes[i], themes[j], int(counts[i, j]))
                for i, j in zip(*np.nonzero(counts), strict=True)
            ]
    return pd.DataFrame(rows, columns=CONFUSION)


def _matrix(both: pd.DataFrame, coder: str, themes: list[str]) -> np.ndarray:
    """Answers by themes, whether the coder gave the theme."""
    return both.pivot(index=PLACE, columns="theme", values=coder)[themes].to_numpy(dtype=bool)
