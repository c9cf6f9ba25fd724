"""Tests of findings whose number disclosure control would hide, seen before the first build: their findings would not be assessable."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from hrmonitor.cleaning.clean import clean_each, facilities_of
from hrmonitor.cleaning.other_answers import read_other
from hrmonitor.cleaning.submissions import Decided, mark_duplicates
from hrmonitor.cli.decisions.reading import RoundReading
from hrmonitor.cli.table import Table
from hrmonitor.disclosure.rules import Rules
from hrmonitor.disclosure.suppressions import find_pattern
from hrmonitor.estimation.sampling_design import EstimationSettings
from hrmonitor.findings.confidential import confidential
from hrmonitor.project.config import Config, FindingTest
from hrmonitor.project.frame import frame_from, questions_of, units_of
from hrmonitor.project.register import Known, read_decisions
from hrmonitor.readers.label_decisions import read_labels
from hrmonitor.survey import Round

TITLE = "Tests whose number would be hidden"


def hidden_tests(reading: RoundReading, config: Config) -> Table:
    """One row a test. Only tests of this round's answers alone: themes are coded and rounds are linked later, in the build."""
    table = Table(TITLE, ["finding", "test", "why its finding would not be assessable"], empty="There is none.")
    claims = {name: one for name, one in config.findings.items() if one.round == reading.name}
    tests = [
        (name, place, one, test) for name, one in claims.items() for place, test in enumerate(one.tests) if _alone(test)
    ]
    if not tests:
        return table
    base = {name: getattr(config, name) for name in ("confidence", "seed", "dont_know_in_base")}
    settings = EstimationSettings(**base, **vars(config.estimation))
    one, rules = round_of(reading), Rules(**vars(config.disclosure))
    for name, place, finding, test in tests:
        why = confidential(test, finding, {one.name: one}, _hidden(test, one, settings, rules), settings, rules)
        if why:
            table.rows.append([name, f"findings.{name}.tests[{place}]", why])
    if table.rows:
        table.lines = [
            "A build goes on; results/logs/findings.log says the same. Test a question that more facilities answered."
        ]
    return table


def _alone(test: FindingTest) -> bool:
    return not (test.theme or test.series or test.since)


def _hidden(test: FindingTest, one: Round, settings: EstimationSettings, rules: Rules) -> pd.DataFrame:
    """What is hidden of the questions of a test; a finding may not rest on a sensitive one."""
    names = {test.question, test.now, test.then} - {None}
    form = one.questionnaire
    form = replace(form, questions={name: question for name, question in form.questions.items() if name in names})
    return find_pattern([replace(one, questionnaire=form)], settings, replace(rules, sensitive=()))[0]


def round_of(reading: RoundReading) -> Round:
    """The answers of the facilities as they would be kept, gaps not filled."""
    round_, form = reading.round_, reading.questionnaire
    decisions = pd.DataFrame(columns=["written", "service", "facility_id", "reason"])
    if round_.names:
        decisions = read_decisions(round_.names, reading.register)
    decided = Decided(
        round_.names or "",
        read_other(round_.other, form) if round_.other else None,
        read_labels(round_.labels, form) if round_.labels else None,
        round_.least_answered,
    )
    if reading.responses is None:
        raise ValueError(f"round {reading.name} was not read")
    responses = reading.responses.reset_index(drop=True)
    part = clean_each(responses, form, reading.respondents or Known(reading.frame, decisions), decided)
    submissions, _ = mark_duplicates(part.submissions)
    facilities = facilities_of(part, submissions, form).sort_values("facility_id").reset_index(drop=True)
    frame = frame_from({"frame": round_.frame})
    units = units_of(reading.name, round_.year, frame, reading.register, facilities)
    return Round(reading.name, round_.year, facilities, units, questions_of(form, frame))
