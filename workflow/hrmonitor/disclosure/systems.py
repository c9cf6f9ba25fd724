"""What is published of an indicator, as a system of cells and secrets: counts and sums by round and type of service, and their changes.

`suppressions` finds in it what must be hidden.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import combinations

import numpy as np
import pandas as pd

from hrmonitor.disclosure.linked_cells import Cell, Secret, System, Unknown
from hrmonitor.disclosure.rounding import COARSE, to_coarse
from hrmonitor.disclosure.rules import Rules, dominance, runs_of_counts, safe_quantile, too_few, unsafe_count
from hrmonitor.errors import ComparisonError
from hrmonitor.estimation import Design, item_design
from hrmonitor.estimation.sampling_design import EstimationSettings, round_design
from hrmonitor.estimation.statistics import ORDER, STATISTICS, SUM, Answers, number, treated
from hrmonitor.questionnaire.comparability import comparable
from hrmonitor.questionnaire.model import Question
from hrmonitor.survey import Round, applies_to, asked, pairs_of
from hrmonitor.tabulation.changes import matched, matched_categories
from hrmonitor.tabulation.indicators import ALL, answer_columns, yes_of

# Why a cell is confidential in itself.
COUNT, DOMINANCE = "primary_count", "primary_dominance"
# What a number is published with: ten digits.
DIGITS = 1e-9


@lru_cache(maxsize=32)
def _design(one: Round, settings: EstimationSettings) -> Design:
    """The design of a round's answers, worked out once: every indicator asks for it."""
    return round_design(one.facilities, one.frame, settings)


def system_of(indicator: str, rounds: list[Round], settings: EstimationSettings, rules: Rules) -> System:
    system = System()
    for one in rounds:
        question = one.questionnaire.by_indicator.get(indicator)
        if question is None:
            continue
        if question.kind.startswith("select"):
            _add_shares(system, question, one, settings, rules)
        else:
            _add_sums(system, question, one, rules)
    for earlier, later in pairs_of(rounds):
        try:
            link = comparable(earlier.questionnaire, later.questionnaire, indicator)
        except (ComparisonError, KeyError):
            continue
        # Changes of shares have no secrets of their own.
        if system.secrets or not link.later.kind.startswith("select"):
            _add_changes(system, link, earlier, later, settings, rules)
    return system


def _add_shares(system: System, question: Question, one: Round, settings: EstimationSettings, rules: Rules) -> None:
    """Counts by service and category; the share of all services is the sum of theirs with the weights of the design."""
    indicator, design = question.indicator, _design(one, settings)
    categories = {}
    answers = one.facilities[answer_columns(question)]
    for choice in question.choices:
        yes = yes_of(answers, question, [choice.name], settings)
        if not np.isnan(yes).all() and not (choice.missing and choice.missing != "dont_know"):
            categories[choice.name] = yes
    asking = [
        service
        for service, its in one.of_service.items()
        if any((~np.isnan(yes[its])).any() for yes in categories.values())
    ]
    for service in asking:
        counts = []
        for category, yes in categories.items():
            own = one.of_service[service] & ~np.isnan(yes)
            n, count = int(own.sum()), int(yes[own].sum())
            if not n:
                continue
            unknown = (one.name, service, category)
            name = ("indicators", "", one.name, service, indicator, category, "share")
            organisations = one.organisations[own]
            runs = runs_of_counts(count, organisations, indicator, rules)
            system.unknowns[unknown] = Unknown(count, n, True, runs=runs)
            system.cells[name] = Cell({unknown: 1.0}, n)
            counts.append(unknown)
            if unsafe_count(count, organisations, indicator, rules):
                # A count that is known to be one of two is not known.
                system.secrets[unknown] = Secret({unknown: 1.0}, count, count, 1.0, (name,), COUNT)
        if question.kind == "select_one" and counts:
            # Those that gave no category (a "don't know" in words) are counted among the questions left open.
            system.known.append((dict.fromkeys(counts, 1.0), sum(system.unknowns[one].value for one in counts)))
    if not asking or not _asked_of_several(question, answers, one):
        return
    applies = applies_to(answers, question.name, not settings.dont_know_in_base)
    for category, yes in categories.items():
        inside = ~np.isnan(yes) & one.among(asking)
        item, said = item_design(design, applies, ~np.isnan(yes))
        weights = np.zeros(len(yes))
        weights[said] = item.weights
        parts = {}
        for service in asking:
            own = inside & one.of_service[service]
            if own.any():
                parts[one.name, service, category] = float(weights[own].mean())
        size = float(weights[inside].sum())
        name = ("indicators", "", one.name, ALL, indicator, category, "share")
        # Rounded when a part is hidden.
        printed = size * float(to_coarse(system.value(parts) / size))
        system.cells[name] = Cell(parts, int(inside.sum()), size * COARSE / 2, printed)


def _asked_of_several(question: Question, answers: pd.DataFrame, one: Round) -> bool:
    """Whether all services have a row of their own: it is there when several were asked, though one alone may have answered.

    `answers` has at least the question's columns, of all facilities.
    """
    was_asked = asked(answers, question.name).to_numpy(dtype=bool)
    return sum(bool(was_asked[its].any()) for its in one.of_service.values()) > 1


def _add_sums(system: System, question: Question, one: Round, rules: Rules) -> None:
    """Sums by service, whether shown as total or as mean; means by clients are sums of clients."""
    values = one.values_of(question.name)
    clients = one.values_of(question.weighted_by) if question.weighted_by else None
    published = {STATISTICS[name].form for name in question.statistics} - {None}
    # The plain sum is there in any case: changes between rounds tell it.
    forms = dict.fromkeys(one.form for one in STATISTICS.values() if one.form in (SUM, *published))
    for form in forms:
        if form:
            _add_sum(system, form.name, form.of(values, clients), question, one, rules, form in published)


# Over 6 parameters: a sum is named by its statistic, question and round, and goes with its values, the rules and whether it is printed.
def _add_sum(
    system: System, statistic: str, values: np.ndarray, question: Question, one: Round, rules: Rules, published: bool
) -> None:
    registered, known = one.frame.groupby("service").size(), ~np.isnan(values)
    applies = applies_to(one.facilities, question.name)
    # Those who answered stand for all to whom the question applies.
    weights = {
        service: max(1.0, registered[service] / its.sum()) * int((applies & its).sum()) / int((known & its).sum())
        for service, its in one.of_service.items()
        if (known & its).any()
    }
    unsafe: set = set()
    # A sum of safe sums is safe; one that has an unsafe sum in it may not be, when the rest of it is small or also hidden. What an
    # organisation has in all of its services is one contribution, which it takes out of them.
    for size in range(1, len(weights) + 1):
        for services in combinations(weights, size):
            if size > 1 and not unsafe & set(services):
                continue
            own = known & one.among(services)
            weight = {service: weights[service] if size > 1 else 1.0 for service in services}
            weighed = values[own] * sum(weight[service] * one.of_service[service][own] for service in services)
            parts = {(one.name, service, statistic): factor for service, factor in weight.items()}
            if size == 1:
                lower = 0.0 if values[own].min() >= 0 else -np.inf
                system.unknowns[next(iter(parts))] = Unknown(float(weighed.sum()), lower=lower)
            stated: tuple[tuple[str, ...], ...] = ()
            if published and (size == 1 or size == len(weights)):
                place = services[0] if size == 1 else ALL
                stated = (("indicators", "", one.name, place, question.indicator, "", statistic),)
            secret = sum_secret(parts, weighed, one.organisations[own], question, stated, rules)
            if secret:
                system.secrets[one.name, *services, statistic] = secret
                unsafe |= set(services) if size == 1 else set()
    if not published:
        return
    totals = {service: {(one.name, service, statistic): 1.0} for service in weights}
    if weights and _asked_of_several(question, one.facilities, one):
        totals[ALL] = {(one.name, service, statistic): weight for service, weight in weights.items()}
    for service, parts in totals.items():
        n = int((known & one.among(weights if service == ALL else [service])).sum())
        total = system.value(parts)
        name = ("indicators", "", one.name, service, question.indicator, "", statistic)
        system.cells[name] = Cell(parts, n, DIGITS * abs(total))


def sum_secret(
    parts: dict, values: np.ndarray, organisations: pd.Series, question: Question, stated: tuple, rules: Rules
) -> Secret | None:
    """What may not be known of a sum: nothing when many facilities, none of them dominant, stand behind it."""
    total = float(np.sum(values))
    level = dominance(pd.Series(np.asarray(values)), pd.Series(organisations.to_numpy()), rules)
    if too_few(organisations, rules):
        return Secret(parts, *_around(total, rules), _width(question), stated, COUNT)
    return Secret(parts, total - level, total + level, 0.0, stated, DOMINANCE) if level > 0 else None


def _around(value: float, rules: Rules) -> tuple[float, float]:
    margin = rules.protection / 100 * abs(value)
    return value - margin, value + margin


def _width(question: Question) -> float:
    """A number of zero has no per cents; it must not be known more precisely than to two of its smallest steps."""
    return 1.0 if question.kind == "integer" else 0.1


def _add_changes(
    system: System, link, earlier: Round, later: Round, settings: EstimationSettings, rules: Rules
) -> None:
    """The change of a mean or share since an earlier round, at all facilities and at those that answered both."""
    indicator = link.later.indicator
    services = in_both(link, earlier, later)
    shares = link.later.kind.startswith("select")
    for category, before in matched_categories(link) if shares else [("", [])]:
        if shares:
            then = yes_of(earlier.facilities, link.earlier, before, settings)
            now = yes_of(later.facilities, link.later, [category], settings)
            if np.nansum(then) + np.nansum(now) == 0:
                continue
        else:
            then, now = earlier.values_of(link.earlier.name), later.values_of(link.later.name)
        pairs = matched(earlier.facilities, then, later.facilities, now)
        for service in services:
            _add_change(system, pairs[pairs["service"] == service], (indicator, category, service), before, earlier, later,
                        link.later, rules)  # fmt: skip


def in_both(link, earlier: Round, later: Round) -> list[str]:
    return [s for s in (link.services or later.of_service) if s in earlier.of_service and s in later.of_service]


# Over 6 parameters: a change has two rounds, and its cells are named by both, the place in the table and the categories joined before.
def _add_change(system, pairs, place, before, earlier, later, question, rules) -> None:
    indicator, category, service = place
    shares = bool(category)
    counted = pairs[["then", "now"]].notna()
    n_then, n_now = int(counted["then"].sum()), int(counted["now"].sum())
    olds = [(earlier.name, service, code) for code in before] if shares else [(earlier.name, service, "sum")]
    new = (later.name, service, category if shares else "sum")
    if not n_then or not n_now or any(one not in system.unknowns for one in (*olds, new)):
        return
    lead = ("changes", earlier.name, later.name, service, indicator, category)
    change = {new: 1 / n_now, **{old: -1 / n_then for old in olds}}
    system.cells[*lead, "change"] = Cell(
        change, (n_then + n_now) / 4, 0.0 if shares else DIGITS * abs(system.value(change))
    )
    both = pairs[counted.all(axis=1)]
    if both.empty:
        return
    # What those that answered both said, and the others by difference.
    inner_then, inner_now = (*lead, "then"), (*lead, "now")
    for inner, side in ((inner_then, "then"), (inner_now, "now")):
        system.unknowns[inner] = Unknown(float(both[side].sum()), len(both) if shares else np.inf, shares,
                                         0.0 if pairs[side].min() >= 0 else -np.inf)  # fmt: skip
    ids = pairs["facility_id"]
    for inner, side, whole, frame in (
        (inner_then, "then", olds, earlier.frame),
        (inner_now, "now", [new], later.frame),
    ):
        alone = pairs[counted[side] & ~counted.all(axis=1)]
        rest = (*inner, "rest")
        system.unknowns[rest] = Unknown(float(alone[side].sum()), len(alone) if shares else np.inf, shares,
                                        0.0 if pairs[side].min() >= 0 else -np.inf)  # fmt: skip
        system.known.append(({**dict.fromkeys(whole, 1.0), inner: -1.0, rest: -1.0}, 0.0))
        if not shares and len(alone):
            organisations = ids[alone.index].map(frame.set_index("facility_id")["organisation"]).fillna("")
            secret = sum_secret({rest: 1.0}, alone[side].to_numpy(float), organisations, question, (), rules)
            if secret:
                system.secrets[rest] = secret
    n = len(both)
    paired = {inner_now: 1.0, inner_then: -1.0}
    system.cells[*lead, "paired_change"] = Cell(paired, n / 2, 0.0 if shares else DIGITS * abs(system.value(paired)))
    if not shares and question.unit != "%" and both["then"].sum():
        ratio = {inner_now: 1.0, inner_then: -float(both["now"].sum() / both["then"].sum())}
        system.cells[*lead, "paired_ratio"] = Cell(ratio, n / 2, DIGITS * abs(float(both["now"].sum())))


def unsafe_quantiles(indicator: str, rounds: list[Round], settings: EstimationSettings, rules: Rules):
    """Medians and percentiles whose interval ends at what one of the smallest or largest facilities answered."""
    for one in rounds:
        question = one.questionnaire.by_indicator.get(indicator)
        if question is None or question.kind.startswith("select"):
            continue
        design, values = _design(one, settings), one.values_of(question.name)
        applies = applies_to(one.facilities, question.name)
        asking = [service for service, its in one.of_service.items() if (~np.isnan(values[its])).any()]
        for service in [*asking, *([ALL] if asking and _asked_of_several(question, one.facilities, one) else [])]:
            chosen = one.among(asking if service == ALL else [service])
            for statistic in [name for name in question.statistics if treated(name).treatment == ORDER]:
                name = f"{one.name}/{service}/{indicator}/{statistic}"
                found = number(
                    statistic, Answers(values[chosen], None, applies[chosen]), design.subset(chosen), settings, name
                )
                known = chosen & ~np.isnan(values)
                if too_few(one.organisations[known], rules) or not safe_quantile(
                    values[chosen], found.low, found.high, rules
                ):
                    yield ("indicators", "", one.name, service, indicator, "", statistic)
