"""An empty study is made whole or not at all, from a form and a register, with texts to write in the languages of the form."""

from pathlib import Path

import pytest
import yaml
from hrmonitor.cli.main import main
from hrmonitor.project.checks import check_config
from hrmonitor.project.study_checks import check_study
from hrmonitor.questionnaire.model import read_questionnaire
from hrmonitor.study import TEXTS, read_study
from library_study import SURVEY, write_answers, write_form, write_register


def start(tmp_path, *arguments, form=SURVEY, register=True):
    given = ["--register", str(write_register(tmp_path / "register.csv"))] if register else []
    main(
        [
            "new-study",
            str(tmp_path / "study"),
            "--form",
            str(write_form(tmp_path / "form.xlsx", form)),
            *given,
            *arguments,
        ]
    )


def refused(tmp_path, capsys, *arguments, **keys) -> str:
    with pytest.raises(SystemExit):
        start(tmp_path, *arguments, **keys)
    told = capsys.readouterr().err
    assert "Traceback" not in told
    return told


def test_the_study_is_one_that_checks_accept(tmp_path, monkeypatch, capsys):
    start(tmp_path)
    told = capsys.readouterr().out
    assert "make report" in told and "raw/2024/exports" in told and "(3 questions)" in told
    write_answers(tmp_path / "study/raw/2024/exports/answers.csv")
    monkeypatch.chdir(tmp_path / "study")
    config = yaml.safe_load(Path("config.yaml").read_text(encoding="utf-8"))
    assert (config["languages"], config["synthetic"], list(config["rounds"])) == (["en", "nl"], False, ["2024"])
    studies = check_study(check_config(config))
    assert set(studies) == {"en", "nl"}
    # Nothing is said yet but the names of the form.
    assert not studies["en"].report and not studies["en"].findings and not studies["en"].glossary
    assert studies["nl"].name_of("public") == "Openbare bibliotheek"
    form = read_questionnaire("raw/2024/questionnaire")
    assert {question.indicator for question in form} - {""} == {"open_weekends", "lends", "members"}


@pytest.mark.parametrize("lang", ["en", "nl"])
def test_the_example_in_a_prompt_is_right_when_its_marks_are_taken_away(tmp_path, monkeypatch, lang):
    start(tmp_path)
    write_answers(tmp_path / "study/raw/2024/exports/answers.csv")
    monkeypatch.chdir(tmp_path / "study")
    text = Path("config.yaml").read_text(encoding="utf-8")
    example = text[text.index("# findings:\n") : text.index("\nfindings: {}")]
    text = text.replace("findings: {}", "\n".join(line.removeprefix("# ") for line in example.splitlines()))
    config = yaml.safe_load(text) | {"languages": [lang]}
    told = config["findings"]["most_open"]
    for block in (told, told["tests"][0]):
        block |= {key: {lang: value["en"]} for key, value in block.items() if isinstance(value, dict)}
    for name in TEXTS[1:]:
        path = Path("report/study", lang, name)
        _, _, rest = path.read_text(encoding="utf-8").partition("\n\n")
        path.write_text(rest.replace("-->", ""), encoding="utf-8")
    study = check_study(check_config(config))[lang]
    assert study.findings["most_open"] and study.glossary and study.checklist


def test_each_prompt_stands_below_its_heading(tmp_path):
    start(tmp_path)
    for lang in ("en", "nl"):
        told = (tmp_path / f"study/report/study/{lang}/report.md").read_text(encoding="utf-8")
        for name in ("background", "aims", "recommendations", "limits", "funding", "asked"):
            assert f"# {name}\n\n<!-- " in told
    assert read_study(tmp_path / "study/report/study/en").report == {}


def test_without_a_register_those_who_answer_are_a_sample(tmp_path, monkeypatch, capsys):
    """A form of people need not ask for the name of a facility."""
    start(tmp_path, form=[row for row in SURVEY if row[1] != "facility_name"], register=False)
    assert "taken for a sample" in capsys.readouterr().out
    write_answers(tmp_path / "study/raw/2024/exports/answers.csv")
    monkeypatch.chdir(tmp_path / "study")
    config = yaml.safe_load(Path("config.yaml").read_text(encoding="utf-8"))
    assert config["rounds"]["2024"]["frame"] == {"kind": "sample"} and config["unit"] == "person"
    assert "register" not in config and list(config["figures"]) == ["cleaning_rules"]
    assert not Path("raw/register.csv").exists() and not Path("raw/2024/names.csv").exists()
    assert set(check_study(check_config(config))) == {"en", "nl"}


def test_a_form_without_groups_is_refused_with_what_to_add(tmp_path, capsys):
    told = refused(tmp_path, capsys, form=[row for row in SURVEY if row[1] != "service"], register=False)
    assert "no question 'service', the group" in told and "one option will do" in told


def test_a_folder_that_is_there_is_left_alone(tmp_path, capsys):
    (tmp_path / "study").mkdir()
    (tmp_path / "study/mine.txt").write_text("mine", encoding="utf-8")
    assert "there already and not empty" in refused(tmp_path, capsys)
    assert [path.name for path in (tmp_path / "study").iterdir()] == ["mine.txt"]


@pytest.mark.parametrize(
    ("form", "arguments", "message"),
    [
        ([row for row in SURVEY if row[1] != "service"], (), "the form has no question 'service'"),
        ([SURVEY[0], *SURVEY[1:3], ["select_one colours", "c", "Colour?", "Kleur?"]], (), "form.xlsx"),
        ([[cell.replace("English (en)", "Suomi (fi)").replace("Nederlands (nl)", "Svenska (sv)") for cell in row] for row in SURVEY], (), "Say with --language"),
        (SURVEY, ("--year", "1999"), "no facility was open in 1999"),
    ],
)  # fmt: skip
def test_what_cannot_be_built_is_said_and_nothing_is_left_behind(tmp_path, capsys, form, arguments, message):
    assert message in refused(tmp_path, capsys, *arguments, form=form)
    assert not (tmp_path / "study").exists()


def test_a_service_that_the_form_does_not_have_is_named(tmp_path, capsys, monkeypatch):
    import library_study

    monkeypatch.setattr(library_study, "LIBRARIES", [("L01", "Library Acorn", "mobile")])
    assert "the form has no type 'mobile'. Its types: public, school" in refused(tmp_path, capsys)


def test_a_form_that_says_what_it_shows_is_left_as_it_is(tmp_path):
    form = [[*SURVEY[0], "indicator", "statistic"], *([*row, "", ""] for row in SURVEY[1:])]
    form[3][-2:] = ["weekends", "share"]
    start(tmp_path, form=form)
    read = read_questionnaire(tmp_path / "study/raw/2024/questionnaire")
    assert {question.indicator for question in read} - {""} == {"weekends"}


def test_before_there_are_exports_the_files_that_are_awaited_are_named(tmp_path, monkeypatch, capsys):
    start(tmp_path)
    monkeypatch.chdir(tmp_path / "study")
    capsys.readouterr()
    with pytest.raises(SystemExit):
        main(["check", "2024"])
    assert "raw/2024/exports/*" in capsys.readouterr().err
