"""What a study says of itself: read by headings, checked before a build, left out where it is not written."""

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pypandoc
import pytest
import yaml
from hrmonitor.errors import ConfigError
from hrmonitor.project.checks import check_config
from hrmonitor.project.config import Frame
from hrmonitor.project.result_fields import Asked, check_braces
from hrmonitor.project.study_checks import FINDING, REPORT, Place, check_study, check_text, unused
from hrmonitor.reporting.chapters import answers, colophon, cross, glossary, methods
from hrmonitor.reporting.outputs.typeset import EXTENSIONS
from hrmonitor.reporting.story import Story
from hrmonitor.study import Section, Study, read_sections, study, within
from settings import ROOT, shipped

# Those of the shipped study.
LANGUAGES = ("en", "nl")

FOLDER = Path("report/study")


def check(project: Path):
    config = yaml.safe_load((project / "config.yaml").read_text(encoding="utf-8"))
    return check_study(check_config(config))


@pytest.fixture
def texts(project):
    """The shipped project's texts in a folder of their own, in which the test runs."""
    for part in ("report/study", "workflow/hrmonitor/resources"):
        shutil.copytree(ROOT / part, project / part)
    return project


def change(file: str, old: str, new: str) -> None:
    path = FOLDER / file
    content = path.read_text(encoding="utf-8")
    assert old in content
    path.write_text(content.replace(old, new, 1), encoding="utf-8")


def test_the_shipped_texts_are_right_and_are_all_used(texts):
    said = check(texts)
    assert set(said) == {"en", "nl"}
    # Places that the shipped study leaves open are those of other studies.
    assert set(REPORT) - set(said["en"].report) == {"aims", "recommendations"}
    assert {part for parts in said["en"].findings.values() for part in parts} >= set(FINDING) - {"test 1"}


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("en/report.md", "# background", "# backgroud", r"en/report\.md, before line \d+: there is no section 'backgroud'\. Did you mean 'background'"),
        ("en/report.md", "# background", "Loose.\n# background", "this text is one paragraph|there is no section"),
        ("en/report.md", "# rehearsal\n", "Loose.\n\n# rehearsal\n", r"line 1: there is text above the first heading"),
        ("en/report.md", "# limits\n", "# background\n", r"the heading 'background' stands on line \d+ too"),
        ("en/report.md", "# limits\n", "## limits\n", "a heading with ## cannot stand here"),
        ("en/report.md", "keep people", "keep {people", r"en/report\.md, line \d+: a brace is not closed"),
        ("en/report.md", "keep people", "keep {peoples}", r"\{peoples\} names no number. It can be: \{question: answer"),
        ("en/report.md", "keep people", "keep { year }", "has a space inside its braces"),
        ("en/report.md", "keep people", "keep {barriers: stigmas}", "has no answer 'stigmas'. Did you mean 'stigma'"),
        ("en/report.md", "keep people", "keep {test 1}", r"\{test 1\} names no number"),
        ("en/report.md", "[@af1973]", "[@af1937]", r"no source is called 'af1937'. Did you mean 'af1973'"),
        ("en/report.md", "keep people", "<b>keep</b> people", "a tag of HTML"),
        ("en/report.md", "keep people", "keep `x`{=typst} people", "a brace|names no number"),
        ("en/report.md", "keep people", "keep {{< include x >}} people", "a brace is not closed"),
        ("en/report.md", "keep people", "keep ![](x.png) people", "a picture"),
        ("en/report.md", "- **Looking back.**", "| Looking |", "a table"),
        ("en/report.md", "- **What staff see.**", "What staff see.", "this is a list"),
        ("en/report.md", "{total} findings on harm", "{total} *findings* on harm", "is set without Markdown"),
        ("en/findings.md", "## cannot tell", "## can not tell", "there is no section 'can not tell'. Did you mean 'cannot tell'"),
        ("en/findings.md", "## test 1\n", "## test 9\n", "there is no section 'test 9'"),
        ("en/findings.md", "{share 1}", "{share 9}", "is no test of this finding, which has 4"),
        ("en/findings.md", "- find out whom", "find out whom", "this is a list"),
        ("nl/findings.md", "## next steps", "## short names", "there is no section 'short names'"),
        ("nl/report.md", "# funding\n", "<!-- # funding\n", "funding|HTML"),
        ("en/checklist.md", "# 5c, not reported", "# 5c, unknown", "After the comma stands one of"),
        ("en/checklist.md", "# 6b", "# 6b, not applicable", "Item 6b has its place in any report"),
        ("en/checklist.md", "# 6b", "# 66", "there is no section '66'"),
        ("en/names.yaml", "    short: ", "    brief: ", r"services\.dcr: unknown key 'brief'"),
        ("en/names.yaml", "    several: ", "    # several: ", "has both `one` and `several` or neither"),
        ("en/names.yaml", "units:", "unitss:", "'unitss' is no kind of name. Did you mean 'units'"),
        ("en/names.yaml", "Syringes", "Syr*nges", r"topics\.syringes: a name cannot hold '\*'"),
        ("en/names.yaml", "  cee_now: the", "  cee_now: [the", r"names\.yaml, line \d+: this is no YAML"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_file_and_place(texts, file, old, new, message):
    change(file, old, new)
    with pytest.raises(ConfigError, match=message) as caught:
        check(texts)
    assert str(FOLDER / file.split("/")[0]) in str(caught.value)


def test_a_section_that_one_language_lacks_is_named(texts):
    path = FOLDER / "nl/report.md"
    path.write_text(re.sub(r"# funding\n\n.*\n", "", path.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(
        ConfigError, match=r"report/study/nl/report\.md: 'funding' is missing, which report/study/en/report\.md has"
    ):
        check(texts)


def test_a_file_that_nothing_reads_is_named(texts):
    (FOLDER / "en/finding.md").write_text("", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"en/finding\.md: no such file is read\. Did you mean 'findings\.md'"):
        check(texts)


def test_the_line_of_a_mistake_is_that_of_the_file(tmp_path):
    path = tmp_path / "report.md"
    path.write_text("# background\n\n<!-- a prompt\nin two lines -->\n\nOne.\n\nTwo {year.\n", encoding="utf-8")
    section = read_sections(path)[("background",)]
    assert section.paragraphs == ["One.", "Two {year."]
    with pytest.raises(ConfigError, match="line 8: a brace"):
        check_text(path, section, Place(), ())


def test_a_prompt_alone_is_no_text(tmp_path):
    path = tmp_path / "report.md"
    path.write_text("# aims\n\n<!-- What did you want to know? -->\n", encoding="utf-8")
    assert read_sections(path) == {}


def story(lang: str, own: Study, **keys) -> Story:
    made = Story(lang, ROOT, replace(shipped(), **keys), "report")
    made.study = own
    made.flow = lambda round_: pd.DataFrame({"service": "all", "step": ["kept", "register"], "n": [3, 4]})
    return made


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_a_study_leaves_out_is_left_out_with_its_heading(lang):
    bare, full = story(lang, Study()), story(lang, study(lang, ROOT))
    funding = full.words["colophon"]["rows"]["funding"].split("{")[0].strip()
    assert funding in colophon.chapter(full) and funding not in colophon.chapter(bare)
    assert full.words["how"]["why"] in methods.in_short(full) and bare.words["how"]["why"] not in methods.in_short(bare)
    assert methods.recommendations(bare) == ""
    assert (
        "Trimbos" not in glossary.chapter(bare)
        and "GHB" not in glossary.chapter(bare)
        and "AAPOR" in glossary.chapter(bare)
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_aims_and_recommendations_stand_where_a_study_has_them(lang):
    made = story(
        lang,
        Study(report={"aims": Section("To count {year} *well*.", 1), "recommendations": Section("- One.\n- Two.", 1)}),
    )
    made.flow = lambda round_: pd.DataFrame({"service": "all", "step": ["kept", "register"], "n": [3, 4]})
    assert f"{made.words['how']['aims']} To count 2021 *well*." in methods.in_short(made)
    told = methods.recommendations(made)
    assert told.startswith(f"# {made.words['recommendations']['title']} {{#sec-recommendations}}") and told.endswith(
        "- One.\n- Two."
    )


def test_an_item_of_the_checklist_without_its_section_is_not_reported():
    made = story("en", Study())
    made.findings = pd.DataFrame({"finding": ["a"]})
    rows = {row.split("|")[1].strip(): row for row in cross.chapter(made).splitlines() if row.startswith("| ")}
    assert all("*Not reported.*" in rows[item] for item in ("2", "5b", "5c", "17", "18"))


def test_a_headline_without_its_number_gives_way_to_the_finding():
    made = story("en", study("en", ROOT))
    row = {"estimate": float("nan"), "n": 0, "changers": 0}
    tests = len(made.config.findings["use_stagnated"].tests)
    assert answers.headline(made, "use_stagnated", pd.DataFrame([row] * tests)) == answers._statement(
        made, "use_stagnated"
    )


@pytest.mark.parametrize(
    "written",
    ["Plain.", "**Strong**, *weak* and [a link](https://example.org).", "- one\n- two", "> quoted", "1. first", "5 \\< 6", "a_b_c", "1 < 2"],
)  # fmt: skip
def test_what_is_let_through_is_text_and_nothing_else(tmp_path, written):
    check_text(tmp_path, Section(written, 1), Place(), ())
    made = pypandoc.convert_text(written, "typst", format=EXTENSIONS)
    assert "#raw" not in made and "#figure" not in made and "#table" not in made


@pytest.mark.parametrize(
    "written",
    ["<script>", "```{=typst}\n#read()\n```", "~~~", "::: {.x}", "---\na: b\n---", "| a |", "![x](y)", "\\input{x}", "$x$", "{#id}", "`a`{=typst}", "[a]: b", "<!DOCTYPE", "@fig-x"],
)  # fmt: skip
def test_what_could_break_the_report_is_refused(tmp_path, written):
    with pytest.raises(ConfigError):
        check_text(tmp_path, Section(written, 1), Place(), ())
        check_braces("x", written, ("share", "fact"), Asked({}, {}))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_only_limits_that_the_survey_has_are_told(lang):
    """A census asked in one way, of which the study names no limit, has none."""
    made = story(lang, Study(), synthetic=False)
    _, silent, modes = made.words["limits"]["items"]
    assert silent["text"] in methods.limits(made) and modes["text"] in methods.limits(made)
    of_one = made.config.rounds[made.latest]
    made.config = replace(made.config, rounds={made.latest: replace(of_one, exports=of_one.exports[:1])})
    assert silent["text"] in methods.limits(made) and modes["text"] not in methods.limits(made)
    made.flow = lambda round_: pd.DataFrame({"service": "all", "step": ["kept", "register"], "n": [4, 4]})
    assert methods.limits(made) == ""
    made.findings = pd.DataFrame({"finding": ["a"]})
    assert "#sec-limits" not in cross.chapter(made)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_survey_without_findings_is_told_nothing_of_tests(lang):
    bare = story(lang, Study(), findings={})
    full = story(lang, Study())
    assert len(methods.in_short(full).split("\n\n")) - len(methods.in_short(bare).split("\n\n")) == 2
    assert "holm1979" not in methods.in_short(bare)


def test_what_is_said_of_findings_and_services_that_are_gone_stands_nowhere(texts):
    """A project with its own config beside the texts of another builds, and says what it leaves out."""
    config = yaml.safe_load(Path("config.yaml").read_text(encoding="utf-8"))
    del config["findings"]["ghb_need"]
    for lang in LANGUAGES:
        for file, old, new in (
            ("names.yaml", "  dcr:", "  dcrr:"),
            ("findings.md", "# stigma_access", "# stigma_acess"),
        ):
            path = FOLDER / lang / file
            text = path.read_text(encoding="utf-8")
            assert old in text
            path.write_text(text.replace(old, new), encoding="utf-8")
    checked = check_config(config)
    said = unused(check_study(checked), checked, config["findings"])
    assert [sentence for sentence in said if "/nl/" in sentence] == [
        "report/study/nl/findings.md: there is no finding 'ghb_need', so what is said of it is left out.",
        "report/study/nl/findings.md: there is no finding 'stigma_acess', so what is said of it is left out. Did you mean 'stigma_access'?",
        "report/study/nl/names.yaml: there is no type of service 'dcrr', so what is said of it is left out. Did you mean 'dcr'?",
    ]


def test_of_a_sample_no_text_says_how_many_there_are(texts):
    config = check_config(yaml.safe_load(Path("config.yaml").read_text(encoding="utf-8")))
    sampled = replace(
        config,
        rounds={name: replace(round_, frame=Frame("sample")) for name, round_ in config.rounds.items()},
    )
    for lang in LANGUAGES:
        (FOLDER / lang / "report.md").write_text("# background\n\nThere are {register}.\n", encoding="utf-8")
    check_study(config)
    with pytest.raises(ConfigError, match=r"report\.md, line 3: \{register\} cannot be told: nobody knows how many"):
        check_study(sampled)


@pytest.mark.parametrize(
    ("section", "fact", "refused"),
    [("background", "approached", True), ("background", "total", True), ("limits on the slides", "total", True), ("title of the talk", "approached", True),
     ("title of the talk", "total", False), ("asked", "approached", False), ("asked", "total", False), ("background", "kept", False)],
)  # fmt: skip
def test_a_fact_that_the_survey_lacks_is_refused_where_nothing_can_take_its_place(texts, section, fact, refused):
    config = yaml.safe_load(Path("config.yaml").read_text(encoding="utf-8"))
    config |= {"findings": {}, "figures": {}}
    for round_ in config["rounds"].values():
        round_.pop("contacts")
    start = "- " if REPORT[section].shape == "items" else ""
    for lang in LANGUAGES:
        (FOLDER / lang / "report.md").write_text(f"# {section}\n\n{start}It is {{{fact}}}.\n", encoding="utf-8")
        (FOLDER / lang / "findings.md").unlink()
    checked = check_config(config)
    if refused:
        with pytest.raises(ConfigError, match=rf"report\.md, line 3: \{{{fact}\}} cannot be told"):
            check_study(checked)
    else:
        check_study(checked)


def test_a_label_that_is_a_name_keeps_its_capital_inside_a_sentence(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / FOLDER / "en").mkdir(parents=True)
    (tmp_path / FOLDER / "en/names.yaml").write_text(
        "inside: {Northern Europe: Northern Europe, The north: the North}\n", encoding="utf-8"
    )
    found = [within(label, "en") for label in ("Northern Europe", "The north", "Southern Europe")]
    assert found == ["Northern Europe", "the North", "southern Europe"]


def test_a_language_whose_nouns_have_capitals_leaves_labels_as_they_are(monkeypatch):
    monkeypatch.setattr("hrmonitor.study.terms", lambda lang: {"language": {"small_inside": lang != "de"}})
    assert (within("Zu Hause", "de"), within("Thuis", "nl")) == ("Zu Hause", "thuis")


def test_names_that_keep_their_capital_may_differ_between_languages(texts):
    with (FOLDER / "en/names.yaml").open("a", encoding="utf-8") as names:
        names.write("inside: {North Sea: North Sea}\n")
    assert check(texts)["en"].names["inside"] == {"North Sea": "North Sea"}
