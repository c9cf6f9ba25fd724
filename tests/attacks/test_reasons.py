"""Who knows why cells are hidden, because it is said or because he knows the rules, learns no hidden count."""

import tempfile
from pathlib import Path

import pandas as pd
import pytest
from attacks.reasons import known_to_makers, recovered, said
from hrmonitor.disclosure import complementary, systems
from hrmonitor.disclosure.rules import Rules
from published_set import RULES, few_roles_world, publish, random_world, read_form, write


@pytest.fixture(scope="module")
def form(tmp_path_factory):
    return read_form(tmp_path_factory.mktemp("form"))


@pytest.fixture(scope="module")
def world(form):
    return few_roles_world(form)


def reasons_told(folder: Path) -> None:
    """The published table as it was when it said why."""
    path = folder / "open_data" / "indicators.csv"
    table = pd.read_csv(path, dtype={"round": "str", "suppression": "str"}, keep_default_na=False)
    why = pd.read_csv(folder / "suppressions.csv", dtype="str", keep_default_na=False)
    keys = ["round", "service", "indicator", "category", "statistic"]
    reasons = why[why["table"] == "indicators"].set_index(keys)["reason"].to_dict()
    table["suppression"] = [reasons.get(tuple(row), "") for row in table[keys].itertuples(index=False)]
    write(table, path)


def test_the_published_tables_do_not_say_why(world, tmp_path):
    publish(tmp_path, world)
    assert said(tmp_path, "role") == {}
    assert known_to_makers(tmp_path, "role")
    for path in sorted((tmp_path / "open_data").iterdir()) + sorted((tmp_path / "figures").iterdir()):
        assert not any(word in path.read_text(encoding="utf-8") for word in ("primary", "complementary")), path


def test_reasons_do_not_tell_a_count_of_a_survey_whose_cells_are_hidden_for_who_knows_them(world, tmp_path):
    publish(tmp_path, world)
    assert recovered(tmp_path, "role", RULES.minimum_cell, known_to_makers(tmp_path, "role")) == {}


def test_reasons_tell_the_counts_of_a_survey_that_was_hidden_from_who_does_not_know_them(world, tmp_path, monkeypatch):
    """The attack has teeth: without the runs of the rule in the search, what it hid is recovered."""
    monkeypatch.setattr(systems, "runs_of_counts", lambda *_: ())
    publish(tmp_path, world)
    reasons_told(tmp_path)
    found = recovered(tmp_path, "role", RULES.minimum_cell, said(tmp_path, "role"))
    assert found
    for place, count in found.items():
        round_, service, role = place
        answers = world.rounds[round_]
        assert ((answers["service"] == service) & (answers["role"] == role)).sum() == count
    # And the auditor says so.
    assert "narrowed" in set(world.findings(tmp_path)["verdict"])


@pytest.mark.parametrize("seed", range(1))
def test_reasons_tell_no_count_of_a_random_survey(form, seed, monkeypatch):
    monkeypatch.setattr(complementary, "MOST_CUTS", 40)
    world, rules = random_world(form, seed)
    rules = Rules(**{**rules.__dict__, "sensitive": ("role",)})
    with tempfile.TemporaryDirectory() as folder:
        publish(Path(folder), world, rules)
        primary = known_to_makers(Path(folder), "role")
        found = recovered(Path(folder), "role", rules.minimum_cell, primary)
    assert {place: count for place, count in found.items() if primary[place]} == {}
