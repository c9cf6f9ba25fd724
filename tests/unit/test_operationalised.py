"""How a claim became tests: numbers of the results in sentences of config.yaml, and each test by clients beside by facilities."""

from types import SimpleNamespace

import pandas as pd
import pytest
from hrmonitor.disclosure.rules import Rules
from hrmonitor.errors import ConfigError
from hrmonitor.estimation.sampling_design import EstimationSettings
from hrmonitor.findings.by_client import by_units
from hrmonitor.language import text
from hrmonitor.project.result_fields import FIELD, Field, check_fields, field_of
from hrmonitor.reporting.chapters.operationalised import paragraph
from hrmonitor.survey import Round
from settings import finding, shipped, write_form

# Those of the shipped study.
LANGUAGES = ("en", "nl")

SETTINGS = EstimationSettings(confidence=0.95, seed=1, dont_know_in_base=True)
SURVEY = """type,name,label::English (en),indicator,statistic
select_one service,service,Service?,,
select_one yn,adapted,Adapted?,adapted,share
select_one trend,trend,Trend?,,
integer,clients,Clients?,,
decimal,now,Now?,,
decimal,then,Then?,,
"""
CHOICES = """list_name,name,label::English (en)
service,dcr,Room
yn,yes,Yes
yn,no,No
trend,increase,More
trend,stable,Same
trend,decrease,Less
"""
TESTS = (
    {"test": "share_above", "question": "adapted", "categories": ["yes"], "threshold": 0.5},
    {"test": "more_increased", "question": "trend"},
    {"test": "not_more_increased", "question": "trend"},
    {"test": "paired_change_above", "now": "now", "then": "then", "threshold": 0},
    {"test": "ratio_above", "now": "now", "then": "then", "threshold": 1},
)


def evidence(tmp_path, clients):
    facilities = pd.DataFrame({
        "facility_id": list("ABCD"), "service": "dcr", "province": "utrecht", "_mode": "interview",
        "adapted": ["yes", "no", "no", "yes"], "trend": ["increase", "decrease", "stable", "increase"],
        "clients": pd.array(clients, dtype="Int64"), "now": [10.0, 4.0, 5.0, 6.0], "then": [5.0, 4.0, 4.0, 4.0],
    })  # fmt: skip
    for question in ("adapted", "trend", "clients", "now", "then"):
        facilities[f"{question}__missing"] = pd.Series([None] * 4, dtype="str")
    frame = pd.DataFrame({"facility_id": list("ABCDEFGH"), "service": "dcr", "organisation": list("ABCDEFGH")})
    return {"2021": Round("2021", 2021, facilities, frame, write_form(tmp_path, SURVEY, CHOICES))}


NO_RULES = Rules(minimum_cell=1, minimum_organisations=1, p_percent=0)


def units(tmp_path, clients, clients_key="clients", rules=NO_RULES):
    claims = {"f": finding(*TESTS, clients=clients_key)}
    return by_units(claims, evidence(tmp_path, clients), pd.DataFrame(), SETTINGS, rules)


def test_each_facility_counts_for_its_clients(tmp_path):
    table = units(tmp_path, [100, 60, 50, 40])
    # By hand: yes at 100 + 40 of 250; rises at 140 of the 200 with a change; rises less falls 140 - 60 of 250;
    # change (5 x 100 + 0 + 1 x 50 + 2 x 40) / 250; a ratio of sums is by clients already.
    assert table["client_estimate"].round(4).fillna(-1).tolist() == [0.56, 0.7, 0.32, 2.52, -1]
    assert table["client_n"].fillna(0).tolist() == [4, 3, 4, 4, 0]
    assert table["estimate"].tolist() == [0.5, 0.67, 0.25, 2.0, 1.47]


def test_a_facility_without_a_number_of_clients_is_left_out(tmp_path):
    table = units(tmp_path, [100, 60, 50, None])
    assert table.loc[0, ["client_estimate", "client_n"]].tolist() == [0.48, 3]  # 100 of 210


def test_without_the_key_there_is_nothing_by_client(tmp_path):
    assert units(tmp_path, [100, 60, 50, 40], None)["client_estimate"].isna().all()


def test_what_rests_on_few_or_on_one_organisation_is_not_shown(tmp_path):
    assert units(tmp_path, [100, 60, 50, 40], rules=Rules(minimum_cell=5))["client_estimate"].isna().all()
    # All but the two largest together are less than a tenth of the largest: the second could work it out.
    assert units(tmp_path, [1000, 60, 5, 4], rules=Rules())["client_estimate"].isna().all()
    # A and D alone say yes and report rises: what D lacks of the sum is A's.
    shown = units(tmp_path, [100, 60, 50, 40], rules=Rules())["client_estimate"].notna()
    assert shown.tolist() == [False, False, True, True, False]


@pytest.mark.parametrize(
    ("written", "field"),
    [
        ("test 1", Field("test", 1)),
        ("test 12 by clients", Field("clients", 12)),
        ("n 2", Field("n", 2)),
        ("adapted: yes", Field("share", 0, "adapted", ("yes",))),
        ("trend: stable, decrease", Field("share", 0, "trend", ("stable", "decrease"))),
        ("n 2 by clients", None),
        ("tests 1", None),
        ("", None),
    ],
)
def test_what_a_brace_names(written, field):
    assert field_of(written) == field


@pytest.mark.parametrize(
    ("sentence", "message"),
    [
        ("{test 3} of them", r"findings\.f\.operationalised\.en: {test 3} is no test of this finding, which has 1"),
        ("{first} of them", r"{first} names no number"),
        ("{test 1 by clients}", r"needs the key `clients`"),
        ("{adaptd: yes}", r"no question 'adaptd'.*adapted"),
        ("{adapted: ja}", r"question 'adapted' has no answer 'ja'"),
        ("{many: a, b}", r"their shares do not add up"),
    ],
)
def test_a_brace_that_names_nothing_is_refused(sentence, message):
    claim = finding(TESTS[0], operationalised={"en": sentence, "nl": ""})
    kinds = {"adapted": "select_one", "many": "select_multiple"}
    with pytest.raises(ConfigError, match=message):
        check_fields("findings.f", claim, kinds, {"adapted": ["yes", "no"], "many": ["a", "b"]})


def story(lang, sentence, rows):
    claim = finding(TESTS[0], operationalised={lang: sentence})
    indicators = pd.DataFrame(rows, columns=["service", "category", "estimate", "suppressed"])
    indicators = indicators.assign(round="2021", indicator="trend", statistic="share")
    return SimpleNamespace(
        lang=lang, words=text(lang), config=SimpleNamespace(findings={"f": claim}), indicators=indicators,
        forms={"2021": {"trend": SimpleNamespace(indicator="trend")}},
    )  # fmt: skip


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_sentence_has_the_numbers_and_its_text_is_escaped(lang):
    rows = [("all", "stable", 0.25, False), ("all", "decrease", 0.5, False), ("dcr", "stable", 1.0, False)]
    told = paragraph(story(lang, "*Some* {test 1} and {trend: stable, decrease}.", rows), "f", {"test 1": "64%"})
    assert told.endswith(r" \*Some\* 64% and 75%\.")


def test_a_hidden_share_is_not_shown():
    rows = [("all", "stable", None, True), ("all", "decrease", 0.5, False)]
    assert paragraph(story("en", "{trend: stable, decrease}", rows), "f", {}).endswith(" not shown")
    assert paragraph(story("en", "{trend: stable, decrease}", rows[1:]), "f", {}).endswith(" not shown")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_shipped_finding_argues_its_tests_in_words_without_typed_results(lang):
    for name, claim in shipped().findings.items():
        sentences = claim.operationalised[lang]
        assert FIELD.search(sentences), name
        # What is no number of the results: thresholds of the tests, and the least alpha.
        typed = set(pd.Series(FIELD.sub("", sentences)).str.extractall(r"(\d[\d.,]*\d|\d)")[0])
        limits = {"5", "15", "0", "0.667", "0,667"}
        assert typed <= limits, (name, typed - limits)
