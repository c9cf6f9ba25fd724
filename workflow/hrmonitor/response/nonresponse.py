"""Those who answered beside all facilities of the register: where they differ, and how much that could matter."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
import scipy

from hrmonitor.disclosure.moments import significant
from hrmonitor.disclosure.rounding import to_coarse
from hrmonitor.disclosure.who_answered import joined_classes
from hrmonitor.estimation import holm
from hrmonitor.project.register import frame_of_year
from hrmonitor.response.association import DRAWS, allotments, stratified_association

COLUMNS = ["round", "variable", "level", "statistic", "n", "population", "estimate", "ci_low", "ci_high"]
VARIABLES = ("service", "province", "organisation", "age", "municipality")
# Lower ends of the classes: facilities of the organisation, years since opening, facilities in the municipality.
CLASSES = {"organisation": (1, 5, 10, 20), "age": (0, 5, 10, 20), "municipality": (1, 3, 6, 11)}
# The R-indicator under chance alone is computed this many times.
REPLICATES = 999


def characteristics(register: pd.DataFrame, cases: pd.DataFrame, year: int) -> pd.DataFrame:
    """What the register knows of each facility in `cases`: numbers `organisation`, `age`, `municipality` beside its place.

    An organisation's and a municipality's size is its number of facilities open that year, whatever their service. The
    register does not say how many people live in a municipality.
    """
    frame = frame_of_year(register, year)
    ours = cases[["facility_id"]].merge(register, on="facility_id", how="left")
    return pd.DataFrame(
        {
            "service": ours["service"],
            "province": ours["province"],
            "organisation": ours["organisation"].map(frame["organisation"].value_counts()),
            "age": (year - ours["opened"].str[:4].astype(int)).clip(lower=0),
            "municipality": ours["municipality"].map(frame["municipality"].value_counts()),
        }
    )


def classes_of(register: pd.DataFrame, cases: pd.DataFrame, year: int, minimum_cell: int) -> pd.DataFrame:
    """`VARIABLES` of each of `cases` in classes, some of them joined, so that no table tells of a facility whether it answered.

    Every table of who answered has these classes; other ones beside them would tell by their differences.
    """
    known = characteristics(register, cases, year)
    for variable, lower in CLASSES.items():
        known[variable] = _in_classes(known[variable], lower)
    return joined_classes(known, (cases["mode"] != "").to_numpy(), minimum_cell)


def compare(
    round_: str, register: pd.DataFrame, cases: pd.DataFrame, year: int, seed: int, minimum_cell: int
) -> pd.DataFrame:
    """Respondents against the register, in `COLUMNS`; empty when all or none answered.

    Per level of a variable: `register`, `answered` and `weighted` (its share among all facilities, among those that answered, and
    among these weighted to the register by service), `response` (n of population), and `standardised_difference`
    (answered less register, over the standard deviation of the level in the register) with its weighted twin.
    Per variable (level empty): `p_value` of the exact test that those who answered are a random part of the register
    (Fisher-Freeman-Halton, as answering from a finite population is drawing without replacement), `p_within_service` of the
    same within types of service, and `p_holm`, the latter corrected for the number of variables. For `all`: see
    `representativity`. Levels are those of `classes_of`; what depends on how variables go together is rounded.
    """
    cases = cases[cases["disposition"] != "not_eligible"].reset_index(drop=True)
    answered = (cases["mode"] != "").to_numpy()
    if answered.all() or not answered.any():
        return pd.DataFrame(columns=COLUMNS).astype(dict.fromkeys(COLUMNS[-3:], float))
    known = characteristics(register, cases, year)
    classes = classes_of(register, cases, year, minimum_cell)
    strata = known["service"].to_numpy()
    weights = _weights(strata, answered)
    rows, within = [], {}
    for variable in VARIABLES:
        levels = classes[variable]
        table = pd.get_dummies(levels).astype(float)
        for level in _in_order(table.columns, variable):
            rows += [(variable, level, *row) for row in _shares(table[level].to_numpy(), answered, weights)]
        rows.append((variable, "", "p_value", *_statistic(_exact_p(table, answered, seed), answered)))
        if variable != "service" and table.shape[1] > 1:
            name = f"{round_}/nonresponse/{variable}"
            within[variable] = stratified_association(table.to_numpy(), answered.astype(int), strata, seed, name)[1]
            rows.append((variable, "", "p_within_service", *_statistic(within[variable], answered)))
    for variable, p in zip(within, holm(list(within.values())), strict=True):
        rows.append((variable, "", "p_holm", *_statistic(p, answered)))
    for statistic, value, low, high in representativity(known, answered, seed, f"{round_}/representativity"):
        rows.append(("all", "", statistic, *_statistic(value, answered)[:3], low, high))
    table = pd.DataFrame([(round_, *row) for row in rows], columns=COLUMNS)
    of_variable = table["level"] == ""
    for name in COLUMNS[-3:]:
        table[name] = table[name].astype(float).mask(of_variable, significant(table[name]))
    return table


def _statistic(value: float, answered: np.ndarray) -> tuple:
    return int(answered.sum()), len(answered), value, np.nan, np.nan


def _weights(strata: np.ndarray, answered: np.ndarray) -> np.ndarray:
    """N_h / n_h for those who answered, 0 for the others."""
    weights = np.zeros(len(strata))
    for stratum in np.unique(strata):
        members = strata == stratum
        weights[members & answered] = members.sum() / max(1, (members & answered).sum())
    return weights


def _in_classes(values: pd.Series, lower: tuple[int, ...]) -> pd.Series:
    labels = [f"{low}–{high - 1}" for low, high in pairwise(lower)] + [f"{lower[-1]}+"]
    return pd.cut(values, [*lower, np.inf], right=False, labels=labels).astype("str")


def _in_order(levels, variable: str) -> list[str]:
    if variable not in CLASSES:
        return sorted(levels)
    return sorted(
        levels, key=lambda level: (level == "other", int("0" + "".join(c for c in level.split("–")[0] if c.isdigit())))
    )


def _shares(inside: np.ndarray, answered: np.ndarray, weights: np.ndarray):
    n, size = int((inside * answered).sum()), int(inside.sum())
    register, among = size / len(inside), n / answered.sum()
    # The weighted share has a number of answers a service in it, and tells them all if it has ten digits.
    weighted = float(to_coarse((inside * weights).sum() / weights.sum()))
    spread = np.sqrt(register * (1 - register))
    none = (np.nan, np.nan)
    yield "register", size, len(inside), register, *none
    yield "answered", n, int(answered.sum()), among, *none
    yield "response", n, size, n / size, *none
    yield "weighted", n, int(answered.sum()), weighted, *none
    for name, share in (("standardised_difference", among), ("standardised_difference_weighted", weighted)):
        yield name, n, size, (share - register) / spread if spread > 0 else 0.0, *none


def _exact_p(table: pd.DataFrame, answered: np.ndarray, seed: int) -> float:
    """Fisher-Freeman-Halton by Monte Carlo: tables no more probable than the one seen, given its margins."""
    counts = np.array([table[answered].sum(), table[~answered].sum()]).astype(int)
    if counts.shape[1] < 2:
        return 1.0
    method = scipy.stats.MonteCarloMethod(n_resamples=DRAWS, rng=np.random.default_rng(seed))
    return (
        float(scipy.stats.fisher_exact(counts, method=method).pvalue)
        if counts.shape[1] > 2
        else float(scipy.stats.fisher_exact(counts).pvalue)
    )


def representativity(known: pd.DataFrame, answered: np.ndarray, seed: int, name: str):
    """(statistic, value, low, high) of R-indicators (Schouten, Cobben and Bethlehem, Survey Methodology 35, 2009).

    R = 1 - 2 S, S the standard deviation over the register of the propensity to answer: 1 when all facilities were as likely to
    answer. `r_within_service` has the deviation within types of service, which weighting by service cannot repair.
    Propensities come from a logistic model of service, the organisation's size, the facility's age and the number of
    facilities in its municipality. Estimated on few facilities R is too low; so beside each stands what chance alone gives,
    `.._by_chance` (median and the middle 95 % when the same numbers answered at random), and the share of such draws
    with an R as low, `.._p_value`. `maximal_bias` is S over the response rate: the most by which the mean of a variable
    could be off, in its standard deviations, if it went with the propensity exactly.
    """
    numbers = np.log1p(known[["organisation", "age", "municipality"]].to_numpy(dtype=float))
    spread = numbers.std(axis=0)
    numbers = (numbers - numbers.mean(axis=0))[:, spread > 0] / spread[spread > 0]
    services = pd.get_dummies(known["service"]).to_numpy(dtype=float)
    model = np.hstack([services, numbers])

    def both(answers: np.ndarray) -> tuple[float, float]:
        propensity = propensities(model, answers)
        within = propensity - services @ (services.T @ propensity / services.sum(axis=0))
        freedom = len(propensity) - 1
        return 1 - 2 * propensity.std(ddof=1), 1 - 2 * np.sqrt((within**2).sum() / freedom)

    overall, inside = both(answered.astype(float))
    everywhere = np.zeros(len(answered))
    for statistic, value, strata, place in (
        ("r_indicator", overall, everywhere, 0),
        ("r_within_service", inside, known["service"].to_numpy(), 1),
    ):
        draws = allotments(answered, strata, seed, f"{name}/{statistic}", REPLICATES)
        by_chance = np.array([both(draw)[place] for batch in draws for draw in batch])
        low, middle, high = np.quantile(by_chance, [0.025, 0.5, 0.975])
        yield statistic, value, np.nan, np.nan
        yield f"{statistic}_by_chance", middle, low, high
        yield f"{statistic}_p_value", (1 + (by_chance <= value + 1e-12).sum()) / (1 + REPLICATES), np.nan, np.nan
    yield "maximal_bias", (1 - overall) / 2 / answered.mean(), np.nan, np.nan


def propensities(model: np.ndarray, answered: np.ndarray) -> np.ndarray:
    """Fitted probabilities of logistic regression with Firth's penalty (Biometrika 80, 1993).

    The penalty keeps them finite where all facilities of a kind answered (Heinze and Schemper, Statistics in Medicine 21, 2002).
    """
    coefficients = np.zeros(model.shape[1])
    for _ in range(100):
        fitted = 1 / (1 + np.exp(-model @ coefficients))
        weight = fitted * (1 - fitted)
        inverse = np.linalg.pinv((model * weight[:, None]).T @ model, hermitian=True)
        leverage = weight * np.einsum("ij,jk,ik->i", model, inverse, model)
        step = inverse @ (model.T @ (answered - fitted + leverage * (0.5 - fitted)))
        coefficients = coefficients + step / max(1.0, np.abs(step).max() / 2)
        if np.abs(step).max() < 1e-8:
            break
    return 1 / (1 + np.exp(-model @ coefficients))
