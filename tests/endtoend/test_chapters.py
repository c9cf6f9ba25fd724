"""The built report: the back-test is equal, every place that the CROSS checklist names exists, rounds are compared."""

import re
from importlib import import_module

import pandas as pd
import pytest
import yaml
from endtoend.conftest import ROOT
from hrmonitor.declarations.public_files import VOLUMES
from hrmonitor.reporting.story import Story
from hrmonitor.reporting.volumes import SECTIONS
from hrmonitor.resources import RESOURCES
from hrmonitor.study import study
from unit.test_words import avoided


def volume(project, name: str, lang: str) -> str:
    return (project.folder / f"results/report/{name}_{lang}.md").read_text(encoding="utf-8")


def both(project, lang: str) -> str:
    return "\n\n".join(volume(project, name, lang) for name in VOLUMES)


@pytest.mark.parametrize("lang", ["en", "nl"])
def test_every_place_in_the_checklist_is_a_heading(built, lang):
    """In its own volume, also if it is the other."""
    woven = volume(built, "annex", lang)
    checklist = woven[woven.index("{#sec-cross}") :]
    for name, pattern in (("annex", r"\]\(#(sec-[\w-]+)\)"), ("report", rf"\]\(report_{lang}\.html#(sec-[\w-]+)\)")):
        places = set(re.findall(pattern, checklist))
        headings = set(re.findall(r"^#+ .*\{#(sec-[\w-]+)\}$", volume(built, name, lang), re.M))
        assert places and places <= headings


@pytest.mark.parametrize("lang", ["en", "nl"])
def test_every_chapter_stands_in_the_volume_that_references_look_for_it_in(built, lang):
    for name, sections in SECTIONS.items():
        headings = re.findall(r"^# .*\{#sec-([\w-]+)\}$", volume(built, name, lang), re.M)
        own = [one.replace("_", "-") for one in built.config["findings"]]
        known = [one for one in headings if one not in own and not one.startswith("questionnaire-")]
        # The shipped study recommends nothing, and is of one country.
        assert sorted(known) == sorted(set(sections) - {"recommendations", "groups", "side-by-side"})


@pytest.mark.parametrize("lang", ["en", "nl"])
def test_every_figure_is_called_before_it_stands(built, lang):
    for name in VOLUMES:
        woven = volume(built, name, lang)
        late = [
            one
            for one in re.findall(r"\{#(fig-[\w-]+)", woven)
            if not 0 <= woven.find(f"@{one}") < woven.index(f"{{#{one}")
        ]
        assert late == [], name


def test_the_inventories_are_reproduced(built):
    table = pd.read_csv(built.folder / "results/against_published.csv", dtype={"round": "str"})
    exact = table[table["exact"]]
    found = exact.set_index("series")["estimate"].to_dict()
    assert found == {
        "consumption_rooms": 24, "consumption_room_cities": 19,
        "interviewed_dcr": 17, "interviewed_oat": 53, "interviewed_hat": 17, "interviewed_nsp": 29,
    }  # fmt: skip
    assert exact["equal"].all()
    assert "24 computed from the answers, 24 published (2018). Equal." in volume(built, "annex", "en")
    assert "19 berekend uit de antwoorden, 19 gepubliceerd (2018). Gelijk." in volume(built, "annex", "nl")


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
    for first, last in (("published", "cross"), ("sources", "methods")):
        start, end = woven.index(f"{{#sec-{first}}}"), woven.index(f"{{#sec-{last}}}")
        woven = woven[:start] + woven[end:]
    woven = "\n".join(line for line in woven.split("\n") if not line.startswith(("> ", "Sources: ", "Bronnen: ")))
    return re.sub(r"\{#[^}]*\}|\[@[^\]]*\]|`[^`]*`|\]\([^)]*\)", " ", woven).replace("\\", "")


@pytest.mark.parametrize("lang", ["en", "nl"])
def test_every_abbreviation_is_in_the_glossary(built, lang):
    entries = yaml.safe_load((RESOURCES / "glossary.yaml").read_text(encoding="utf-8"))
    terms = [*(entry["term"][lang] for entry in entries), *study(lang, ROOT).glossary]
    known = set(re.findall(r"[\w-]+", " ".join(terms)))
    # The glossary says RR1 to RR6.
    known |= {f"RR{n}" for n in range(1, 7)}
    woven = told(both(built, lang))
    found = set(re.findall(r"(?<![\w-])[A-Z]{2,}[A-Z0-9]*(?:-[0-9]+)?(?![\w-])", woven))
    assert "GHB" in found and sorted(found - known) == []


@pytest.mark.parametrize("lang", ["en", "nl"])
@pytest.mark.parametrize("name", VOLUMES)
def test_the_woven_text_has_no_word_to_avoid(built, lang, name):
    woven = (built.folder / f"results/report/{name}_{lang}.md").read_text(encoding="utf-8")
    # Quotes are as they were written, and an address is what somebody else called a page.
    lines = [line for line in woven.replace("\\", "").split("\n") if not line.startswith("> ")]
    lines = [re.sub(r"[\w.-]+\.\w+/\S+", "", line) for line in lines]
    assert [(line[:80], avoided(line)) for line in lines if avoided(line)] == []


@pytest.mark.parametrize("lang", ["en", "nl"])
def test_no_sentence_is_left_with_a_hole_or_a_bare_zero(built, lang):
    """No placeholder without a number, no missing value in words, no `0 facilities` in running text."""
    paragraphs = [
        line for line in both(built, lang).split("\n") if line and not line.startswith(("|", "!", ":", "#", "`"))
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
def test_the_annex_has_every_question_and_no_facility(built, lang):
    page = (built.folder / f"results/report/annex_{lang}.md").read_text(encoding="utf-8")
    register = pd.read_csv(built.folder / "raw/register.csv")
    assert not [name for name in (*register["name"], *register["facility_id"]) if name in page.replace("\\", "")]
    survey = pd.read_csv(built.folder / "raw/2021/questionnaire/survey.csv", keep_default_na=False)
    asked = survey[survey["type"].str.match("select|integer|decimal|text") & ~survey["name"].str.endswith("_other")]
    variables = page.replace("\\", "").replace("\u200b", "")
    assert [name for name in asked["name"] if f"[{name}]" not in variables] == []
    html = built.folder / f"results/report/annex_{lang}.html"
    assert "tbl-rules" in html.read_text(encoding="utf-8")


def chapters(story: Story) -> dict[str, str]:
    """Each part of the story's volume, by the cell of its document that makes it."""
    document = (ROOT / f"report/{story.volume}.qmd").read_text(encoding="utf-8")
    cells = re.findall(r"^Markdown\((\w+)\.(\w+)\(story\)\)$", document, re.M)
    return {
        f"{module}.{name}": getattr(import_module(f"hrmonitor.reporting.chapters.{module}"), name)(story)
        for module, name in cells
    }


def test_no_sentence_is_made_of_answers(built):
    """With other answers in place of all, and the same public tables, only the codebook changes, which the auditor reads."""
    for name, answers in (("report", []), ("annex", ["codebook.chapter", "quality.other_questionnaires"])):
        told, changed = chapters(Story("en", built.folder, volume=name)), chapters(_with_other_answers(built, name))
        assert [part for part in told if told[part] != changed[part]] == answers


def _with_other_answers(built, name: str) -> Story:
    other = Story("en", built.folder, volume=name)
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
    return other
