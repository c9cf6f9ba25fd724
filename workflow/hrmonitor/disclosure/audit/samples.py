"""Targets of a sample: no linear program undoes weights that every answer has for itself, so nothing near a target may be printed.

Any number of its question, of its type of service or of all together, is taken to tell it.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from hrmonitor.disclosure.audit.protected import Target, follow_up
from hrmonitor.disclosure.audit.ranges import is_multiple, step_of
from hrmonitor.questionnaire.model import Questionnaire
from hrmonitor.questionnaire.statistics import QUANTILES

ALL = ("all", "everybody")
# Numbers that only the marks of a figure tell.
OF_MARKS = "one_of_two"


def told_of_sample(
    target: Target,
    statements: pd.DataFrame,
    bases: dict[tuple[str, str, str], int],
    form: Questionnaire,
) -> list[str]:
    """The files that print something from which a target of a sample may follow; `statements` and `bases` are those of `Published`."""
    indicators = {target.indicator} | {unknown[5] for unknown in target.parts if unknown[0] == "A"}
    near = statements[
        statements["indicator"].isin(indicators)
        & ((statements["round"] == target.round) | (statements["round_from"] == target.round))
    ]
    if target.statistic == OF_MARKS:
        return _files(near[near["statistic"] == "marks"])
    # What a quantile tells has a rule of its own.
    of_quantiles = near["statistic"].map(lambda name: name.partition("/")[0] in QUANTILES).astype(bool)
    near = near[~of_quantiles]
    of_all = near["service"].isin(ALL)
    services = set(form["service"].codes) if target.service == "all" else set(target.service.split("+"))
    printed = set(near["service"]) & services
    if len(services) > 1:
        # A sum over several services follows from all of them, or from that of all.
        return _files(near[of_all | (near["service"].isin(printed) if services <= printed else False)])
    question = form.by_indicator.get(target.indicator)
    after = [
        f"open_data/indicators.csv ({other})"
        for other, category in (follow_up(question, form) if question else [])
        if category == target.category and (target.round, target.service, form[other].indicator) in bases
    ]
    return [*_files(near[of_all | near["service"].isin(services)]), *after]


def finer_than_their_error(statements: pd.DataFrame, samples: frozenset[str]) -> Iterator[tuple]:
    """(round, service, indicator, category, statistic, reason, source) of each weighted share in more digits than its standard error has."""
    own = statements[statements["round"].isin(samples) & (statements["round_from"] == "")]
    place = ["round", "service", "indicator", "category"]
    errors = own[own["statistic"] == "share/se"].drop_duplicates(place)
    error = {tuple(row[:4]): (row[4] + row[5]) / 2 for row in errors[[*place, "low", "high"]].itertuples(index=False)}
    for row in own[own["statistic"] == "share"].itertuples(index=False):
        name = (row.round, row.service, row.indicator, row.category)
        step = step_of(error.get(name))
        if step and not is_multiple((row.low + row.high) / 2, step):
            yield (*name, row.statistic, "more digits than it justifies", row.source)


def _files(statements: pd.DataFrame) -> list[str]:
    return sorted(set(statements["source"]))
