"""What nobody may learn from the published files, worked out from the answers themselves.

Each target is a combination of unknowns (counts `m`, sums `T`, parts of sums) with the range that an attacker must still deem
possible. The thresholds are those of `disclosure:` in config.yaml; that the suppressor knows the same cells is what the audit is about.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import chain, combinations

import numpy as np
import pandas as pd

from hrmonitor.disclosure.audit.related import Alike, alike
from hrmonitor.project.frame import is_sample
from hrmonitor.questionnaire.model import Question, Questionnaire
from hrmonitor.questionnaire.statistics import QUANTILES
from hrmonitor.survey import Round

UNANSWERED = ("not_asked", "no_answer", "refused", "not_applicable")


@dataclass(frozen=True)
class Target:
    """round, service, indicator, category, statistic: how people name it. `parts` over unknowns; the attacker must deem all from
    `low` to `high` possible, and a range of at least `width`. Without `parts` (quantiles) nothing outside `low` to `high` may be printed."""

    round: str
    service: str
    indicator: str
    category: str
    statistic: str
    parts: dict[tuple, float]
    low: float
    high: float
    width: float
    reason: str

    @property
    def name(self) -> tuple[str, ...]:
        return (self.round, self.service, self.indicator, self.category, self.statistic)


def protected(rounds: list[Round], rules: dict, figures: dict) -> list[Target]:
    """All targets of the rounds; `rules` and `figures` are the blocks `disclosure:` and `figures:` of config.yaml."""
    found: list[Target] = []
    for one in rounds:
        owner = one.facilities["facility_id"].map(one.frame.set_index("facility_id")["organisation"]).fillna("")
        for question in one.questionnaire:
            if not question.indicator or (
                question.name not in one.facilities.columns and question.kind != "select_multiple"  # type: ignore[union-attr]  # the audit reads rounds whole: `facilities` is a frame, never `Columns`
            ):
                continue
            if question.kind.startswith("select"):
                found += _counts(one, question, owner, rules)
            else:
                found += _sums(one, question, owner, rules)
                found += _quantiles(one, question, owner, rules)
        found += _themes(one, rules)
        if is_sample(one.frame):
            found += _weighted(one, rules)
    found += _left_open(alike(rounds), rules)
    for earlier, later in combinations(rounds, 2):
        found += _rests(earlier, later, rules)
    by_round = {one.name: one for one in rounds}
    for options in figures.values():
        if "then" in options and options.get("round") in by_round:
            found += _alone(by_round[options["round"]], options, rules)
    return found


@dataclass(frozen=True)
class Known:
    """What the attacker knows besides what is printed, so that no attack rests on a wrong guess.

    bases: (round, service, indicator) -> answers behind its estimates; the tables of questions left open count who gave none.
    clients: (round, service, indicator) -> clients of the facilities behind its mean by clients; many are published, and those of a
    large facility are no secret in its field.
    signed: indicators of numbers that may be below zero.
    counts: (round, service, indicator, category) -> the counts that the rules treat as they treat the true one. No table says why a cell
    is hidden; an attacker who knows the rules is taken to have guessed it.
    alike: who answered the same of related questions. samples: rounds of which every answer has a weight of its own.
    """

    bases: dict[tuple[str, str, str], int]
    clients: dict[tuple[str, str, str], float]
    signed: set[str]
    counts: dict[tuple[str, str, str, str], list[int]] = field(default_factory=dict)
    alike: list[Alike] = field(default_factory=list)
    samples: frozenset[str] = frozenset()


def known(rounds: list[Round], rules: dict) -> Known:
    found: dict[tuple[str, str, str], int] = {}
    counts: dict[tuple[str, str, str, str], list[int]] = {}
    weighing: dict[tuple[str, str, str], float] = {}
    signed = set()
    for one in rounds:
        for question in one.questionnaire:
            if not question.indicator:
                continue
            if question.kind.startswith("select"):
                given = base_of(one.facilities, question)
            elif question.name in one.facilities.columns:  # type: ignore[union-attr]  # the audit reads rounds whole: `facilities` is a frame, never `Columns`
                given = numbers_of(one.facilities, question.name).notna()
                if (numbers_of(one.facilities, question.name) < 0).any():
                    signed.add(question.indicator)
                if question.weighted_by:
                    clients = numbers_of(one.facilities, question.weighted_by)[given]
                    for service, many in clients.groupby(one.facilities["service"][given]).sum().items():
                        weighing[one.name, service, question.indicator] = float(many)
            else:
                continue
            for service, n in given.groupby(one.facilities["service"]).sum().items():
                found[one.name, service, question.indicator] = int(n)
            # Nothing is hidden for its count where counts are rounded.
            if (
                question.indicator in rules["sensitive"]
                and question.kind.startswith("select")
                and not rules["round_sensitive"]
            ):
                counts |= _guessed(one, question, given, rules)
        if not one.themes.empty:
            own = one.themes[one.themes["round"].astype(str) == one.name]
            for (question, theme, service), coded in own.groupby(["question", "theme", "service"]):
                found[one.name, service, f"{question}/{theme}"] = len(coded)
                # A minimum of two hides none with the one, so that two counts are left.
                first = 0 if rules["minimum_cell"] == 2 else 1
                small = [first <= count < rules["minimum_cell"] for count in range(len(coded) + 1)]
                # Where the facilities or their organisations are few, all counts are hidden alike.
                if not few(_owner_of(coded, one), rules):
                    counts[one.name, service, f"{question}/{theme}", ""] = _alike(small, int(coded["present"].sum()))
    samples = frozenset(one.name for one in rounds if is_sample(one.frame))
    return Known(found, weighing, signed, counts, alike(rounds), samples)


def _guessed(
    one: Round, question: Question, given: pd.Series, rules: dict
) -> dict[tuple[str, str, str, str], list[int]]:
    found, least = {}, rules["minimum_cell"]
    owner = one.facilities["facility_id"].map(one.frame.set_index("facility_id")["organisation"]).fillna("")
    for service in one.facilities["service"].unique():
        own = given & (one.facilities["service"] == service)
        n = int(own.sum())
        # Where the facilities or their organisations are few, all counts are hidden alike.
        if few(owner[own], rules):
            continue
        small = [0 < count < least or n - count < least for count in range(n + 1)]
        for choice in question.choices:
            if not (choice.missing and choice.missing != "dont_know"):
                true = int((gave(one.facilities, question, choice.name) & own).sum())
                found[one.name, service, question.indicator, choice.name] = _alike(small, true)
    return found


def _alike(small: list[bool], true: int) -> list[int]:
    return [count for count, one in enumerate(small) if one == small[true]]


def _alone(one: Round, options: dict, rules: dict):
    """Those that gave one of two numbers only: what they said is the total less the marks of those that gave both."""
    questions = [one.questionnaire[options[moment]] for moment in ("then", "now")]
    if any(question.kind.startswith("select") for question in questions):
        return
    owner = one.facilities["facility_id"].map(one.frame.set_index("facility_id")["organisation"]).fillna("")
    numbers = [numbers_of(one.facilities, question.name) for question in questions]
    for question, own, other in zip(questions, numbers, numbers[::-1], strict=True):
        for service in one.facilities["service"].unique():
            alone = own.notna() & other.isna() & (one.facilities["service"] == service)
            limits = limits_of(own[alone], owner[alone], rules)
            if limits:
                unknown = ("M", one.name, service, question.indicator, "rest")
                yield Target(one.name, service, question.indicator, "", "one_of_two", {unknown: 1.0}, *limits)


def base_of(facilities: pd.DataFrame, question: Question) -> pd.Series:
    """Facilities whose answer counts in shares, a "don't know" among them."""
    return ~facilities[f"{question.name}__missing"].fillna("").isin(UNANSWERED)


def gave(facilities: pd.DataFrame, question: Question, category: str) -> pd.Series:
    if question.kind == "select_multiple":
        return facilities[f"{question.name}/{category}"].fillna(False).astype(bool)
    missing = next(choice.missing for choice in question.choices if choice.name == category)
    if missing:
        return facilities[f"{question.name}__missing"] == missing
    return (facilities[question.name] == category).fillna(False).astype(bool)


def few(owner: pd.Series, rules: dict) -> bool:
    return len(owner) > 0 and (len(owner) < rules["minimum_cell"] or owner.nunique() < rules["minimum_organisations"])


def _counts(one: Round, question: Question, owner: pd.Series, rules: dict):
    sensitive, least = question.indicator in rules["sensitive"], rules["minimum_cell"]
    base = base_of(one.facilities, question)
    for service in one.facilities["service"].unique():
        own = base & (one.facilities["service"] == service)
        for choice in question.choices:
            if choice.missing and choice.missing != "dont_know":
                continue
            count, n = int((gave(one.facilities, question, choice.name) & own).sum()), int(own.sum())
            if not n:
                continue
            telling = 0 < count < least or n - count < least
            if few(owner[own], rules) or (sensitive and telling):
                unknown = ("m", one.name, service, question.indicator, choice.name)
                yield Target(
                    one.name, service, question.indicator, choice.name, "share", {unknown: 1.0}, count, count, 1.0,
                    "few facilities",
                )  # fmt: skip


def numbers_of(facilities: pd.DataFrame, name: str) -> pd.Series:
    return facilities[name].astype("Float64").astype(float)


def _sums(one: Round, question: Question, owner: pd.Series, rules: dict):
    """Sums by service, and of several services together: what an organisation has in all of them is one contribution."""
    values = {"sum": numbers_of(one.facilities, question.name)}
    if "client_mean" in question.statistics and question.weighted_by:
        clients = numbers_of(one.facilities, question.weighted_by)
        values["client_mean"] = numbers_of(one.facilities, question.name) * clients
    registered, kept = one.frame.groupby("service").size(), one.facilities.groupby("service").size()  # type: ignore[union-attr]  # the audit reads rounds whole: `facilities` is a frame, never `Columns`
    outside = one.facilities[f"{question.name}__missing"].isin(["not_asked", "not_applicable"])
    about = one.facilities["service"][~outside].value_counts()
    for statistic, numbers in values.items():
        spoke = one.facilities["service"][numbers.notna()].value_counts()
        asked = [service for service in kept.index if numbers[one.facilities["service"] == service].notna().any()]
        several = (combinations(asked, size) for size in range(1, len(asked) + 1))
        for services in chain.from_iterable(several):
            own = numbers.notna() & one.facilities["service"].isin(services)
            weight = {
                s: 1.0 if len(services) == 1 else max(1.0, registered[s] / kept[s]) * about[s] / spoke[s]
                for s in services
            }
            weighed = numbers[own] * one.facilities["service"][own].map(weight)
            parts = {("T", one.name, s, question.indicator, statistic): weight[s] for s in services}
            name = "+".join(services) if len(services) < len(asked) or len(asked) == 1 else "all"
            limits = limits_of(weighed, owner[own], rules)
            if limits:
                yield Target(one.name, name, question.indicator, "", statistic, parts, *limits)


def _weighted(one: Round, rules: dict):
    """Numbers of few answers with weights of their own, from which who knows the weights has each answer."""
    for question in one.questionnaire:
        choice = question.kind.startswith("select")
        if not question.indicator or (choice and question.indicator not in rules["sensitive"]):
            continue
        given = base_of(one.facilities, question) if choice else numbers_of(one.facilities, question.name).notna()
        for service in one.facilities["service"].unique():
            if 0 < int((given & (one.facilities["service"] == service)).sum()) < rules["minimum_spread"]:
                unknown = ("W", one.name, service, question.indicator)
                yield Target(one.name, service, question.indicator, "", "weighted", {unknown: 1.0}, 0.0, 0.0, 1.0, "few answers with weights")  # fmt: skip


def limits_of(values: pd.Series, owner: pd.Series, rules: dict) -> tuple[float, float, float, str] | None:
    """(low, high, width, reason) of a sum that must be protected; None if it need not."""
    total = float(values.sum())
    if few(owner, rules):
        margin = rules["protection"] / 100 * abs(total)
        return total - margin, total + margin, 0.1, "few facilities"
    parts = np.sort(values.groupby(owner).sum().to_numpy())[::-1]
    lacking = rules["p_percent"] / 100 * parts[0] - parts[2:].sum() if len(parts) and parts[0] > 0 else 0.0
    return (total - lacking, total + lacking, 0.0, "one organisation dominates") if lacking > 0 else None


def _left_open(groups: list[Alike], rules: dict):
    """What few said of some related questions, and what they would have said to those that they left open."""
    for group in groups:
        for parts, values in group.quantities():
            limits = limits_of(values, group.owner, rules)
            if limits:
                yield Target(group.round, group.service, group.whole, "", "together", parts, *limits)


def _quantiles(one: Round, question: Question, owner: pd.Series, rules: dict):
    """Quantiles of few facilities, and ends of intervals beyond which few lie, are one facility's answer.

    `low` and `high` are the ends that may be shown.
    """
    values, least = numbers_of(one.facilities, question.name), rules["minimum_cell"]
    for service in [*one.facilities["service"].unique(), "all"]:
        own = values.notna() & ((one.facilities["service"] == service) | (service == "all"))
        if not own.any():
            continue
        ordered = np.sort(values[own].to_numpy())
        low, high = (np.inf, -np.inf) if few(owner[own], rules) else (ordered[least - 1], ordered[-least])
        for statistic in question.statistics:
            if statistic in QUANTILES:
                yield Target(one.name, service, question.indicator, "", statistic, {}, low, high, 0, "few facilities")


def _owner_of(coded: pd.DataFrame, one: Round) -> pd.Series:
    return coded["facility_id"].map(one.frame.set_index("facility_id")["organisation"]).fillna("")


def _themes(one: Round, rules: dict):
    if one.themes.empty:
        return
    own = one.themes[one.themes["round"].astype(str) == one.name]
    for (question, theme, service), coded in own.groupby(["question", "theme", "service"]):
        count = int(coded["present"].sum())
        if 0 < count < rules["minimum_cell"] or few(_owner_of(coded, one), rules):
            parts = {("m", one.name, service, f"{question}/{theme}", ""): 1.0}
            yield Target(
                one.name, service, f"{question}/{theme}", "", "theme", parts, count, count, 1.0, "few facilities"
            )


def _rests(earlier: Round, later: Round, rules: dict):
    """The facilities that answered one of two rounds only: few enough, their sum follows from a total and a paired change."""
    for indicator, question in later.questionnaire.by_indicator.items():
        before = earlier.questionnaire.by_indicator.get(indicator)
        if before is None or question.kind.startswith("select") or before.kind.startswith("select"):
            continue
        sides = [
            (one, numbers_of(one.facilities, asked.name).set_axis(one.facilities["facility_id"]).dropna(), other)
            for one, asked, other in ((earlier, before, later), (later, question, earlier))
        ]
        for (one, values, _), (_, others, _) in (sides, sides[::-1]):
            known = one.frame.set_index("facility_id")
            alone = values[~values.index.isin(others.index)]
            of_service = alone.index.map(known["service"])
            for service in of_service.unique():
                part = alone[of_service == service]
                limits = limits_of(
                    part, pd.Series(known["organisation"].reindex(part.index).to_numpy(), index=part.index), rules
                )
                if limits:
                    unknown = ("R", earlier.name, later.name, service, indicator, one.name)
                    yield Target(one.name, service, indicator, "", "difference", {unknown: 1.0}, *limits)


def follow_up(question: Question, questionnaire: Questionnaire) -> list[tuple[str, str]]:
    """(question, category): those asked of exactly the facilities that gave one answer to this question."""
    found = []
    for other in questionnaire:
        asked_if = re.fullmatch(rf"\s*\${{{question.name}}}\s*=\s*'([^']*)'\s*", other.relevant)
        asked_if = asked_if or re.fullmatch(
            rf"\s*selected\(\s*\${{{question.name}}}\s*,\s*'([^']*)'\s*\)\s*", other.relevant
        )
        if asked_if:
            found.append((other.name, asked_if.group(1)))
    return found
