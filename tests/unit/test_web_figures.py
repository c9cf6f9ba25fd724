"""A figure inside a web page: its data in words, its SVG without anything that a page does not allow."""

import io

import pandas as pd
import pytest
from hrmonitor.language import text
from hrmonitor.reporting.outputs.web_figures import SHOWN, data_table, inline_svg
from hrmonitor.study import study
from lxml import etree


def shown(csv: str, lang: str = "en"):
    table = data_table(pd.read_csv(io.StringIO(csv), dtype={"round": "str"}), lang)
    return [heading for heading, _ in table.columns], table.rows, table.once


def test_every_column_that_is_shown_has_a_heading_in_both_languages():
    for lang in ("en", "nl"):
        assert sorted(text(lang)["web"]["columns"]) == sorted(SHOWN)


def test_shares_are_percentages_and_small_numbers_are_not_shown():
    headings, rows, once = shown(
        "round,service,indicator,category,statistic,n,population,estimate,ci_low,ci_high,unit,suppressed,label_en,label_nl\n"
        "2021,dcr,barriers,stigma,share,17,22,0.625,0.5,0.75,share,False,Stigma,Stigma\n"
        "2021,oat,barriers,stigma,share,,75,,,,share,True,Stigma,Stigma\n"
        "2021,hat,barriers,stigma,share,17,17,1,1,1,share,False,Stigma,Stigma\n",
        "nl",
    )
    assert headings == ["Type voorziening", "Categorie", "Schatting", "Interval", "Aantal", "Van"]
    assert rows == [
        ["Gebruiksruimten", "Stigma", "63%", "50–75%", "17", "22"],
        [study("nl").name_of("oat"), "Stigma", "niet getoond", "niet getoond", "niet getoond", "75"],
        # All answered: an interval would say nothing.
        [study("nl").name_of("hat"), "Stigma", "100%", "–", "17", "17"],
    ]
    assert once == ["2021"]


@pytest.mark.parametrize(("lang", "value"), [("en", "1,234.5"), ("nl", "1.234,5")])
def test_other_numbers_keep_their_unit(lang, value):
    _, rows, once = shown(
        "series,year,value,low,high,note,note_nl,label_en,label_nl,unit\n"
        "a,2001,1234.5,1000,1300,English,Nederlands,A,A,persons\na,2002,,,,English,Nederlands,A,A,persons\n",
        lang,
    )
    assert rows[0][1:3] == ["2001", value]
    assert rows[0][-1] == {"en": "English", "nl": "Nederlands"}[lang]
    assert rows[1][2:4] == ["", ""]
    assert once == [text(lang)["published"]["units"]["persons"]]


@pytest.mark.parametrize("hidden", ["", "groningen,9,,,Groningen,Groningen\n"])
def test_counts_under_a_name_that_elsewhere_is_a_share_stay_counts(hidden):
    """Also where some are hidden, so that the column has gaps."""
    headings, rows, _ = shown(
        f"province,registered,answered,share,label_en,label_nl\nfryslan,6,4,0.6666,Frisia,Friesland\n{hidden}"
    )
    assert dict(zip(headings, rows[0], strict=True)) == {
        "Category": "Frisia", "Share": "67%", "Answered": "4", "In the register": "6",
    }  # fmt: skip


def test_svg_of_a_page_has_no_style_and_no_comment():
    content = (
        b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1">'
        b'<!-- an answer --><metadata>m</metadata><style>p { color: red }</style><g id="unused" style="fill: #fff; opacity: 0.5">'
        b'<path id="mark" d="M 1.23456 2 L 3 4"/></g></svg>'
    )
    svg = inline_svg(content, "fig-a", 'A "quoted" <alt>', "")
    written = etree.tostring(svg, encoding="unicode")
    for unwanted in ("an answer", "metadata", "style", "unused"):
        assert unwanted not in written
    assert svg[0][0].get("d") == "M 1.23 2 L 3 4"
    assert svg[0].get("fill") == "#fff"
    assert svg[0].get("opacity") == "0.5"
    assert svg.get("aria-label") == 'A "quoted" <alt>'
    assert svg.get("aria-describedby") is None
