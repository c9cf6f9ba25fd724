"""How alike coders coded: Krippendorff's alpha, Cohen's kappa, percent agreement, and which themes they take for each other.

A theme is there or not, so each is nominal with two values. Intervals are those of a seeded bootstrap (Zapf, Castell, Morawietz and
Karch, BMC Medical Research Methodology 16:93, 2016; the idea is that of Hayes and Krippendorff, Communication Methods and Measures 1, 2007).
It draws organisations with replacement, each with all of its answers, because professionals of one organisation tell alike and are coded
alike (Field and Welsh, Journal of the Royal Statistical Society B 69, 2007). The interval of percent agreement is exact (Clopper-Pearson).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
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
    statistic: Callable[[np.ndarray], float], values: np.ndarray, groups: np.ndarray, how: Resampling
) -> tuple[float, float]:
    """Percentile interval of `statistic` over samples of the groups that the rows belong to; NaN for fewer than two groups."""
    members = [np.flatnonzero(groups == group) for group in np.unique(groups)]
    if len(members) < 2:
        return float("nan"), float("nan")
    replicates = [
        statistic(values[np.concatenate([members[one] for one in drawn])]) for drawn in how.draws(len(members))
    ]
    return how.ends(np.array(replicates))


def resampled_alpha(values: np.ndarray, groups: np.ndarray, how: Resampling) -> tuple[float, float]:
    """`resampled(krippendorff_alpha, ...)` of a theme that is there (1) or not (0), from sums over groups: the same, and a hundred
    times as fast."""
    _, group = np.unique(groups, return_inverse=True)
    size = group.max() + 1 if len(group) else 0
    if size < 2:
        return float("nan"), float("nan")
    coded, there = (~np.isnan(values)).sum(axis=1), np.nansum(values, axis=1)
    differ = 2 * there * (coded - there) / (coded - 1)
    sums = [np.bincount(group, weights=column, minlength=size) for column in (differ, coded, there)]
    drawn = how.draws(size)
    differing, n, ones = (column[drawn].sum(axis=1) for column in sums)
    by_chance = 2 * ones * (n - ones)
    varied = by_chance > 0
    replicates = 1 - differing[varied] * (n[varied] - 1) / by_chance[varied]
    return how.ends(replicates)


@dataclass(frozen=True)
class Resampling:
    """How intervals are drawn: `name` seeds the draws of one of them."""

    confidence: float
    seed: int
    name: str

    def draws(self, groups: int) -> np.ndarray:
        """Which groups are drawn, a row a replicate."""
        random = np.random.default_rng([self.seed, crc32(self.name.encode())])
        return random.integers(0, groups, (REPLICATES, groups))

    def ends(self, replicates: np.ndarray) -> tuple[float, float]:
        """Percentiles; replicates in which the statistic is not defined are left out."""
        known = replicates[~np.isnan(replicates)]
        if not len(known):
            return float("nan"), float("nan")
        tail = (1 - self.confidence) / 2
        low, high = np.quantile(known, [tail, 1 - tail])
        return float(low), float(high)


# Over 6 parameters: the coding of one round, and how its intervals are drawn.
def agreement_table(
    round_: str, book: pd.DataFrame, wide: pd.DataFrame, organisations: pd.Series, confidence: float, seed: int
) -> pd.DataFrame:
    """`AGREEMENT`: alpha of all coders, and kappa and percent agreement (a share) of each pair, for each theme of the book.

    `wide` is that of `coding.side_by_side`; `organisations` is facility_id -> organisation. `n` is the number of answers that at least two
    (or both) of them coded. Without answers of two organisations there is no interval.
    """
    coders = [column for column in wide if column.startswith("coder_")]
    rows = []
    for question, theme in book[["question", "theme"]].itertuples(index=False):
        of_theme = wide.loc[(wide["question"] == question) & (wide["theme"] == theme)]
        # A facility of which no organisation is known stands for itself.
        known_of = of_theme["facility_id"].map(organisations).astype("str")
        group = known_of.fillna(of_theme["facility_id"].astype("str")).to_numpy(dtype=str)
        marks = of_theme[coders].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
        known = (~np.isnan(marks)).sum(axis=1) > 1
        paired = marks[known]
        lead = (round_, question, theme)
        alpha = with_interval(
            krippendorff_alpha(paired) if len(paired) else float("nan"),
            partial(resampled_alpha, paired, group[known]),
            Resampling(confidence, seed, f"alpha/{'/'.join(lead)}"),
        )
        rows.append((*lead, "all", "all", "alpha", *alpha, len(paired)))
        for a, b in combinations(range(len(coders)), 2):
            both = marks[:, [a, b]]
            known = ~np.isnan(both).any(axis=1)
            both = both[known]
            pair = (*lead, coders[a], coders[b])
            kappa = with_interval(
                cohen_kappa(both) if len(both) else float("nan"),
                partial(resampled, cohen_kappa, both, group[known]),
                Resampling(confidence, seed, f"kappa/{'/'.join(pair)}"),
            )
            rows.append((*pair, "kappa", *kappa, len(both)))
            rows.append((*pair, "percent_agreement", *_percent_agreement(both, confidence), len(both)))
    return pd.DataFrame(rows, columns=AGREEMENT)


def with_interval(
    estimate: float, interval: Callable[[Resampling], tuple[float, float]], how: Resampling
) -> tuple[float, float, float]:
    """(estimate, low, high), the estimate always between the ends; NaN where there is none."""
    if np.isnan(estimate):
        return (float("nan"),) * 3
    low, high = interval(how)
    return estimate, low if np.isnan(low) else min(low, estimate), high if np.isnan(high) else max(high, estimate)


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
