"""Facilities of one organisation are not independent: when that counts, and what it does to intervals, tests and repetitions.

That variances equal R's is in test_estimation.py (`clustered_…`, `organisations_…`).
"""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hrmonitor.estimation import bootstrap, mean, of_item, share, share_change, sign_test, stratified, unpaired_change
from hrmonitor.estimation.clusters import clustered_sign_test, one_vote_each, with_clusters
from hrmonitor.estimation.sampling_design import (
    EstimationSettings,
    clustering,
    clusters_of,
    groups_of,
    relatedness,
    round_design,
)
from hrmonitor.estimation.trends import Sizes, linear_trend
from hrmonitor.findings.sensitivity import reassess
from hrmonitor.findings.verdicts import Least
from hrmonitor.language import text
from hrmonitor.project.config import Finding, FindingTest
from hrmonitor.project.register import read_register
from hrmonitor.questionnaire.model import read_validated
from hrmonitor.survey import Round
from scipy import stats

# Those of the shipped study.
LANGUAGES = ("en", "nl")

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = EstimationSettings(confidence=0.95, seed=1, dont_know_in_base=True)


def facilities(organisations: list[str], service: str = "dcr") -> pd.DataFrame:
    ids = [f"F{i}" for i in range(len(organisations))]
    return pd.DataFrame({"facility_id": ids, "service": service, "organisation": organisations, "province": "utrecht"})


# Of 25, so many of the organisations that have the numbers of facilities given; the others are alone.
@pytest.mark.parametrize(
    ("sizes", "chosen"),
    [([5], "unrelated"), ([3, 3], "related"), ([2] * 12, "unrelated"), ([6], "related")],
)
def test_answers_are_related_where_more_than_a_fifth_come_from_organisations_of_three(sizes, chosen):
    large = [f"L{i}" for i, size in enumerate(sizes) for _ in range(size)]
    frame = facilities(large + [f"S{i}" for i in range(25 - len(large))])
    groups, related = relatedness(frame, frame)
    assert clustering(groups, related, "auto") == chosen
    assert (round_design(frame, frame, SETTINGS).clusters is not None) == (chosen == "related")


def test_config_may_ask_for_organisations_or_leave_them_out():
    frame = facilities([f"S{i}" for i in range(6)])
    assert clusters_of(frame, frame, SETTINGS) is None
    assert len(set(clusters_of(frame, frame, replace(SETTINGS, clusters="organisation")))) == 6
    one = facilities(["A"] * 6)
    assert clustering(*relatedness(one, one), "organisation") == "one"
    assert clusters_of(one, one, replace(SETTINGS, clusters="organisation")) is None
    two = facilities(["A"] * 3 + ["B"] * 3)
    assert clusters_of(two, two, SETTINGS) is not None
    assert clusters_of(two, two, replace(SETTINGS, clusters="none")) is None


def test_the_register_may_say_who_answered_for_whom(tmp_path):
    lines = (ROOT / "raw/register.csv").read_text(encoding="utf-8").splitlines()
    with_groups = [
        f"{lines[0]},respondent_group",
        f"{lines[1]},Team Noord",
        f"{lines[2]},",
        *(f"{one}," for one in lines[3:]),
    ]
    (tmp_path / "register.csv").write_text("\n".join(with_groups) + "\n", encoding="utf-8")
    register = read_register(tmp_path / "register.csv")
    groups = groups_of(register, register)
    assert groups.tolist()[:2] == ["Team Noord", register["organisation"][1]]
    # Nobody is known of: it answers for itself.
    assert groups_of(register.head(1), register.assign(organisation="", respondent_group="")).tolist() == [
        register["facility_id"][0]
    ]
    assert "respondent_group" not in read_register(ROOT / "raw/register.csv")


def sample(alike: float, seed: int = 3) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """90 facilities of nine organisations in two strata: strata, organisation, and a yes that organisations share to that extent."""
    random = np.random.default_rng(seed)
    clusters = np.repeat([f"o{i}" for i in range(9)], 10)
    common = np.repeat(random.random(9), 10)
    yes = np.where(random.random(90) < alike, common, random.random(90)) < 0.5
    return np.tile(["a", "b"], 45), clusters, yes.astype(float)


def test_alike_organisations_widen_the_interval_and_unlike_ones_do_not_narrow_it():
    for alike in (0.0, 0.9):
        strata, clusters, yes = sample(alike)
        design = stratified(strata, {"a": 100, "b": 120})
        alone, together = share(design, yes, 0.95), share(with_clusters(design, clusters), yes, 0.95)
        assert together.low <= alone.low and together.high >= alone.high
        assert together.value == alone.value
        assert (together.se > 1.5 * alone.se) == (alike > 0)
        assert mean(with_clusters(design, clusters), yes, 0.95).se >= mean(design, yes, 0.95).se


def test_where_all_say_the_same_a_likeness_is_assumed():
    """Nothing shows how alike an organisation's facilities answer: 9 organisations of 10, which at an ICC of 0.1 are worth 90 / 1.9."""
    _, clusters, _ = sample(0.0)
    design = with_clusters(stratified(np.full(90, "a"), {"a": 10**6}), clusters)
    found = share(design, np.ones(90), 0.95)
    worth = 90 / (1 + 9 * 0.1)
    # Wilson's lower end with t at 8 degrees of freedom.
    assert found.low == pytest.approx(worth / (worth + 2.306**2), abs=0.003)
    assert found.high == 1


def test_a_census_of_facilities_leaves_nothing_unknown():
    strata, clusters, yes = sample(0.9)
    design = with_clusters(stratified(strata, {"a": 45, "b": 45}), clusters)
    assert share(design, yes, 0.95).low == share(design, yes, 0.95).high
    found = bootstrap(design, lambda y, w: float((y * w).sum() / w.sum()), [yes], 0.95, 1, "x")
    assert (found.low, found.high) == (found.value, found.value)


def test_the_bootstrap_draws_organisations():
    strata, clusters, yes = sample(0.9)
    design = with_clusters(stratified(strata, {"a": 10_000, "b": 12_000}), clusters)
    found = bootstrap(design, lambda y, w: float((y * w).sum() / w.sum()), [yes], 0.95, 1, "x")
    assert found.se == pytest.approx(mean(design, yes, 0.95).se, rel=0.15)
    assert (
        found.se
        > 2 * bootstrap(design.independent, lambda y, w: float((y * w).sum() / w.sum()), [yes], 0.95, 1, "x").se
    )


def test_rises_of_one_organisation_are_worth_fewer_answers():
    rises = np.repeat([1.0, 1, 1, 1, 1, 0, 1, 0], 5)
    clusters = np.repeat(list("ABCDEFGH"), 5)
    ones = np.ones(40)
    assert sign_test(30, 10).low > 0.5
    found = clustered_sign_test(rises, ones, clusters, 0.95)
    # Organisations of one mind: as good as 6 rises of 8, a little less for t at 7 degrees of freedom.
    assert found.value == 0.75
    assert found.low < sign_test(6, 2).low < 0.5
    mixed = clustered_sign_test(np.tile([1.0, 1, 1, 0], 10), ones, clusters, 0.95)
    assert mixed.low > 0.5
    assert mixed.low <= sign_test(30, 10).low
    # All rise: eight organisations of five, at an ICC of 0.1 worth 40 / 1.4, and less for t.
    assert sign_test(8, 0).low < clustered_sign_test(ones, ones, clusters, 0.95).low < sign_test(28, 0).low
    assert clustered_sign_test(np.full(40, np.nan), ones, clusters, 0.95).n == 0


def test_with_one_vote_each_the_share_is_the_mean_over_organisations():
    clusters = np.array(["A"] * 6 + ["B"] * 2 + ["C"])
    yes = np.array([1.0, 1, 1, 1, 1, 1, 0, 1, 0])
    design = one_vote_each(stratified(np.array(["a"] * 5 + ["b"] * 4), {"a": 10, "b": 12}), clusters)
    assert share(design, yes, 0.95).value == pytest.approx((1 + 0.5 + 0) / 3)
    assert design.weights.sum() == pytest.approx(22)
    # A question that B left open at one facility: the other one speaks for B.
    answered = yes.copy()
    answered[6] = np.nan
    item, (said,) = of_item(design, np.ones(9, bool), answered)
    assert share(item, said, 0.95).value == pytest.approx((1 + 1 + 0) / 3)


def rounds(trend: list[str], organisations: list[str], population: int) -> dict[str, Round]:
    form = read_validated(ROOT / "raw/2021/questionnaire")
    frame = facilities([*organisations, *(f"silent {i}" for i in range(population - len(organisations)))])
    kept = frame.head(len(organisations)).assign(_mode="interview", clients_trend=pd.array(trend, dtype="str"))
    kept["clients_trend__missing"] = pd.Series([None] * len(kept), dtype=object)
    return {"2021": Round("2021", 2021, kept, frame, form)}


def rising() -> Finding:
    test = FindingTest(test="more_increased", question="clients_trend", why="Why.")
    return Finding(number=1, round="2021", statement={"en": "S", "nl": "S"}, reason="R", tests=(test,))


def test_one_large_organisation_cannot_carry_a_finding_against_the_votes_of_the_others():
    organisations = ["Large"] * 20 + [f"S{i}" for i in range(9)]
    trend = ["increase"] * 20 + ["decrease"] * 6 + ["increase"] * 3
    found = reassess(
        {"f": rising()},
        rounds(trend, organisations, 60),
        pd.DataFrame(),
        replace(SETTINGS, clusters="none"),
        Least(10, 5),
    )
    vote = found.set_index("scenario").loc["one_vote"]
    assert (vote["verdict"], vote["as_before"], vote["facilities"]) == ("not_supported", False, 29)
    # Where every facility is an organisation of its own there is nothing to repeat.
    apart = rounds(trend, [f"O{i}" for i in range(29)], 60)
    assert "one_vote" not in set(reassess({"f": rising()}, apart, pd.DataFrame(), SETTINGS, Least(10, 5))["scenario"])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_report_can_say_which_way_it_was_done(lang):
    words = text(lang)["methods"]["clusters"]
    ways = {
        clustering(groups, related, setting)
        for groups in (1, 5)
        for related in (0.1, 0.3)
        for setting in ("auto", "none", "organisation")
    }
    assert ways == set(words)
    for sentence in words.values():
        assert sentence.format(share="x", groups="y")


def test_a_change_between_rounds_adds_up_the_influences_of_an_organisation():
    """By hand, of two strata of four and two in rounds of 8 and 4, of which organisation a has three in both strata."""
    then = {"x": np.array([1.0, 2.0, 4.0, 5.0]), "y": np.array([3.0, 7.0])}
    now = {"x": np.array([2.0, 4.0, 4.0, 9.0]), "y": np.array([5.0, 6.0])}
    sizes = {"x": 8.0, "y": 4.0}
    owner = {"x": np.array(["a", "a", "b", "c"]), "y": np.array(["a", "b"])}
    found = unpaired_change(then, now, sizes, sizes, sizes, 0.95, owner)
    sums = dict.fromkeys("abc", 0.0)
    for name, weight in (("x", 8 / 12), ("y", 4 / 12)):
        difference = now[name] - then[name]
        for one, of in zip(difference - difference.mean(), owner[name], strict=True):
            sums[of] += weight * np.sqrt(0.5) * one / len(difference)
    clustered = 3 / 2 * sum(one**2 for one in sums.values())
    plain = unpaired_change(then, now, sizes, sizes, sizes, 0.95)
    assert clustered > plain.se**2
    assert found.se == pytest.approx(np.sqrt(clustered))
    assert found.high - found.value == pytest.approx(stats.t.ppf(0.975, 2) * found.se)
    assert (found.value, found.n) == (plain.value, plain.n)


def test_the_change_of_a_share_is_no_narrower_where_organisations_answer_alike():
    then = {"x": np.array([0.0, 0, 1, 1, 0, 0, 1, 0])}
    now = {"x": np.array([1.0, 1, 1, 1, 0, 0, 1, 0])}
    sizes = {"x": 16.0}
    alike, apart = np.array(list("aabbccdd")), np.array(list("abcdefgh"))
    plain, of_few, of_many = (
        share_change(then, now, sizes, sizes, sizes, 0.95, owner) for owner in (None, {"x": alike}, {"x": apart})
    )
    assert of_few.low < plain.low and of_few.high >= plain.high
    assert of_many.low == pytest.approx(plain.low) and of_many.high == pytest.approx(plain.high)
    nobody = share_change(now, now, sizes, sizes, sizes, 0.95, {"x": alike})
    assert nobody.low < 0 < nobody.high


def test_a_trend_is_no_surer_where_organisations_answer_alike():
    random = np.random.default_rng(4)
    common = np.repeat(random.normal(size=(5, 3)), 4, axis=0)
    answers = {"x": 10 + common + 0.1 * random.normal(size=(20, 3))}
    sizes = {"x": Sizes((40.0, 40.0, 40.0), dict.fromkeys([(0, 1), (0, 2), (1, 2)], 40.0))}
    years = np.array([2018.0, 2021.0, 2024.0])
    plain = linear_trend(answers, years, sizes, 0.95, shares=False)
    owner = {"x": np.repeat(list("abcde"), 4)}
    found = linear_trend(answers, years, sizes, 0.95, shares=False, clusters=owner)
    assert found.se > 1.5 * plain.se and found.p > plain.p
    assert (found.low <= 0 <= found.high) == (found.p >= 0.05)
