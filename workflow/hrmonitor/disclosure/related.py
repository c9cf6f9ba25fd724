"""Questions whose answers add up: what published sums of a total and of its parts tell of those that left one of them open.

A form says of some questions that one is the others together (`parts`, a calculated sum or difference). Each total alone is harmless; together
they tell what the few that left one of the questions open would have answered, and what they answered to the others. So the systems of
related indicators are one, in which the sums of all facilities are made of those of the facilities that answered the same questions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from hrmonitor.disclosure.linked_cells import System, Unknown
from hrmonitor.disclosure.rules import Rules
from hrmonitor.disclosure.systems import sum_secret
from hrmonitor.questionnaire.model import Question, Questionnaire
from hrmonitor.survey import Round

NAME = r"\s*\$\{(\w+)\}\s*"
SUM = re.compile(rf"{NAME}(?:\+{NAME})+")
DIFFERENCE = re.compile(rf"{NAME}-{NAME}")
# Sums of decimals are exact to this.
NEARLY = 1e-9


@dataclass(frozen=True)
class Relation:
    """`whole` is its `parts` together at every facility, or more."""

    whole: Question
    parts: tuple[Question, ...]

    @property
    def members(self) -> tuple[Question, ...]:
        return (self.whole, *self.parts)


def relations(form: Questionnaire) -> Iterator[Relation]:
    """Of published questions of the form. A part that is not published belongs to what the whole has beyond its parts."""

    def published(names: list[str]) -> tuple[Question, ...]:
        return tuple(
            form.questions[name] for name in names if name in form.questions and form.questions[name].indicator
        )

    for question in form:
        if not question.indicator:
            continue
        parts = published(list(question.parts))
        if parts:
            yield Relation(question, parts)
        names = re.findall(r"\$\{(\w+)\}", question.calculation)
        if SUM.fullmatch(question.calculation) and len(set(names)) == len(names) and published(names):
            yield Relation(question, published(names))
        if DIFFERENCE.fullmatch(question.calculation) and len(published(names)) == len(set(names)) == 2:
            yield Relation(form.questions[names[0]], (question, form.questions[names[1]]))


def related(indicators: list[str], rounds: list[Round]) -> list[list[str]]:
    """The indicators in groups of which the answers add up in any round, most of them alone; in their order."""
    group = {indicator: [indicator] for indicator in indicators}
    for one in rounds:
        for relation in relations(one.questionnaire):
            joined = [name for member in relation.members for name in group[member.indicator]]
            joined = [name for name in indicators if name in joined]
            group |= dict.fromkeys(joined, joined)
    return [own for indicator, own in group.items() if own[0] == indicator]


def joint(systems: dict[str, System], rounds: list[Round], rules: Rules) -> System:
    """The systems of related indicators as one, with what links them."""
    found = System()
    for indicator, system in systems.items():
        found.unknowns |= {(indicator, *name): unknown for name, unknown in system.unknowns.items()}
        found.cells |= {name: replace(cell, parts=_of(indicator, cell.parts)) for name, cell in system.cells.items()}
        found.known += [(_of(indicator, parts), value) for parts, value in system.known]
        found.secrets |= {
            (indicator, *name): replace(one, parts=_of(indicator, one.parts)) for name, one in system.secrets.items()
        }
    for one in rounds:
        for relation in relations(one.questionnaire):
            # The form of an earlier edition may have related more.
            if all(member.indicator in systems for member in relation.members):
                values = {member.indicator: one.values_of(member.name) for member in relation.members}
                exact = _adds_up(relation, values)
                for service, its in one.of_service.items():
                    _link(found, relation, exact, values, one, service, its, rules)
    return found


def _of(indicator: str, parts: dict[tuple, float]) -> dict[tuple, float]:
    return {(indicator, *name): factor for name, factor in parts.items()}


def _adds_up(relation: Relation, values: dict[str, np.ndarray]) -> bool:
    """Whether all that answered everything gave the whole as its parts together: then who reads the question believes it of each.

    A gap that was filled may contradict what the form calculates, and answers what it says.
    """
    beyond = values[relation.whole.indicator] - sum(values[part.indicator] for part in relation.parts)
    return bool(np.nansum(abs(beyond)) <= NEARLY)


# Over 6 parameters: a link belongs to a relation, whether nothing is beyond its parts, its values, a round, a service and its facilities, and the rules.
def _link(
    system: System, relation: Relation, exact: bool, values: dict[str, np.ndarray], one: Round, service: str, its: np.ndarray, rules: Rules
) -> None:  # fmt: skip
    """The sums of a service as those of the facilities that answered the same of the related questions."""
    questions = {member.indicator: member for member in relation.members}
    answered = np.array([~np.isnan(values[name]) for name in questions]).T
    sums: dict[str, dict[tuple, float]] = {name: {} for name in questions}
    for same in np.unique(answered[its], axis=0):
        inside = its & (answered == same).all(axis=1)
        given = [name for name, known in zip(questions, same, strict=True) if known]
        lead = ("together", relation.whole.indicator, one.name, service, " ".join(given))
        for name in given:
            _add(system, (*lead, name), values[name][inside])
            sums[name][*lead, name] = 1.0
            _protect(system, {(*lead, name): 1.0}, values[name][inside], one, inside, questions[name], rules)
        _relate(system, relation, exact, {name: values[name][inside] for name in given}, lead, one, inside, rules)
    for name, parts in sums.items():
        if parts:
            system.known.append(({(name, one.name, service, "sum"): 1.0, **dict.fromkeys(parts, -1.0)}, 0.0))


# Over 6 parameters: as `_link`.
def _relate(
    system: System, relation: Relation, exact: bool, given: dict[str, np.ndarray], lead: tuple, one: Round, inside: np.ndarray, rules: Rules
) -> None:  # fmt: skip
    """The whole of some facilities is their parts and what they left open, or what it has beyond the parts."""
    whole, names = relation.whole.indicator, [part.indicator for part in relation.parts]
    parts = [name for name in names if name in given]
    if whole not in given:
        if len(parts) > 1:
            together = sum(given[name] for name in parts)
            _protect(system, {(*lead, name): 1.0 for name in parts}, together, one, inside, relation.whole, rules)
        return
    adding = {(*lead, whole): 1.0, **{(*lead, name): -1.0 for name in parts}}
    if len(parts) == len(names) and exact:
        system.known.append((adding, 0.0))
        return
    left = given[whole] - sum((given[name] for name in parts), np.zeros(int(inside.sum())))
    _add(system, (*lead, "left"), left)
    system.known.append(({**adding, (*lead, "left"): -1.0}, 0.0))
    if parts and len(parts) < len(names):
        _protect(system, {(*lead, "left"): 1.0}, left, one, inside, relation.whole, rules)


def _add(system: System, name: tuple, values: np.ndarray) -> None:
    system.unknowns[name] = Unknown(float(values.sum()), lower=0.0 if values.min() >= 0 else -np.inf)


# Over 6 parameters: as `_link`.
def _protect(
    system: System, parts: dict, values, one: Round, inside: np.ndarray, question: Question, rules: Rules
) -> None:
    secret = sum_secret(parts, values, one.organisations[inside], question, (), rules)
    if secret:
        system.secrets["together", *parts] = secret
