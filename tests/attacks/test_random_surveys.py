"""Every attack on a few surveys made at random recovers nothing, and something where the defence is taken out. More of them: `make attack`."""

import pandas as pd
import pytest
from attacks import random_surveys, reasons
from attacks.random_surveys import ATTACKS, Survey, attacked
from hrmonitor.disclosure import complementary, suppressions
from hrmonitor.disclosure.rounding import coarse
from hrmonitor.figures import paired_change
from hrmonitor.stages import indicators as indicators_stage
from hrmonitor.tabulation.indicators import estimate_round
from published_set import read_form, write

# Rules that leave most shown, so that what is recovered is recovered for want of the defence that was taken out.
LAX = {"minimum_cell": 3, "minimum_organisations": 1, "p_percent": 0.0, "rounding_base": 0}


@pytest.fixture(scope="module")
def form(tmp_path_factory):
    return read_form(tmp_path_factory.mktemp("form"))


@pytest.mark.parametrize("seed", [2, 5, 8])
def test_nothing_is_recovered(form, seed, monkeypatch):
    monkeypatch.setattr(complementary, "MOST_CUTS", 40)
    secrets, recovered, _ = attacked(form, seed)
    assert recovered == []
    assert all(secrets[kind] for kind in (*list(ATTACKS)[2:], "sums", "left open"))


@pytest.mark.parametrize("seed", [2, 8])
def test_there_are_counts_to_recover(form, seed, tmp_path, monkeypatch):
    monkeypatch.setattr(complementary, "MOST_CUTS", 40)
    one = Survey.publish(form, seed, tmp_path)
    assert ATTACKS["counts"](one)[0] == ATTACKS["counts, by intervals of all services"](one)[0] > 0


def test_intervals_of_all_services_tell_counts_if_they_stand_beside_shares_of_which_parts_are_hidden(form, tmp_path):
    one = Survey.publish(form, 1, tmp_path, sensitive=("role",), **LAX)
    attack = ATTACKS["counts, by intervals of all services"]
    assert attack(one)[1] == []
    table = one.table()
    bare = pd.concat([estimate_round(each, one.settings) for each in one.world.answered()], ignore_index=True)
    rounded = (table["suppression"] == "rounded").to_numpy()
    for name in ("ci_low", "ci_high"):
        table.loc[rounded, name] = coarse(bare.loc[rounded, [name]])[name]
    write(table, one.folder / "open_data" / "indicators.csv")
    assert attack(one)[1]


def test_errors_tell_the_answers_of_few_in_all_their_digits(form, tmp_path, monkeypatch):
    attack = ATTACKS["answers of three or four, by errors"]
    assert attack(Survey.publish(form, 5, tmp_path / "as it is", **LAX))[1] == []
    monkeypatch.setattr(indicators_stage, "without_moments", lambda table, _: table)
    # Two digits leave them among others.
    assert attack(Survey.publish(form, 5, tmp_path / "two digits", **LAX))[1]
    monkeypatch.setattr(indicators_stage, "justified", lambda table: table)
    one = Survey.publish(form, 5, tmp_path / "all digits", **LAX)
    assert len(attack(one)[1]) > 1
    # And so do intervals alone.
    table = one.table().assign(se=float("nan"), deff=float("nan"))
    write(table, one.folder / "open_data" / "indicators.csv")
    assert attack(one)[1]


def test_intervals_of_medians_end_at_the_smallest_and_largest_answer(form, tmp_path, monkeypatch):
    attack = ATTACKS["smallest and largest answers, by medians"]
    for seed in (4, 5):
        assert attack(Survey.publish(form, seed, tmp_path / f"{seed}", **LAX))[1] == []
    monkeypatch.setattr(suppressions, "unsafe_quantiles", lambda *_: [])
    # Of few, the interval would be hidden all the same.
    monkeypatch.setattr(indicators_stage, "without_moments", lambda table, _: table)
    for seed in (4, 5):
        secrets, recovered = attack(Survey.publish(form, seed, tmp_path / f"{seed} without", **LAX))
        assert 0 < len(recovered) <= secrets


def test_marks_in_the_order_of_names_and_rows_of_repetitions_tell_whose_they_are(form, tmp_path, monkeypatch):
    attack = ATTACKS["names, by files and rows"]
    assert attack(Survey.publish(form, 4, tmp_path / "as it is", **LAX))[1] == []
    # The figure as it was, with the numbers of every facility.
    monkeypatch.setattr(
        paired_change, "averaged", lambda pairs, *_: pairs.drop(columns="organisation").assign(facilities=1)
    )
    monkeypatch.setattr(paired_change, "_rest_kept", lambda *_: True)
    monkeypatch.setattr(random_surveys, "summary", lambda again: again)
    recovered = attack(Survey.publish(form, 4, tmp_path / "without", **LAX))[1]
    assert "names, by the bytes of figures/pairs.csv" in recovered
    assert any(one.startswith("how many of") for one in recovered)


@pytest.mark.parametrize("seed", [44, 105, 143, 243])
def test_bytes_are_alike_under_any_names(form, seed, tmp_path):
    """Found by `make attack`: 865 of overdoses was 860 or 870, by the order in which facilities were added up; a ratio was one to a sum of
    1e-17 in place of nothing; marks were cut by the order of organisations' names."""
    assert ATTACKS["names, by files and rows"](Survey.publish(form, seed, tmp_path / "published"))[1] == []


def test_a_guess_that_is_right_counts_as_recovered(form, tmp_path):
    """The reasons of hidden counts, and the counts beside them, are compared with what was answered."""
    one = Survey.publish(form, 8, tmp_path, sensitive=("role",))
    primary = reasons.known_to_makers(one.folder, "role")
    truth = {place: int((one.answers(*place[:2])["role"] == place[2]).sum()) for place in primary if place[1] != "all"}
    found = random_surveys._true_counts(one, primary, truth)
    assert found[0] == len(found[1]) > 0
    assert random_surveys._true_counts(one, primary, {place: n + 1 for place, n in truth.items()})[1] == []
