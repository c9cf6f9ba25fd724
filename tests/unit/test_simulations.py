"""Small runs of what benchmarks/simulations.py runs at length; docs/methods/simulations.md has its tables."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hrmonitor.estimation.sampling_design import EstimationSettings
from hrmonitor.findings.verdicts import Least
from hrmonitor.project.register import read_register
from hrmonitor.questionnaire.model import read_questionnaire
from hrmonitor.simulation import coverage, thresholds, verdicts
from hrmonitor.simulation.worlds import WORLDS, draw
from settings import shipped

ROOT = Path(__file__).resolve().parents[2]
CONFIG = shipped()
TRENDS = ["use_stagnated", "migrants_cee", "ageing_somatic", "ghb_need"]


@pytest.mark.parametrize(
    ("n", "population"), [(1, 2), (3, 10), (17, 22), (17, 24), (29, 60), (53, 75), (40, 41), (60, 300)]
)
def test_the_exact_interval_covers_whatever_is_true(n, population):
    assert coverage.exact_coverage(n, population) >= 0.95 - 1e-9


@pytest.mark.parametrize("world", ["small", "skewed"])
def test_intervals_cover_about_as_often_as_they_say(world):
    found = coverage.simulate(world, 150, seed=1)
    sampled = found[~found["exact"]]
    assert len(sampled) >= 12
    assert 0.92 <= sampled["coverage"].mean() <= 0.98
    # Three standard errors below 90%.
    assert sampled["coverage"].min() > 0.9 - 3 * (0.9 * 0.1 / 150) ** 0.5


def coverage_of(world: str, interval: str, independent: bool = False) -> float:
    found = coverage.simulate(world, 120, seed=1, independent=independent).set_index("interval")
    return float(found.loc[interval, "coverage"])


def test_organisations_that_answer_as_a_whole_need_clusters():
    """At an intraclass correlation of 0.1; taken for independent, intervals cover far too seldom."""
    assert coverage_of("organisations answer", "share") > 0.88
    assert coverage_of("organisations answer", "share", independent=True) < 0.85


def test_gaps_at_random_do_no_harm_and_those_that_depend_on_the_answer_do():
    assert coverage_of("gaps", "total") > 0.88
    assert coverage_of("gaps by value", "total") < 0.7


def test_an_organisation_effect_is_of_the_size_that_is_asked_for():
    random = np.random.default_rng(1)
    within, between = [], []
    for _ in range(60):
        one = draw(WORLDS["organisations"], random)
        z = (np.log(one.x) - 4) / WORLDS["organisations"].spread
        pairs = [z[one.organisation == name] for name in np.unique(one.organisation)]
        # The mean product of two facilities of one organisation is the correlation.
        products = [(group.sum() ** 2 - (group**2).sum()) for group in pairs]
        within.append(sum(products))
        between.append(sum(len(group) * (len(group) - 1) for group in pairs))
    assert sum(within) / sum(between) == pytest.approx(0.1, abs=0.04)


def test_a_census_always_covers():
    assert coverage.simulate("full response", 20, seed=1)["coverage"].min() == pytest.approx(1)


def counted(scenario: str, rounds: int):
    form, register = read_questionnaire(ROOT / "raw/2021/questionnaire"), read_register(ROOT / "raw/register.csv")
    settings = EstimationSettings(CONFIG.confidence, CONFIG.seed, CONFIG.dont_know_in_base)
    return verdicts.simulate(scenario, CONFIG.findings, form, register, 2021, rounds, settings, Least(10, 5)).set_index(
        "finding"
    )


@pytest.mark.parametrize("world", ["independent", "organisations answer as one"])
def test_tests_seldom_pass_at_their_threshold_and_mostly_well_beyond_it(world):
    """One test of each measure; 12 rounds each, of which at 5% four or more pass in 0.2% of runs."""
    form, register = read_questionnaire(ROOT / "raw/2021/questionnaire"), read_register(ROOT / "raw/register.csv")
    settings = EstimationSettings(CONFIG.confidence, CONFIG.seed, CONFIG.dont_know_in_base)
    tests = {"use_stagnated": (1, 3), "migrants_cee": (0, 2), "stigma_access": (1,), "monitoring_needed": (0,)}
    some = {
        name: replace(CONFIG.findings[name], tests=tuple(CONFIG.findings[name].tests[place] for place in places))
        for name, places in tests.items()
    }
    found = thresholds.simulate(world, some, form, register, 2021, 12, settings, steps=(0, 6))
    at, beyond = (found[found["beyond"] == step].set_index("measure")["passed"] for step in (0, 6))
    assert (at <= 3).all(), at
    assert beyond.groupby(level=0).min().median() >= 10, beyond


def test_a_world_without_trends_raises_few_false_alarms():
    found = counted("flat", 25)
    # With a chance of 5% each, three or more of 25 are 13% likely, four 3%.
    assert (found.loc[TRENDS, "supported"] <= 3).all(), found


def test_the_published_world_is_recognised():
    # That coders agree well enough must show in the lower end of an interval, which it does in some four rounds of five.
    assert (counted("published", 25)["supported"] >= 20).all()
