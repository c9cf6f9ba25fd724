"""Who answered, of how many: strata, and the weights that make the answers stand for all facilities.

A stratified simple random sample of facilities without replacement, as R's `survey` package has it with
`svydesign(ids = ~1, strata = ~stratum, fpc = ~N)`. Weights may then be adjusted to what the register knows of all facilities:
post-stratified, raked, trimmed. An estimator that uses adjusted weights takes the adjustment into its variance.

A sample of an unknown population brings its strata, clusters and weights along (`sampled`); what is said of facilities here holds of
whoever answered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from hrmonitor.errors import EstimationError
from hrmonitor.estimation.groups import Adjustment, labels, numbered
from hrmonitor.estimation.primary_units import PrimaryUnits, primary_units

# Raking stops when no margin is off by more than this share of its total, or after so many rounds.
RAKED, ROUNDS = 1e-12, 1000
# A variance below this share of the sum of squared influences is rounding.
NOISE = 1e-20
# Answers from which on those that are alike are counted first.
MANY = 5000


@dataclass(frozen=True)
class Design:
    """strata: label of each facility that answered; kept as `labels`, as clusters are. population: stratum -> N_h. weights: one a facility. clusters: the organisation of
    each, where the answers of one organisation are not taken for independent (`clusters`). one_vote: whether every organisation weighs the
    same. cautious: whether a variance that is smaller than that of independent answers, which few organisations may show by chance, is not
    relied on. units: how a sample was drawn that brings its own design; then `population` says nothing, and the variance is theirs. times: for how
    many facilities each row stands that are all alike (`counted`); None: for itself."""

    strata: np.ndarray | pd.Categorical
    population: dict[str, float]
    weights: np.ndarray
    adjustments: tuple[Adjustment, ...] = ()
    clusters: np.ndarray | pd.Categorical | None = None
    one_vote: bool = False
    cautious: bool = False
    units: PrimaryUnits | None = None
    times: np.ndarray | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "strata", labels(self.strata))
        if self.clusters is not None:
            object.__setattr__(self, "clusters", labels(self.clusters))

    @cached_property
    def coded(self) -> tuple[list[str], np.ndarray]:
        """The strata there are, in alphabetical order, and the place of each facility's stratum among them."""
        return numbered(self.strata)

    @cached_property
    def whole(self) -> np.ndarray:
        """What each row weighs, with all the facilities for which it stands."""
        return self.each(self.weights)

    def each(self, values: np.ndarray) -> np.ndarray:
        """Values of facilities, added up over those of each row."""
        return values if self.times is None else values * self.times

    def number(self, inside: np.ndarray) -> int:
        """Facilities inside."""
        return int((inside if self.times is None else self.times[inside]).sum())

    @cached_property
    def kinds(self) -> tuple[np.ndarray, np.ndarray]:
        """The kind of each facility, by all that the design says of it; and the first facility of each kind."""
        parts = [self.coded[1], self.cluster_codes if self.clusters is not None else None, self.weights]
        for one in self.adjustments:
            parts += [*one.codes, one.before, one.after]
        kind = np.zeros(len(self.strata), dtype=np.int64)
        for part in parts:
            if part is not None:
                _, places = np.unique(part, return_inverse=True)
                _, kind = np.unique(kind * (int(places.max(initial=0)) + 1) + places, return_inverse=True)
        return kind, np.unique(kind, return_index=True)[1]

    def simple(self, inside: np.ndarray) -> bool:
        """One stratum, in which the facilities `inside` all weigh the same."""
        return (
            len(self.coded[0]) == 1
            and (self.units is None or (self.units.endless and len(self.units.owner) == len(self.strata)))
            and not any(one.fitted for one in self.adjustments)
            and self.clusters is None
            and np.ptp(self.weights[inside]) == 0
        )

    @cached_property
    def cluster_codes(self) -> np.ndarray:
        """The number of each facility's organisation; where nothing is said of organisations, each is one."""
        if self.clusters is None:
            return np.arange(len(self.strata))
        return numbered(self.clusters)[1]

    @cached_property
    def independent(self) -> Design:
        """The design as if no two answers were of one organisation."""
        fitted = tuple(one for one in self.adjustments if one.fitted)
        return replace(self, adjustments=fitted, clusters=None, cautious=False)

    @property
    def freedom(self) -> int:
        """Degrees of freedom of all that answered."""
        if self.units is not None:
            return self.units.freedom(np.ones(len(self.strata), dtype=bool))
        if self.clusters is not None:
            return max(1, int(self.cluster_codes.max()))
        return max(1, self.number(np.ones(len(self.strata), dtype=bool)) - len(self.coded[0]))

    def subset(self, chosen: np.ndarray) -> Design:
        """Whole strata of the design, or any part of one that brings its units; else not for domains, whose estimators take NaN instead."""
        kept = self.strata[chosen]
        adjustments = tuple(one.part(chosen) for one in self.adjustments)
        names = set(numbered(kept)[0])
        population = {name: size for name, size in self.population.items() if name in names}
        return replace(self, strata=kept, population=population, weights=self.weights[chosen], adjustments=adjustments,
                       clusters=_part(self.clusters, chosen), units=self.units and self.units.part(chosen),
                       times=_part(self.times, chosen))  # fmt: skip


def stratified(strata: np.ndarray, population: Mapping[str, float]) -> Design:
    """The design with weights N_h / n_h. A stratum with more answers than facilities counts as a census."""
    coded = labels(strata)
    names, place = numbered(coded)
    counts = np.bincount(place, minlength=len(names))
    sizes = {name: max(float(population[name]), float(count)) for name, count in zip(names, counts, strict=True)}
    weights = np.array([sizes[name] / count for name, count in zip(names, counts, strict=True)])
    return Design(coded, sizes, weights[place] if len(coded) else np.array([]))


# Over 6 parameters: as R's svydesign.
def sampled(
    strata: np.ndarray, clusters: np.ndarray, weights: np.ndarray | None, fpc: np.ndarray | None = None, lonely: str = "fail"
) -> Design:  # fmt: skip
    """The design of answers that bring their strata, primary sampling units and weights (`primary_units`).

    Without weights each answer stands for as many units as the fpc says, and all the same where there is none. Raises `EstimationError`.
    """
    strata = np.asarray(strata, dtype=str)
    units = primary_units(strata, np.asarray(clusters, dtype=str), fpc, lonely)
    if weights is None:
        drawn = units.fractions[units.owner][units.codes]
        weights = np.divide(1.0, drawn, out=np.ones(len(strata)), where=drawn > 0)
    if not (np.isfinite(weights) & (weights > 0)).all():
        raise EstimationError("A weight is a number above 0.")
    population = dict.fromkeys(np.unique(strata).tolist(), np.inf)
    return Design(labels(strata), population, np.asarray(weights, float), units=units)


def poststratify(design: Design, groups: np.ndarray, totals: Mapping[str, float]) -> Design:
    """Weights scaled so that each group adds up to its total (Lohr, 8.6; R: postStratify).

    Raises `EstimationError` when nobody in a group answered, or a group has no total.
    """
    groups = labels(groups)
    _check_groups(groups, totals)
    weights = _fitted(design.weights, groups, totals)
    return replace(
        design,
        weights=weights,
        adjustments=(*design.adjustments, Adjustment((groups,), design.weights, weights)),
    )


def rake(design: Design, margins: list[np.ndarray], totals: Sequence[Mapping[str, float]]) -> Design:
    """Weights fitted to several margins in turn until all hold (Deming and Stephan 1940; R: rake).

    Raises `EstimationError` as `poststratify` does, when the margins disagree on the number of facilities, or when they cannot
    all hold.
    """
    margins = [labels(margin) for margin in margins]
    for margin, wanted in zip(margins, totals, strict=True):
        _check_groups(margin, wanted)
    sums = [sum(wanted.values()) for wanted in totals]
    if not np.allclose(sums, sums[0], rtol=1e-9):
        raise EstimationError(f"The margins to rake to add up to different numbers of facilities: {sums}.")
    weights = design.weights
    for _ in range(ROUNDS):
        for margin, wanted in zip(margins, totals, strict=True):
            weights = _fitted(weights, margin, wanted)
        if all(_off(weights, *pair) < RAKED for pair in zip(margins, totals, strict=True)):
            break
    else:
        raise EstimationError(
            "Raking does not come to an end: the margins cannot all hold. Leave one out of `margins:`."
        )
    made = Adjustment(tuple(margins), design.weights, weights)
    return replace(design, weights=weights, adjustments=(*design.adjustments, made))


def trim(design: Design, most: float) -> Design:
    """Weights above `most` times the median cut to it; what is cut goes to the others in equal parts (R: trimWeights).

    Repeated until none is above, as the others grow.
    """
    weights, upper = design.weights, most * float(np.median(design.weights))
    while (outside := weights > upper * (1 + 1e-12)).any():
        if outside.all():
            raise EstimationError(f"All weights lie above {most} times their median. Set a larger `trim:`.")
        cut = np.minimum(weights, upper)
        inside = ~(weights >= upper)
        if not inside.any():
            raise EstimationError(f"No weight is left below {most} times the median. Set a larger `trim:`.")
        cut[inside] += (weights - cut).sum() / inside.sum()
        weights = cut
    return replace(design, weights=weights)


def item_design(design: Design, applies: np.ndarray, answered: np.ndarray) -> tuple[Design, np.ndarray]:
    """The design of those who answered one question, and which facilities of `design` are in it.

    applies: whether the question applies to a facility; answered: whether it gave a usable answer. Within a stratum those who answered
    stand for all to whom it applies: their weights are scaled by the weight of these over their own, so that of N facilities of which
    the question applies to a share a, each of r answers weighs N a / r. Facilities to which it does not apply are known to lie outside
    and stay, so the fraction that is known, (r + those) / N, corrects the variance (R: svydesign on these facilities, with these
    weights and fpc = N). A stratum where nobody answered joins the first other one of its service in the alphabet; a
    service where nobody did is left out, and nothing is said of it. With one vote an organisation, those of it that answered stand for it.
    In a sample that brings its weights they stay as they are (R: na.rm = TRUE).
    """
    applies = np.asarray(applies, dtype=bool) | answered
    if design.units is not None:
        return design.subset(answered), answered
    if answered[applies].all():
        return design, np.ones(len(answered), dtype=bool)
    names, places = design.coded
    strata, population = places.copy(), dict(design.population)
    spoke = np.bincount(places[answered], minlength=len(names)) > 0
    asked = np.bincount(places[applies], minlength=len(names)) > 0
    known = answered | ~applies
    for place in np.flatnonzero(asked & ~spoke):
        service = names[place].split("/")[0]
        host = next((other for other in np.flatnonzero(spoke) if names[other].split("/")[0] == service), None)
        if host is None:
            known &= places != place
        else:
            strata[places == place] = host
            population[names[host]] += population.pop(names[place])
    stand_in = design.cluster_codes if design.one_vote and design.clusters is not None else strata
    factor = np.ones(len(strata))
    for group in np.flatnonzero(np.bincount(stand_in[known])):
        own = stand_in == group
        stands_for = design.whole[own & applies].sum()
        if stands_for and (said := own & answered).any():
            factor[said] = stands_for / design.whole[said].sum()
    adjustments = tuple(one.part(known, factor) for one in design.adjustments)
    kept = pd.Categorical.from_codes(strata[known], names)
    left = set(numbered(kept)[0])
    sizes = {name: size for name, size in population.items() if name in left}
    weights, clusters = (design.weights * factor)[known], _part(design.clusters, known)
    item = replace(
        design, strata=kept, population=sizes, weights=weights, adjustments=adjustments, clusters=clusters,
        times=_part(design.times, known),
    )  # fmt: skip
    return item, known


def counted(design: Design, applies: np.ndarray, answer: np.ndarray) -> tuple[Design, np.ndarray, np.ndarray]:
    """The design, to whom the question applies and the answers (0, 1 or NaN) with one row for all facilities that are alike in all of it.

    What is estimated of a hundred thousand answers is a function of a few hundred counts. Few answers, and those of a sample, stay as they are.
    """
    if len(answer) < MANY or design.units is not None or design.times is not None:
        return design, applies, answer
    kind, first = design.kinds
    states = np.where(np.isnan(answer), 2, answer).astype(np.int64) + 3 * np.asarray(applies, dtype=bool)
    times = np.bincount(kind * 6 + states)
    there = np.flatnonzero(times)
    rows = design.subset(first[there // 6])
    return replace(rows, times=times[there]), there % 6 >= 3, np.array([0.0, 1.0, np.nan])[there % 3]


def of_item(design: Design, applies: np.ndarray, *columns: np.ndarray) -> tuple[Design, list[np.ndarray]]:
    """The design of those who gave all of the columns (NaN where one did not), and the columns in its order (`item_design`)."""
    numbers = [np.asarray(column, dtype=float) for column in columns]
    answered = ~np.any([np.isnan(column) for column in numbers], axis=0)
    item, known = item_design(design, applies, answered)
    return item, [np.where(answered, column, np.nan)[known] for column in numbers]


def variance(design: Design, influence: np.ndarray) -> float:
    """Variance of an estimator with these influence values (weight included), 0 outside its domain.

    The sum over strata of (1 - f_h) n_h / (n_h - 1) times the squared deviations from the stratum's mean, of what the
    adjustments of the weights leave of the influences. A stratum with one answer deviates from 0 (R: lonely.psu = "adjust").

    With clusters the influences of each organisation are added up, and the sums deviate from their mean over all of them, as in R's
    svydesign(ids = ~organisation); each influence is first taken down by the root of 1 - f_h, so that no error is left of a census.
    """
    of_all = float(design.each(influence**2).sum())
    for adjustment in design.adjustments:
        influence = _residual(design, influence, adjustment)
    if design.units is not None:
        total = design.units.variance(influence)
    else:
        total = _stratified(design, influence) if design.clusters is None else _clustered(design, influence)
    # What rounding leaves of deviations that are 0.
    return 0.0 if total < NOISE * of_all else total


def _stratified(design: Design, influence: np.ndarray) -> float:
    total = 0.0
    names, places = design.coded
    for place, name in enumerate(names):
        own = places == place
        z, n, size = influence[own], design.number(own), design.population[name]
        if design.times is None:
            deviations = (z - z.mean()) ** 2
        else:
            times = design.times[own]
            deviations = (z - (z * times).sum() / n) ** 2 * times
        squares = n / (n - 1) * deviations.sum() if n > 1 else float(z[0] ** 2)
        total += (1 - n / size) * squares
    return float(total)


def _clustered(design: Design, influence: np.ndarray) -> float:
    names, places = design.coded
    counts = np.bincount(places, design.times, len(names))
    left = np.array([1 - count / design.population[name] for name, count in zip(names, counts, strict=True)])
    sums = np.bincount(design.cluster_codes, design.each(influence * np.sqrt(np.maximum(left, 0.0))[places]))
    number = len(sums)
    if number < 2:  # as a lonely stratum: from 0
        return float((sums**2).sum())
    return float(number / (number - 1) * ((sums - sums.mean()) ** 2).sum())


def _part(of, chosen: np.ndarray):
    return None if of is None else of[chosen]


def freedom(design: Design, inside: np.ndarray) -> int:
    """Degrees of freedom of a domain: its answers less its strata; with clusters, its organisations less one."""
    if design.units is not None:
        return design.units.freedom(inside)
    if design.clusters is not None:
        return max(1, clusters_inside(design, inside) - 1)
    return max(1, design.number(inside) - int((np.bincount(design.coded[1][inside]) > 0).sum()))


def clusters_inside(design: Design, inside: np.ndarray) -> int:
    """Organisations of the facilities inside; facilities, where nothing is said of organisations."""
    return int((np.bincount(design.cluster_codes[inside]) > 0).sum())


def _residual(design: Design, influence: np.ndarray, adjustment: Adjustment) -> np.ndarray:
    """What an adjustment leaves: deviations from the mean of each group, in turn for several margins."""
    after = np.where(adjustment.after == 0, 1.0, adjustment.after)
    if len(adjustment.margins) == 1:
        scale = adjustment.before
        (group,) = adjustment.codes
        sums = _group_sums(design.each(influence * scale / after), group) / _group_sums(design.each(scale), group)
        return influence - sums * after
    for _ in range(10):  # as R does; the projections have come to rest long before
        for group in adjustment.codes:
            number = np.bincount(group, design.times)[group]
            influence = influence - after * _group_sums(design.each(influence / after), group) / number
    return influence


def _group_sums(values: np.ndarray, group: np.ndarray) -> np.ndarray:
    return np.bincount(group, values)[group]


def _fitted(weights: np.ndarray, groups: pd.Categorical, totals: Mapping[str, float]) -> np.ndarray:
    names, places = numbered(groups)
    return weights * np.array([totals[name] for name in names], dtype=float)[places] / _group_sums(weights, places)


def _off(weights: np.ndarray, groups: pd.Categorical, totals: Mapping[str, float]) -> float:
    names, places = numbered(groups)
    sums = np.bincount(places, weights)
    return float(np.max(np.abs(sums / np.array([totals[name] for name in names], dtype=float) - 1)))


def _check_groups(groups: pd.Categorical, totals: Mapping[str, float]) -> None:
    there = set(numbered(groups)[0])
    silent = [name for name, total in totals.items() if total > 0 and name not in there]
    if silent:
        raise EstimationError(
            f"No facility of the group {silent[0]!r} answered, so no weight can stand for it. "
            "Merge it with another group or leave its margin out."
        )
    unknown = sorted(there - set(totals))
    if unknown:
        raise EstimationError(f"The register has no facility of the group {unknown[0]!r}, but one answered.")
