"""Contacts and submissions become AAPOR dispositions and rates; reasons that few facilities had are not told."""

import pandas as pd
import pytest
from hrmonitor.disclosure.small_groups import pool_small
from hrmonitor.errors import RegisterError
from hrmonitor.questionnaire.model import read_questionnaire
from hrmonitor.response.dispositions import answered_share, dispositions
from hrmonitor.response.items import item_nonresponse
from hrmonitor.response.rates import RATES, eligible_share, outcome_rates, response_table

SURVEY = """type,name,label::English (en)
select_one service,service,Service?
integer,a,A?
integer,b,B?
integer,c,C?
integer,d,D?
text,words,In your own words?
"""
CHOICES = """list_name,name,label::English (en)
service,dcr,Room
service,nsp,Exchange
"""
ANSWERS = ("a", "b", "c", "d")


@pytest.fixture
def form(tmp_path):
    for name, text in (("survey", SURVEY), ("choices", CHOICES), ("settings", "form_title,form_id,version\nF,f,1\n")):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    return read_questionnaire(tmp_path)


def register(n: int = 10, service: str = "dcr", **changed: dict) -> pd.DataFrame:
    rows = [
        {"facility_id": f"F{i}", "service": service, "province": "utrecht", "opened": "2000-01-01", "closed": "", "organisation": "O", "municipality": "M"}
        for i in range(n)
    ]  # fmt: skip
    for name, change in changed.items():
        rows[int(name[1:])] |= change
    return pd.DataFrame(rows)


def answers(*facilities: tuple[str, str, list]) -> pd.DataFrame:
    """(facility_id, mode, why a, b, c and d are missing) each."""
    rows = []
    for facility, mode, reasons in facilities:
        row = {
            "facility_id": facility,
            "service": "dcr",
            "province": "utrecht",
            "_mode": mode,
            "words__missing": "no_answer",
        }
        rows.append({**row, **{f"{q}__missing": reason for q, reason in zip(ANSWERS, reasons, strict=True)}})
    columns = ["facility_id", "service", "province", "_mode", "words__missing", *(f"{q}__missing" for q in ANSWERS)]
    return pd.DataFrame(rows, columns=columns)


def contacts(**outcomes: str) -> pd.DataFrame:
    return pd.DataFrame([{"facility_id": f, "approached_on": "2021-02-01", "outcome": o} for f, o in outcomes.items()])


def cases(form, frame, contacted, answered):
    submissions = answered[["facility_id", "service"]].assign(status="kept")
    found = dispositions(frame, 2021, contacted, "contacts.csv", submissions, answered, form)
    return found.set_index("facility_id")


FULL, NONE = [None] * 4, ["no_answer"] * 4


def test_complete_partial_and_break_off_by_the_share_of_applicable_questions(form):
    answered = answers(
        ("F0", "interview", FULL),
        ("F1", "interview", [None, None, None, "no_answer"]),
        ("F2", "interview", [None, None, "refused", "no_answer"]),
        ("F3", "interview", [None, "no_answer", "refused", "no_answer"]),
        # "Don't know" is an answer; what was not asked or does not apply is no part of the base.
        ("F4", "interview", [None, "dont_know", "not_asked", "not_applicable"]),
        ("F5", "interview", [None, "no_answer", "not_asked", "not_asked"]),
    )
    assert answered_share(answered, form).tolist() == [1, 0.75, 0.5, 0.25, 1, 0.5]
    found = cases(form, register(), contacts(**{f"F{i}": "interviewed" for i in range(6)}), answered)
    kinds = ["complete", "partial", "partial", "break_off", "complete", "partial"]
    assert found["disposition"].head(6).tolist() == kinds
    assert found["code"].head(6).tolist() == ["1.1", "1.2", "1.2", "2.12", "1.1", "1.2"]


def test_exactly_eighty_per_cent_is_partial(form):
    answered = answers(("F0", "interview", FULL))
    # The form has four questions with a reason; a fifth makes 4 of 5.
    answered["service__missing"] = "no_answer"
    assert answered_share(answered, form).tolist() == [0.8]
    assert cases(form, register(1), contacts(F0="interviewed"), answered).loc["F0", "disposition"] == "partial"


def test_each_contact_outcome_has_its_disposition(form):
    contacted = contacts(F0="refused", F1="no_contact", F2="other", F3="broke_off", F4="not_eligible", F5="unknown")
    found = cases(form, register(7), contacted, answers())
    expected = ["refusal", "non_contact", "other", "break_off", "not_eligible", "unknown", "not_attempted"]
    assert found["disposition"].tolist() == expected
    assert (found["remarks"] == "").all()


def test_disagreement_is_listed(form):
    frame = register(8, F6={"closed": "2019-12-31"})
    contacted = contacts(
        F0="interviewed", F1="returned", F2="refused", F4="interviewed", F5="interviewed", F6="no_contact"
    )
    answered = answers(
        ("F1", "interview", FULL), ("F2", "interview", FULL), ("F3", "questionnaire", FULL), ("F5", "interview", FULL)
    )
    found = cases(form, frame, contacted, answered)
    assert found["remarks"].to_dict() == {
        "F0": "no_submission", "F1": "other_mode", "F2": "answered_although_refused", "F3": "never_approached",
        "F4": "no_submission", "F5": "", "F6": "not_open_that_year", "F7": "",
    }  # fmt: skip
    # What came in decides; an answer that never came is an eligible facility without one.
    assert found.loc[["F0", "F1", "F2", "F3", "F6"], "disposition"].tolist() == [
        "other", "complete", "complete", "complete", "not_eligible",
    ]  # fmt: skip


def test_the_most_telling_of_several_contacts_counts(form):
    twice = pd.concat(
        [contacts(F0="no_contact"), contacts(F0="refused"), contacts(F1="refused"), contacts(F1="interviewed")]
    )
    found = cases(form, register(2), twice.reset_index(drop=True), answers(("F1", "interview", FULL)))
    assert found["disposition"].tolist() == ["refusal", "complete"]


def test_services_that_the_round_is_not_about_are_no_cases(form):
    frame = register(4, F2={"service": "nsp"}, F3={"service": "nsp"})
    found = cases(form, frame, contacts(F0="interviewed"), answers(("F0", "interview", FULL)))
    assert found.index.tolist() == ["F0", "F1"]


def test_without_contacts_the_silent_are_of_unknown_eligibility(form):
    found = cases(form, register(3), None, answers(("F0", "interview", FULL)))
    assert found["disposition"].tolist() == ["complete", "unknown", "unknown"]
    table = response_table("2021", found.reset_index(), found["province"], False, 1)
    given = set(table.loc[table["group"] == "all", "statistic"])
    assert {"RR1", "RR6"} <= given
    assert not given & {"COOP1", "CON1", "REF1", "contact_refused"}


def test_an_unknown_outcome_is_refused_with_its_place(form):
    contacted = contacts(F0="interviewed", F1="moved")
    with pytest.raises(RegisterError, match=r"contacts\.csv, row 3, outcome: 'moved' is not known.*no_contact"):
        cases(form, register(2), contacted, answers())


def test_rates_of_a_worked_case():
    """By hand from the formulas of AAPOR's Standard Definitions: 600 cases, of which 500 of known eligibility."""
    counts = {
        "complete": 240, "partial": 10, "refusal": 80, "break_off": 20, "non_contact": 40, "other": 10,
        "not_attempted": 70, "unknown": 30, "not_eligible": 100,
    }  # fmt: skip
    assert eligible_share(counts) == 0.8
    found = {name: n / total for name, (n, total) in outcome_rates(counts, 0.8).items()}
    # I+P+R+NC+O = 400; UH+UO = 100; e(UH+UO) = 80; I+P+R+O = 360.
    assert found == pytest.approx({
        "RR1": 0.48, "RR2": 0.50, "RR3": 0.50, "RR4": 250 / 480, "RR5": 0.60, "RR6": 0.625,
        "COOP1": 240 / 360, "CON1": 0.72, "REF1": 0.20,
    })  # fmt: skip
    assert tuple(found) == RATES


def made(*groups: tuple[str, int, dict[str, int]]) -> pd.DataFrame:
    """Cases of provinces: name, number of answers, number of others by disposition."""
    rows = []
    for province, complete, others in groups:
        rows += [(province, "interview", "interviewed", "complete")] * complete
        for disposition, n in others.items():
            rows += [(province, "", "refused" if disposition == "refusal" else "no_contact", disposition)] * n
    table = pd.DataFrame(rows, columns=["province", "mode", "outcome", "disposition"])
    return table.assign(service="dcr", facility_id=[f"F{i}" for i in range(len(table))], remarks="")


def of(table: pd.DataFrame, level: str, statistic: str, group: str = "province") -> pd.Series:
    chosen = (table["group"] == group) & (table["level"] == level) & (table["statistic"] == statistic)
    return table[chosen].iloc[0]


def test_reasons_of_few_are_hidden_and_cannot_be_worked_out():
    everyone = made(
        ("utrecht", 8, {"refusal": 1, "non_contact": 1}), ("limburg", 9, {"refusal": 4}), ("drenthe", 9, {"refusal": 3, "non_contact": 5}),
        ("zeeland", 5, {}),
    )  # fmt: skip
    table = response_table("2021", everyone, everyone["province"], True, 3)
    # One each of Utrecht refused and was not reached. With Limburg the one not reached would follow from the total; with Drenthe nothing does.
    hidden = set(table.loc[table["suppressed"], "level"])
    assert hidden == {"utrecht", "drenthe"}
    for statistic in ("refusal", "non_contact", "not_attempted", "REF1", "CON1", "COOP1", "RR5", "contact_refused"):
        row = of(table, "utrecht", statistic)
        assert pd.isna(row["n"]) and pd.isna(row["estimate"]) and pd.isna(row["population"])
    assert of(table, "utrecht", "RR2")["estimate"] == 0.8
    assert of(table, "limburg", "refusal")["n"] == 4
    # One type of service only: nothing to hide behind, nothing hidden.
    assert not table.loc[table["group"] == "service", "suppressed"].any()


def test_small_provinces_are_one_level():
    everyone = made(("utrecht", 8, {"refusal": 4}), ("limburg", 4, {}), ("zeeland", 1, {}), ("drenthe", 1, {}))
    table = response_table("2021", everyone, pool_small(everyone["province"], 3), True, 3)
    assert set(table.loc[table["group"] == "province", "level"]) == {"utrecht", "other"}
    assert of(table, "other", "facilities")["n"] == 6


def test_pooling_takes_the_next_smallest_along():
    levels = pd.Series(["a"] * 5 + ["b"] * 3 + ["c"])
    assert pool_small(levels, 3).value_counts().to_dict() == {"a": 5, "other": 4}
    assert pool_small(levels, 1).tolist() == levels.tolist()


def test_a_mode_of_few_is_not_shown():
    everyone = made(("utrecht", 8, {"refusal": 4}))
    everyone.loc[:1, "mode"] = "questionnaire"
    assert "mode" not in set(response_table("2021", everyone, everyone["province"], True, 3)["group"])
    everyone.loc[2, "mode"] = "questionnaire"
    table = response_table("2021", everyone, everyone["province"], True, 3)
    assert of(table, "questionnaire", "complete", "mode")["n"] == 3
    assert not set(table.loc[table["group"] == "mode", "statistic"]) & set(RATES)


def test_item_nonresponse_tells_reasons_apart(form):
    rows = [
        ("F0", "interview", [None, "dont_know", "not_asked", "not_applicable"]),
        ("F1", "interview", [None, "refused", None, None]),
        ("F2", "interview", [None, "no_answer", "no_answer", None]),
        ("F3", "interview", FULL),
    ]
    table = item_nonresponse("2021", answers(*rows), form, 1).set_index(["question", "reason"])
    b = {
        reason: (table.loc[("b", reason), "n"], table.loc[("b", reason), "population"])
        for reason in ("dont_know", "refused", "no_answer", "any")
    }
    assert b == {"dont_know": (1, 4), "refused": (1, 4), "no_answer": (1, 4), "any": (3, 4)}
    assert tuple(table.loc[("c", "not_asked"), ["n", "population"]]) == (1, 4)
    assert tuple(table.loc[("c", "any"), ["n", "population"]]) == (1, 3)
    assert tuple(table.loc[("d", "not_applicable"), ["n", "population"]]) == (1, 4)
    assert tuple(table.loc[("d", "any"), ["n", "population"]]) == (0, 3)


def test_item_nonresponse_of_few_is_hidden(form):
    rows = [("F0", "interview", FULL), ("F1", "interview", FULL), ("F2", "interview", ["not_asked", None, None, None])]
    table = item_nonresponse("2021", answers(*rows), form, 3).set_index(["question", "reason"])
    assert table.loc[("a", "any"), "suppressed"]
    assert pd.isna(table.loc[("a", "any"), "n"]) and pd.isna(table.loc[("a", "any"), "estimate"])
    assert not table.loc[("b", "any"), "suppressed"]
