"""Standard errors, design effects and intervals: where they are shown, and in how many digits.

The answers of three facilities follow from their mean and its standard error, if both have ten digits; those of four nearly. And what is
printed of all services rests on those of which the number is hidden. So both are shown only of enough facilities and where no
part is hidden, and no number is finer than its standard error makes sense of.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from hrmonitor.disclosure.suppressions import ROUNDED
from hrmonitor.estimation.statistics import CELL, STATISTICS
from hrmonitor.survey import Round

MOMENTS = ["ci_low", "ci_high", "se", "deff"]
NUMBERS = ["estimate", "ci_low", "ci_high"]
ALL = "all"
# Significant digits of a standard error; the number beside it ends where that ends.
SIGNIFICANT = 2
# Counts of facilities over their number: the estimate tells the count, and what stands beside it follows from that.
OF_COUNTS = ("share", "share_bounds")


def without_moments(table: pd.DataFrame, minimum_spread: int) -> pd.DataFrame:
    """`indicators` or `changes`, cells already hidden: moments blank where they tell of few facilities, or of a part that is hidden.

    `minimum_spread` is the number of facilities of which they are shown. Those of a share follow from its count, and stay unless a part
    of it is hidden.
    """
    number = ~table["statistic"].isin(OF_COUNTS) & (table["unit"] != "share")
    few = number & (table["n"].astype(float) < minimum_spread)
    # Of facilities that all answered nothing is left to chance, and the total of all services tells nothing of them.
    telling = table["suppressed"] | (few & ~(table["se"] <= 0))
    place = [name for name in ("round_from", "round", "indicator", "category", "statistic") if name in table]
    parts = table["service"] != ALL
    told = set(table.loc[telling & parts, place].itertuples(index=False, name=None))
    linear = table["statistic"].map(lambda name: STATISTICS[name].treatment == CELL)
    of_hidden = pd.Series([row in told for row in table[place].itertuples(index=False, name=None)], index=table.index)
    blank = few | (of_hidden & ~parts & linear & (table["statistic"] != "share_bounds"))
    table = table.copy()
    table.loc[blank, [name for name in MOMENTS if name in table]] = np.nan
    return table


def few_answers(rounds: Iterable[Round], minimum_spread: int) -> set[tuple[str, str, str]]:
    """(round, service, indicator) of each number that fewer facilities than `minimum_spread` of the service answered."""
    found = set()
    for one in rounds:
        for indicator, question in one.questionnaire.by_indicator.items():
            if not question.kind.startswith("select"):
                known = ~np.isnan(one.values_of(question.name))
                answers = {service: int((known & its).sum()) for service, its in one.of_service.items()}
                found |= {(one.name, service, indicator) for service, n in answers.items() if 0 < n < minimum_spread}
    return found


def without_moments_of(changes: pd.DataFrame, suppressions: pd.DataFrame, few: set[tuple]) -> pd.DataFrame:
    """Changes without the moments of those that compare a cell that `suppressions` hides, or `few_answers`, in either round.

    The standard error of a change at the same facilities tells how many changed their answer, and that of a change between all facilities
    is made of that of either round: who has the one has the other. What is said of all services goes with that of one.
    """
    hidden = suppressions[(suppressions["table"] == "indicators") & (suppressions["reason"] != ROUNDED)]
    told = set(hidden[["round", "service", "indicator", "category"]].itertuples(index=False, name=None))
    of_few = {(round_, ALL, indicator) for round_, _, indicator in few} | few
    keys = list(changes[["service", "indicator", "category"]].itertuples(index=False, name=None))
    blank = [
        any((round_, *key) in told or (round_, *key[:2]) in of_few for round_ in rounds)
        for rounds, key in zip(changes[["round_from", "round"]].itertuples(index=False, name=None), keys, strict=True)
    ]
    changes = changes.copy()
    changes.loc[blank, [name for name in MOMENTS if name in changes]] = np.nan
    return changes


def justified(table: pd.DataFrame) -> pd.DataFrame:
    """Numbers in the digits that their standard error justifies, that and the design effect in `SIGNIFICANT` digits.

    A share of one service is a count over another and keeps its digits, as does what has no standard error or one of 0. A share of a sample,
    of which no population is known, is weighted and no count.
    """
    table = table.copy()
    for name in ("se", "deff"):
        if name in table:
            table[name] = significant(table[name].astype(float))
    number = ~table["statistic"].isin(OF_COUNTS) & (table["unit"] != "share")
    if "population" in table:
        number |= table["population"].isna()
    for name in NUMBERS:
        table.loc[number, name] = to_step(table.loc[number, name], step_of(table.loc[number, "se"]))
    return table


def significant(values: pd.Series, digits: int = SIGNIFICANT) -> pd.Series:
    """Numbers in so many significant digits."""
    return to_step(values, step_of(values, digits))


def step_of(values: pd.Series, digits: int = SIGNIFICANT) -> pd.Series:
    """The unit of the last of so many significant digits; missing for 0 and for what is missing."""
    size = values.astype(float).abs()
    size = size.where(size > 0)
    step = 10.0 ** (np.floor(np.log10(size)) - digits + 1)
    # What is rounded up to the next power of ten has its last digit one place to the left.
    return step.where(np.round(size / step) < 10**digits, 10 * step)


def to_step(values: pd.Series, step: pd.Series) -> pd.Series:
    """Values as multiples of a step, half up; as they are where there is none."""
    rounded = np.floor(np.round(values.astype(float) / step, 7) + 0.5) * step
    # A step is a power of ten, which has no exact fraction: ten digits are what is printed.
    return rounded.map(lambda value: float(f"{value:.10g}")).where(step.notna(), values)
