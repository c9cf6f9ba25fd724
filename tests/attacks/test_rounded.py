"""Rounded counts tell no count, whatever their base; exact ones under the same label, or beside them, do, and the auditor says so."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from attacks.order import differing, renamed
from attacks.reasons import read
from attacks.rounded import ranges, recovered
from attacks.test_editions import edition, published_after, verdicts
from hrmonitor.disclosure import rounded_counts, suppressions
from hrmonitor.disclosure.rules import Rules
from hrmonitor.disclosure.suppressions import find_pattern
from hrmonitor.errors import ConfigError, DisclosureError
from hrmonitor.reporting.chapters.portraits import _chosen
from hrmonitor.reporting.story import Story
from hrmonitor.stages import indicators as indicators_stage
from hrmonitor.tabulation.indicators import estimate_round
from published_set import KEPT, RULES, SETTINGS, few_roles_world, publish, random_world, read_form
from settings import small_config

ANSWERS = {("2018", "dcr"): KEPT["dcr"][0], **{("2021", service): n for service, (n, _) in KEPT.items()}}


@pytest.fixture(scope="module")
def form(tmp_path_factory):
    return read_form(tmp_path_factory.mktemp("form"))


@pytest.fixture(scope="module")
def world(form):
    return few_roles_world(form)


def roles(folder) -> pd.DataFrame:
    table = read(folder / "open_data" / "indicators.csv")
    return table[(table["indicator"] == "role") & (table["statistic"] == "share")]


def truth(world, place: tuple) -> int:
    answers = world.rounds[place[0]]
    return int(((answers["service"] == place[1]) & (answers["role"] == place[2])).sum())


@pytest.mark.parametrize("base", [3, 5])
def test_nothing_follows_from_rounded_counts(world, base, tmp_path):
    rules = replace(RULES, round_sensitive=base)
    publish(tmp_path, world, rules)
    assert recovered(tmp_path, "role", base, ANSWERS) == {}
    assert (world.findings(tmp_path, rules)["verdict"] == "safe").all()
    shown = roles(tmp_path)
    # All are shown, as rounded ones, and they add up.
    assert set(shown["suppression"]) == {f"rounded_to_{base}"}
    for _, own in shown.groupby(["round", "service"]):
        assert own["estimate"].sum() == pytest.approx(1)
        assert own["n"].nunique() == 1
    parts = shown[shown["service"] != "all"]
    counts = parts["estimate"] * parts["n"]
    assert np.allclose(counts, base * np.round(counts / base), atol=1e-6)
    true = [truth(world, place) for place in parts[["round", "service", "category"]].itertuples(index=False, name=None)]
    assert (abs(counts - true) < base).all()
    assert set(counts[np.array(true) == 0]) == {0.0}
    # What else is a function of the exact counts is not there.
    assert shown[["ci_low", "ci_high", "se", "deff"]].isna().all(axis=None)
    bounds = read(tmp_path / "open_data" / "indicators.csv").query(
        "indicator == 'role' and statistic == 'share_bounds'"
    )
    changes = read(tmp_path / "open_data" / "changes.csv").query("indicator == 'role'")
    gaps = pd.read_csv(tmp_path / "open_data" / "item_nonresponse.csv").query("question in ('role', 'role_other')")
    for table in (bounds, changes):
        assert len(table) and table[["estimate", "ci_low", "ci_high", "n"]].isna().all(axis=None)
    assert len(gaps) and gaps["n"].isna().all()


@pytest.mark.parametrize("seed", range(4))
def test_nothing_follows_in_random_surveys(form, seed, tmp_path, monkeypatch):
    monkeypatch.setattr("hrmonitor.disclosure.complementary.MOST_CUTS", 40)
    world, rules = random_world(form, seed)
    base = (3, 5)[seed % 2]
    rules = replace(rules, sensitive=("role",), round_sensitive=base)
    publish(tmp_path, world, rules)
    answers = {
        (name, service): len(own) for name, table in world.rounds.items() for service, own in table.groupby("service")
    }
    assert recovered(tmp_path, "role", base, answers) == {}
    assert (world.findings(tmp_path, rules)["verdict"] == "safe").all()


def test_other_names_give_the_same_rounded_counts(world, tmp_path):
    rules = replace(RULES, round_sensitive=3)
    publish(tmp_path / "as it is", world, rules)
    publish(tmp_path / "renamed", renamed(world, 5), rules)
    assert differing(tmp_path / "as it is", tmp_path / "renamed")[1] == []


def test_other_answers_to_another_question_draw_other_counts(world):
    """What decides is not in the table: who tries all tables that might be the true one still lacks it."""
    base, question = 5, world.form["role"]
    one = world.answered()[-1]
    found = rounded_counts.rounded_counts(question, one, SETTINGS, base)
    drawn = []
    for more in range(1, 12):
        other = replace(one, facilities=one.facilities.assign(clients=one.facilities["clients"] + more))
        drawn.append(rounded_counts.rounded_counts(question, other, SETTINGS, base))
    assert any(each != found for each in drawn)
    assert all(
        {place: n for place, (_, n) in each.items()} == {place: n for place, (_, n) in found.items()} for each in drawn
    )


def weakened(world, folder, patch) -> tuple[dict, set[str]]:
    rules = replace(RULES, round_sensitive=3)
    with pytest.MonkeyPatch.context() as monkeypatch:
        patch(monkeypatch)
        publish(folder, world, rules)
    return recovered(folder, "role", 3, ANSWERS), set(world.findings(folder, rules)["verdict"])


def exact_counts(patch) -> None:
    patch.setattr(rounded_counts, "controlled", lambda counts, *_: counts)


def exact_bounds(patch) -> None:
    patch.setattr(suppressions, "stating", lambda cell: (cell,))


def exact_changes(patch) -> None:
    patch.setattr(suppressions, "changes_of", lambda *_: [])


def exact_totals(patch) -> None:
    """The share of all services as it is of exact counts."""
    shown = indicators_stage.show_rounded

    def with_exact(table, rounds, settings, rules):
        table = shown(table, rounds, settings, rules)
        bare = pd.concat([estimate_round(one, settings) for one in rounds.values()], ignore_index=True)
        of_all = (table["suppression"] == "rounded_to_3") & (table["service"] == "all")
        return table.assign(estimate=table["estimate"].mask(of_all, bare["estimate"]))

    patch.setattr(indicators_stage, "show_rounded", with_exact)


@pytest.mark.parametrize("patch", [exact_counts, exact_bounds, exact_totals])
def test_exact_counts_under_the_label_or_beside_it_tell_them_and_the_auditor_says_so(world, patch, tmp_path):
    """The attack has teeth."""
    found, verdicts = weakened(world, tmp_path, patch)
    assert found
    assert all(truth(world, place) == count for place, count in found.items())
    assert verdicts & {"shown", "narrowed"}


def test_changes_of_exact_counts_narrow_them(world, tmp_path):
    weakened(world, tmp_path / "without", exact_changes)
    weakened(world, tmp_path / "whole", lambda _: None)
    without, whole = (ranges(tmp_path / name, "role", 3, ANSWERS) for name in ("without", "whole"))
    narrower = [place for place, (low, high) in without.items() if high - low < whole[place][1] - whole[place][0]]
    assert narrower
    assert all(low <= truth(world, place) <= high for place, (low, high) in without.items())


def test_what_is_said_to_be_rounded_to_another_base_than_the_configs_is_read_as_exact(world, tmp_path):
    publish(tmp_path, world, replace(RULES, round_sensitive=3))
    with pytest.raises(DisclosureError, match="contradict each other"):
        world.findings(tmp_path, replace(RULES, round_sensitive=5))


def test_where_organisations_are_few_nothing_is_shown_of_them_nor_of_all(world, tmp_path):
    few = replace(world, frame=world.frame.assign(organisation=world.frame["organisation"].where(
        world.frame["service"] != "dcr", "A")))  # fmt: skip
    rules = replace(RULES, round_sensitive=3)
    publish(tmp_path, few, rules)
    shown = roles(tmp_path).query("round == '2021'")
    hidden = shown["service"].isin(["dcr", "all"])
    assert shown.loc[hidden, ["estimate", "n"]].isna().all(axis=None)
    assert shown.loc[~hidden, "estimate"].notna().all()
    assert (few.findings(tmp_path, rules)["verdict"] == "safe").all()


def test_numbers_that_are_not_filled_in_stay_blank(world, tmp_path, monkeypatch):
    monkeypatch.setattr(indicators_stage, "show_rounded", lambda table, *_: table)
    publish(tmp_path, world, replace(RULES, round_sensitive=3))
    assert roles(tmp_path)[["estimate", "n"]].isna().all(axis=None)


@pytest.mark.parametrize(("then", "now"), [("primary_count", 3), ("rounded_to_3", 0), ("rounded_to_3", 5)])
def test_counts_of_a_round_that_is_out_are_treated_as_they_were(world, then, now):
    hidden = pd.DataFrame([("2021", "role", then)], columns=["round", "indicator", "reason"])
    edition = SimpleNamespace(name="first", rounds={"2021": None}, suppressions=hidden)
    with pytest.raises(ConfigError, match=r"disclosure\.round_sensitive.*edition first"):
        find_pattern(world.answered(), SETTINGS, replace(RULES, round_sensitive=now), [edition])


def test_the_audit_attacks_two_editions_together_of_which_the_counts_were_drawn_anew(world, tmp_path, monkeypatch):
    """Another question was corrected, so that other counts went up."""
    rules = replace(RULES, round_sensitive=5)
    first = edition(world, tmp_path / "first", rules)
    corrected = world.rounds["2021"].assign(clients=world.rounds["2021"]["clients"] + 7)
    widths = []
    for now, name in ((world, "the same"), (replace(world, rounds=world.rounds | {"2021": corrected}), "corrected")):
        with monkeypatch.context() as patch:
            published_after(now, tmp_path / name, [first], patch, rules)
        found = verdicts(now, tmp_path / name, [first], rules)
        widths.append(
            found.query("indicator == 'role' and round == '2021'").set_index(["service", "category"])["width"]
        )
    assert (tmp_path / "the same/open_data/indicators.csv").read_bytes() == (
        tmp_path / "first/open_data/indicators.csv"
    ).read_bytes()
    assert len(widths[0]) == len(widths[1]) > 3
    assert (widths[1] <= widths[0]).all()
    assert (widths[1] < widths[0]).any()


def test_a_portrait_does_not_call_rounded_counts_what_facilities_answered(world, form):
    story = Story("en", config=small_config())
    story.forms, story.latest = {"2021": form}, "2021"
    rounds = {one.name: one for one in world.answered()}
    told = []
    for rules in (Rules(sensitive=(), p_percent=0), replace(RULES, round_sensitive=3)):
        pattern, _ = find_pattern(world.answered(), SETTINGS, rules)
        story.indicators = indicators_stage.indicators(rounds, pattern, SETTINGS, rules)
        told.append(_chosen(story, form["role"], "oat"))
    assert "manager" in told[0]
    assert told[1] == ""
