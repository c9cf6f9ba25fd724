"""How often findings come out supported in rounds whose truth is known: false alarms in `flat`, power in `published`.

The answers are those of `truth`, given without mistakes, so that what is measured is the tests and not the cleaning.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from hrmonitor.estimation.sampling_design import EstimationSettings
from hrmonitor.findings.verdicts import Least, run_tests, verdict
from hrmonitor.project.config import Finding
from hrmonitor.project.register import frame_of_year
from hrmonitor.questionnaire.model import Questionnaire
from hrmonitor.simulation import coding, facilities
from hrmonitor.simulation.truth import true_answers
from hrmonitor.survey import Round
from hrmonitor.themes.agreement import Resampling, krippendorff_alpha, resampled_alpha, with_interval

COLUMNS = [
    "scenario",
    "finding",
    "rounds",
    "supported",
    "partly_supported",
    "not_supported",
    "contradicted",
    "not_assessable",
]


# Over 6 parameters: the design of a simulation - the world, what is asked and tested, of whom, how often and by which rules.
def simulate(
    scenario: str,
    findings: Mapping[str, Finding],
    form: Questionnaire,
    register: pd.DataFrame,
    year: int,
    rounds: int,
    settings: EstimationSettings,
    least: Least,
) -> pd.DataFrame:
    """How many of the rounds came to each verdict, one row a finding, in `COLUMNS`.

    Each round draws anew at which facilities what is true, the scenario's shares holding to the facility, and who answers.
    """
    frame = frame_of_year(register, year)
    form = only_what_is_tested(form, findings)
    counts: dict[str, Counter] = {name: Counter() for name in findings}
    for number in range(rounds):
        random = np.random.default_rng([settings.seed, number])
        truth = true_answers(form, frame, scenario, random, exact=True)
        answering = facilities.who_answers(register, random)["facility_id"]
        truth = truth[truth["facility_id"].isin(answering)].reset_index(drop=True)
        organisations = truth["facility_id"].map(frame.set_index("facility_id")["organisation"])
        themes = _themes(truth.assign(organisation=organisations), scenario, random, settings)
        evidence = {"": Round("", year, as_cleaned(truth, form), frame, form, themes)}
        for name, finding in findings.items():
            tested = run_tests(replace(finding, round=""), evidence, pd.DataFrame(), settings, overturn=False)
            counts[name][verdict(tested, finding.tests, least)] += 1
    rows = [(scenario, name, rounds, *(count[outcome] for outcome in COLUMNS[3:])) for name, count in counts.items()]
    return pd.DataFrame(rows, columns=COLUMNS)


def as_cleaned(truth: pd.DataFrame, form: Questionnaire) -> pd.DataFrame:
    """True answers as a round's facilities: typed, with the reason where there is no value."""
    columns = {name: truth[name] for name in ("facility_id", "service", "province")}
    columns["_mode"] = pd.Series("interview", index=truth.index)
    for question in form:
        boxes = [f"{question.name}/{code}" for code in question.codes] if question.kind == "select_multiple" else []
        given = truth[boxes or [question.name]]
        reason = pd.Series("not_asked", index=truth.index).where(given.isna().all(axis=1)).astype(object)
        if boxes:
            columns |= {box: truth[box].astype("boolean") for box in boxes}
        elif question.kind == "select_one":
            said = truth[question.name].map({choice.name: choice.missing for choice in question.choices})
            columns[question.name] = truth[question.name].where(said.isna())
            reason = reason.where(reason.notna(), said)
        else:
            columns[question.name] = pd.to_numeric(truth[question.name]).astype("Float64")
        columns[f"{question.name}__missing"] = reason
    return pd.DataFrame(columns)


def only_what_is_tested(form: Questionnaire, findings: Mapping[str, Finding]) -> Questionnaire:
    """The form with the closed questions that the tests name, and those that decide whether they are asked."""
    tests = [test for finding in findings.values() for test in finding.tests]
    todo = {getattr(test, key) for test in tests for key in ("question", "now", "then") if getattr(test, key)} | {
        "service"
    }
    wanted: set[str] = set()
    while todo:
        name = todo.pop()
        wanted.add(name)
        todo |= set(re.findall(r"\$\{(\w+)\}", form[name].relevant)) - wanted
    closed = {name: one for name, one in form.questions.items() if name in wanted and one.kind != "text"}
    return replace(form, questions=closed)


def _themes(
    truth: pd.DataFrame, scenario: str, random: np.random.Generator, settings: EstimationSettings
) -> pd.DataFrame:
    """The themes of one open question, as two coders would have them who hold no consensus round."""
    question = "barriers_open"
    answers = truth[["facility_id", "service", "organisation"]].copy()
    found = coding.write_open_answers(answers, scenario, random)
    answers = answers[answers[question].notna()]
    settled = []
    for theme in coding.THEMES[question]:
        bearing = found.loc[(found["question"] == question) & (found["theme"] == theme), "facility_id"]
        chance = np.where(answers["facility_id"].isin(bearing), coding.FINDS, coding.IMAGINES)
        marks = random.random((len(answers), 2)) < chance[:, None]
        settled.append(answers[["facility_id", "service"]].assign(
            round="", question=question, theme=theme, present=marks.all(axis=1), coders=2, saw=marks.sum(axis=1),
            agreement_low=_lower_alpha(marks.astype(float), answers["organisation"].to_numpy(dtype=str), settings),
        ))  # fmt: skip
    return pd.concat(settled)


def _lower_alpha(marks: np.ndarray, organisations: np.ndarray, settings: EstimationSettings) -> float:
    how = Resampling(settings.confidence, settings.seed, "alpha")
    return with_interval(krippendorff_alpha(marks), lambda how: resampled_alpha(marks, organisations, how), how)[1]
