"""Earlier editions beside this one: what they printed cannot be hidden any more, and what the difference would tell is confidential.

The rounds of an edition are rounds like today's. Where an indicator's answers are still the same, so are its unknowns, and what was printed of them
stays printed; where some changed, the edition has unknowns of its own, and how far they are from today's is a secret if few facilities made the difference.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
import pandas as pd

from hrmonitor.disclosure.linked_cells import Secret, System, Unknown
from hrmonitor.disclosure.rules import Rules, too_few
from hrmonitor.disclosure.systems import COUNT, sum_secret, system_of
from hrmonitor.editions import Edition
from hrmonitor.estimation.sampling_design import EstimationSettings
from hrmonitor.estimation.statistics import STATISTICS, SUM
from hrmonitor.questionnaire.model import Question
from hrmonitor.survey import Round
from hrmonitor.tabulation.indicators import answer_columns, yes_of

PLACE = ["table", "round_from", "round", "service", "indicator", "category", "statistic"]


@dataclass(frozen=True)
class Beside:
    """An edition beside today's rounds, for some indicators: `then` are its rounds, under a name of their own where answers `changed`."""

    edition: Edition
    then: list[Round]
    changed: list[tuple[Round, Round]]


def beside(indicators: Sequence[str], rounds: Sequence[Round], editions: Sequence[Edition]) -> list[Beside]:
    """The editions as they are seen from today's answers to the indicators; `changed` are pairs of then and now."""
    today, found = {one.name: one for one in rounds}, []
    for edition in editions:
        same = {
            name
            for name, then in edition.rounds.items()
            if name in today and all(_same(indicator, then, today[name]) for indicator in indicators)
        }
        then = [edition.rounds[name] if name in same else one for name, one in edition.renamed.items()]
        changed = [(one, today[name]) for name, one in edition.renamed.items() if name in today and name not in same]
        found.append(Beside(edition, then, changed))
    return found


def add_editions(
    system: System, indicator: str, editions: Sequence[Beside], settings: EstimationSettings, rules: Rules
) -> None:
    """Put into the system of an indicator what the editions printed of it."""
    for one in editions:
        _add_printed(system, system_of(indicator, one.then, settings, rules), one.edition)
        for then, now in one.changed:
            _add_differences(system, indicator, then, now, settings, rules)


def notes_of(editions: Sequence[Edition], rounds: Sequence[Round], rules: Rules) -> list[str]:
    """A line for each round and type of service of which so few facilities changed that what would tell them is hidden."""
    today = {one.name: one for one in rounds}
    found = []
    for edition in editions:
        for name, then in edition.rounds.items():
            if name not in today:
                continue
            now = today[name]
            names = [question.indicator for question in now.questionnaire if question.indicator]
            changed = {facility for indicator in names for facility in _changed(indicator, then, now)}
            services = _services(then, now)
            for service, own in services[services.index.isin(changed)].groupby(services):
                many = f"{len(own)} facilities" if len(own) > 1 else "1 facility"
                found.append(
                    f"Round {name}, {service}: the answers of {many} changed, came in or went since edition {edition.name}. What two editions would tell "
                    f"of few is hidden in this one; of a whole facility that is nearly all. It is better to leave late answers out until {rules.minimum_cell} facilities of "
                    f"{rules.minimum_organisations} organisations have come in."
                )
    return found


def _add_printed(system: System, own: System, edition: Edition) -> None:
    """What the edition's own system has and today's does not, and its printed cells, which nobody can hide."""
    hidden = edition.suppressions
    reasons = dict(zip(hidden[PLACE].fillna("").itertuples(index=False, name=None), hidden["reason"], strict=True))
    new = own.unknowns.keys() - system.unknowns.keys()
    system.unknowns |= {name: own.unknowns[name] for name in own.unknowns if name in new}
    system.known += [(parts, value) for parts, value in own.known if new & parts.keys()]
    for name, secret in own.secrets.items():
        if new & secret.parts.keys():
            system.secrets[name] = replace(secret, stated_by=())
    for name, cell in own.cells.items():
        reason = reasons.get(_as_printed(name, edition), "")
        if reason in ("", "rounded"):
            # Without a hidden part it was printed with all its digits.
            exact = (
                cell if reason else replace(cell, slack=0.0 if cell.printed is not None else cell.slack, printed=None)
            )
            system.cells[name] = replace(exact, weight=np.inf)


def _as_printed(name: tuple, edition: Edition) -> tuple:
    """The place of a cell in the tables of the edition, which knows nothing of the name that it got afterwards."""
    ending = f" in {edition.name}"
    return (name[0], name[1].removesuffix(ending), name[2].removesuffix(ending), *name[3:])


def _columns(indicator: str, one: Round) -> pd.DataFrame:
    """All that is counted of an indicator, by facility."""
    question = one.questionnaire.by_indicator.get(indicator)
    if question is None:
        return pd.DataFrame(index=pd.Index(one.facilities["facility_id"]))
    names = (
        answer_columns(question) if question.kind.startswith("select") else [question.name, f"{question.name}__missing"]
    )
    names = [*names, *([question.weighted_by] if question.weighted_by else [])]
    table = pd.DataFrame({name: one.facilities[name] for name in names}).astype("str").fillna("")
    return table.set_axis(pd.Index(one.facilities["facility_id"]))


def _changed(indicator: str, then: Round, now: Round) -> set[str]:
    """Facilities of which the answer changed, came or went."""
    before, after = _columns(indicator, then), _columns(indicator, now)
    both = before.index.intersection(after.index)
    columns = before.columns.union(after.columns)
    wide = [table.reindex(index=both, columns=columns, fill_value="") for table in (before, after)]
    differ = (wide[0] != wide[1]).any(axis=1)
    return set(both[differ]) | set(before.index.symmetric_difference(after.index))


def _same(indicator: str, then: Round, now: Round) -> bool:
    """Whether all that is published of the indicator has the same unknowns and weights as then."""
    register = ["facility_id", "service", "organisation"]
    frames = [one.frame[register].sort_values("facility_id").reset_index(drop=True) for one in (then, now)]
    questions = [one.questionnaire.by_indicator.get(indicator) for one in (then, now)]
    alike = questions[0] is not None and questions[1] is not None and questions[0].codes == questions[1].codes
    return alike and frames[0].equals(frames[1]) and not _changed(indicator, then, now)


def _services(then: Round, now: Round) -> pd.Series:
    """facility_id -> its type of service, of all that answered in either."""
    tables = [
        pd.Series(one.facilities["service"].to_numpy(), index=one.facilities["facility_id"]) for one in (now, then)
    ]
    both = pd.concat(tables)
    return both[~both.index.duplicated()]


def _add_differences(
    system: System, indicator: str, then: Round, now: Round, settings: EstimationSettings, rules: Rules
) -> None:
    before, after = (one.questionnaire.by_indicator.get(indicator) for one in (then, now))
    if before is None or after is None or before.kind != after.kind:
        return
    both = ((then, before), (now, after))
    if not after.kind.startswith("select"):
        published = {STATISTICS[name].form for name in after.statistics} - {None}
        for form in dict.fromkeys(one.form for one in STATISTICS.values() if one.form in (SUM, *published)):
            if form:
                clients = [
                    one.values_of(question.weighted_by) if question.weighted_by else None for one, question in both
                ]
                values = [
                    form.of(one.values_of(question.name), many)
                    for (one, question), many in zip(both, clients, strict=True)
                ]
                _add_sums(system, (then.name, now.name, form.name), Moved.of(then, now, values), after, rules)
        return
    kinds = {
        code: Moved.of(then, now, [
            yes_of(one.facilities[answer_columns(question)], question, [code], settings) for one, question in both
        ])
        for code in after.codes if code in before.codes
    }  # fmt: skip
    # Who changed one category of an answer gave another, or none.
    moved = {facility for one in kinds.values() for facility in one.differences.index}
    for code, one in kinds.items():
        _add_counts(system, (then.name, now.name, code), one, moved, rules)


@dataclass(frozen=True)
class Moved:
    """What facilities add to a count or sum now and did not then: `differences` of those of which it changed, and for all of them their
    service and organisation."""

    differences: pd.Series
    services: pd.Series
    owner: pd.Series

    @classmethod
    def of(cls, then: Round, now: Round, values: Sequence[np.ndarray]) -> Moved:
        services = _services(then, now)
        before, after = (
            pd.Series(own, index=pd.Index(one.facilities["facility_id"])).reindex(services.index)
            for one, own in zip((then, now), values, strict=True)
        )
        differ = ~((before == after) | (before.isna() & after.isna()))
        frames = [one.frame.set_index("facility_id")["organisation"] for one in (now, then)]
        owner = pd.concat(frames)
        owner = owner[~owner.index.duplicated()].reindex(services.index).fillna("")
        return cls((after.fillna(0.0) - before.fillna(0.0))[differ], services, owner)


def _add_counts(system: System, place: tuple, moved: Moved, facilities: set[str], rules: Rules) -> None:
    then, now, code = place
    for service, own in moved.services.groupby(moved.services):
        name = ("difference", *place, str(service))
        its = own.index[own.index.isin(facilities)]
        difference = float(moved.differences.reindex(its).sum())
        there = _add(system, name, ((now, str(service), code), (then, str(service), code)),
                     Unknown(difference, len(its), True, -float(len(its))))  # fmt: skip
        if there and too_few(moved.owner[its], rules):
            system.secrets[name] = Secret({name: 1.0}, difference, difference, 1.0, (), COUNT)


def _add_sums(system: System, place: tuple, moved: Moved, question: Question, rules: Rules) -> None:
    then, now, kind = place
    telling: dict[str, pd.Series] = {}
    for service, own in moved.services.groupby(moved.services):
        differences = moved.differences[moved.differences.index.isin(own.index)]
        lower = 0.0 if (differences >= 0).all() else -np.inf
        unknowns = (now, str(service), kind), (then, str(service), kind)
        if _add(system, ("difference", *place, str(service)), unknowns, Unknown(float(differences.sum()), lower=lower)):
            telling[str(service)] = differences
    for size in range(1, len(telling) + 1):
        for several in combinations(telling, size):
            differences = pd.concat([telling[service] for service in several])
            parts = {("difference", *place, service): 1.0 for service in several}
            found = sum_secret(
                parts, np.abs(differences.to_numpy(float)), moved.owner[differences.index], question, (), rules
            )
            if found:
                total, margin = float(differences.sum()), (found.high - found.low) / 2
                system.secrets["difference", *place, *several] = replace(found, low=total - margin, high=total + margin)


def _add(system: System, name: tuple, unknowns: tuple[tuple, tuple], difference: Unknown) -> bool:
    """Today's unknown less that of the edition is the difference; whether there is either. Of a service that did not answer there is none."""
    factors = {unknown: sign for unknown, sign in zip(unknowns, (1.0, -1.0), strict=True) if unknown in system.unknowns}
    if factors:
        system.unknowns[name] = difference
        system.known.append(({**factors, name: -1.0}, 0.0))
    return bool(factors)
