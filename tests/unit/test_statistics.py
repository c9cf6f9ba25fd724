"""Statistics are declared once, and one that nothing says how to protect stops the build by its name."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from hrmonitor.disclosure.suppressions import COLUMNS, find_pattern, hide
from hrmonitor.errors import DisclosureError
from hrmonitor.estimation import mean, stratified
from hrmonitor.estimation import statistics as declared
from hrmonitor.estimation.sampling_design import EstimationSettings
from hrmonitor.estimation.statistics import STATISTICS, Answers, Statistic, number, stating
from hrmonitor.questionnaire.model import read_validated
from hrmonitor.questionnaire.statistics import STATISTICS as IN_FORMS
from hrmonitor.resources import RESOURCES
from published_set import RULES, SETTINGS, read_form, usual_world

ROOT = Path(__file__).resolve().parents[2]
NO_PATTERN = pd.DataFrame(columns=COLUMNS, dtype="str")


def published(statistic: str) -> pd.DataFrame:
    row = ("2021", "dcr", "clients", "", statistic, 9, 12, 5.0, 4.0, 6.0)
    return pd.DataFrame(
        [row],
        columns=["round", "service", "indicator", "category", "statistic", "n", "population", "estimate", "ci_low", "ci_high"],
    )  # fmt: skip


def geometric_mean(values, clients, design, settings, name):
    return mean(design, np.log(values), settings.confidence)


@pytest.mark.parametrize("treatment", ["", "somehow"])
def test_a_statistic_without_a_disclosure_treatment_is_not_published(monkeypatch, treatment):
    monkeypatch.setitem(STATISTICS, "geometric", Statistic("geometric", geometric_mean, "geometric", None, treatment))
    settings = EstimationSettings(0.95, 1, True)
    design = stratified(np.repeat("a", 4), {"a": 8})
    assert number("geometric", Answers(np.array([1.0, 2, 3, 4]), None, np.ones(4, bool)), design, settings, "x").n == 4
    with pytest.raises(DisclosureError, match="'geometric' may not be published"):
        hide(published("geometric"), "indicators", NO_PATTERN)


def test_a_statistic_that_nobody_declared_is_not_published():
    with pytest.raises(DisclosureError, match="'mode' may not be published"):
        hide(published("mode"), "indicators", NO_PATTERN)


def test_a_form_that_asks_for_an_untreated_statistic_stops_where_cells_are_chosen(monkeypatch, tmp_path):
    """Before any table is made."""
    monkeypatch.setitem(STATISTICS, "median", Statistic("median", STATISTICS["median"].estimate, "median"))
    with pytest.raises(DisclosureError, match="'median' may not be published"):
        find_pattern(usual_world(read_form(tmp_path)).answered(), SETTINGS, RULES)


def test_a_declared_statistic_is_published():
    assert hide(published("median"), "indicators", NO_PATTERN)["estimate"].tolist() == [5.0]


def test_people_added_up_over_facilities_are_registrations():
    form = read_validated(ROOT / "raw/2021/questionnaire")
    clients, patients, places = (form[name] for name in ("clients_now", "hat_patients", "hat_slots"))
    # A median is of facilities, each of which counts its own clients once.
    assert (clients.unit_of("total"), clients.unit_of("median")) == ("registrations", "persons")
    # Declared in the form: a patient is in treatment at one unit.
    assert patients.unit_of("total") == "persons"
    assert places.unit_of("total") == "places"
    assert replace(clients, unit="clients").unit_of("total") == "registrations"


def test_a_mean_and_a_total_state_the_same_cell():
    assert stating("sum") == ("mean", "total")
    assert stating("share") == ("share", "share_bounds")
    assert stating("median") == ("median",)


def test_forms_may_ask_for_what_is_declared():
    assert set(IN_FORMS) == set(STATISTICS) - set(declared.DERIVED)
    for name, asked in IN_FORMS.items():
        assert (asked.of == "choices") == (STATISTICS[name].estimate is None), name


@pytest.mark.parametrize("lang", ["en", "nl"])
def test_every_statistic_of_numbers_has_its_label(lang):
    words = yaml.safe_load((RESOURCES / "languages" / lang / "report.yaml").read_text(encoding="utf-8"))
    labels = next(block["statistics"] for block in words.values() if isinstance(block, dict) and "statistics" in block)
    for name, asked in IN_FORMS.items():
        if asked.of == "numbers":
            assert labels[STATISTICS[name].label], name
