"""Rules, what follows from what is shown, and what is hidden besides."""

from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from disclosure_tables import cheapest_by_trying, secret, two_way
from hrmonitor.disclosure import complementary
from hrmonitor.disclosure.complementary import hidden_cells
from hrmonitor.disclosure.linked_cells import Cell, Secret, System, Unknown
from hrmonitor.disclosure.rounding import averaged, coarse, round_totals
from hrmonitor.disclosure.rules import Rules, dominance, safe_quantile, small_count, too_few
from hrmonitor.disclosure.suppressions import COLUMNS as PATTERN
from hrmonitor.disclosure.suppressions import find_pattern, hide, questions_with_hidden_counts
from hrmonitor.disclosure.theme_cells import hide_themes, without_digits
from hrmonitor.errors import ConfigError
from hrmonitor.figures import paired_change
from hrmonitor.figures.data import Data
from hrmonitor.project.checks import check_config
from hrmonitor.questionnaire.model import read_questionnaire
from hrmonitor.survey import Round
from hrmonitor.themes.prevalence import estimate_themes
from published_set import BOOK, FIGURES, KEPT, RULES, SETTINGS, read_form, usual_world
from settings import finding


def series(*values) -> pd.Series:
    return pd.Series(values)


# --- rules ----------------------------------------------------------------------------------------------------


def test_the_p_rule_sees_what_the_second_largest_sees():
    """Handbook on SDC, 4.2, example 1: 100,000 of which 50,000 and 49,000; the second is within 2 % of the first."""
    values, owners = series(50_000.0, 49_000.0, 1_000.0), series("a", "b", "c")
    assert dominance(values, owners, Rules(p_percent=10)) == pytest.approx(0.1 * 50_000 - 1_000)
    assert dominance(values, owners, Rules(p_percent=2)) == 0
    assert dominance(values, owners, Rules(p_percent=0)) == 0


def test_what_an_organisation_has_in_several_facilities_is_one_contribution():
    values = series(30.0, 30.0, 30.0, 30.0, 5.0)
    assert dominance(values, series("a", "b", "c", "d", "e"), Rules()) == 0
    assert dominance(values, series("a", "a", "b", "b", "c"), Rules()) == pytest.approx(6 - 5)


@pytest.mark.parametrize(
    ("owners", "few"), [("", False), ("ab", True), ("abc", False), ("aabb", True), ("aaabc", False)]
)
def test_facilities_and_organisations_are_counted(owners, few):
    assert too_few(series(*owners), Rules()) is few


@pytest.mark.parametrize(
    ("count", "base", "small"),
    [(0, 9, False), (1, 9, True), (2, 9, True), (3, 9, False), (6, 9, False), (7, 9, True), (9, 9, True)],
)
def test_a_count_is_small_when_few_gave_the_answer_or_few_did_not(count, base, small):
    assert small_count(count, base, Rules()) is small


def test_an_interval_must_not_end_at_what_one_of_the_outermost_answered():
    values = np.array([1.0, 2, 3, 4, 5, 6, 7, np.nan])
    assert safe_quantile(values, 3, 5, Rules())
    assert not safe_quantile(values, 2, 5, Rules())
    assert not safe_quantile(values, 3, 6, Rules())


# --- what follows ---------------------------------------------------------------------------------------------


def test_bounds_of_a_table_are_those_of_the_literature():
    """Geurts (1992), table 10, as in the Handbook on SDC, 4.2, example 3: the first cell lies between 3 and 6."""
    system = two_way([[5, 2], [1, 2], [3, 3]])
    shown = [name for name in system.cells if name not in {(0, 0), (0, 1), (1, 0), (1, 1)}]
    assert system.bound({(0, 0): 1.0}, shown, -1) == pytest.approx(3)
    assert system.bound({(0, 0): 1.0}, shown, +1) == pytest.approx(6)


def test_whole_numbers_tell_more_than_a_range():
    """22 a + 17 b = 95 has one solution in counts, though a range of others."""
    system = System({("a",): Unknown(2, 16, True), ("b",): Unknown(3, 16, True)})
    system.cells["total",] = Cell({("a",): 22.0, ("b",): 17.0}, 100)
    assert system.bound({("a",): 1.0}, [("total",)], 1) == system.bound({("a",): 1.0}, [("total",)], -1) == 2


def test_cells_that_contradict_each_other_are_a_fault_and_not_a_secret_kept():
    system = System({("a",): Unknown(2, 1, True)}, {("a",): Cell({("a",): 1.0}, 1)})
    with pytest.raises(RuntimeError):
        system.bound({("a",): 1.0}, [("a",)], 1)


# --- what is hidden besides -----------------------------------------------------------------------------------


def test_one_hidden_cell_of_a_table_takes_three_more():
    system = two_way([[20, 50, 10], [8, 19, 22], [17, 32, 12]])
    secret(system, 1, 0)
    hidden = hidden_cells(system).cells
    assert (1, 0) in hidden
    assert sum(system.cells[name].weight for name in hidden) == cheapest_by_trying(system)


def test_a_cell_that_cannot_be_hidden_is_not():
    system = two_way([[20, 50, 10], [8, 19, 22], [17, 32, 12]])
    secret(system, 1, 0)
    first = hidden_cells(system).cells
    kept = next(name for name in first if name != (1, 0))
    system.cells[kept] = Cell(system.cells[kept].parts, np.inf)
    second = hidden_cells(system).cells
    assert kept not in second


def test_of_many_cells_those_that_add_up_to_a_secret_are_found_at_once():
    """A row total less the rest of the row, or the same by column: two of the fourteen other cells, besides the total."""
    system = two_way([[1, 20, 30], [40, 50, 60], [70, 80, 90]])
    secret(system, 0, 0)
    shown = [name for name in system.cells if name != (0, 0)]
    told = system.telling_sums(system.secrets[0, 0], shown)
    assert not system.safe(system.secrets[0, 0], [name for name in shown if name in told])
    assert 3 <= len(told) <= 6 < len(shown)


@pytest.mark.parametrize("limit", ["MOST_CUTS", "MOST_SOLVED"])
def test_a_search_that_takes_too_long_says_how_far_from_the_best_it_may_be(monkeypatch, limit):
    monkeypatch.setattr(complementary, limit, 0)
    # With a margin so wide, ranges tell the secret where no subtraction does.
    system = two_way([[4, 2, 34], [30, 33, 21], [32, 13, 18]])
    secret(system, 1, 0, margin=0.5)
    found, best = hidden_cells(system), cheapest_by_trying(system)
    assert found.least <= best <= found.loss < sum(cell.weight for cell in system.cells.values())
    assert found.gap == pytest.approx(1 - found.least / found.loss) and found.gap > 0
    shown = [name for name in system.cells if name not in found.cells]
    assert all(system.safe(one, shown) for one in system.secrets.values())


def rounds_in_a_row(rounds: int, bases: list[int], categories: int = 6) -> System:
    """Counts of the categories of a question, the first of them 1 and secret, in rounds that are compared with each other."""
    system = System()
    for one, n in zip(range(rounds), bases, strict=True):
        counts = [1, *[3 + (one + category) % 2 for category in range(2, categories)]]
        counts.append(n - sum(counts))
        parts = {(one, category): 1.0 for category in range(categories)}
        system.unknowns |= {name: Unknown(count, n, True) for name, count in zip(parts, counts, strict=True)}
        system.cells |= {("share", *name): Cell({name: 1.0}, n) for name in parts}
        system.known.append((parts, n))
        system.secrets[one, 0] = Secret({(one, 0): 1.0}, 1, 1, 1.0, (("share", one, 0),), "count")
    for then, now in combinations(range(rounds), 2):
        for category in range(categories):
            change = {(now, category): 1 / bases[now], (then, category): -1 / bases[then]}
            system.cells["change", then, now, category] = Cell(change, bases[now] / 2)
    return system


def test_what_follows_by_subtraction_over_rounds_needs_no_search():
    # Each other category is told by its share or by a change and the share of another round: hundreds of cuts, if they are sought one by one.
    system = rounds_in_a_row(5, [30] * 5)
    found = hidden_cells(system)
    assert found.gap == 0 and system.solved <= 30
    shown = [name for name in system.cells if name not in found.cells]
    assert all(system.safe(secret, shown) for secret in system.secrets.values())


def test_a_change_between_shares_of_other_bases_may_tell_both_counts():
    told = {name for name, _ in rounds_in_a_row(2, [30, 31]).telling_both()}
    assert ("change", 0, 1, 1) in told
    assert {name for name, _ in rounds_in_a_row(2, [30, 30]).telling_both()} == set()


def test_what_everybody_knows_cannot_be_hidden():
    """Then nothing of the indicator is shown, and it is said."""
    system = two_way([[20, 50], [8, 19]])
    secret(system, 1, 0)
    system.known.append(({(1, 0): 1.0, (1, 1): 1.0}, 27.0))
    system.known.append(({(1, 1): 1.0}, 19.0))
    found = hidden_cells(system)
    assert not found.kept
    assert found.cells == set(system.cells)


# --- survey ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    return usual_world(read_form(tmp_path_factory.mktemp("form")))


def test_the_same_answers_give_the_same_pattern(world):
    rules = Rules(sensitive=())
    first, second = (find_pattern(world.answered(), SETTINGS, rules)[0] for _ in range(2))
    pd.testing.assert_frame_equal(first, second)
    assert {"primary_dominance", "complementary"} <= set(first["reason"])


def test_a_pattern_without_confidential_cells_is_empty(world):
    pattern, notes = find_pattern(world.answered(), SETTINGS, Rules(1, 1, 0, 0))
    assert pattern.empty
    assert notes == []


def test_all_services_are_hidden_with_the_only_one_that_answered(world):
    """They have a row of their own as soon as several were asked."""
    answers = world.rounds["2021"].copy()
    others = answers["service"] != "dcr"
    for name in ("role", "syringes", "insured", "clients"):
        # Of the clients of rooms two are known, too few for a median.
        silent = others | ((name == "clients") & (answers.index > 1))
        answers[name] = answers[name].mask(silent)
        answers.loc[silent, f"{name}__missing"] = "no_answer"
    rounds = [Round("2021", 2021, answers, world.frame, world.form)]
    pattern, _ = find_pattern(rounds, SETTINGS, RULES)
    for cell in (
        ("role", "physician", "share"), ("syringes_distributed_year", "", "sum"), ("insured", "", "client_mean"), ("clients", "", "median"),
    ):  # fmt: skip
        own = pattern[pattern[["indicator", "category", "statistic"]].apply(tuple, axis=1) == cell]
        assert set(own.loc[own["reason"] != "rounded", "service"]) == {"dcr", "all"}, cell
    # The codebook gives the median of all.
    assert questions_with_hidden_counts(pattern, "2021") == {"role", "role_other", "clients"}


@pytest.mark.parametrize(("name", "says"), [("rule", "no questionnaire"), ("service_kind", "no questionnaire")])
def test_a_sensitive_indicator_must_exist(world, name, says):
    with pytest.raises(ConfigError, match=says):
        find_pattern(world.answered(), SETTINGS, Rules(sensitive=(name,)))


def test_a_sensitive_question_must_not_decide_who_is_asked_another(tmp_path):
    read_form(tmp_path)
    text = (tmp_path / "survey.csv").read_text(encoding="utf-8")
    text = text.replace("integer,clients,Clients?,Cliënten?,,", "integer,clients,Clients?,Cliënten?,${role} = 'nurse',")
    (tmp_path / "survey.csv").write_text(text, encoding="utf-8")
    form = read_questionnaire(tmp_path)
    with pytest.raises(ConfigError, match="clients"):
        find_pattern(usual_world(form).answered(), SETTINGS, Rules(sensitive=("role",)))


def test_a_finding_must_not_rest_on_a_sensitive_indicator():
    config = yaml.safe_load(Path("config.yaml").read_text(encoding="utf-8"))
    config["disclosure"]["sensitive"] = ["clients_trend"]
    with pytest.raises(ConfigError, match=r"findings\.use_stagnated\.tests\[0\]\.question: .*disclosure\.sensitive"):
        check_config(config)


def test_a_figure_cannot_show_rounded_counts():
    config = yaml.safe_load(Path("config.yaml").read_text(encoding="utf-8"))
    name, figure = next((name, one) for name, one in config["figures"].items() if one["kind"] == "barriers")
    survey = pd.read_csv(Path(config["rounds"][figure["round"]]["questionnaire"]) / "survey.csv", dtype="str")
    config["disclosure"]["sensitive"] = survey.loc[survey["name"] == figure["question"], "indicator"].tolist()
    config["findings"] = {}
    check_config(config)
    config["disclosure"]["round_sensitive"] = 3
    with pytest.raises(ConfigError, match=rf"figures\.{name}: .*disclosure\.round_sensitive"):
        check_config(config)


def test_a_hidden_row_keeps_no_number_and_does_not_say_why():
    rows = {"round": "2021", "service": ["dcr", "all"], "indicator": "role", "category": "nurse", "statistic": "share", "n": [9, 30],
            "population": [12, 40], "estimate": [0.11, 0.123456], "ci_low": [0.1, 0.1], "ci_high": [0.3, 0.3], "unit": "share",
            "suppressed": False, "se": [0.1, 0.1], "deff": [1.0, 1.0], "imputed": 0}  # fmt: skip
    pattern = pd.DataFrame(
        [("indicators", "", "2021", service, "role", "nurse", "share", reason) for service, reason in (("dcr", "primary_count"), ("all", "rounded"))],
        columns=["table", "round_from", "round", "service", "indicator", "category", "statistic", "reason"],
    )  # fmt: skip
    shown = hide(pd.DataFrame(rows), "indicators", pattern)
    assert shown["suppressed"].tolist() == [True, False]
    # That it is hidden, and not why.
    assert shown["suppression"].tolist() == ["hidden", "rounded"]
    assert shown.loc[0, ["n", "estimate", "ci_low", "ci_high", "se", "deff"]].isna().all()
    assert shown.loc[1, "estimate"] == 0.12
    assert shown.loc[1, ["se", "deff"]].isna().all()


# --- themes ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("coded_at", "named_at", "hidden"),
    [
        # 5 a + 2.5 b = 20 has one solution in counts of up to 2 and 4: the treatments would not hide the rooms.
        ({"dcr": 2, "oat": 4, "nsp": 9}, {"dcr": 2, "oat": 4, "nsp": 9}, {"dcr", "all"}),
        ({"dcr": 8, "oat": 9, "nsp": 9}, {"dcr": 3, "oat": 9, "nsp": 0}, set()),
        # With the rooms hidden it would be 1 of 9 and 3 of 8 or 2 of 9 and 2 of 8; and who knows the rule knows that it hides the 2 for itself.
        ({"dcr": 8, "oat": 9, "nsp": 9}, {"dcr": 3, "oat": 9, "nsp": 1}, {"nsp", "oat"}),
        ({"dcr": 8, "oat": 9, "nsp": 9}, {"dcr": 1, "oat": 2, "nsp": 9}, {"dcr", "oat"}),
        # Nor is it said at which services nobody does.
        ({"dcr": 8, "oat": 9, "nsp": 9}, {"dcr": 0, "oat": 0, "nsp": 2}, {"dcr", "oat", "nsp", "all"}),
    ],
    ids=["few coded", "enough", "few name it", "two are small", "few in all"],
)
def test_what_rests_on_few_facilities_is_hidden_and_does_not_follow_from_the_total(coded_at, named_at, hidden):
    rows = [
        ("2021", "f", row, "why", f"{service}{row}", service, "stigma", row < named_at[service], "all_coders")
        for service, n in coded_at.items()
        for row in range(n)
    ]
    columns = ["round", "source", "row", "question", "facility_id", "service", "theme", "present", "basis"]
    settled = pd.DataFrame(rows, columns=columns)
    frame = pd.DataFrame(
        [(f"{service}{row}", service) for service in coded_at for row in range(10)], columns=["facility_id", "service"]
    )
    owners = pd.Series(settled["facility_id"].str[-1].to_numpy(), index=settled["facility_id"])
    table = estimate_themes("2021", BOOK, settled, {}, frame, SETTINGS)
    table = hide_themes(table, settled, owners, Rules(), set())
    blank = table.set_index("service")[["estimate", "ci_low", "ci_high"]].isna()
    assert set(blank.index[blank.all(axis=1)]) == hidden
    # Of a total that is shown beside hidden parts there is no interval.
    assert blank.loc["all", "ci_low"] == bool(hidden)
    assert (blank["ci_low"] == blank["ci_high"]).all()


def test_a_total_that_a_finding_rests_on_stays_and_has_no_digits_to_spare():
    world_ = {"dcr": 2, "oat": 4, "nsp": 9}
    rows = [
        ("2021", "f", row, "why", f"{service}{row}", service, "stigma", row < named, "all_coders")
        for service, named in world_.items()
        for row in range(10)
    ]
    columns = ["round", "source", "row", "question", "facility_id", "service", "theme", "present", "basis"]
    settled = pd.DataFrame(rows, columns=columns)
    frame = settled[["facility_id", "service"]]
    owners = pd.Series(settled["facility_id"].str[-1].to_numpy(), index=settled["facility_id"])
    themes = hide_themes(
        estimate_themes("2021", BOOK, settled, {}, frame, SETTINGS), settled, owners, Rules(), {("why", "stigma")}
    )
    total = themes.set_index("service").loc["all", "estimate"]
    assert total == 0.5
    test = {"test": "theme_above", "question": "why", "theme": "stigma", "threshold": 0.25, "min_alpha": 0.667}
    findings = pd.DataFrame(
        {
            "finding": ["f"],
            "estimate": [0.4987],
            "ci_low": [0.4123],
            "ci_high": [0.5877],
            "p": [0.01234],
            "p_holm": [0.02468],
            "overturn": pd.array([3], dtype="Int64"),
        }
    )
    shown = without_digits(findings, {"f": finding(test)}, themes)
    assert shown.loc[0, ["estimate", "p", "p_holm"]].tolist() == [0.5, 0.012, 0.025]
    assert shown[["ci_low", "ci_high", "overturn"]].isna().all(axis=None)
    other = {"f": finding(test, round="2018")}
    pd.testing.assert_frame_equal(without_digits(findings, other, themes), findings)


# --- the figure of pairs --------------------------------------------------------------------------------------


@pytest.fixture
def pairs(world):
    """The table of the figure; keywords are the data's parts that a test changes."""

    def make(answers=None, hidden: str = "", rules: Rules = RULES) -> pd.DataFrame:
        pattern = [("indicators", "", "2021", hidden, "clients", "", "sum", "primary_count")] if hidden else []
        tables = {
            "facilities": {"2021": world.rounds["2021"] if answers is None else answers},
            "register": world.frame,
            "suppressions": pd.DataFrame(pattern, columns=PATTERN),
        }
        return paired_change.table(Data({"2021": world.form}, tables, rules=rules), FIGURES["pairs"])

    return make


def test_every_mark_is_of_enough_facilities_and_all_facilities_are_in_one(pairs):
    marks = pairs()
    assert (marks["facilities"] >= 3).all()
    assert marks.groupby("service")["facilities"].sum().to_dict() == {service: n for service, (n, _) in KEPT.items()}
    assert (marks["now"] % marks["rounded_to"] == 0).all()


def test_a_service_that_only_the_register_knows_is_drawn_last(world, pairs):
    answers = world.rounds["2021"].copy()
    answers["service"] = answers["service"].replace("dcr", "outreach")
    assert list(dict.fromkeys(pairs(answers)["service"])) == ["oat", "hat", "outreach"]


def test_a_service_of_which_the_total_is_hidden_is_not_drawn(pairs):
    assert set(pairs(hidden="oat")["service"]) == {"dcr", "hat"}


def test_a_dominant_organisation_has_no_mark_nearly_of_its_own(world, pairs):
    answers = world.rounds["2021"].copy()
    rooms = answers.index[answers["service"] == "dcr"]
    answers.loc[rooms, "clients"] = 10.0
    answers.loc[rooms[:1], "clients"] = 5000.0
    assert "dcr" not in set(pairs(answers)["service"])


def test_one_that_gave_one_number_only_makes_the_marks_coarser(world, pairs):
    """Its clients are the total less the marks; so these must leave a tenth of them open."""
    answers = world.rounds["2021"].copy()
    room = answers.index[answers["service"] == "dcr"][-1]
    answers.loc[room, "clients"] = 900.0
    answers.loc[room, "clients_then"] = pd.NA
    marks = pairs(answers).query("service == 'dcr'")
    total = answers.loc[answers["service"] == "dcr", "clients"].astype(float).sum()
    rest, doubt = total - (marks["now"] * marks["facilities"]).sum(), 9 * marks["rounded_to"].iloc[0] / 2
    assert rest - doubt <= 0.9 * 900
    assert rest + doubt >= 1.1 * 900


# --- rounding -------------------------------------------------------------------------------------------------


def test_totals_are_multiples_and_means_no_finer():
    table = pd.DataFrame({
        "round": "2021", "service": "dcr", "indicator": "syringes", "statistic": ["total", "mean", "median"],
        "estimate": [1234.0, 61.7, 55.0], "ci_low": [1111.0, 55.0, 50.0], "ci_high": [1399.0, 70.0, 60.0], "se": 1.0, "deff": 1.0,
    })  # fmt: skip
    shown = round_totals(table, 100)
    assert shown["estimate"].tolist() == [1200, pytest.approx(60), 55]
    assert shown["ci_low"].tolist() == [1100, pytest.approx(55), 50]
    assert shown.loc[:1, "se"].isna().all()
    pd.testing.assert_frame_equal(round_totals(table, 0), table)


def test_shares_are_rounded_half_up():
    assert coarse(pd.DataFrame({"a": [0.125, 0.104999, np.nan]}))["a"].tolist()[:2] == [0.13, 0.1]


def test_which_of_two_equal_answers_stands_first_does_not_hang_on_a_name():
    """Of those that say the same, a run holds what its organisations say elsewhere decides."""
    answers = [(5.0, 5.0)] * 4 + [(9.0, 7.0), (9.0, 8.0), (10.0, 4.0)]
    found = []
    for owners in ("abcaabc", "zyxzzyx"):
        pairs = pd.DataFrame(answers, columns=["then", "now"]).assign(service="dcr", organisation=list(owners))
        marks = averaged(pairs, "service", ["then", "now"], 1.0, lambda run: run["organisation"].nunique() >= 2)
        found.append(marks.to_numpy().tolist())
    assert found[0] == found[1]


def test_marks_are_means_of_at_least_so_many_neighbours():
    pairs = pd.DataFrame(
        {"service": ["dcr"] * 7 + ["oat"] * 2, "then": [1.0, 2, 3, 10, 11, 12, 13, 5, 6], "now": [2.0] * 9}
    ).assign(organisation=[f"Trust {place}" for place in range(9)])
    marks = averaged(pairs, "service", ["then", "now"], 1.0, lambda run: len(run) >= 3)
    assert marks["facilities"].tolist() == [3, 4]
    assert marks["service"].unique().tolist() == ["dcr"]
    assert marks["then"].tolist() == [2, 12]
