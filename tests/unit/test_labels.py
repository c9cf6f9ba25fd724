"""A label is that of an option but for typography, or a person decided what it means, or it is not understood."""

import pandas as pd
import pytest
from hrmonitor.cleaning import _typed
from hrmonitor.cleaning.answers import Options, parse_choice
from hrmonitor.errors import CleaningError, ReaderError
from hrmonitor.questionnaire.missing_words import missing_label, missing_word
from hrmonitor.questionnaire.typography import typographic
from hrmonitor.readers import read_export
from hrmonitor.readers.label_decisions import read_labels
from hrmonitor.readers.suggestions import nearest_option, what_is_wanted
from hypothesis import given
from hypothesis import strategies as st

SURVEY = """type,name,label::Nederlands (nl),label::English (en)
select_one mark,mark,Hoe goed?,How good?
select_one wait,wait,Hoe lang?,How long?
select_one often,often,Hoe vaak?,How often?
select_one yes_no,open,Open?,Open?
select_one twin,twin,Waar?,Where?
select_multiple wait,waits,Welke?,Which?
integer,clients,Hoeveel?,How many?
"""
CHOICES = """list_name,name,label::Nederlands (nl),label::English (en),missing
mark,1,Voldoende,Sufficient,
mark,2,Goed,Good,
mark,9,Weet ik niet,Don't know,dont_know
wait,short,< 1 jaar,< 1 year,
wait,long,> 1 jaar,> 1 year,
wait,none,Geen wachttijd,No wait,
often,a,1-3 keer per week,1 to 3 times a week,
often,b,4-6 keer per week,4 to 6 times a week,
often,c,1-4,1-4 a year,
yes_no,yes,Ja,Yes,
yes_no,no,Nee,No,
twin,u,Rivierduinen,Dunes,
twin,l,rivierduinen.,Dunes,
twin,x,Elders,Elsewhere,
"""


@pytest.mark.parametrize(
    ("question", "text", "code"),
    [
        ("mark", "Voldoende", "1"), ("mark", " voldoende. ", "1"), ("mark", "\ufeffGOED", "2"), ("mark", "Go\u200bed", "2"),
        ("mark", "1", "1"), ("mark", "1.0", "1"), ("mark", "2e+00", "2"),
        ("wait", "<1 jaar", "short"), ("wait", ">\u00a01 jaar", "long"), ("wait", "< 1\u202fyear", "short"),
        ("often", "1–3 keer per week", "a"), ("often", "4 - 6 keer per week", "b"), ("often", "1\u20114", "c"),
        ("open", "TRUE", "yes"), ("open", "n", "no"), ("open", "J", "yes"), ("open", "onwaar", "no"), ("open", "nee!", "no"),
        ("twin", "u", "u"), ("twin", "Elders", "x"),
    ],
)  # fmt: skip
def test_typography_may_differ(form, question, text, code):
    assert parse_choice(text, form[question]).value == code


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("mark", "Onvoldoende"), ("mark", "Voldoend"), ("mark", "Niet goed"), ("mark", "3"), ("mark", "12"), ("mark", "1.5"),
        ("wait", "= 1 jaar"), ("wait", "1 jaar"), ("wait", "≤ 1 jaar"), ("wait", "< 2 jaar"), ("wait", "> 10 jaar"),
        ("often", "1-4 keer per week"), ("often", "5-6 keer per week"), ("often", "13 keer per week"), ("often", "01-apr"),
        ("open", "1"), ("open", "0"), ("open", "x"), ("twin", "Dunes"), ("twin", "Rivierduin"), ("wait", "Wachttijd"),
    ],
)  # fmt: skip
def test_nothing_else_may(form, question, text):
    found = parse_choice(text, form[question])
    assert (found.value, found.missing, found.rules) == (None, "no_answer", ("not_understood",))


def test_a_typography_of_signs_keeps_them_apart():
    texts = [
        "< 1 jaar",
        "> 1 jaar",
        "≤ 1 jaar",
        "1 jaar",
        "11 jaar",
        "1 1 jaar",
        "1-1 jaar",
        "+1 jaar",
        "niet 1 jaar",
        "onjaar",
    ]
    assert len({typographic(text) for text in texts}) == len(texts)


@given(st.text(max_size=30), st.sampled_from(["\ufeff", "\u200b", "\u2060", "\u00ad"]), st.integers(0, 30))
def test_what_shows_nothing_changes_nothing(text, invisible, place):
    assert typographic(text[:place] + invisible + text[place:]) == typographic(text)
    assert typographic(f"  {text}\u00a0") == typographic(text)


@pytest.mark.parametrize("word", ["weet niet", "Weet niet.", "n.v.t.", "N/A", "–", "geen  antwoord", "?"])
def test_words_for_no_answer(word):
    assert missing_word(word)


@pytest.mark.parametrize(
    ("label", "reason"),
    [("Weet niet / geen antwoord", "dont_know"), ("Wil niet zeggen", "refused"), ("n.v.t. (geen cliënten)", "not_applicable"),
     ("Geen", None), ("500 of meer", None), ("na 1990", None), ("onbekende herkomst", None)],
)  # fmt: skip
def test_a_label_may_say_so_among_other_words(label, reason):
    assert missing_label(label) == reason


def test_a_person_decides_on_other_labels(form, tmp_path):
    path = tmp_path / "labels.csv"
    path.write_text(
        "question,written,option,reason,who\nmark,Onvoldoende,9,asked the tool's maker,me\nmark,Redelijk,no_answer,an old option,me\n"
        "wait,max. 1 jaar,short,same as before,me\nmark,Prima,,,\n",
        encoding="utf-8",
    )
    labels = read_labels(path, form)
    options = Options(form["mark"], labels)
    assert (options.parse("onvoldoende.").value, options.parse("ONVOLDOENDE").rules) == ("9", ("label_decided",))
    assert (options.parse("redelijk").value, options.parse("redelijk").missing) == (None, "no_answer")
    assert options.parse("Prima").rules == ("not_understood",)
    assert parse_choice("Max. 1 jaar", form["wait"], labels).value == "short"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("mork,x,1,r", r"row 2: 'mork' is no question with options"),
        ("clients,x,1,r", r"row 2: 'clients' is no question with options"),
        ("mark,x,3,r", r"row 2: '3' is no option of 'mark'\. It can be no_answer, or: 1, 2, 9"),
        ("mark,x,1,", r"row 2: there is no reason"),
        ("mark,x,1,r\nmark,X.,2,r", r"row 3: an earlier row decides on this label of 'mark'"),
    ],
)
def test_a_decision_that_cannot_be_is_refused_by_row(form, tmp_path, line, message):
    path = tmp_path / "labels.csv"
    path.write_text(f"question,written,option,reason\n{line}\n", encoding="utf-8")
    with pytest.raises(CleaningError, match=message):
        read_labels(path, form)


def read(tmp_path, form, text: str, **entry):
    (tmp_path / "e.csv").write_text(text, encoding="utf-8")
    named = text.split("\n")[0].split(";")
    absent = [question.name for question in form.answerable if question.name not in named]
    entry = {"tool": "table", "mode": "interview", "delimiter": ";", "absent": absent, **entry}
    return read_export(str(tmp_path / "e.csv"), form, entry, "e.csv")


def test_two_options_of_one_label_are_refused_by_name(form, tmp_path):
    with pytest.raises(
        ReaderError, match=r"row 3: 'Dunes' is the label of the options u and l of question 'twin'.*\(2 cells\)"
    ):
        read(tmp_path, form, "twin\nElders\nDunes\nDunes\n")
    responses, _, _ = read(tmp_path, form, "twin\nu\nl\n")  # codes say which
    assert _typed(responses, form, [])[0]["twin"].tolist() == ["u", "l"]


def test_labels_in_a_joined_cell(form, tmp_path):
    (tmp_path / "labels.csv").write_text("question,written,option,reason\nwaits,een jaar,long,r\n", encoding="utf-8")
    text = "waits\n<\u00a01 jaar; Geen wachttijd\n> 1 jaar; 1 jaar\nEen jaar;> 1 jaar\n"
    responses, notes, _ = read(tmp_path, form, text, delimiter=",", joiner=";", labels=str(tmp_path / "labels.csv"))
    boxes = responses[[f"waits/{code}" for code in ("short", "long", "none")]].fillna("").to_numpy().tolist()
    # "1 jaar" may have meant either of the options that it is like: they are not known.
    assert boxes == [["1", "0", "1"], ["", "1", ""], ["0", "1", "0"]]
    assert notes[["row", "rule"]].to_numpy().tolist() == [[3, "unknown_option"], [4, "label_decided"]]


def test_a_label_that_looks_like_a_formula_is_decided_as_the_workbook_writes_it(form, tmp_path):
    (tmp_path / "labels.csv").write_text("question,written,option,reason\nwait,'-oth-,none,r\n", encoding="utf-8")
    labels = read_labels(tmp_path / "labels.csv", form)
    assert labels == {("wait", typographic("-oth-")): "none"}


@pytest.mark.parametrize("text", ["01-Apr", "1-apr", "Apr-01", "2024-04-01", "1-4-2024", "04-Jan"])
def test_an_option_that_a_spreadsheet_turned_into_a_date_is_named_as_that(form, text):
    assert nearest_option(text, form["often"]) == ("c", "a spreadsheet turned it into a date")
    assert parse_choice(text, form["often"]).rules == ("not_understood",)
    assert "turned what was typed into a date" in what_is_wanted(text, form["clients"])


def test_suggestions_come_from_likeness_and_are_no_answers(form):
    assert nearest_option("Voldoendee", form["mark"]) == ("1", "alike")
    assert nearest_option("> 2 jaar", form["wait"]) == ("", "")
    assert nearest_option("> 1 jaren", form["wait"]) == ("long", "alike")
    assert nearest_option("xyz", form["mark"]) == ("", "")


@pytest.mark.parametrize(
    "text",
    ["Onvoldoende", "onvoldoend", "on-voldoende", "Niet voldoende", "Insufficient", "not sufficient", "non-sufficient"],
)
def test_an_opposite_is_never_suggested(form, text):
    """Who pastes the line that `check` prints must not turn an answer round."""
    assert nearest_option(text, form["mark"])[0] != "1"


def test_a_labelled_code_of_a_number_counts_unless_its_label_says_missing(form, tmp_path):
    pyreadstat = pytest.importorskip("pyreadstat")
    frame = pd.DataFrame({"clients": [0.0, 10, 500, 999, 998, 997]})
    labels = {0: "Geen", 500: "500 of meer", 999: "Weet niet / geen antwoord", 998: "Wil niet zeggen", 997: "Anders"}
    pyreadstat.write_sav(frame, tmp_path / "e.sav", variable_value_labels={"clients": labels})
    absent = [question.name for question in form.answerable if question.name != "clients"]
    responses, _, _ = read_export(
        str(tmp_path / "e.sav"), form, {"tool": "spss", "mode": "interview", "absent": absent}, "e"
    )
    audit = []
    answers, missing = _typed(responses, form, audit)
    assert answers["clients"].tolist()[:3] == [0, 10, 500] and answers["clients"][3:].isna().all()
    assert missing["clients"].tolist()[3:] == ["dont_know", "refused", "no_answer"]
    assert pd.concat(audit).query("rule == 'not_understood'")["raw"].tolist() == ["Anders"]
