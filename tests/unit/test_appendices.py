"""The chapters on national figures, comparability and CROSS say what the tables say, in both languages."""

import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
import yaml
from hrmonitor.declarations.tables import tables as declared_tables
from hrmonitor.disclosure.rules import Rules
from hrmonitor.language import text
from hrmonitor.project.config import PersonsStudy
from hrmonitor.questionnaire.comparability import REASONS
from hrmonitor.reporting.chapters import comparability as comparability_chapter
from hrmonitor.reporting.chapters import cross as cross_appendix
from hrmonitor.reporting.chapters import national as national_chapter
from hrmonitor.reporting.chapters import published as published_appendix
from hrmonitor.reporting.story import Story
from hrmonitor.resources import RESOURCES
from hrmonitor.stages.persons import persons
from hrmonitor.study import study
from hrmonitor.tabulation.against_published import BESIDE_COLUMNS, COUNTS, read_comparisons, read_reference
from settings import shipped

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = ("en", "nl")
# The numbering of the checklist as published: 40 items.
CROSS = "1a 1b 2 3 4 5a 5b 5c 5d 6a 6b 6c 6d 7a 7b 7c 8 9a 9b 10a 10b 10c 10d 10e 10f 10g 11a 11b 11c 11d 12 13a 13b 13c 14 15 16 17 18 19"


def story(lang: str, root: Path, volume: str = "report", **tables: pd.DataFrame) -> Story:
    """A story on a project folder that has the shipped inputs and these results."""
    for name in ("raw", "report"):
        if not (root / name).exists():
            (root / name).symlink_to(ROOT / name)
    (root / "results").mkdir(exist_ok=True)
    empty = pd.DataFrame(columns=declared_tables()["persons"].names(list(LANGUAGES)))
    for name, table in {"persons": empty, **tables}.items():
        table.to_csv(root / "results" / f"{name}.csv", index=False)
    return Story(lang, root, replace(shipped(), figures={}), volume)


def pair(**changes) -> dict:
    found = {
        "round": "2021", "service": "oat", "indicator": "age_mean", "category": "", "statistic": "mean", "n": 52, "population": 75,
        "estimate": 50.0, "ci_low": 49.5, "ci_high": 50.5, "unit": "years", "suppressed": False, "series": "opiate_clients_age",
        "year": 2021, "edition": "Jellinek 2023", "published": 51.0, "gap": -1.0, "gap_share": -1 / 51, "exact": False, "equal": False,
        "explanation_en": "Other base.", "explanation_nl": "Andere basis.",
    }  # fmt: skip
    assert list(found) == [*BESIDE_COLUMNS, "explanation_en", "explanation_nl"]
    return {**found, **changes}


NO_INDICATORS = pd.DataFrame(columns=["round", "service", "indicator", "category", "statistic", "n", "population", "estimate", "ci_low", "ci_high", "unit", "suppressed"])  # fmt: skip
ROOMS = {
    "round": "2018", "service": "dcr", "indicator": "facilities", "statistic": "answered", "unit": "facilities",
    "series": "consumption_rooms", "year": 2018, "published": 24.0, "exact": True,
}  # fmt: skip


@pytest.mark.parametrize(
    ("lang", "same", "other"),
    [
        ("en", "24 computed from the answers, 24 published (2018). Equal.", "**Not equal** (difference −1)"),
        ("nl", "24 berekend uit de antwoorden, 24 gepubliceerd (2018). Gelijk.", "**Niet gelijk** (verschil −1)"),
    ],
)
def test_the_back_test_says_whether_the_two_are_equal(tmp_path, lang, same, other):
    equal = pd.DataFrame([pair(**ROOMS, estimate=24.0, gap=0.0, gap_share=0.0, equal=True)])
    told = national_chapter.chapter(story(lang, tmp_path, against_published=equal, indicators=NO_INDICATORS))
    assert same in told and other not in told
    off = pd.DataFrame([pair(**ROOMS, estimate=23.0, gap=-1.0, gap_share=-1 / 24)])
    told = national_chapter.chapter(story(lang, tmp_path, against_published=off, indicators=NO_INDICATORS))
    assert other in told and "24 published (2018). Equal" not in told


def test_a_pair_shows_both_bases_years_and_units_the_gap_and_the_reason(tmp_path):
    table = pd.DataFrame(
        [pair(), pair(unit="%", indicator="clients_men_pct", statistic="median", series="opiate_clients_men", gap=-2.0)]
    )
    rows = national_chapter.chapter(
        story("en", tmp_path, against_published=table, indicators=NO_INDICATORS)
    ).splitlines()
    age = next(row for row in rows if "mean age of your clients" in row)
    for part in ("mean of facilities", "opioid agonist treatment", "round 2021", "52 of 75 facilities", "50.0 years", "49.5–50.5",
                 "51 years", "(2021)", "in a register", "−1.0 (−2%)", "Other base"):  # fmt: skip
        assert part in age.replace("\\", "")
    assert "−2.0 points" in next(row for row in rows if "percentage of your clients are men" in row)


def test_a_suppressed_estimate_shows_neither_figure_nor_gap(tmp_path):
    hidden = dict.fromkeys(("n", "estimate", "ci_low", "ci_high", "gap", "gap_share"), None)
    table = pd.DataFrame([pair(**hidden, suppressed=True)])
    told = national_chapter.chapter(story("en", tmp_path, against_published=table, indicators=NO_INDICATORS))
    row = next(line for line in told.splitlines() if "mean age of your clients" in line)
    assert "not shown" in row and "nan" not in row.lower()


def test_syringes_are_turned_into_people_by_the_published_rule(tmp_path):
    given = pd.DataFrame([["2021", "nsp", "syringes_distributed_year", "", "total", 29, 60, 91_400.0, 80_000.0, 99_000.0, "syringes", False]],
                         columns=NO_INDICATORS.columns)  # fmt: skip
    told = national_chapter.chapter(story("en", tmp_path, against_published=pd.DataFrame([pair()]), indicators=given))
    told = told.replace("\\", "")
    assert "the 91,400 syringes" in told and "enough for 176 people" in told


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_published_series_stands_in_the_appendix_with_its_sources(tmp_path, lang):
    told = published_appendix.chapter(story(lang, tmp_path)).replace("\\", "")
    reference = read_reference(ROOT / "raw/reference")
    for column in (f"label_{lang}", "source", "note" if lang == "en" else "note_nl"):
        for shown in set(reference[column]):
            assert shown in told, shown
    years = {str(year) for year in reference["year"]}
    assert all(year in told for year in years)


def test_ranges_ends_and_derived_values_are_told_apart(tmp_path):
    told = published_appendix.chapter(story("en", tmp_path)).replace("\\", "")
    for shown in (
        "14,000 (2012; 12,700–16,300)",
        "21,720–46,358 (2001)",
        "> 25 (2010)",
        "< 200,000 (2007)",
        "840* (2018)",
        "3.2 (2001; 2–4.3)",
    ):
        assert shown in told, shown
    assert "nan" not in told


@pytest.mark.parametrize("lang", LANGUAGES)
def test_all_that_the_files_can_say_has_its_words(lang):
    words, reference, own = text(lang), read_reference(ROOT / "raw/reference"), study(lang, ROOT)
    assert set(reference["topic"]) <= set(own.names["topics"])
    assert set(reference["unit"]) <= set(own.units(words["published"]["units"]))
    assert set(COUNTS) == set(words["national"]["beside"]["counts"])
    assert set(REASONS) - {"not_asked"} == set(words["comparability"]["reasons"])
    assert set(read_comparisons(ROOT / "raw/reference")["statistic"]) <= set(words["national"]["beside"]["statistics"])


def test_the_comparability_of_rounds_is_told_with_the_reason(tmp_path):
    columns = ["indicator", "round_from", "round", "status", "reason", "detail", "services", "note_en", "note_nl"]
    rows = [
        ("age_mean", "2018", "2021", "comparable", "", "", "dcr", "", ""),
        ("clients_men_pct", "2018", "2021", "not_comparable", "other_unit", "persons → %", "", "", ""),
        ("share_injecting", "2018", "2021", "by_crosswalk", "", "", "dcr", "Other year.", "Ander jaar."),
    ]
    told = comparability_chapter.chapter(story("nl", tmp_path, comparability=pd.DataFrame(rows, columns=columns)))
    assert (
        "Zonder meer vergelijkbaar: 1; via de conversietabel: 1; niet vergelijkbaar: 1" in told
        and "gebruiksruimten" in told
    )
    assert "| niet vergelijkbaar | Andere eenheid (persons → \\%). |" in told
    assert "| via conversietabel | Ander jaar\\. |" in told
    assert comparability_chapter.chapter(story("en", tmp_path, comparability=pd.DataFrame(columns=columns))) == ""


def test_the_checklist_has_its_forty_items_each_with_a_place_or_a_reason():
    items = yaml.safe_load((RESOURCES / "cross.yaml").read_text(encoding="utf-8"))["items"]
    own = {lang: {name.partition(", ")[0] for name in study(lang, ROOT).checklist} for lang in LANGUAGES}
    assert [item["item"] for item in items] == CROSS.split()
    assert len(items) == 40
    for item in items:
        assert item["en"] and item["nl"]
        # What has no place in any report, the shipped study accounts for.
        assert item.get("where") or all(item["item"] in own[lang] for lang in LANGUAGES), item


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_checklist_links_to_sections_or_says_why_not(tmp_path, lang):
    made = story(lang, tmp_path, "annex", findings=pd.DataFrame({"finding": ["ghb"]}))
    made.flow = lambda round_: pd.DataFrame({"service": "all", "step": ["kept", "register"], "n": [3, 4]})
    told = cross_appendix.chapter(made)
    words = text(lang)
    rows = {row.split("|")[1].strip(): row for row in told.splitlines() if re.match(r"\| \d", row)}
    # The checklist stands in the annex, from which the report is the other volume.
    assert f"[{words['codebook']['title']}](#sec-codebook)" in rows["5d"]
    assert f"{words['limits']['title']}" in rows["14"] and f"](report_{lang}.html#sec-limits){{.volume}}" in rows["14"]
    assert f"*{words['cross']['statuses']['not_reported']}.*" in rows["5c"]


def test_an_estimate_of_persons_stands_with_its_assumptions_and_its_other_models(tmp_path):
    counts = tmp_path / "counts.csv"
    counts.write_text("lists,persons,source,label_en,label_nl\na,60,register,Clinic,Kliniek\nb,40,register,Room,Ruimte\na & b,20,by *hand*,,\n", encoding="utf-8")  # fmt: skip
    study = PersonsStudy({"en": "People in <the> city", "nl": "Mensen in <de> stad"}, str(counts))
    of = {
        name: persons({"2024": {"city": study}}, LANGUAGES, 0.95, Rules(minimum_cell=least))
        for name, least in (("shown", 3), ("hidden", 30))
    }
    none = pd.DataFrame(columns=[*BESIDE_COLUMNS, "explanation_en", "explanation_nl"])
    for lang in LANGUAGES:
        words = text(lang)["persons"]
        told = national_chapter.chapter(
            story(lang, tmp_path, against_published=none, indicators=NO_INDICATORS, persons=of["shown"])
        )
        assert words["assumptions"] in told and "118" in told and "Lincoln" in told and r"by \*hand\*" in told
        assert r"\<" in told and "<the>" not in told and "<de>" not in told
        told = national_chapter.chapter(
            story(lang, tmp_path, against_published=none, indicators=NO_INDICATORS, persons=of["hidden"])
        )
        assert words["assumptions"] in told and "118" not in told and "Lincoln" not in told
        told = national_chapter.chapter(story(lang, tmp_path, against_published=none, indicators=NO_INDICATORS))
        assert words["title"] not in told
