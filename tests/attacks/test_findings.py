"""A test of a finding does not tell what a table hides: its number is gone, and so is the verdict."""

import numpy as np
import pandas as pd
import pytest
from hrmonitor.disclosure.audit import told_by_tests
from hrmonitor.disclosure.suppressions import find_pattern
from hrmonitor.findings.confidential import gated
from hrmonitor.findings.sensitivity import reassess
from hrmonitor.findings.verdicts import Least, assess, with_statements
from published_set import RULES, SETTINGS, World, read_form, usual_world, write
from settings import finding

LEAST = Least(1, 1)
# Medians of three are the answer of the middle one; the ratio of a number to a shown one is that number.
MEDIAN = {"test": "median_above", "question": "overdoses", "threshold": 1, "services": ["dcr"]}
RATIO = {"test": "ratio_above", "now": "syringes", "then": "clients", "threshold": 1, "services": ["dcr"]}
DIFFERENCE = {
    "test": "difference_above",
    "question": "clients",
    "by": "service",
    "group": ["dcr"],
    "against": ["hat"],
    "threshold": 0,
}
SAFE = {"test": "median_above", "question": "clients_then", "threshold": 1}


@pytest.fixture(scope="module")
def world(tmp_path_factory) -> World:
    """Three rooms counted overdoses, one gives out nearly all syringes, and one heroin unit knows its clients."""
    world = usual_world(read_form(tmp_path_factory.mktemp("form")))
    table = world.rounds["2021"]
    for service, name, kept in (("dcr", "overdoses", 3), ("hat", "clients", 1)):
        blank = table.index[table["service"] == service][kept:]
        table.loc[blank, name] = np.nan
        table.loc[blank, f"{name}__missing"] = "no_answer"
    return world


def told(world: World, test: dict, folder, gate: bool) -> tuple[pd.DataFrame, pd.DataFrame, list[str]]:
    """The findings as they are published, the repetitions, and what the auditor says."""
    claims = {"f": finding(test)}
    rounds = {one.name: one for one in world.answered()}
    how = (claims, rounds, pd.DataFrame(), SETTINGS, LEAST)
    table, again = assess(*how), reassess(*how)
    if gate:
        pattern, _ = find_pattern(world.answered(), SETTINGS, RULES)
        table, again, _ = gated(table, again, claims, rounds, pattern, SETTINGS, RULES)
    (folder / "open_data").mkdir(exist_ok=True)
    write(with_statements(table, claims, ["en", "nl"]).assign(strength="none"), folder / "open_data" / "findings.csv")
    return table, again, told_by_tests(folder, world.answered(), RULES.__dict__)


def recovered(world: World, test: dict, value: float) -> float:
    """What the number of a test tells that its table hides, and the same from the answers."""
    answers = world.rounds["2021"]
    rooms = answers[answers["service"] == "dcr"]
    if test is MEDIAN:
        return value - sorted(rooms["overdoses"].dropna())[1]
    if test is RATIO:
        # The clients of rooms are shown.
        return value * rooms["clients"].sum() - rooms["syringes"].sum()
    return rooms["clients"].mean() - value - answers.loc[answers["service"] == "hat", "clients"].dropna().item()


@pytest.mark.parametrize("test", [MEDIAN, RATIO, DIFFERENCE], ids=["median", "ratio", "difference"])
def test_a_number_that_is_hidden_elsewhere_is_not_told_by_a_test(world, test, tmp_path):
    table, _, audited = told(world, test, tmp_path, gate=False)
    # The attack has teeth, and the auditor sees it.
    assert recovered(world, test, table["estimate"].item()) == pytest.approx(0, abs=1e-6)
    assert len(audited) == 1
    table, again, audited = told(world, test, tmp_path, gate=True)
    assert table[["estimate", "ci_low", "ci_high", "p", "p_holm", "overturn"]].isna().all(axis=None)
    assert table["verdict"].tolist() == ["not_assessable"]
    assert not table["passed"].any()
    # No repetition says on which side of the threshold it lies.
    assert set(again["verdict"]) == {"not_assessable"}
    assert again["as_before"].all()
    assert audited == []


def test_other_numbers_stay(world, tmp_path):
    before = told(world, SAFE, tmp_path, gate=False)[0]
    table, _, audited = told(world, SAFE, tmp_path, gate=True)
    assert table["estimate"].tolist() == before["estimate"].tolist()
    assert table["verdict"].tolist() == ["supported"]
    assert audited == []
