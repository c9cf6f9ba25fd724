"""Small runs of what benchmarks/simulations.py runs at length; docs/methods/simulations.md has its tables."""

from pathlib import Path

import pytest
from hrmonitor.estimation.sampling_design import EstimationSettings
from hrmonitor.findings.verdicts import Least
from hrmonitor.project.register import read_register
from hrmonitor.questionnaire.model import read_questionnaire
from hrmonitor.simulation import coverage, verdicts
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


def test_a_census_always_covers():
    assert coverage.simulate("full response", 20, seed=1)["coverage"].min() == pytest.approx(1)


def counted(scenario: str, rounds: int):
    form, register = read_questionnaire(ROOT / "raw/2021/questionnaire"), read_register(ROOT / "raw/register.csv")
    settings = EstimationSettings(CONFIG.confidence, CONFIG.seed, CONFIG.dont_know_in_base)
    return verdicts.simulate(scenario, CONFIG.findings, form, register, 2021, rounds, settings, Least(10, 5)).set_index(
        "finding"
    )


def test_a_world_without_trends_raises_few_false_alarms():
    found = counted("flat", 25)
    # With a chance of 5% each, three or more of 25 are 13% likely, four 3%.
    assert (found.loc[TRENDS, "supported"] <= 3).all(), found


def test_the_published_world_is_recognised():
    assert (counted("published", 25)["supported"] >= 22).all()
