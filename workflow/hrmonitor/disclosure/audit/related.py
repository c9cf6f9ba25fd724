"""Questions of which the answers add up, as an attacker sees them: totals that tell what single facilities left open.

Who knows the form and how many left which question open sets the published totals beside each other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from hrmonitor.disclosure.audit.problem import Problem
from hrmonitor.questionnaire.model import Questionnaire
from hrmonitor.survey import Round

# Of numbers that a computer added up.
EXACT = 1e-9


@dataclass(frozen=True)
class Alike:
    """Facilities of a service that answered the same of some questions, `whole` being `parts` together (or more, if not `exact`).

    `numbers` has a column an answered indicator and a row a facility; `owner` is whose each is. The attacker knows who and how many
    they are, and not the numbers.
    """

    round: str
    service: str
    whole: str
    parts: tuple[str, ...]
    exact: bool
    numbers: pd.DataFrame
    owner: pd.Series

    def unknown(self, indicator: str) -> tuple:
        return ("A", self.round, self.service, self.whole, " ".join(self.numbers), indicator)

    def left(self) -> pd.Series:
        """What the whole has beyond the parts that were answered."""
        return self.numbers[self.whole] - self.numbers[[name for name in self.parts if name in self.numbers]].sum(
            axis=1
        )

    def quantities(self) -> Iterator[tuple[dict[tuple, float], pd.Series]]:
        """(combination, its numbers) that nobody may know of few: each answer, what they left open, what their parts are together."""
        for name in self.numbers:
            yield {self.unknown(name): 1.0}, self.numbers[name]
        known = [name for name in self.parts if name in self.numbers]
        if self.whole in self.numbers and 0 < len(known) < len(self.parts):
            yield {self.unknown(self.whole): 1.0, **{self.unknown(name): -1.0 for name in known}}, self.left()
        elif self.whole not in self.numbers and len(known) > 1:
            yield {self.unknown(name): 1.0 for name in known}, self.numbers[known].sum(axis=1)


def sums_of(form: Questionnaire) -> Iterator[tuple[str, list[str]]]:
    """(whole, parts) of the questions of a form, by name."""
    for question in form:
        if question.parts:
            yield question.name, list(question.parts)
        terms = re.split(r"([+-])", question.calculation.replace(" ", ""))
        names = [term[2:-1] for term in terms[::2] if re.fullmatch(r"\$\{\w+\}", term)]
        if len(names) < 2 or len(names) != len(terms[::2]) or len(set(names)) != len(names):
            continue
        if set(terms[1::2]) == {"+"}:
            yield question.name, names
        elif terms[1::2] == ["-"]:
            yield names[0], [question.name, names[1]]


def alike(rounds: list[Round]) -> list[Alike]:
    """All groups of facilities that answered the same of related questions."""
    found = []
    for one in rounds:
        form, owners = one.questionnaire, one.frame.set_index("facility_id")["organisation"]
        owner = one.facilities["facility_id"].map(owners).fillna("")
        for whole, names in sums_of(form):
            asked = [name for name in (whole, *names) if name in form.questions and form.questions[name].indicator]
            if whole not in asked or len(asked) < 2:
                continue
            numbers = pd.DataFrame(
                {form.questions[name].indicator: one.facilities[name].astype("Float64").astype(float) for name in asked}
            )
            first, *parts = numbers
            complete = numbers.dropna()
            # Who sees that the whole is its parts wherever everything was answered believes it everywhere.
            exact = bool((complete[first] - complete[parts].sum(axis=1)).abs().sum() <= EXACT)
            for service, own in numbers.groupby(one.facilities["service"]):
                for same, rows in own.groupby(own.notna().agg(tuple, axis=1)):
                    given = rows.loc[:, list(same)]
                    if any(same):
                        found.append(
                            Alike(one.name, str(service), first, tuple(parts), exact, given, owner[rows.index])
                        )
    return found


def together(groups: list[Alike]) -> dict[str, tuple[str, ...]]:
    """Indicator -> all indicators whose totals have to be seen together with its own."""
    found: dict[str, tuple[str, ...]] = {}
    for one in groups:
        linked = sorted({name for own in (one.whole, *one.parts) for name in (*found.get(own, ()), own)})
        found |= dict.fromkeys(linked, tuple(linked))
    return found


def add_groups(problem: Problem, groups: list[Alike], indicators: tuple[str, ...]) -> None:
    """What the groups say: the sum of a service is that of its groups, and that of a whole at least that of its parts."""
    sums: dict[tuple, dict[tuple, float]] = {}
    for one in groups:
        if one.whole not in indicators:
            continue
        for name in one.numbers:
            problem.add(one.unknown(name))
            total = ("T", one.round, one.service, name, "sum")
            problem.add(total)
            sums.setdefault((total, one.whole), {total: 1.0})[one.unknown(name)] = -1.0
        if one.whole in one.numbers:
            parts = [name for name in one.parts if name in one.numbers]
            combination = {one.unknown(one.whole): 1.0, **{one.unknown(name): -1.0 for name in parts}}
            full = one.exact and len(parts) == len(one.parts)
            # Contradictory answers: the parts are more than the whole.
            least = 0.0 if (one.left() >= 0).all() else -np.inf
            problem.constraints.append((combination, least, 0.0 if full else np.inf))
    problem.constraints += [(combination, 0.0, 0.0) for combination in sums.values()]
