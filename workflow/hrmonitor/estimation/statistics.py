"""The statistics of a number or a choice: how each is estimated, and how disclosure control must treat it.

A statistic costs two entries: its name in `questionnaire.statistics`, where forms look, and its declaration here. Whatever is published
of it is refused by `disclosure.suppressions` unless the declaration says how it is kept from giving a facility away; so a
statistic whose treatment nobody thought of stops the build by name.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import numpy as np

from hrmonitor.errors import DisclosureError
from hrmonitor.estimation.designs import Design, of_item
from hrmonitor.estimation.estimate import NONE, Estimate
from hrmonitor.estimation.estimators import bootstrap, mean, quantile, ratio, total
from hrmonitor.estimation.sampling_design import EstimationSettings
from hrmonitor.questionnaire.statistics import QUANTILES
from hrmonitor.questionnaire.statistics import STATISTICS as IN_FORMS

# How disclosure control may treat a statistic: as a linear combination of counts or sums by service, of which cells are hidden
# until no secret follows; or by the order of values, of which a quantile and its interval show single ones.
CELL, ORDER = "cell", "order"
TREATMENTS = (CELL, ORDER)


@dataclass(frozen=True)
class LinearForm:
    """What a facility adds to the sum that a statistic tells: `of(values, clients)`. `name` is that of the cell in suppressions.csv."""

    name: str
    of: Callable[[np.ndarray, np.ndarray | None], np.ndarray]


SUM = LinearForm("sum", lambda values, clients: values)
CLIENT_SUM = LinearForm("client_mean", lambda values, clients: values * clients)


@dataclass(frozen=True)
class Statistic:
    """A statistic as forms and tables name it; `label` is its key under `statistics` of the texts.

    estimate: (values, clients, design, settings, name of the draws) -> `Estimate`; None for shares, which `tabulation.indicators`
    makes by category, and for what is published beside another statistic. cell: the cell of disclosure control that it states (several
    statistics may state the same); form: what that cell adds up, for numbers. treatment: one of `TREATMENTS`.
    """

    name: str
    estimate: Callable[[np.ndarray, np.ndarray | None, Design, EstimationSettings, str], Estimate] | None = None
    cell: str = ""
    form: LinearForm | None = None
    treatment: str = ""

    @property
    def label(self) -> str:
        return self.name


def _mean(values, clients, design: Design, settings: EstimationSettings, name: str) -> Estimate:
    if settings.variance == "bootstrap":
        return _bootstrapped(lambda y, w: float((w * y).sum() / w.sum()), [values], design, settings, name)
    return mean(design, values, settings.confidence)


def _total(values, clients, design: Design, settings: EstimationSettings, name: str) -> Estimate:
    if settings.variance == "bootstrap":
        found = _bootstrapped(lambda y, w: float((w * y).sum()), [values], design, settings, name)
    else:
        found = total(design, values, settings.confidence)
    # At least what was counted; in a sample weights need not say how many there are.
    if design.units is not None:
        return found
    low = max(found.low, float(np.nansum(values)))
    return Estimate(found.value, low, found.high, found.n, found.se, found.deff)


def _client_mean(values, clients, design: Design, settings: EstimationSettings, name: str) -> Estimate:
    if settings.variance == "bootstrap":
        return _bootstrapped(
            lambda y, x, w: float((w * y * x).sum() / (w * x).sum()), [values, clients], design, settings, name
        )
    return ratio(design, values * clients, clients, settings.confidence)


def _quantile(p: float, values, clients, design: Design, settings: EstimationSettings, name: str) -> Estimate:
    return quantile(design, values, p, settings.confidence, settings.quantile_interval, settings.seed, name)


def _bootstrapped(compute, columns, design: Design, settings: EstimationSettings, name: str) -> Estimate:
    return bootstrap(design, compute, columns, settings.confidence, settings.seed, name)


STATISTICS = {
    statistic.name: statistic
    for statistic in (
        Statistic("share", None, "share", None, CELL),
        Statistic("mean", _mean, "sum", SUM, CELL),
        Statistic("client_mean", _client_mean, "client_mean", CLIENT_SUM, CELL),
        Statistic("total", _total, "sum", SUM, CELL),
        *(Statistic(name, partial(_quantile, p), name, None, ORDER) for name, p in QUANTILES.items()),
        # Beside others, or between rounds: no form asks for them.
        Statistic("share_bounds", None, "share", None, CELL),
        Statistic("change", None, "change", None, CELL),
        Statistic("paired_change", None, "paired_change", None, CELL),
        Statistic("paired_ratio", None, "paired_ratio", None, CELL),
    )
}
DERIVED = ("share_bounds", "change", "paired_change", "paired_ratio")
if set(IN_FORMS) != set(STATISTICS) - set(DERIVED):
    raise RuntimeError(
        "questionnaire/statistics.py and estimation/statistics.py must name the same statistics; these differ: "
        f"{', '.join(sorted(set(IN_FORMS) ^ (set(STATISTICS) - set(DERIVED))))}."
    )


def treated(name: str) -> Statistic:
    """The declaration of a statistic that is about to be published.

    Raises `DisclosureError` naming it when it has none, or when nothing says how disclosure control treats it.
    """
    statistic = STATISTICS.get(name)
    if statistic is None or statistic.treatment not in TREATMENTS or not statistic.cell:
        raise DisclosureError(
            f"The statistic {name!r} may not be published: nothing says how disclosure control treats it. Declare its `cell` and "
            f"`treatment` ({', '.join(TREATMENTS)}) in estimation/statistics.py."
        )
    return statistic


def stating(cell: str) -> tuple[str, ...]:
    """The statistics that state a cell, or the cell's own name: a total tells what a mean does."""
    return tuple(one.name for one in STATISTICS.values() if one.cell == cell) or (cell,)


class Answers(NamedTuple):
    """A question's numbers, one a facility of a design (NaN where there is none), the clients to weight them by, and to which facilities
    the question applies."""

    values: np.ndarray
    clients: np.ndarray | None
    applies: np.ndarray


def number(statistic: str, answers: Answers, design: Design, settings: EstimationSettings, name: str) -> Estimate:
    """A statistic of numbers, from those who answered the question (`designs.item_design`); `name` seeds its bootstrap."""
    weighted = IN_FORMS[statistic].weighted if statistic in IN_FORMS else False
    columns = [answers.values, answers.clients] if weighted else [answers.values]
    if np.isnan(answers.values).all():
        return NONE
    item, (values, *clients) = of_item(design, answers.applies, *columns)
    return STATISTICS[statistic].estimate(values, clients[0] if clients else None, item, settings, name)  # type: ignore[misc]  # checked to be there by who asks for it
