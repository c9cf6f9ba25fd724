"""The built report: the back-test is equal, every place that the CROSS checklist names exists, rounds are compared."""

import re
from importlib import import_module

import pandas as pd
import pytest
import yaml
from endtoend.conftest import ROOT
from hrmonitor.reporting.story import Story
from unit.test_words import avoided


def report(project, lang: str) -> str:
    return (project.folder / f"results/report/report_{lang}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("lang", ["en", "nl"])
def test_every_place_in_the_checklist_is_a_heading(built, lang):
    woven = report(built, lang)
    checklist = woven[woven.index("{#sec-cross}") :]
    places = set(re.findall(r"\]\(#(sec-[\w-]+)\)", checklist))
    headings = set(re.findall(r"^#+ .*\{#(sec-[\w-]+)\}$", woven, re.M))
    assert places and places <= headings


def test_the_inventories_are_reproduced(built):
    table = pd.read_csv(built.folder / "results/against_published.csv", dtype={"round": "str"})
    exact = table[table["exact"]]
    found = exact.set_index("series")["estimate"].to_dict()
    assert found == {
        "consumption_rooms": 24, "consumption_room_cities": 19,
        "interviewed_dcr": 17, "interviewed_oat": 53, "interviewed_hat": 17, "interviewed_nsp": 29,
    }  # fmt: skip
    assert exact["equal"].all()
    assert "24 computed from the answers, 24 published (2018). Equal." in report(built, "en")
    assert "19 berekend uit de antwoorden, 19 gepubliceerd (2018). Gelijk." in report(built, "nl")


def test_the_rounds_share_indicators_for_consumption_rooms(built):
    table = pd.read_csv(built.folder / "results/comparability.csv", keep_default_na=False)
    assert set(table["status"]) == {"comparable", "by_crosswalk"}
    assert set(table["services"]) == {"dcr"}


def test_a_wrong_name_in_a_comparison_stops_the_build_with_one_message(workbench):
    path = workbench.folder / "raw/reference/comparisons.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("hat_places,,total", "hat_place,,total"), encoding="utf-8")
    run = workbench.snakemake("--cores", "2", "results/against_published.csv", check=False)
    assert run.returncode != 0
    assert "comparisons.csv, row" in run.stdout and "Did you mean 'hat_places'" in run.stdout
    assert "Traceback" not in run.stdout


def told(woven: str) -> str:
    """The text that a reader sees, without quotes, links, citations, keys and the published figures, whose sources have their own names."""
    start, end = woven.index("{#sec-published}"), woven.index("{#sec-cross}")
    woven = woven[:start] + woven[end:]
    woven = "\n".join(line for line in woven.split("\n") if not line.startswith("> "))
    return re.sub(r"\{#[^}]*\}|\[@[^\]]*\]|`[^`]*`|\]\([^)]*\)", " ", woven).replace("\\", "")


@pytest.mark.parametrize("lang", ["en", "nl"])
def test_every_abbreviation_is_in_the_glossary(built, lang):
    entries = yaml.safe_load((ROOT / "report/glossary.yaml").read_text(encoding="utf-8"))
    known = set(re.findall(r"[\w-]+", " ".join(entry["term"][lang] for entry in entries)))
    # The glossary says RR1 to RR6.
    known |= {f"RR{n}" for n in range(1, 7)}
    woven = told(report(built, lang))
    found = set(re.findall(r"(?<![\w-])[A-Z]{2,}[A-Z0-9]*(?:-[0-9]+)?(?![\w-])", woven))
    assert "GHB" in found and sorted(found - known) == []


@pytest.mark.parametrize("lang", ["en", "nl"])
@pytest.mark.parametrize("name", ["report", "quality"])
def test_the_woven_text_has_no_word_to_avoid(built, lang, name):
    woven = (built.folder / f"results/report/{name}_{lang}.md").read_text(encoding="utf-8")
    lines = [line for line in woven.replace("\\", "").split("\n") if not line.startswith("> ")]
    assert [(line[:80], avoided(line)) for line in lines if avoided(line)] == []


@pytest.mark.parametrize("lang", ["en", "nl"])
def test_no_sentence_is_left_with_a_hole_or_a_bare_zero(built, lang):
    """No placeholder without a number, no missing value in words, no `0 facilities` in running text."""
    paragraphs = [
        line for line in report(built, lang).split("\n") if line and not line.startswith(("|", "!", ":", "#", "`"))
    ]
    bad = [
        line[:120]
        for line in paragraphs
        if re.search(
            r"\{\w+\}|\bnan\b|\bNone of None\b| 0 (facilit|voorziening|repet|herhal)|\b1 (facilities|voorzieningen|tests|toetsen)\b",
            line,
        )
    ]
    assert bad == []


@pytest.mark.parametrize("lang", ["en", "nl"])
def test_the_quality_page_has_every_question_and_no_facility(built, lang):
    page = (built.folder / f"results/report/quality_{lang}.md").read_text(encoding="utf-8")
    register = pd.read_csv(built.folder / "raw/register.csv")
    assert not [name for name in (*register["name"], *register["facility_id"]) if name in page.replace("\\", "")]
    survey = pd.read_csv(built.folder / "raw/2021/questionnaire/survey.csv", keep_default_na=False)
    asked = survey[survey["type"].str.match("select|integer|decimal|text") & ~survey["name"].str.endswith("_other")]
    variables = page.replace("\\", "").replace("\u200b", "")
    assert [name for name in asked["name"] if f"[{name}]" not in variables] == []
    html = built.folder / f"results/report/quality_{lang}.html"
    assert "tbl-rules" in html.read_text(encoding="utf-8")


def chapters(story: Story) -> dict[str, str]:
    """Each part of the report, by the cell of report.qmd that makes it."""
    cells = re.findall(
        r"^Markdown\((\w+)\.(\w+)\(.*\)\)$", (ROOT / "report/report.qmd").read_text(encoding="utf-8"), re.M
    )
    return {
        f"{module}.{name}": getattr(story, name)()
        if module == "story"
        else getattr(import_module(f"hrmonitor.reporting.chapters.{module}"), name)(story)
        for module, name in cells
    }


def test_no_sentence_is_made_of_answers(built):
    """With other answers in place of all, and the same public tables, only the codebook changes, which the auditor reads."""
    story, other = Story("en", built.folder), Story("en", built.folder)
    for round_, facilities in other.facilities.items():
        for question in other.forms[round_]:
            if f"{question.name}__missing" not in facilities:
                continue
            if question.kind == "select_multiple":
                facilities[[f"{question.name}/{code}" for code in question.codes]] = False
            elif question.kind == "select_one":
                answers = facilities[question.name]
                facilities[question.name] = answers.mask(answers.notna(), question.codes[0])
            elif question.kind in ("integer", "decimal", "calculate"):
                facilities[question.name] = facilities[question.name] * 3 + 1
    told, changed = chapters(story), chapters(other)
    assert [name for name in told if told[name] != changed[name]] == ["codebook.chapter"]
