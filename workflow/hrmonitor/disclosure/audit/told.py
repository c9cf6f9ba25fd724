"""What the statements of published files say of the unknowns, as constraints of a problem."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from hrmonitor.disclosure.audit.problem import Problem
from hrmonitor.disclosure.audit.protected import Target, follow_up
from hrmonitor.disclosure.audit.published import Published
from hrmonitor.estimation import exact_count
from hrmonitor.questionnaire.model import Question, Questionnaire


@dataclass(frozen=True)
class About:
    """An indicator, the problem that its published numbers make, and what an attacker knows besides them."""

    indicator: str
    problem: Problem
    published: Published
    clients: dict[tuple[str, str, str], float]
    confidence: float


def add_told(
    about: About, told: pd.DataFrame, targets: list[Target], forms: dict[str, Questionnaire], rounds: list[str]
) -> None:
    problem, indicator = about.problem, about.indicator
    for target in targets:
        for unknown in target.parts:
            problem.add(unknown, whole=unknown[0] == "m")
    questions = {round_: forms[round_].by_indicator.get(indicator) for round_ in rounds}
    for round_ in rounds:
        services = [one for one in about.published.asked.get((round_, indicator), []) if one != "all"]
        own = told[(told["round"] == round_) & (told["round_from"] == "")]
        question = questions[round_]
        if question is None and "/" not in indicator:
            continue
        if question is None or question.kind.startswith("select"):
            _add_counts(about, question, round_, services, own)
            if question is not None:
                _add_asked(about, question, forms[round_], round_, services)
        else:
            _add_sums(about, round_, services, own)
    # A sum over facilities that answered both rounds, or one of them, is part of the sum over all.
    changed = told[told["round_from"] != ""]
    for (earlier, later, service), own in changed.groupby(["round_from", "round", "service"], sort=False):
        _add_changes(about, (earlier, later), service, own, questions)


def _base(published: Published, round_: str, service: str, indicator: str) -> float:
    """Answers behind a number; if nobody counted them, all facilities that answered."""
    return published.bases.get(
        (round_, service, indicator), published.sizes.get((round_, service), (np.inf, np.inf))[1]
    )


def _weights(published: Published, round_: str, services: Iterable[str], indicator: str) -> dict[str, float]:
    """What an answer stands for: the facilities to which the question applies over those that answered it.

    The population is printed in whole facilities, N k / n of the k of n that it applies to; k follows from it.
    """
    weights = {}
    for service in services:
        registered, kept = published.sizes.get((round_, service), (1, 1))
        answers = _base(published, round_, service, indicator)
        stands_for = max(1.0, registered / kept) if kept else 1.0
        population = published.populations.get((round_, service, indicator), registered)
        applies = min(round(population / stands_for), kept) if kept else 1
        weights[service] = stands_for * applies / answers if kept and 0 < answers <= applies else stands_for
    return weights


def _add_counts(about: About, question: Question | None, round_: str, services: list[str], own: pd.DataFrame) -> None:
    problem, indicator, published = about.problem, about.indicator, about.published
    categories = [""] if question is None else question.codes
    n = {service: _base(published, round_, service, indicator) for service in services}
    weights = _weights(published, round_, services, indicator)
    if question is None:
        # Themes are weighted by the answers that were coded.
        weights = {s: published.sizes.get((round_, s), (n[s], 0))[0] / n[s] for s in services}
    size = sum(weights[service] * n[service] for service in services)
    for service in services:
        for category in categories:
            problem.add(("m", round_, service, indicator, category), n[service], True)
    if question is not None and question.kind == "select_one":
        _add_base(problem, indicator, question, round_, services, n)
    for row in own.itertuples(index=False):
        name = ("m", round_, row.service, indicator, row.category)
        everyone = {("m", round_, service, indicator, row.category): weights[service] for service in services}
        if row.statistic in ("share", "theme") and name in problem.whole:
            problem.constraints.append(({name: 1.0}, row.low * n[row.service], row.high * n[row.service]))
        elif row.statistic in ("share", "theme") and row.service == "all" and everyone:
            problem.guess(f"weights {round_}", everyone, row.low * size, row.high * size)
        elif row.statistic == "union" and services:
            parts = {("m", round_, s, indicator, c): weights[s] for s in services for c in row.category.split("|")}
            problem.guess(f"weights {round_}", parts, row.low * size, row.high * size)
        elif row.statistic == "count" and name in problem.whole:
            problem.constraints.append(({name: 1.0}, row.low, row.high))
        elif row.statistic == "count" and row.service == "all" and everyone:
            problem.constraints.append((dict.fromkeys(everyone, 1.0), row.low, row.high))
        elif row.statistic == "count" and row.service == "everybody" and everyone:
            # Answers that were filled in count in shares and not in the codebook.
            problem.guess(f"codebook {round_}", dict.fromkeys(everyone, 1.0), row.low, row.high)
        elif row.statistic == "share_bounds/ci_low":
            parts = {name: 1.0} if name in problem.whole else dict.fromkeys(everyone, 1.0)
            registered = published.sizes.get((round_, row.service), (np.nan, 0))[0]
            if parts and np.isfinite(registered):
                # The lower bound is the count over the facilities that the question is about, at most all of the register.
                problem.constraints.append((parts, 0.0, row.high * registered))
                if _base(published, round_, row.service, indicator) == published.sizes[round_, row.service][1]:
                    problem.constraints.append((parts, row.low * registered, row.high * registered))
        elif row.statistic == "share/ci_low" and name in problem.whole:
            high = own[
                (own["service"] == row.service)
                & (own["category"] == row.category)
                & (own["statistic"] == "share/ci_high")
            ]
            if len(high):
                _add_interval(about, name, row, high.iloc[0], int(n[row.service]))


def _add_asked(about: About, question: Question, form: Questionnaire, round_: str, services: list[str]) -> None:
    """The facilities that a follow-up applies to, over those in the register, are the share that gave the answer before it."""
    populations, sizes = about.published.populations, about.published.sizes
    for name, category in follow_up(question, form):
        weights = {service: np.divide(*sizes.get((round_, service), (0, 1))) for service in services}
        everyone = {("m", round_, one, question.indicator, category): max(1.0, weights[one]) for one in services}
        for service in (*services, "all"):
            stands_for = populations.get((round_, service, form.questions[name].indicator))
            if stands_for is not None and everyone:
                own = ("m", round_, service, question.indicator, category)
                parts = everyone if service == "all" else {own: everyone[own]}
                about.problem.guess(f"asked {round_} {name}", parts, stands_for - 0.5, stands_for + 0.5)


def _add_base(problem, indicator, question, round_, services, n) -> None:
    """The categories of one service add up to its base, or to less where some gave none of them."""
    for service in services:
        parts = {("m", round_, service, indicator, category): 1.0 for category in question.codes}
        for choice in question.choices:
            if choice.missing and choice.missing != "dont_know":
                problem.add(("m", round_, service, indicator, choice.name), 0, True)
        problem.guess(f"categories {round_} {service}", parts, float(n[service]), float(n[service]))
        problem.constraints.append((parts, 0.0, float(n[service])))


def _add_interval(about: About, name: tuple, low, high, n: int) -> None:
    """The counts whose exact interval is the printed one."""
    registered = about.published.sizes.get(name[1:3], (0, 0))[0]
    if registered < n:
        return
    fitting, near, half = [], [], 0.5 / registered
    for count in range(n + 1):
        ends = exact_count(count, n, registered, about.confidence)
        # The interval holds the estimate, which need not be a number of facilities that can be.
        least, most = min(ends[0] / registered, count / max(n, 1)), max(ends[1] / registered, count / max(n, 1))
        if low.low <= least <= low.high and high.low <= most <= high.high:
            fitting.append(count)
        if abs(least - low.low) <= half and abs(most - high.high) <= half:
            near.append(count)
    if fitting:
        about.problem.constraints.append(({name: 1.0}, min(fitting), max(fitting)))
    elif near:
        # Of another kind, as where facilities of an organisation answer alike: about where the exact one ends.
        about.problem.constraints.append(({name: 1.0}, min(near), max(near)))
    else:
        # It holds the estimate all the same.
        about.problem.guess(f"interval {' '.join(name[1:])}", {name: 1.0}, low.low * n, high.high * n)


def _add_sums(about: About, round_: str, services: list[str], own: pd.DataFrame) -> None:
    """Totals, means and marks tell sums; a mean by clients tells the sum of number times clients."""
    problem, indicator, published, clients = about.problem, about.indicator, about.published, about.clients
    weights = _weights(published, round_, services, indicator)
    n = {service: _base(published, round_, service, indicator) for service in services}
    many = {service: clients.get((round_, service, indicator), 0.0) for service in services}
    for row in own.itertuples(index=False):
        kind, behind = ("client_mean", many) if row.statistic == "client_mean" else ("sum", n)
        adding = [service for service in services if behind[service]]
        if row.statistic not in ("mean", "total", "client_mean", "marks") or row.service not in (*adding, "all"):
            continue
        name = ("T", round_, row.service, indicator, kind)
        for service in adding:
            problem.add(("T", round_, service, indicator, kind))
        everyone = {("T", round_, service, indicator, kind): weights[service] for service in adding}
        if row.statistic == "marks":
            rest = n[row.service] - int(row.category)
            if rest > 0:
                unknown = ("M", round_, row.service, indicator, "rest")
                problem.add(unknown)
                problem.constraints.append(({name: 1.0, unknown: -1.0}, row.low, row.high))
            else:
                problem.constraints.append(({name: 1.0}, row.low, row.high))
        elif row.service != "all":
            factor = 1 / weights[row.service] if row.statistic == "total" else behind[row.service]
            problem.constraints.append(({name: 1.0}, row.low * factor, row.high * factor))
        elif everyone:
            size = sum(weights[service] * behind[service] for service in adding)
            times = 1.0 if row.statistic == "total" else size
            problem.guess(f"weights {round_} {kind} {indicator}", everyone, row.low * times, row.high * times)


def _add_changes(
    about: About, rounds: tuple[str, str], service: str, own: pd.DataFrame, questions: dict[str, Question | None]
) -> None:
    problem, indicator, published = about.problem, about.indicator, about.published
    earlier, later = rounds
    before, after = questions[earlier], questions[later]
    if before is None or after is None or service == "all":
        return
    shares = after.kind.startswith("select")
    n_then, n_now = (_base(published, round_, service, indicator) for round_ in (earlier, later))
    for category, rows in own.groupby("category", sort=False):
        kind = category if shares else "sum"
        letter = "m" if shares else "T"
        then, now = ((letter, round_, service, indicator, kind) for round_ in (earlier, later))
        if shares and category not in before.codes:
            continue
        pair_then, pair_now = (
            ("P", earlier, later, service, indicator, round_, category) for round_ in (earlier, later)
        )
        rest = {
            round_: ("R", earlier, later, service, indicator, round_, *([category] if shares else []))
            for round_ in (earlier, later)
        }
        for name in (then, now, pair_then, pair_now, *rest.values()):
            problem.add(name, whole=shares)
        problem.constraints.append(({then: 1.0, pair_then: -1.0, rest[earlier]: -1.0}, 0.0, 0.0))
        problem.constraints.append(({now: 1.0, pair_now: -1.0, rest[later]: -1.0}, 0.0, 0.0))
        for row in rows.itertuples(index=False):
            middle, slack = (row.low + row.high) / 2, (row.high - row.low) / 2
            if row.statistic == "change":
                problem.guess(f"change {indicator} {category}", {now: 1 / n_now, then: -1 / n_then}, row.low, row.high)
            elif row.statistic == "paired_change":
                n = published.pairs.get((earlier, later, service, indicator, category), 0)
                if n:
                    problem.constraints.append(
                        ({pair_now: 1.0, pair_then: -1.0}, n * (middle - slack), n * (middle + slack))
                    )
            elif row.statistic == "paired_ratio" and problem.lower == 0:
                # Up to its last digit: P_now between (r - slack) P_then and (r + slack) P_then, of a sum that is not below zero.
                problem.constraints.append(({pair_now: 1.0, pair_then: -row.high}, -np.inf, 0.0))
                problem.constraints.append(({pair_now: 1.0, pair_then: -row.low}, 0.0, np.inf))
