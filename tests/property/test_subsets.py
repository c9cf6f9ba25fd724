"""Any subset of the shipped answers goes through the stages: services, modes, halves and quarters left out, down to nobody at all."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hrmonitor.declarations.checks import check
from hrmonitor.disclosure.rules import Rules
from hrmonitor.estimation.sampling_design import EstimationSettings
from hrmonitor.findings.verdicts import Least, run_tests, verdict
from hrmonitor.project.register import frame_of_year, read_register
from hrmonitor.questionnaire.model import read_validated
from hrmonitor.response.items import item_nonresponse
from hrmonitor.response.modes import compare_modes
from hrmonitor.simulation.verdicts import as_cleaned
from hrmonitor.stages.against_published import against_published
from hrmonitor.stages.changes import changes
from hrmonitor.stages.indicators import indicators
from hrmonitor.stages.suppressions import suppressions
from hrmonitor.survey import Round
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from settings import shipped

ROOT = Path(__file__).resolve().parents[2]
CONFIG = shipped()
SETTINGS = EstimationSettings(CONFIG.confidence, CONFIG.seed, CONFIG.dont_know_in_base)
RULES = Rules(sensitive=("respondent_role",))
SERVICES = ("dcr", "oat", "hat", "nsp")
# Of each kind one or more, so that an example costs a second or two: with a condition and one it decides on, then and now, a sensitive one.
QUESTIONS = (
    "service", "respondent_role", "clients_then", "clients_now", "clients_trend", "age50_then", "age50_now", "ghb_seen", "ghb_trend",
    "barriers", "delivers_national", "hat_slots", "hat_patients", "dcr_places_total",
)  # fmt: skip


@cache
def answered(name: str) -> Round:
    """A shipped round as its facilities truly answered, of a few questions."""
    form = read_validated(ROOT / f"raw/{name}/questionnaire")
    form = replace(form, questions={key: one for key, one in form.questions.items() if key in QUESTIONS})
    truth = pd.read_csv(ROOT / "tests/ground_truth/published/truth.csv", dtype="str")
    wide = truth[truth["round"] == name].pivot(index="facility_id", columns="question", values="value").reset_index()
    boxes = [f"{one.name}/{code}" for one in form if one.kind == "select_multiple" for code in one.codes]
    for box in boxes:
        wide[box] = wide[box].map({"True": True, "False": False}).astype(object) if box in wide else None
    frame = frame_of_year(read_register(ROOT / "raw/register.csv"), int(name))
    facilities = as_cleaned(wide.where(wide.notna(), None), form)
    return Round(name, int(name), facilities, frame, form)


def subset(services: tuple[str, ...], mode: str, share: float, seed: int) -> dict[str, Round]:
    """Both rounds; of that of 2021 the services, one mode or both, and a random share of the rest."""
    later = answered("2021")
    random = np.random.default_rng(seed)
    modes = np.where(np.random.default_rng(1).random(len(later.facilities)) < 0.12, "questionnaire", "interview")
    facilities = later.facilities.assign(_mode=modes)
    kept = facilities["service"].isin(services) & (random.random(len(facilities)) < share)
    kept &= np.isin(modes, [mode] if mode else ["interview", "questionnaire"])
    return {"2018": answered("2018"), "2021": replace(later, facilities=facilities[kept].reset_index(drop=True))}


@pytest.fixture(scope="module")
def reference(tmp_path_factory) -> Path:
    """Published figures, with the pairs that these questions have."""
    folder = tmp_path_factory.mktemp("reference")
    for file in (ROOT / "raw/reference").glob("*.csv"):
        (folder / file.name).write_bytes(file.read_bytes())
    pairs = pd.read_csv(folder / "comparisons.csv", dtype="str", keep_default_na=False)
    known = {"facilities", "municipalities"} | set(answered("2021").questionnaire.by_indicator)
    pairs[pairs["indicator"].isin(known)].to_csv(folder / "comparisons.csv", index=False)
    (folder / "derived.csv").unlink()
    return folder


@given(
    st.lists(st.sampled_from(SERVICES), max_size=4, unique=True).map(tuple),
    st.sampled_from(["", "interview", "questionnaire"]),
    st.sampled_from([1.0, 0.5, 0.25, 0.1]),
    st.integers(0, 10**6),
)
@example((), "", 1.0, 1)
@example(("hat",), "", 1.0, 1)
@example(("dcr", "oat", "nsp"), "questionnaire", 1.0, 1)
@example(SERVICES, "", 0.25, 4)
@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
def test_any_subset_of_the_answers_goes_through_the_stages(reference, services, mode, share, seed):
    rounds = subset(services, mode, share, seed)
    hidden, _ = suppressions(rounds, SETTINGS, RULES)
    table = indicators(rounds, hidden, SETTINGS, RULES)
    check("indicators", table)
    shown = table[(table["statistic"] == "share") & ~table["suppressed"] & table["estimate"].notna()]
    # A share that is rounded beside a hidden part has no interval; every other has one, and it holds the estimate.
    held = (shown["ci_low"] <= shown["estimate"]) & (shown["estimate"] <= shown["ci_high"])
    assert (held | (shown["suppression"] == "rounded")).all()
    check("changes", changes(rounds, hidden, SETTINGS, RULES))
    beside, notes = against_published(rounds, table, list(SERVICES), reference, CONFIG.languages)
    assert len(beside) + len(notes) == len(pd.read_csv(reference / "comparisons.csv"))
    later = rounds["2021"]
    compare_modes("2021", later.facilities, later.questionnaire, SETTINGS, 3, set())
    item_nonresponse("2021", later.facilities, later.questionnaire, 3, set())
    for finding in CONFIG.findings.values():
        tests = [
            test for test in finding.tests if {test.question or test.now, test.then or "service"} <= set(QUESTIONS)
        ]
        if tests and not any(test.theme for test in tests):
            some = replace(finding, tests=tuple(tests))
            outcome = verdict(run_tests(some, rounds, pd.DataFrame(), SETTINGS, overturn=False), tests, Least(10, 5))
            assert len(later.facilities) >= 10 or outcome == "not_assessable"
