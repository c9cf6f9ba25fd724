"""Forms as people really hand them in: what can be imported is, and all that cannot is listed at once."""

import pandas as pd
import pyreadstat
import pytest
import tool_files as write
from hrmonitor.cli.main import main
from hrmonitor.errors import QuestionnaireError
from hrmonitor.forms import import_form
from hrmonitor.forms.imports.form import write_form
from hrmonitor.forms.imports.logic import from_redcap
from hrmonitor.questionnaire.model import read_questionnaire

YES_NO = [["list_name", "name", "label"], ["yn", "yes", "Yes"], ["yn", "no", "No"]]


def imported(tmp_path, survey, choices=YES_NO, settings=(["form_title", "form_id"], ["F", "f"])):
    write._write_xlsx(tmp_path / "form.xlsx", {"survey": survey, "choices": choices, "settings": list(settings)})
    form = import_form(tmp_path / "form.xlsx", "en")
    write_form(form, tmp_path / "in", replace=True)
    return read_questionnaire(tmp_path / "in"), form.left_out


@pytest.mark.parametrize(
    ("survey", "choices"),
    [
        ([["type", "name", "label", "relevance"], ["select_one yn", "a", "A", ""], ["integer", "n", "N", "${a} = 'yes'"]], YES_NO),
        ([["Type", "Name", "Label", "Relevant"], ["select_one yn", "a", "A", ""], ["Integer", "n", "N", "${a} = 'yes'"]], YES_NO),
        ([["command", "tag", "caption", "bind::relevant"], ["select one from yn", "a", "A", ""], ["add integer prompt", "n", "N", "${a} = 'yes'"]],
         [["list name", "value", "caption"], *YES_NO[1:]]),
        ([["type", "value", "label:English", "Bind: Relevant", "jr:count"], ["select1 yn", "a", "A", "", ""], ["int", "n", "N", "${a} = 'yes'", ""]],
         [["List_Name", "Value", "Label"], *YES_NO[1:]]),
    ],
)  # fmt: skip
def test_headings_and_types_may_have_any_of_their_names(tmp_path, survey, choices):
    form, left_out = imported(tmp_path, survey, choices)
    assert form["a"].kind == "select_one" and form["a"].codes == ["yes", "no"] and form["a"].label("en") == "A"
    assert form["n"].kind == "integer" and form["n"].relevant == "${a} = 'yes'" and left_out == []


def test_all_that_cannot_be_carried_over_is_listed_at_once(tmp_path):
    survey = [
        ["type", "name", "label", "constraint", "calculation", "relevant"],
        ["date", "day", "Day", ". <= today()", "", ""],
        ["text", "code", "Code", "regex(., \u2019^[A-Z]{2}$\u2019)", "", ""],
        ["calculate", "key", "", "", "concat(${code}, '-1')", ""],
        ["integer", "n", "N", "", "", "${key} = 'AB-1'"],
        ["select_one yn", "hands", "Hands?", "", "", ""],
        ["select_multiple yn", "hands", "When?", "", "", ""],
        ["select_one_from_file towns.csv", "town", "Town", "", "", ""],
        ["select_one_from_file gone.csv", "gone", "Gone", "", "", ""],
        ["telepathy", "odd", "Odd", "", "", ""],
    ]
    (tmp_path / "towns.csv").write_text("name,label\nt1,Town One\nt2,Town Two\n")
    form, left_out = imported(tmp_path, survey)
    assert form["day"].constraint == "" and form["code"].constraint == "regex(., '^[A-Z]{2}$')"
    assert "key" in form.unanalysed and form["n"].relevant == ""
    assert form["hands"].kind == "select_one" and form["hands_2"].kind == "select_multiple"
    assert form["town"].codes == ["t1", "t2"] and form["gone"].kind == "text" and form["odd"].kind == "text"
    told = "\n".join(left_out)
    for part in ("today()", "curly quotation marks", "key, calculation: concat", "n, relevant: ${key}", "the name hands is taken by row 6",
                 "the 2 choices of towns.csv", "gone.csv, which is no CSV", "'telepathy' are not known"):  # fmt: skip
        assert part in told
    assert len(left_out) == 8


def test_one_option_that_stands_twice_is_one_answer(tmp_path):
    choices = [["list_name", "name", "label", "prov"], ["t", "t1", "T1", "a"], ["t", "other", "Other A", "a"], ["t", "other", "Other B", "b"],
               ["p", "a", "A", ""], ["p", "b", "B", ""]]  # fmt: skip
    survey = [
        ["type", "name", "label", "choice_filter"],
        ["select_one p", "prov", "P", ""],
        ["select_multiple t", "towns", "T", "prov=${prov}"],
    ]
    settings = [["form_title", "form_id", "allow_choice_duplicates"], ["F", "f", "yes"]]
    form, _ = imported(tmp_path, survey, choices, settings)
    assert form["towns"].codes == ["t1", "other"] and form["towns"].choice("other").label("en") == "Other A / Other B"


def test_a_questionnaire_with_one_name_twice_is_refused(tmp_path):
    (tmp_path / "survey.csv").write_text("type,name,label\nbegin_group,g,G\ntext,a,A\nend_group,,\ntext,a,A again\n")
    (tmp_path / "choices.csv").write_text("list_name,name\n")
    (tmp_path / "settings.csv").write_text("form_title,form_id\nF,f\n")
    with pytest.raises(QuestionnaireError, match=r"row 5: the name 'a' is that of an earlier question"):
        read_questionnaire(tmp_path)


def test_a_message_names_the_sheet_of_the_form_that_was_given(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    write._write_xlsx(
        tmp_path / "form.xlsx",
        {"survey": [["type", "name", "label", "statistic"], ["text", "a", "A", "wonder"]], "choices": YES_NO},
    )
    monkeypatch.setattr("sys.argv", ["hrmonitor", "import-form", "form.xlsx", "q"])
    with pytest.raises(SystemExit):
        main()
    assert "form.xlsx, sheet survey, row 2: statistic 'wonder' is not known" in capsys.readouterr().err


def test_redcap_operators_in_any_case():
    logic = "[a] = '1' AND ([drugs(3)] = '1' OR [c] = 'Rock AND roll')"
    assert from_redcap(logic, {"drugs"}) == "${a} = '1' and (selected(${drugs}, '3') or ${c} = 'Rock AND roll')"


@pytest.mark.parametrize(
    ("values", "labels", "kind", "codes"),
    [
        ([0, 4, 7, 10], {0: "Not at all", 10: "Fully"}, "integer", []),
        ([0, 3, 5, 8, 9, 10], {0: "Not at all", 5: "Half", 10: "Fully"}, "integer", []),
        ([1, 2, 3, 9], {1: "Less", 2: "Same", 3: "More"}, "select_one", ["1", "2", "3", "9"]),
        ([1, 2, 3], {1: "Less", 2: "Same", 3: "More"}, "select_one", ["1", "2", "3"]),
        ([12, 40, 999], {999: "Unknown"}, "integer", []),
    ],
)
def test_labels_of_a_few_values_do_not_make_a_number_a_choice(tmp_path, values, labels, kind, codes):
    frame = pd.DataFrame({"score": [float(value) for value in values]})
    pyreadstat.write_sav(
        frame, str(tmp_path / "s.sav"), variable_value_labels={"score": labels}, variable_format={"score": "F3.0"}
    )
    form = import_form(tmp_path / "s.sav", "en")
    write_form(form, tmp_path / "in")
    question = read_questionnaire(tmp_path / "in")["score"]
    assert (question.kind, question.codes) == (kind, codes)
    assert bool(form.left_out) == (set(values) - set(labels) != set())
