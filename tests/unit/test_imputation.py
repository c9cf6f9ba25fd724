"""The hot deck fills what it may, from whom it may, and leaves a mark on all of it."""

import pandas as pd
import pytest
from hrmonitor.cleaning.imputation import impute
from hrmonitor.cleaning.imputation_flags import drop_imputed
from hrmonitor.estimation.sampling_design import EstimationSettings
from hrmonitor.project.config import Config, Imputation
from hrmonitor.project.keys import keys_of
from hrmonitor.questionnaire.model import read_questionnaire
from hrmonitor.survey import Round, in_base
from hrmonitor.tabulation.indicators import estimate_round

SURVEY = """type,name,label::English (en),relevant,constraint,indicator,statistic
select_one service,service,Service?,,,,
select_one yn,gate,Gate?,,,,
integer,behind,Behind?,${gate} = 'yes',,,
select_one yn,choice,Choice?,,,choice,share
integer,total,Total?,,,total,mean
integer,part,Part?,,. <= ${total},,
select_multiple yn,several,Several?,,,,
"""
CHOICES = """list_name,name,label::English (en)
service,dcr,Room
service,nsp,Exchange
yn,yes,Yes
yn,no,No
"""
HOT_DECK = Imputation("hot_deck")


@pytest.fixture
def form(tmp_path):
    for name, text in (("survey", SURVEY), ("choices", CHOICES), ("settings", "form_title,form_id,version\nF,f,1\n")):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    return read_questionnaire(tmp_path)


def tables(**columns) -> dict[str, pd.DataFrame]:
    """Ten rooms and ten exchanges that answered everything, but for `columns`: name -> {row: reason}."""
    n = 20
    facilities = pd.DataFrame(
        {
            "facility_id": [f"F{i:02d}" for i in range(n)], "service": ["dcr"] * 10 + ["nsp"] * 10, "province": "utrecht", "_mode": "interview",
            "gate": "yes", "behind": 5, "choice": ["yes"] * 10 + ["no"] * 10, "total": [10] * 10 + [90] * 10, "part": [5] * 10 + [80] * 10,
            "several/yes": True, "several/no": False,
        }
    )  # fmt: skip
    facilities = facilities.astype(
        {"behind": "Int64", "total": "Int64", "part": "Int64", "choice": "str", "gate": "str"}
    )
    for question in ("gate", "behind", "choice", "total", "part", "several"):
        facilities[f"{question}__missing"] = pd.Series([None] * n, dtype="str")
        for row, reason in columns.get(question, {}).items():
            facilities.loc[row, f"{question}__missing"] = reason
            if question in facilities:
                facilities.loc[row, question] = pd.NA
    submissions = pd.DataFrame(
        {
            "source": "x.csv",
            "row": range(2, n + 2),
            "service": facilities["service"],
            "facility_id": facilities["facility_id"],
            "status": "kept",
        }
    )
    audit = pd.DataFrame(columns=["source", "row", "facility_id", "question", "raw", "clean", "rule", "severity"])
    audit = audit.astype({"row": "int64"})
    return {"facilities": facilities, "submissions": submissions, "audit": audit}


def test_nothing_is_filled_unless_asked_for(form):
    assert keys_of(Config)["imputation"][0].default_factory().method == "none"
    before = tables(choice={0: "no_answer"})
    assert impute(before, form, Imputation("none"), 1) is before


def test_a_gap_gets_the_answer_of_its_own_class_and_a_mark(form):
    found = impute(tables(choice={0: "no_answer", 12: "refused"}, total={3: "dont_know"}), form, HOT_DECK, 1)
    facilities = found["facilities"]
    assert facilities.loc[[0, 12], "choice"].tolist() == ["yes", "no"]
    assert facilities.loc[3, "total"] == 10
    assert facilities.loc[[0, 12], "choice__missing"].tolist() == ["imputed:no_answer", "imputed:refused"]
    assert facilities.loc[3, "total__missing"] == "imputed:dont_know"
    lines = found["audit"][["source", "row", "facility_id", "question", "raw", "clean", "rule", "severity"]]
    assert lines.to_numpy().tolist() == [
        ["x.csv", 2, "F00", "choice", "no_answer", "yes", "imputed", "changed"],
        ["x.csv", 5, "F03", "total", "dont_know", "10", "imputed", "changed"],
        ["x.csv", 14, "F12", "choice", "refused", "no", "imputed", "changed"],
    ]


def test_every_value_that_was_filled_carries_its_mark_and_nothing_else_does(form):
    before = tables(
        choice={0: "no_answer", 1: "dont_know"}, total={3: "no_answer"}, part={15: "refused"}, behind={4: "not_asked"}
    )
    after = impute(before, form, HOT_DECK, 1)["facilities"]
    for question in ("gate", "behind", "choice", "total", "part"):
        was, now = before["facilities"], after
        filled = was[question].isna() & now[question].notna()
        marked = now[f"{question}__missing"].fillna("").str.startswith("imputed:")
        assert filled.tolist() == marked.tolist(), question
        same = ~filled
        pd.testing.assert_series_equal(was.loc[same, question], now.loc[same, question])
    pd.testing.assert_frame_equal(drop_imputed(after), before["facilities"])


def test_a_filled_choice_counts_in_the_base_of_shares(form):
    after = impute(tables(choice={0: "no_answer", 1: "dont_know"}), form, HOT_DECK, 1)["facilities"]
    assert in_base(after, "choice", dont_know_in_base=False).sum() == 19


def test_what_is_no_gap_is_not_filled(form):
    before = tables(
        choice={0: "dont_know", 1: "not_applicable"},
        behind={2: "not_asked"},
        gate={3: "no_answer"},
        several={4: "no_answer"},
    )
    after = impute(before, form, HOT_DECK, 1)
    # Don't know is an answer to a choice; a gate would have led to questions that were not put; several ticks are no single value.
    pd.testing.assert_frame_equal(after["facilities"], before["facilities"])
    assert after["audit"].empty


def test_the_constraint_of_the_form_is_kept(form):
    before = tables(part={0: "no_answer", 12: "no_answer"})
    before["facilities"].loc[0, "total"] = 4
    before["facilities"].loc[7, "part"] = 3
    for seed in range(5):
        after = impute(before, form, HOT_DECK, seed)["facilities"]
        # Of the rooms only one has a part that fits into a total of four.
        assert after.loc[0, "part"] == 3
        assert after.loc[12, "part"] == 80


def test_without_a_donor_in_its_class_a_wider_one_serves(form):
    before = tables(total={row: "no_answer" for row in range(10)})
    after = impute(before, form, HOT_DECK, 1)["facilities"]
    assert (after.loc[:9, "total"] == 90).all()
    alone = tables(total={row: "no_answer" for row in range(20)})
    nobody = impute(alone, form, HOT_DECK, 1)
    assert nobody["facilities"]["total"].isna().all() and nobody["audit"].empty


def test_donors_are_drawn_by_the_seed(form):
    before = tables(total={0: "no_answer"})
    before["facilities"].loc[1:9, "total"] = range(101, 110)
    drawn = {seed: impute(before, form, HOT_DECK, seed)["facilities"].loc[0, "total"] for seed in range(8)}
    again = impute(before, form, HOT_DECK, 3)["facilities"].loc[0, "total"]
    assert again == drawn[3]
    assert len(set(drawn.values())) > 2


def test_an_estimate_says_how_many_of_its_answers_were_filled(form):
    made = tables(total={1: "no_answer", 12: "no_answer"}, choice={3: "no_answer"})
    filled = impute(made, form, HOT_DECK, 1)["facilities"]
    round_ = Round("2021", 2021, filled, filled[["facility_id", "service"]], form)
    found = estimate_round(round_, EstimationSettings(0.95, 1, True))
    counts = found[found["statistic"].isin(["mean", "share"])].groupby(["indicator", "service"])["imputed"].first()
    assert counts["total"].to_dict() == {"all": 2, "dcr": 1, "nsp": 1}
    assert counts["choice"].to_dict() == {"all": 1, "dcr": 1, "nsp": 0}
    assert found.loc[found["indicator"] == "total", "n"].tolist() == [10, 10, 20]
