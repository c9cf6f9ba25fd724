"""Loss is loud, and emptiness is counted against what was asked."""

import pandas as pd
import pytest
from hrmonitor.cleaning.losses import losses, refuse_losses, too_much
from hrmonitor.cleaning.submissions import submissions_of
from hrmonitor.errors import CleaningError
from hrmonitor.project.config import AcceptedLoss
from hrmonitor.questionnaire.model import read_questionnaire
from hrmonitor.readers.export import NO_PART, SOME_PART

NO_NOTES = pd.DataFrame(columns=["source", "row", "question", "rule", "note"])


def lost(*rows) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["kind", "name", "lost", "n"])


def test_more_than_a_tenth_stops_until_it_is_accepted():
    table = lost(
        ("question", "total", 2, 10),
        ("question", "ghb", 1, 10),
        ("submissions", "empty", 3, 20),
        ("submissions", "test", 2, 20),
    )
    with pytest.raises(CleaningError) as caught:
        refuse_losses("2024", table, [AcceptedLoss("r", question="ghb")])
    message = str(caught.value)
    assert (
        "question 'total': 2 of 10 answers are not understood; 3 of 20 submissions do not count, as empty." in message
    )
    assert "accept:\n          - question: total\n            reason: " in message and "- submissions: empty" in message
    left = too_much(table, [AcceptedLoss("r", question="total")])
    assert left["name"].tolist() == ["empty"]
    refuse_losses("2024", table, [AcceptedLoss("r", question="total"), AcceptedLoss("r", submissions="empty")])


def test_options_that_readers_could_not_place_count_as_lost():
    notes = pd.DataFrame([("a", 2, "drugs", "unknown_option", "")] * 2, columns=NO_NOTES.columns)
    of_answers = lost(("question", "drugs", 0, 9), ("question", "ghb", 0, 9))
    found = losses(of_answers, notes, pd.DataFrame({"status": ["kept"] * 9}))
    assert found[["name", "lost", "n"]].to_numpy().tolist() == [["drugs", 2, 9]]


def test_joined_cells_of_which_nothing_was_read_are_among_the_answers():
    """They leave no box that tells that there was an answer: 47 of 1 are not understood, said `check` of 48."""
    rows = [("a", row, "drugs", "unknown_option", NO_PART) for row in range(47)]
    rows.append(("a", 47, "drugs", "unknown_option", SOME_PART))
    of_answers = lost(("question", "drugs", 0, 1))
    found = losses(of_answers, pd.DataFrame(rows, columns=NO_NOTES.columns), pd.DataFrame({"status": ["kept"] * 48}))
    assert found[["name", "lost", "n"]].to_numpy().tolist() == [["drugs", 48, 48]]


SCREENED = ["_source", "_row", "_mode", "_status"]


def test_a_screen_out_that_answered_all_that_it_was_asked_counts(tmp_path):
    follow_ups = "".join(f"integer,n{number},N{number},${{screen}} = 'yes' or ${{n1}} > 0\n" for number in range(1, 39))
    survey = (
        "type,name,label,relevant\ntext,facility_name,Name,\nbegin_group,main,Main,\nselect_one yes_no,screen,S?,\n"
        + follow_ups
    )
    survey = survey.replace("n1,N1,${screen} = 'yes' or ${n1} > 0", "n1,N1,${screen} = 'yes'") + "end_group,,,\n"
    for name, text in (
        ("survey", survey),
        ("choices", "list_name,name,label\nyes_no,yes,Yes\nyes_no,no,No\n"),
        ("settings", "form_title,form_id\nF,f\n"),
    ):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    form = read_questionnaire(tmp_path)
    blank = {question.name: None for question in form.answerable}
    rows = [("no", None), ("yes", "1"), ("yes", None), (None, None)]
    frame = pd.DataFrame(
        [
            {**dict(zip(SCREENED, ("f", n, "x", None), strict=True)), **blank, "screen": one, "n1": two}
            for n, (one, two) in enumerate(rows)
        ]
    )
    frame = frame.astype(dict.fromkeys(blank, "str"))
    # Of 40 questions (the name is one), one answer is fewer than one in twenty; two are not.
    assert submissions_of(frame, form)[0]["status"].tolist() == ["kept", "kept", "empty", "empty"]
    assert submissions_of(frame, form, least_answered=0.0)[0]["status"].tolist() == ["kept", "kept", "kept", "empty"]
