"""Any part of the shipped answers goes through every stage: halves, a type of service or a mode left out, a handful, nobody of a round."""

import numpy as np
import pandas as pd
import pytest
from hrmonitor.cleaning.answers import parse_choice
from survey_subsets import Survey, analyse

SERVICES = ("dcr", "oat", "hat", "nsp")


@pytest.fixture(scope="module")
def survey():
    return Survey.shipped()


def service_of(survey: Survey, name: str) -> pd.Series:
    question = survey.forms[name]["service"]
    return survey.responses[name]["service"].map(lambda raw: parse_choice(raw, question).value, na_action="ignore")


def random_part(survey: Survey, share: float, seed: int) -> Survey:
    random = np.random.default_rng(seed)
    return survey.part(
        {
            name: pd.Series(random.random(len(table)) < share, index=table.index)
            for name, table in survey.responses.items()
        }
    )


@pytest.mark.parametrize(("share", "seed"), [(0.5, 1), (0.5, 2), (0.25, 3), (0.08, 4)])
def test_a_random_part_of_the_answers_goes_through(survey, share, seed):
    assert len(analyse(random_part(survey, share, seed))["indicators"])


@pytest.mark.parametrize("service", SERVICES)
def test_a_type_of_service_without_answers_goes_through(survey, service):
    tables = analyse(survey.part({name: service_of(survey, name) != service for name in survey.responses}))
    assert service not in set(tables["indicators"]["service"])


@pytest.mark.parametrize("mode", ["interview", "questionnaire"])
def test_one_mode_of_asking_goes_through(survey, mode):
    analyse(
        survey.part({name: (table["_mode"] == mode) | (name == "2018") for name, table in survey.responses.items()})
    )
