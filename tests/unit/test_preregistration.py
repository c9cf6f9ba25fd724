"""Findings registered before the answers: what is written down, when it may be, and what the report says of it."""

import copy
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from hrmonitor.cli.main import main
from hrmonitor.cli.preregister import preregister
from hrmonitor.errors import ConfigError
from hrmonitor.project.checks import check_config
from hrmonitor.project.preregistration import differences, read_registration
from hrmonitor.publication.release import ReleaseError
from hrmonitor.reporting.outputs.brief import policy_summary, slides
from hrmonitor.reporting.registered import since, told
from hrmonitor.reporting.story import Story
from unit.test_brief import story as story_of_shipped_round

# Those of the shipped study.
LANGUAGES = ("en", "nl")

FILE = Path("raw/2024/preregistration.yaml")
SAID = {"en": ("1 March 2024", "before the answers came in"), "nl": ("1 maart 2024", "voordat er antwoorden waren")}


def git(*arguments):
    who = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    run = subprocess.run(["git", *who, *arguments], check=True, capture_output=True, text=True,
                         env={"PATH": "/usr/bin:/bin", "GIT_COMMITTER_DATE": "2024-03-01T12:00:00Z"})  # fmt: skip
    return run.stdout.strip()


def read() -> dict:
    return yaml.safe_load(Path("config.yaml").read_text(encoding="utf-8"))


def write(config: dict) -> None:
    Path("config.yaml").write_text(yaml.safe_dump(config, sort_keys=False, allow_unicode=True), encoding="utf-8")


@pytest.fixture
def prepared(project):
    """The shipped project with a round 2024 that has its findings and no answers yet, in no clone."""
    config = read()
    config["rounds"]["2024"] = {**copy.deepcopy(config["rounds"]["2021"]), "year": 2024,
                                "exports": [{"path": "raw/2024/exports/*", "tool": "auto", "mode": "interview"}]}  # fmt: skip
    for key in ("accept", "contacts", "names", "other"):
        config["rounds"]["2024"].pop(key, None)
    config["rounds"]["2024"]["questionnaire"] = "raw/2024/questionnaire"
    for finding in config["findings"].values():
        finding["round"] = "2024"
    Path("raw/2024/exports").mkdir(parents=True)
    Path("raw/2021/questionnaire").rename("raw/2024/questionnaire")
    subprocess.run(["cp", "-r", "raw/2024/questionnaire", "raw/2021/questionnaire"], check=True)
    write(config)
    return project


@pytest.fixture
def registered(prepared):
    git("init", "--quiet")
    git("add", "config.yaml")
    git("commit", "--quiet", "-m", "findings of 2024")
    preregister("2024", read(), Path())
    return git("rev-parse", "HEAD")


def checked(change=None):
    """The config as it is checked once the answers are in."""
    Path("raw/2024/exports/answers.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    config = read()
    if change:
        change(config)
    return check_config(config)


def raise_threshold(config: dict) -> None:
    config["findings"]["ghb_need"]["tests"][1]["threshold"] = 0.25
    config["confidence"] = 0.9


def test_what_is_registered_is_what_stands_in_config_with_its_commit(registered):
    found = read_registration(FILE)
    assert (found.round, found.committed, found.commit) == ("2024", "2024-03-01", registered)
    assert found.findings["ghb_need"]["tests"][1]["threshold"] == 0.33
    assert found.settings["minimum_facilities"] == 10 and found.settings["estimation"]["strata"] == "service"
    assert differences(found, checked()) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_report_gives_the_date_where_all_is_as_registered(registered, lang):
    story = Story(lang, Path(), checked())
    day, before = SAID[lang]
    sentence = told(story)
    assert day in sentence and before in sentence and registered[:12] in sentence
    assert since(story) == day


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_report_names_what_is_tested_otherwise(registered, lang):
    story = Story(lang, Path(), checked(raise_threshold))
    sentence = told(story)
    assert "`confidence`" in sentence and "`threshold`" in sentence and "`reason`" not in sentence
    assert {"en": "of finding 4, `threshold` of test 2", "nl": "van bevinding 4: `threshold` van toets 2"}[
        lang
    ] in sentence
    assert since(story) == ""


def test_a_finding_that_came_and_one_that_went_are_named(registered):
    config = checked(lambda given: given["findings"].update(late=given["findings"].pop("ghb_need")))
    assert {(one.finding, one.key) for one in differences(read_registration(FILE), config)} == {("ghb_need", ""), ("late", "")}  # fmt: skip
    assert "`ghb_need`, which was among them" in told(Story("en", Path(), config))


def test_a_key_that_came_with_a_later_version_is_no_difference(registered):
    earlier = read_registration(FILE)
    del earlier.settings["estimation"]["trim"], earlier.findings["ghb_need"]["tests"][1]["necessary"]
    assert differences(earlier, checked()) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_without_a_registration_nothing_says_that_the_tests_came_first(lang):
    story = story_of_shipped_round(lang)
    story.config = replace(story.config, figures={})  # they stand where the round's results are
    assert told(story) == since(story) == ""
    before = SAID[lang][1]
    said = [
        *policy_summary(story)["asked"],
        *slides(story)["method"],
    ]
    assert not [sentence for sentence in said if before in sentence]
    # Nor do the sentences on methods by themselves, without what `told` puts into them.
    assert before not in str([story.words["methods"], story.words["how"]])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_slides_and_summary_say_so_only_if_every_round_of_a_finding_is_registered(registered, lang):
    story = story_of_shipped_round(lang)
    waiting = checked()
    story.config = replace(
        story.config, rounds={**story.config.rounds, "2024": waiting.rounds["2024"]}, findings=waiting.findings
    )
    story.root, story.figures = Path(), None
    day = SAID[lang][0]
    # The figures of the shipped round stand where its results are.
    story.config = replace(story.config, figures={})
    assert [line for line in policy_summary(story)["asked"] if day in line]
    assert [line for line in slides(story)["method"] if day in line]
    findings = dict(story.config.findings)
    findings["ghb_need"] = replace(findings["ghb_need"], round="2021")
    story.config = replace(story.config, findings=findings)
    assert not [line for line in (*policy_summary(story)["asked"], *slides(story)["method"]) if day in line]


def test_a_registered_round_waits_with_its_findings(registered):
    config = check_config(read())
    assert config.waiting == ("2024",) and config.findings == {}


def test_outside_a_clone_and_uncommitted_it_says_what_is_needed(prepared):
    with pytest.raises(ReleaseError, match=r"needed are git, a clone .* committed as it is now"):
        preregister("2024", read(), Path())
    git("init", "--quiet")
    git("add", "config.yaml")
    git("commit", "--quiet", "-m", "findings")
    with open("config.yaml", "a", encoding="utf-8") as file:
        file.write("# later\n")
    with pytest.raises(ReleaseError, match="committed as it is now"):
        preregister("2024", read(), Path())
    assert not FILE.exists()


def test_a_round_with_answers_is_refused(project, capsys):
    with pytest.raises(SystemExit):
        main(["preregister", "2021"])
    assert "round 2021 has answers already (raw/2021/interviews.csv)" in capsys.readouterr().err
    assert not Path("raw/2021/preregistration.yaml").exists()


def test_a_second_registration_and_a_round_without_findings_are_refused(registered):
    with pytest.raises(ConfigError, match=r"raw/2024/preregistration\.yaml: round 2024 is registered already"):
        preregister("2024", read(), Path())
    FILE.unlink()
    with pytest.raises(ConfigError, match="no finding of round 2024"):
        preregister("2024", {**read(), "findings": {}}, Path())


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [("threshold: 0.33", "threshold: 0.25", "the checksum is not that"), ("'2024-03-01'", "'2023-03-01'", "the checksum is not that"),
     ("commit:", "by:", "its keys must be")],
)  # fmt: skip
def test_a_registration_that_was_changed_stops_the_build(registered, old, new, what):
    text = FILE.read_text(encoding="utf-8")
    assert old in text
    FILE.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(ConfigError, match=f"preregistration.yaml: {what}"):
        checked()


def test_the_registration_of_another_round_is_refused(registered):
    Path("raw/2021/preregistration.yaml").write_bytes(FILE.read_bytes())
    with pytest.raises(
        ConfigError, match=r"raw/2021/preregistration\.yaml: this is the registration of round 2024, not of 2021"
    ):
        checked()
