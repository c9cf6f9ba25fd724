"""Cells of a sample: where one is confidential, nothing of its question is shown of that type of service, nor of all services together.

In a sample every answer has a weight of its own, so that published shares are no counts over a number, and the linear systems of a register
(`disclosure.systems`) do not say what follows from them. So nothing is left of which anything could follow: the respondents of another type of
service are others. The rules say what is confidential, of respondents and of primary sampling units in place of facilities and organisations.

Who knows the weights could work out from a weighted mean of a few answers, or a weighted share of a sensitive one, what each of them was: so these
are shown of as many answers only as a standard error is (`minimum_spread`), and no finer than that makes sense of (`disclosure.moments.justified`).
"""

from __future__ import annotations

import numpy as np

from hrmonitor.disclosure.linked_cells import System
from hrmonitor.disclosure.related import joint
from hrmonitor.disclosure.rules import Rules
from hrmonitor.disclosure.systems import system_of
from hrmonitor.estimation.sampling_design import EstimationSettings
from hrmonitor.questionnaire.model import Question
from hrmonitor.survey import Round
from hrmonitor.tabulation.indicators import ALL


def hidden_of_sample(
    group: list[str], one: Round, settings: EstimationSettings, rules: Rules
) -> tuple[System, set[tuple]]:
    """(the system of some indicators of which the answers add up, the names of its cells that are hidden) in a round that is a sample."""
    systems = {indicator: system_of(indicator, [one], settings, rules) for indicator in group}
    system = systems[group[0]] if len(group) == 1 else joint(systems, [one], rules)
    touched = _services(system) if len(group) == 1 else set(one.of_service if system.secrets else ())
    touched |= {
        service for indicator in group for service in _thin(one.questionnaire.by_indicator[indicator], one, rules)
    }
    if not touched:
        return system, set()
    # Of questions whose answers add up a service that is shown would tell of one that is not.
    touched |= {ALL, *(one.of_service if len(group) > 1 else ())}
    return system, {name for name in system.cells if name[3] in touched}


def _thin(question: Question, one: Round, rules: Rules) -> set[str]:
    """The types of service of which too few gave an answer that a weighted number would tell."""
    if question.kind.startswith("select"):
        if question.indicator not in rules.sensitive:
            return set()
        known = one.in_base(question.name, dont_know_in_base=True).to_numpy(dtype=bool)
    else:
        known = ~np.isnan(one.values_of(question.name))
    answers = {service: int((known & its).sum()) for service, its in one.of_service.items()}
    return {service for service, n in answers.items() if 0 < n < rules.minimum_spread}


def _services(system: System) -> set[str]:
    return {str(unknown[1]) for secret in system.secrets.values() for unknown in secret.parts}
