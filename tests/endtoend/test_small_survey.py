"""The smallest survey there can be, of cities, builds to the end, and its report reads sensibly: no empty headings, tables or sentences about nothing,
and of nothing but cities."""

import re

import pandas as pd
import pytest
from endtoend.conftest import ROOT, Project
from endtoend.published_words import facilities_in
from hrmonitor.declarations.public_files import VOLUMES
from pypdf import PdfReader
from small_survey import ANSWERS, FORM, small_config, write_small

ODD = "\x1b[31m \U0001f600 \u4e2d\u6587 \u1230\u120b \uff20 \ue000 \uffff"
SHOWN = "[U+001B][31m [U+1F600] [U+4E2D…U+6587, 2] [U+1230…U+120B, 2] [U+FF20] [U+E000] [U+FFFF]"


def of_cities(form: str) -> str:
    for word, other in (
        ("the facility", "the city"),
        ("de voorziening", "de stad"),
        ("Type voorziening", "Type stad"),
        ("of service", "of city"),
    ):
        form = form.replace(word, other)
    return form


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> Project:
    folder = tmp_path_factory.mktemp("small") / "project"
    project = Project.without_study(folder, texts=True)
    # Characters that no font of the report has, or that no file of the office may hold, wherever people write.
    config = small_config() | {"unit": "city"}
    for block in (config["report"]["title"], config["report"]["subtitle"], config["rounds"]["2024"]["title"]):
        block |= {lang: f"{title} {ODD}" for lang, title in block.items()}
    config["report"]["authors"] = [f"A {ODD}"]
    sheets = FORM | {
        "survey": of_cities(FORM["survey"]).replace("Open at weekends?", f"Open at weekends? {ODD}")
        + f"text,remarks,Remarks {ODD},Opmerkingen,,\n",
        "choices": FORM["choices"].replace("Yes,Ja", f"Yes {ODD},Ja {ODD}"),
    }
    answers = (
        ANSWERS.replace("open_weekends\n", "open_weekends,remarks\n")
        .replace("yes\n", f"yes,zq {ODD}\n")
        .replace("no\n", "no,\n")
    )
    write_small(folder, config, sheets, answers)
    register = folder / "raw/register.csv"
    register.write_text(
        register.read_text(encoding="utf-8").replace("Stichting A", f"Stichting {ODD}"), encoding="utf-8"
    )
    project.snakemake("--cores", "2")
    return project


def test_everything_is_there_and_says_what_was_answered(small):
    results = small.folder / "results"
    for lang in small_config()["languages"]:
        for name in (
            "report_{}.pdf",
            "report_{}.html",
            "report_{}.docx",
            "annex_{}.pdf",
            "summary_{}.pdf",
            "slides_{}.pdf",
            "annex_{}.html",
        ):
            assert (results / "report" / name.format(lang)).stat().st_size > 1000
    shares = pd.read_csv(results / "indicators.csv").query("statistic == 'share' and service == 'room'")
    assert shares.set_index("category")["estimate"].to_dict() == {"yes": 0.75, "no": 0.25}
    for table in ("changes", "findings", "sensitivity", "themes", "comparability", "against_published"):
        assert pd.read_csv(results / f"{table}.csv").empty


@pytest.mark.parametrize("lang", small_config()["languages"])
def test_what_no_font_has_stands_as_its_number_and_stops_nothing(small, lang):
    report = small.folder / f"results/report/report_{lang}"
    pages = "".join(page.extract_text() for page in PdfReader(report.with_suffix(".pdf")).pages)
    assert "".join(SHOWN.split()) in "".join(pages.split())
    for path in (report.with_suffix(".html"), report.with_suffix(".md")):
        assert SHOWN in path.read_text(encoding="utf-8").replace("\\", ""), path
    audit = pd.read_csv(small.folder / "results/2024/audit.csv").query("rule == 'characters'")
    assert audit["question"].tolist() == ["remarks"] * 3


@pytest.mark.parametrize("volume", VOLUMES)
@pytest.mark.parametrize("lang", small_config()["languages"])
def test_no_chapter_is_about_nothing(small, lang, volume):
    told = (small.folder / f"results/report/{volume}_{lang}.md").read_text(encoding="utf-8")
    blocks = [block for block in re.split(r"\n\s*\n", told) if block.strip()]
    headings = [place for place, block in enumerate(blocks) if block.startswith("#")]
    for place in headings:
        depth = len(blocks[place].split()[0])
        behind = blocks[place + 1] if place + 1 < len(blocks) else ""
        assert behind and not (behind.startswith("#") and len(behind.split()[0]) <= depth), blocks[place]
    assert not re.search(r"\bnan\b|None|\{\w*\}", re.sub(r"\{[#.][^}]*\}", "", told))
    for table in re.findall(r"(?:^\|.*\n)+", told, re.M):
        assert len(table.splitlines()) > 2, table


def test_nothing_that_goes_out_speaks_of_facilities(small):
    assert facilities_in(small.folder / "results") == {}


@pytest.mark.parametrize(
    ("lang", "one", "many"),
    [("en", "put to a city and", "All cities answered"), ("nl", "Van elke stad telt", "Alle steden antwoordden")],
)
def test_one_city_and_several_have_their_words(small, lang, one, many):
    told = " ".join(
        (small.folder / f"results/report/{volume}_{lang}.md").read_text(encoding="utf-8") for volume in VOLUMES
    )
    assert one in told and many in told


def test_the_shipped_report_is_not_needed_for_it(small):
    assert not (small.folder / "raw/2021").exists() and (ROOT / "raw/2021").exists()
