"""The generators of the example studies make the files that are checked in, byte for byte."""

import importlib.util
from pathlib import Path

import pandas as pd
import pytest

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


def generator(study: str):
    spec = importlib.util.spec_from_file_location(f"generate_{study}", EXAMPLES / study / "generate.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_survey_of_clients_is_what_its_seed_makes(tmp_path):
    generator("clients").write(tmp_path / "clients.csv")
    assert (tmp_path / "clients.csv").read_bytes() == (EXAMPLES / "clients/raw/2025/exports/clients.csv").read_bytes()


def test_the_monitor_of_cities_is_what_its_seed_makes(tmp_path):
    generator("cities").write(tmp_path)
    for year in (2023, 2024, 2025):
        one = f"{year}/exports/cities.csv"
        assert (tmp_path / one).read_bytes() == (EXAMPLES / "cities/raw" / one).read_bytes()


@pytest.mark.parametrize(("study", "other"), [("clients", 1), ("cities", 1)])
def test_another_seed_makes_other_answers(study, other, monkeypatch):
    module = generator(study)
    make = module.rows if study == "clients" else module.rounds
    as_it_is = make()
    monkeypatch.setattr(module, "SEED", other)
    assert make() != as_it_is


def test_weights_reproduce_the_weighted_toplines_of_r():
    """A share is the weights of those who say so over the weights of all who answered: by hand, from the columns of the export."""
    answers = pd.read_csv(EXAMPLES / "clients/raw/2025/exports/clients.csv", sep=";", keep_default_na=False)
    answers = answers[answers["consent"] == "yes"]
    expected = pd.read_csv(
        EXAMPLES.parent / "tests/reference_values/examples.csv",
        dtype={"round": "str"},
        keep_default_na=False,
        na_values=["NA"],
    )
    toplines = expected.query("study == 'clients' and service == 'all' and statistic == 'share'")
    toplines = toplines[
        toplines["indicator"].isin(["age", "checking_would", "hcv_test", "peer_contact", "place_of_use"])
    ]
    assert len(toplines) > 15
    for row in toplines.itertuples():
        known = answers[answers[row.indicator] != ""]
        topline = known.loc[known[row.indicator] == row.category, "weight"].sum() / known["weight"].sum()
        assert topline == pytest.approx(row.estimate, abs=1e-8)
