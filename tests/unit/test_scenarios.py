"""The shipped findings where something is otherwise: one trend the other way, nobody knows, half is gone, a service or an organisation silent.

The answers are those of the synthetic truth, given without mistakes; `tests/endtoend/test_verdicts.py` builds one of these to its summary.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hrmonitor.estimation.sampling_design import EstimationSettings
from hrmonitor.findings.verdicts import Least, run_tests, verdict
from hrmonitor.project.register import frame_of_year, read_register
from hrmonitor.questionnaire.model import read_validated
from hrmonitor.simulation import facilities as register_of
from hrmonitor.simulation.truth import true_answers
from hrmonitor.simulation.verdicts import as_cleaned, only_what_is_tested
from hrmonitor.survey import Round
from settings import shipped

ROOT = Path(__file__).resolve().parents[2]
CONFIG = shipped()
SETTINGS = EstimationSettings(CONFIG.confidence, CONFIG.seed, CONFIG.dont_know_in_base)
OTHER_WAY = {"increase": "decrease", "strong_increase": "strong_decrease", "decrease": "increase", "strong_decrease": "strong_increase"}  # fmt: skip


@pytest.fixture(scope="module")
def round_() -> Round:
    register = read_register(ROOT / "raw/register.csv")
    frame = frame_of_year(register, 2021)
    form = only_what_is_tested(read_validated(ROOT / "raw/2021/questionnaire"), CONFIG.findings)
    random = np.random.default_rng(7)
    truth = true_answers(form, frame, "published", random, exact=True)
    who = register_of.who_answers(register, random)["facility_id"]
    truth = truth[truth["facility_id"].isin(who)].reset_index(drop=True)
    coded = truth[["facility_id", "service"]].assign(
        round="2021", question="barriers_open", theme="stigma", present=np.arange(len(truth)) % 2 == 0, agreement=0.9
    )
    return Round("2021", 2021, as_cleaned(truth, form), frame, form, coded)


def verdicts(round_: Round) -> dict[str, str]:
    return {
        name: verdict(
            run_tests(one, {"2021": round_}, pd.DataFrame(), SETTINGS, overturn=False), one.tests, Least(10, 5)
        )
        for name, one in CONFIG.findings.items()
    }


@pytest.fixture(scope="module")
def before(round_) -> dict[str, str]:
    return verdicts(round_)


def only(round_: Round, kept: np.ndarray) -> dict[str, str]:
    return verdicts(replace(round_, facilities=round_.facilities[kept].reset_index(drop=True)))


def test_the_published_truth_is_recognised(before):
    assert set(before.values()) == {"supported"}


def test_one_trend_the_other_way_contradicts_its_finding_and_leaves_the_others(round_, before):
    flipped = round_.facilities.assign(ghb_trend=round_.facilities["ghb_trend"].replace(OTHER_WAY))
    assert verdicts(replace(round_, facilities=flipped)) == {**before, "ghb_need": "contradicted"}


def test_nothing_that_is_asked_as_an_opinion_is_supported_where_nobody_knows(round_):
    nobody = round_.facilities.copy()
    for question in round_.questionnaire:
        asked = nobody[f"{question.name}__missing"] != "not_asked"
        if question.kind == "select_one" and any(choice.missing == "dont_know" for choice in question.choices):
            nobody[question.name] = None
            nobody.loc[asked, f"{question.name}__missing"] = "dont_know"
    found = verdicts(replace(round_, facilities=nobody))
    # Trends rest on nobody then; whether data are delivered is not known to be seldom.
    assert {found[name] for name in ("use_stagnated", "migrants_cee", "ageing_somatic", "ghb_need")} == {
        "not_assessable"
    }
    assert found["monitoring_needed"] == "not_supported"
    assert "contradicted" not in found.values()


def test_with_half_of_the_answers_a_service_or_an_organisation_gone_nothing_turns_into_its_opposite(round_, before):
    services, organisations = round_.facilities["service"], round_.organisations.astype(str)
    largest = organisations.value_counts().index[0]
    for kept in (
        np.random.default_rng(3).random(len(services)) < 0.5,
        (services != "oat").to_numpy(),
        (organisations != largest).to_numpy(),
    ):
        found = only(round_, kept)
        assert "contradicted" not in found.values(), found
        assert sum(found[name] == before[name] for name in before) >= 4, found
