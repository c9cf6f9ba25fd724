"""Trends over three rounds: as base R has them, over all rounds that asked alike, hidden where a change is, and not told of too few."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hrmonitor.declarations.csv_files import write_table
from hrmonitor.disclosure.rules import Rules
from hrmonitor.disclosure.suppressions import COLUMNS as PATTERN
from hrmonitor.estimation import share_change
from hrmonitor.estimation.sampling_design import EstimationSettings
from hrmonitor.estimation.trends import Sizes, linear_trend, monotone_p
from hrmonitor.language import text
from hrmonitor.questionnaire.model import read_questionnaire
from hrmonitor.reporting.chapters.trends import section
from hrmonitor.reporting.story import Story
from hrmonitor.stages.changes import changes
from hrmonitor.stages.trends import trends
from hrmonitor.survey import Round

REFERENCE = pd.read_csv(Path(__file__).parents[1] / "reference_values" / "trends.csv")
NAN = np.nan
# As in reference_values/trends.R.
ANSWERS = {
    "a": [[12, 14, 15], [10, NAN, 13], [9, 11, 12], [NAN, 8, 9], [14, 15, NAN], [11, 11, 14], [7, 9, 10], [13, NAN, NAN]],
    "b": [[5, 6, 9], [NAN, 7, 8], [4, 4, 6], [6, NAN, NAN], [5, 7, 7]],
}  # fmt: skip
SIZES = {
    "a": Sizes((14, 15, 16), {(0, 1): 13, (0, 2): 12, (1, 2): 14}),
    "b": Sizes((9, 9, 8), {(0, 1): 8, (0, 2): 7, (1, 2): 8}),
}
SETTINGS = EstimationSettings(confidence=0.95, seed=1, dont_know_in_base=True)


@pytest.mark.parametrize("place", REFERENCE.index)
def test_slopes_and_their_intervals_are_those_of_r(place):
    row = REFERENCE.loc[place]
    own = {name: np.array(ANSWERS[name], float) for name in row["stratum"].split()}
    found = linear_trend(own, np.array(row["years"].split(), float), SIZES, 0.95, shares=False)
    expected = (row["slope"], row["se"], row["low"], row["high"], row["p"])
    assert (found.value, found.se, found.low, found.high, found.p) == pytest.approx(tuple(expected), rel=1e-9)


def test_the_trend_of_shares_over_two_rounds_is_their_change_by_the_years():
    rng = np.random.default_rng(3)
    own = {name: rng.integers(0, 2, (n, 2)).astype(float) for name, n in (("a", 12), ("b", 9))}
    own["a"][:3, 0], own["b"][-2:, 1] = NAN, NAN
    sizes = {"a": Sizes((20, 22), {(0, 1): 19}), "b": Sizes((15, 12), {(0, 1): 11})}
    sides = [{name: values[:, side] for name, values in own.items()} for side in (0, 1)]
    populations = [{name: one.rounds[side] for name, one in sizes.items()} for side in (0, 1)]
    change = share_change(*sides, *populations, {name: one.both[0, 1] for name, one in sizes.items()}, 0.95)
    found = linear_trend(own, np.array([2018.0, 2021.0]), sizes, 0.95, shares=True)
    expected = [change.value, change.low, change.high, change.se]
    assert [3 * one for one in (found.value, found.low, found.high, found.se)] == pytest.approx(expected, rel=1e-9)
    assert (found.p < 0.05) == (found.low > 0 or found.high < 0)


def test_without_spread_nothing_is_told_unless_everybody_answered():
    same = {"a": np.array([[1.0, 2.0, 3.0]] * 4)}
    found = linear_trend(
        same, np.array([1.0, 2.0, 3.0]), {"a": Sizes((9, 9, 9), dict.fromkeys(SIZES["a"].both, 9))}, 0.95, False
    )
    assert found.value == 1 and np.isnan(found.low) and np.isnan(found.p)
    found = linear_trend(
        same, np.array([1.0, 2.0, 3.0]), {"a": Sizes((4, 4, 4), dict.fromkeys(SIZES["a"].both, 4))}, 0.95, False
    )
    assert (found.low, found.high, found.p) == (1, 1, 0)


def test_the_monotone_test_counts_facilities_by_their_pairs_of_rounds():
    rises, falls = [1.0, 2.0, 9.0], [3.0, NAN, 2.0]
    assert monotone_p(np.array([rises] * 6 + [[2.0, 2.0, 2.0], [1.0, 2.0, 1.0], [NAN, 4.0, NAN]])) == pytest.approx(
        2 / 2**6
    )
    assert monotone_p(np.array([rises] * 5 + [falls])) == pytest.approx(2 * 7 / 2**6)
    assert np.isnan(monotone_p(np.array([[1.0, NAN, 1.0]])))


SURVEY = """type,name,label::English (en),indicator,statistic,unit
select_one service,service,Service?,,,
select_one yn,seen,Seen?,seen,share,
integer,staff,Staff?,staff,mean,persons
"""
CHOICES = """list_name,name,label::English (en)
service,dcr,Room
service,nsp,Programme
yn,yes,Yes
yn,no,No
"""


@pytest.fixture
def rounds(tmp_path):
    for name, sheet in (("survey", SURVEY), ("choices", CHOICES), ("settings", "form_title,form_id,version\nT,t,1\n")):
        (tmp_path / f"{name}.csv").write_text(sheet, encoding="utf-8")
    form, rng, found = read_questionnaire(tmp_path), np.random.default_rng(5), {}
    n = 40
    frame = pd.DataFrame({"facility_id": [f"F{place:02}" for place in range(n)], "service": ["dcr"] * 20 + ["nsp"] * 20,
                          "organisation": [f"O{place:02}" for place in range(n)]})  # fmt: skip
    level = rng.normal(20, 4, n)
    for place, year in enumerate((2018, 2021, 2024)):
        kept = np.sort(rng.choice(n, 32, replace=False))
        answers = frame.loc[kept, ["facility_id", "service"]].reset_index(drop=True)
        answers = answers.assign(
            seen=np.where(rng.random(32) < 0.5, "yes", "no"), staff=np.round(level[kept] + 3 * place + rng.normal(0, 1, 32))
        ).assign(seen__missing="", staff__missing="")  # fmt: skip
        found[str(year)] = Round(str(year), year, answers, frame, replace(form))
    return found


def table_of(rounds, pattern=(), least=10, organisations=5) -> pd.DataFrame:
    shown = changes(rounds, pd.DataFrame(pattern, columns=PATTERN, dtype="str"), SETTINGS, Rules())
    return trends(rounds, shown, pd.DataFrame(), SETTINGS, least, organisations)


def row(table: pd.DataFrame, service: str, indicator: str, category: str = "") -> pd.Series:
    found = table[(table["service"] == service) & (table["indicator"] == indicator) & (table["category"] == category)]
    assert len(found) == 1
    return found.iloc[0]


def test_a_rise_over_three_rounds_is_told_and_chance_is_not(rounds, tmp_path):
    table = table_of(rounds)
    write_table("trends", table, tmp_path / "trends.csv")
    staff, seen = row(table, "all", "staff"), row(table, "all", "seen", "yes")
    assert staff["outcome"] == "rises" and staff["ci_low"] < 1 < staff["ci_high"] and staff["p_monotone"] < 0.001
    assert (staff["rounds"], staff["round_from"], staff["round"]) == (3, "2018", "2024")
    assert seen["outcome"] == "no_trend_shown" and seen["p_holm"] >= seen["p"] > 0.05


def test_two_rounds_are_too_few_and_so_are_few_facilities_or_organisations(rounds, tmp_path):
    two = table_of({name: rounds[name] for name in ("2018", "2024")})
    write_table("trends", two, tmp_path / "trends.csv")
    assert set(two["outcome"]) == {"too_few_rounds"} and len(two)
    for table in (table_of(rounds, least=33), table_of(rounds, organisations=33)):
        assert set(table["outcome"]) == {"too_few_facilities"}
        assert table[["n", "estimate", "ci_low", "se", "p", "p_holm", "p_monotone"]].isna().all(axis=None)
    assert table_of({"2018": rounds["2018"]}).empty


@pytest.mark.parametrize("pair", [("2018", "2021"), ("2021", "2024"), ("2018", "2024")])
def test_a_trend_is_hidden_where_a_change_is(rounds, tmp_path, pair):
    table = table_of(rounds, [("changes", *pair, "dcr", "staff", "", "change", "primary_count")])
    write_table("trends", table, tmp_path / "trends.csv")
    hidden = row(table, "dcr", "staff")
    assert (
        hidden["suppressed"]
        and hidden["outcome"] == ""
        and hidden[["n", "estimate", "se", "p", "p_monotone"]].isna().all()
    )
    # The change of all services loses its moments with one of its parts.
    assert row(table, "all", "staff")["suppressed"]
    assert not row(table, "nsp", "staff")["suppressed"]


def test_the_annex_has_the_trends_that_are_clear_and_says_when_none_can_be_told(rounds):
    story = Story.__new__(Story)
    story.forms = {name: one.questionnaire for name, one in rounds.items()}
    for lang in ("en", "nl"):
        story.lang, story.words = lang, text(lang)
        words = story.words["trends"]
        told, few = (_section(story, table) for table in (table_of(rounds), table_of(rounds, least=33)))
        assert "Staff" in told and "Seen" not in told and words["told"].format(all=3, rises=1, falls=0) in told
        assert words["unclear"] in told
        assert words["none"] in few and words["reasons"]["few"].format(n=2) in few and "Staff" not in few


def test_two_rounds_are_said_to_be_too_few_and_so_are_questions_that_changed_or_came_later(rounds):
    form = rounds["2018"].questionnaire
    changed = {**form.questions, "staff": replace(form["staff"], unit="hours")}
    without = {name: one for name, one in form.questions.items() if name != "seen"}
    own = dict(rounds)
    own["2021"] = replace(own["2021"], questionnaire=replace(form, questions=changed))
    own["2018"] = replace(own["2018"], questionnaire=replace(form, questions=without))
    story = Story.__new__(Story)
    for lang in ("en", "nl"):
        story.lang, story.words = lang, text(lang)
        words = story.words["trends"]
        story.forms = {name: one.questionnaire for name, one in own.items()}
        found = _section(story, table_of(own))
        assert words["none"] in found and words["reasons"]["twice"].format(n=1) in found
        assert words["reasons"]["changed"].format(n=1) in found and words["reasons"]["few"].format(n=1) not in found
        two = {name: rounds[name] for name in ("2018", "2024")}
        story.forms = {name: one.questionnaire for name, one in two.items()}
        assert words["two_rounds"] in _section(story, table_of(two))
        story.forms = {"2024": form}
        assert _section(story, table_of({"2024": rounds["2024"]})) == ""


def _section(story, table: pd.DataFrame) -> str:
    story.config = SimpleNamespace(rounds={name: SimpleNamespace(group=None) for name in story.forms})
    story.table = {"trends": table}.get
    return section(story)
