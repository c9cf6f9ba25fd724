"""Questions left open, and strata of one mind: what an answer stands for, and how far an estimate can be relied on."""

import itertools
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hrmonitor.estimation import (
    Design,
    bootstrap,
    mean,
    of_item,
    share,
    share_difference,
    stratified,
    total,
    unpaired_change,
)
from hrmonitor.estimation.estimate import t_quantile
from hrmonitor.estimation.sampling_design import EstimationSettings
from hrmonitor.estimation.score import Strata, score_interval
from hrmonitor.questionnaire.model import read_questionnaire
from hrmonitor.survey import Round
from hrmonitor.tabulation.changes import changes_of
from hrmonitor.tabulation.indicators import estimate_round
from scipy.stats import hypergeom

SETTINGS = EstimationSettings(confidence=0.95, seed=1, dont_know_in_base=True)
SURVEY = """type,name,label::English (en),indicator,statistic,unit,relevant
select_one service,service,Service?,,,,
select_one yn,sees,Sees them?,sees,share,,
select_one yn,adapted,Adapted?,adapted,share,,
integer,clients,Clients?,clients,total mean median,persons,
integer,few,How many of them?,few,total mean,persons,${sees} = 'yes'
"""
CHOICES = """list_name,name,label::English (en),missing
service,dcr,Room,
service,oat,Treatment,
yn,yes,Yes,
yn,no,No,
yn,dk,Don't know,dont_know
"""


@pytest.fixture
def form(tmp_path):
    for name, text in (("survey", SURVEY), ("choices", CHOICES), ("settings", "form_title,form_id,version\nF,f,1\n")):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    return read_questionnaire(tmp_path)


def a_round(form, services: dict[str, tuple[int, int]], name="2021", **answers) -> Round:
    """services: name -> (registered, answered). answers: one list a question; None is no answer, "-" not asked, "dk" don't know."""
    frame = pd.DataFrame(
        [(f"{service}{place}", service) for service, (size, _) in services.items() for place in range(size)],
        columns=["facility_id", "service"],
    ).assign(organisation="A", province="utrecht")
    kept = pd.concat([frame[frame["service"] == service].head(n) for service, (_, n) in services.items()])
    table = kept[["facility_id", "service"]].reset_index(drop=True).assign(_mode="interview")
    for question in ("service", "sees", "adapted", "clients", "few"):
        values = answers.get(question, [None] * len(table)) if question != "service" else list(table["service"])
        reasons = {None: "no_answer", "-": "not_asked", "dk": "dont_know"}
        numbers = question in ("clients", "few")
        plain = [None if value in reasons else value for value in values]
        table[question] = pd.array(plain, dtype="Float64") if numbers else pd.Series(plain, dtype="str")
        table[f"{question}__missing"] = pd.Series([reasons.get(value) for value in values], dtype="str")
    return Round(name, int(name), table, frame, form)


def row(table: pd.DataFrame, service: str, indicator: str, statistic: str, category: str = "") -> pd.Series:
    found = table[
        (table["service"] == service) & (table["indicator"] == indicator)
        & (table["statistic"] == statistic) & (table["category"] == category)
    ]  # fmt: skip
    return found.iloc[0]


def test_a_total_does_not_count_an_open_question_as_nought(form):
    """9 of 12 clinics in 20 answer, 80 each on average; the 3 others are as the rest: 20 times 80, and 10 rooms of 50."""
    clients = [70, 80, 90] * 3 + [None] * 3 + [50] * 5
    table = estimate_round(a_round(form, {"oat": (20, 12), "dcr": (10, 5)}, clients=clients), SETTINGS)
    assert row(table, "oat", "clients", "total")["estimate"] == pytest.approx(20 * 80)
    assert row(table, "all", "clients", "total")["estimate"] == pytest.approx(20 * 80 + 10 * 50)
    assert row(table, "all", "clients", "mean")["estimate"] == pytest.approx((20 * 80 + 10 * 50) / 30)


def test_a_total_of_a_question_for_some_is_of_those_it_applies_to(form):
    """6 of 10 see them, 4 of the 6 say how many, 5 on average: 20 x 6/10 x 5."""
    sees = ["yes"] * 6 + ["no"] * 4
    few = [4, 6, 4, 6, None, None] + ["-"] * 4
    table = estimate_round(a_round(form, {"oat": (20, 10)}, sees=sees, few=few), SETTINGS)
    found = row(table, "oat", "few", "total")
    assert (found["estimate"], found["n"], found["population"]) == (pytest.approx(20 * 0.6 * 5), 4, 12)


def test_a_share_over_all_types_keeps_the_weight_of_a_type_that_left_it_open(form):
    """All rooms say yes, no clinic does; most clinics leave it open. 10 of 40 facilities are rooms: a quarter, not 5/7."""
    adapted = ["yes"] * 8 + ["no"] * 4 + [None] * 16
    table = estimate_round(a_round(form, {"dcr": (10, 8), "oat": (30, 20)}, adapted=adapted), SETTINGS)
    assert row(table, "all", "adapted", "share", "yes")["estimate"] == pytest.approx(10 / 40)


def test_the_correction_goes_by_the_answers_to_the_question(form):
    """17 of 17 took part and 16 gave a number: one is not known, so the mean of all is not either."""
    values = [40.0 + place for place in range(16)]
    table = estimate_round(a_round(form, {"dcr": (17, 17)}, clients=[*values, None]), SETTINGS)
    found = row(table, "dcr", "clients", "mean")
    se = np.sqrt((1 - 16 / 17) * np.var(values, ddof=1) / 16)
    margin = t_quantile(0.95, 15) * se
    assert (found["ci_low"], found["ci_high"]) == (pytest.approx(47.5 - margin), pytest.approx(47.5 + margin))


def test_a_stratum_in_which_nobody_answered_joins_another_of_its_service():
    strata = np.array(["oat/north"] * 2 + ["oat/south"] * 3 + ["dcr/north"] * 2)
    design = stratified(strata, {"oat/north": 4, "oat/south": 9, "dcr/north": 2})
    everybody = np.ones(7, dtype=bool)
    item, (y,) = of_item(design, everybody, np.array([np.nan, np.nan, 1.0, 2.0, 3.0, 5.0, 7.0]))
    assert total(item, y, 0.95).value == pytest.approx(13 * 2 + 2 * 6)
    # A whole service that said nothing is left out.
    item, (y,) = of_item(design, everybody, np.array([np.nan] * 5 + [5.0, 7.0]))
    assert (total(item, y, 0.95).value, list(item.population)) == (pytest.approx(12), ["dcr/north"])


def test_changes_weigh_services_by_those_the_question_applies_to(form):
    """Rooms rise by 2, clinics by 12; half of the 20 clinics see them, so they weigh as 10 beside 10 rooms: 7."""
    asked = {"sees": ["yes"] * 4 + ["yes", "no"] * 4}
    then = {"few": [10] * 4 + [20, "-"] * 4}
    now = {"few": [12] * 4 + [32, "-"] * 4}
    sizes = {"dcr": (10, 4), "oat": (20, 8)}
    rounds = [a_round(form, sizes, name, **asked, **few) for name, few in (("2018", then), ("2021", now))]
    table = changes_of(*rounds, SETTINGS)
    assert row(table, "all", "few", "change")["estimate"] == pytest.approx((10 * 2 + 10 * 12) / 20)
    assert row(table, "all", "few", "paired_change")["estimate"] == pytest.approx(7)


# --- strata of one mind ----------------------------------------------------------------------------------------


def two_strata(first: int, second: int) -> tuple[Design, np.ndarray]:
    design = stratified(np.repeat(["a", "b"], 6), {"a": 60, "b": 40})
    return design, np.concatenate([np.arange(6) < first, np.arange(6) < second]).astype(float)


def test_two_strata_of_one_mind_have_an_interval():
    """All 6 of 60 say yes, none of 6 of 40: exact ends of each alone are 36/60 and 14/40."""
    found = share(*two_strata(6, 0), 0.95)
    assert found.value == pytest.approx(0.6)
    assert 0.30 < found.low < 0.40
    assert 0.70 < found.high < 0.80


@pytest.mark.parametrize("truth", [(58, 1), (55, 3), (30, 20), (6, 4), (60, 0)])
def test_the_interval_covers_by_enumeration(truth):
    """All samples of 6 of 60 and 6 of 40, by their probability: own count, no simulation."""
    covered = 0.0
    for first, second in itertools.product(range(7), range(7)):
        probability = hypergeom.pmf(first, 60, truth[0], 6) * hypergeom.pmf(second, 40, truth[1], 6)
        found = share(*two_strata(first, second), 0.95)
        covered += probability * (found.low - 1e-9 <= sum(truth) / 100 <= found.high + 1e-9)
    assert covered >= 0.93


def test_one_yes_that_is_known_and_none_elsewhere_by_enumeration():
    """The shipped "strong increase": 1 of 17 at a census, 0 of 17 of 22, 53 of 75 and 29 of 60. Own count over all truths, no simulation."""
    answers, sizes = {"dcr": 17, "hat": 17, "nsp": 29, "oat": 53}, {"dcr": 22, "hat": 17, "nsp": 60, "oat": 75}
    strata = np.repeat(list(answers), list(answers.values()))
    yes = np.zeros(116)
    yes[17] = 1
    # How probable no yes is, at best, if so many more say yes.
    none = [
        max(
            hypergeom.pmf(0, 22, rooms, 17)
            * hypergeom.pmf(0, 60, programmes, 29)
            * hypergeom.pmf(0, 75, more - rooms - programmes, 53)
            for rooms in range(more + 1)
            for programmes in range(more - rooms + 1)
        )
        for more in range(9)
    ]
    most = max(more for more in range(9) if none[more] > 0.025)
    assert none[4] > 0.06  # where the score interval ends
    found = share(stratified(strata, sizes), yes, 0.95)
    assert (found.low, found.high) == (pytest.approx(1 / 174), pytest.approx((1 + most) / 174))
    assert most == 5
    mirrored = share(stratified(strata, sizes), 1 - yes, 0.95)
    assert mirrored.low == pytest.approx(1 - found.high)


def test_only_a_full_census_has_no_width():
    design = stratified(np.repeat(["a", "b"], 6), {"a": 6, "b": 6})
    yes = np.repeat([1.0, 0.0], 6)
    assert (share(design, yes, 0.95).low, share(design, yes, 0.95).high) == (0.5, 0.5)
    open_question, (answered,) = of_item(design, np.ones(12, bool), np.where(np.arange(12) == 11, np.nan, yes))
    found = share(open_question, answered, 0.95)
    # The twelfth may say yes or no.
    assert (found.low, found.high) == (pytest.approx(6 / 12), pytest.approx(7 / 12))


def test_the_score_interval_ends_where_its_test_rejects():
    """By another road: at the end the estimate lies t standard errors off, at the likeliest shares that add up to it."""
    strata = Strata(np.array([0.5, 0.5]), np.array([20.0, 30.0]), np.array([0.9, 0.5]), np.array([1e9, 1e9]))
    plain = float(strata.variance(strata.share))
    for end in score_interval(strata, plain, 2.0):
        grid = np.linspace(1e-6, 1 - 1e-6, 200_001)
        other = (end - 0.5 * grid) / 0.5
        fits = (other > 0) & (other < 1)
        p, q = grid[fits], other[fits]
        likely = 18 * np.log(p) + 2 * np.log(1 - p) + 15 * np.log(q) + 15 * np.log(1 - q)
        best = int(np.argmax(likely))
        variance = 0.25 * (p[best] * (1 - p[best]) / 20 + q[best] * (1 - q[best]) / 30)
        assert abs(end - 0.7) == pytest.approx(2 * np.sqrt(variance), rel=1e-3)


def test_a_difference_of_groups_of_one_mind_is_not_certain():
    """12 answers, all yes and all no: the margins of the two groups joined, each that of a score test of 6 answers."""
    found = share_difference(*two_strata(6, 0), np.repeat([True, False], 6), 0.95)
    assert found.value == pytest.approx(1)
    # Wilson's for 6 of 6 with t of 5 degrees of freedom and the correction (N - n) / (N - 1): 1 / (1 + t2 c / n).
    first, second = (1 - 1 / (1 + t_quantile(0.95, 5) ** 2 * (size - 6) / (size - 1) / 6) for size in (60, 40))
    assert found.low == pytest.approx(1 - np.hypot(first, second), abs=1e-4)


def test_means_are_as_before_where_nobody_left_it_open():
    design = stratified(np.repeat(["a", "b"], 6), {"a": 60, "b": 40})
    y = np.arange(12.0)
    item, (values,) = of_item(design, np.ones(12, bool), y)
    assert item is design
    assert mean(item, values, 0.95) == mean(design, y, 0.95)


# --- strata with one answer -------------------------------------------------------------------------------------


def weighted_mean(y, w):
    return float((w * y).sum() / w.sum())


def test_the_bootstrap_draws_lonely_strata_together():
    """Two strata of one answer each: alone they would never vary, and their interval would have no width."""
    design = stratified(np.array(["a", "b"]), {"a": 20, "b": 30})
    found = bootstrap(design, weighted_mean, [np.array([1.0, 9.0])], 0.95, 1, "x")
    assert found.se > 0
    assert found.low < found.value < found.high


def test_a_single_lonely_stratum_joins_the_one_of_fewest_answers():
    strata = np.array(["a"] * 8 + ["b"] * 3 + ["c"])
    y = np.array([5.0] * 8 + [5.0] * 3 + [50.0])
    design = stratified(strata, {"a": 40, "b": 20, "c": 15})
    # Within a and b nothing varies; c is drawn with b, so the mean does.
    assert bootstrap(design, weighted_mean, [y], 0.95, 1, "x").se > 1
    # The only one of its kind is known, and does not vary.
    certain = stratified(strata, {"a": 40, "b": 20, "c": 1})
    assert bootstrap(certain, weighted_mean, [y], 0.95, 1, "x").se == pytest.approx(0, abs=1e-9)


def test_one_answer_of_several_facilities_has_no_interval():
    """Nothing says how far the others lie from it; an interval of no width would say that they do not."""
    found = mean(stratified(np.array(["a"]), {"a": 9}), np.array([5.0]), 0.95)
    assert found.value == 5.0
    assert np.isnan(found.se)
    assert np.isnan([found.low, found.high]).all()
    assert mean(stratified(np.array(["a"]), {"a": 1}), np.array([5.0]), 0.95).low == 5.0


def test_a_change_in_strata_of_one_answer_has_an_error():
    """Both strata have one facility that answered both rounds: their changes of 2 and 8 differ, and that is an error."""
    then, now = {"a": np.array([1.0]), "b": np.array([1.0])}, {"a": np.array([3.0]), "b": np.array([9.0])}
    size = {"a": 10, "b": 10}
    found = unpaired_change(then, now, size, size, size, 0.95)
    assert found.value == 5.0
    assert found.se > 0


def bounds(round_: Round, indicator: str) -> list[float]:
    found = row(estimate_round(round_, SETTINGS), "all", indicator, "share_bounds", "yes")
    return found[["ci_low", "ci_high"]].tolist()


def test_bounds_of_all_services_count_a_service_that_was_silent(form):
    """4 rooms and 6 clinics say yes of 8 and 10; of the 20 centres of a third service nobody answered."""
    services = {"dcr": (8, 8), "oat": (10, 10), "hat": (20, 0)}
    yes = ["yes"] * 4 + ["no"] * 4 + ["yes"] * 6 + ["no"] * 4
    spoken = a_round(form, services, adapted=yes, sees=yes[:8] + ["-"] * 10)
    assert bounds(spoken, "adapted") == pytest.approx([10 / 38, 30 / 38])
    # Of one service alone nobody is silent.
    alone = row(estimate_round(spoken, SETTINGS), "oat", "adapted", "share_bounds", "yes")
    assert alone[["ci_low", "ci_high"]].tolist() == pytest.approx([0.6, 0.6])


def test_bounds_pass_over_a_service_that_the_round_was_not_about(form):
    services = {"dcr": (8, 8), "oat": (10, 10), "hat": (20, 0)}
    about_two = replace(form, services=("dcr", "oat"))
    assert bounds(a_round(about_two, services, adapted=["yes"] * 9 + ["no"] * 9), "adapted") == pytest.approx(
        [0.5, 0.5]
    )


def test_bounds_of_a_question_that_a_service_was_not_asked_pass_over_the_silent_one(form):
    services = {"dcr": (8, 8), "oat": (10, 10), "nsp": (6, 6), "hat": (20, 0)}
    answers = ["yes"] * 9 + ["no"] * 9 + ["-"] * 6
    assert bounds(a_round(form, services, adapted=answers), "adapted") == pytest.approx([0.5, 0.5])
