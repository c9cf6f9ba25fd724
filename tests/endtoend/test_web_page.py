"""The web page in a browser: Debian's Chromium, driven by Playwright, with axe-core to look for barriers.

Most checks use a small page from made-up inputs; the last ones go over the shipped pages.
"""

import base64
import csv
import io
import os
import re
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote

import pandas as pd
import pytest
from hrmonitor.declarations.csv_files import read_table
from hrmonitor.errors import UserError
from hrmonitor.language import escape_markdown, text
from hrmonitor.questionnaire.model import Choice
from hrmonitor.reporting.outputs.explorer import explorer
from hrmonitor.reporting.outputs.web_page import read_figure, web_page
from hrmonitor.study import references
from lxml import etree, html
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = Path("/usr/bin/chromium")
OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
           "--disable-component-update", "--disable-sync"]  # fmt: skip
HOSTILE = '</script><script>document.title="owned"</script><img src="https://example.org/x.png" onerror="document.title=\'owned\'">'
SVG = """<?xml version="1.0"?><svg xmlns:xlink="http://www.w3.org/1999/xlink" width="90pt" height="30pt" viewBox="0 0 90 30"
xmlns="http://www.w3.org/2000/svg"><defs><style type="text/css">*{stroke-linejoin: round}</style></defs><g id="figure_1">
<defs><path id="mark" d="M 1.23456 2 L %d 8" style="fill: none; stroke: #0072b2"/><clipPath id="box"><rect width="90" height="30"/></clipPath></defs>
<use xlink:href="#mark" clip-path="url(#box)"/></g></svg>"""
CELLS = {
    "en": ["12.5%", "9%", "1,200", "not shown", "about 30", "–", "54–70%", "−3", "9%"],
    "nl": ["12,5%", "9%", "1.200", "niet getoond", "ongeveer 30", "–", "54–70%", "−3", "9%"],
}
# The places of those cells and a 7 after them, from the smallest to the largest; what has no value comes last.
UPWARDS = [7, 9, 1, 8, 0, 4, 6, 2, 3, 5]


@pytest.fixture(scope="module")
def chromium():
    if not CHROMIUM.exists():
        message = "no Chromium: install it (Debian: apt-get install chromium) to test the web page"
        assert "CI_RUN" not in os.environ, message
        pytest.skip(message)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=OPTIONS)
        yield browser
        browser.close()


@contextmanager
def opened(browser, address: str, width: int = 1280, setup: str = "", **options):
    """A page of its own; a request to the network, a message of the console or an error fails the test."""
    context = browser.new_context(viewport={"width": width, "height": 900}, **options)
    page, faults = context.new_page(), []
    page.set_default_timeout(20_000)
    page.on(
        "request", lambda request: None if re.match("file:|data:|blob:", request.url) else faults.append(request.url)
    )
    page.on("console", lambda message: faults.append(message.text))
    page.on("pageerror", lambda error: faults.append(str(error)))
    if setup:
        page.add_init_script(setup)
    page.goto(address)
    yield page
    context.close()
    assert faults == []


def violations(page) -> list[str]:
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"]]


def downloaded(page, button) -> bytes:
    with page.expect_download() as waiting:
        button.click()
    return Path(waiting.value.path()).read_bytes()


def column(page, table: str, place: int) -> list[str]:
    """The cells that a reader sees in a column."""
    return page.eval_on_selector_all(
        f"#{table} tbody tr:not([hidden])",
        "(rows, place) => rows.map((row) => row.cells[place].innerText.trim())",
        place,
    )


# --- a small page ---------------------------------------------------------------------------------------


class Form:
    """As much of a questionnaire as the explorer asks for."""

    class Question:
        def __init__(self, label, name=""):
            self.name = name or label
            self.labels = {"en": label, "nl": f"{label} (nl)"}

        def label(self, lang):
            return self.labels[lang]

        def choice(self, name):
            return Choice(name, {"en": f"Yes {HOSTILE}", "nl": "Ja"})

    by_indicator = {"rooms": Question("Has rooms", "has_rooms"), "places": Question("=places"), "late": Question("Open late")}  # noqa: RUF012  # fmt: skip

    def place(self, question, code):
        codes = ("dcr", "hat")
        return codes.index(code) if code in codes else len(codes)  # as Questionnaire.place does


INDICATORS = """round,service,indicator,category,statistic,n,population,estimate,ci_low,ci_high,unit,suppressed
2018,dcr,rooms,yes,share,24,24,0.25,0.25,0.25,share,False
2021,all,rooms,yes,share,60,90,0.4166666667,0.3,0.5,share,False
2021,all,rooms,yes,share_bounds,60,90,,0.2,0.7,share,False
2021,dcr,rooms,yes,share,17,22,0.75,0.6,0.9,share,False
2021,dcr,late,yes,share,,22,,,,share,True
2021,dcr,places,,total,17,22,1234.5,1100,1300.25,places,False
2021,hat,rooms,yes,share,17,17,0.5,0.5,0.5,share,False
"""


def build(folder: Path, lang: str, tested: frozenset = frozenset()) -> Path:
    figures = folder / "results" / "figures"
    figures.mkdir(parents=True, exist_ok=True)
    for name, end in (("one", 8), ("two", 9)):
        (figures / f"{name}_{lang}.svg").write_text(SVG % end, encoding="utf-8")
        (figures / f"{name}_{lang}.narrow.svg").write_text(SVG % (end + 2), encoding="utf-8")
        (figures / f"{name}_{lang}.alt.txt").write_text(f"Alt of {name}\n", encoding="utf-8")
        (figures / f"{name}_{lang}.long.txt").write_text("First sentence.\n\nSecond sentence.\n", encoding="utf-8")
        lines = ["service,estimate,ci_low,ci_high,n,population,unit,suppressed,label_en,label_nl"]
        lines += [f"dcr,0.{n}5,0.1,0.9,17,22,share,False,Café {n},Koffie {n}" for n in range(5)]
        lines += ["dcr,,,,,22,share,True,Few,Weinig"]
        (figures / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    labels = ["Alpha", "", *[f"Row {place}" for place in range(2, 10)]]
    notes = [HOSTILE, *["=1+1"] * 9]
    rows = [
        f"| {label} | {escape_markdown(cell)} | {escape_markdown(note)} |"
        for label, cell, note in zip(labels, [*CELLS[lang], "7"], notes, strict=True)
    ]
    markdown = folder / f"small_{lang}.md"
    markdown.write_text("\n".join([
        "# First {#sec-first}", "", "See @tbl-numbers.", "", "## Part", "", "Text.", "",
        "| Name | Number | Note |", "|:----|----:|:----|", *rows, "", ": Numbers {#tbl-numbers}", "",
        *(f'![Caption {name}](results/figures/{name}_{lang}.svg){{#fig-{name} alt="x"}}\n' for name in ("one", "two")),
        "# Second {#sec-second}", "", "| Few | Rows |", "|:---|:---|", "| a | b |", "", ": Short {#tbl-short}", "", *["More.\n"] * 60,
    ]), encoding="utf-8")  # fmt: skip
    (folder / "indicators.csv").write_text(INDICATORS, encoding="utf-8")
    table = read_table("indicators", folder / "indicators.csv")
    titles = {"2018": "Round of 2018", "2021": "Round of 2021"}
    page = folder / f"small_{lang}.html"
    metadata = {
        "title": "A small page",
        "author": ["Somebody", f"Else {HOSTILE}"],
        "lang": lang,
        "languages": ["en", "nl"],
        "year": "2021",
        "contents": text(lang)["contents"],
        "kinds": text(lang)["kinds"],
    }
    web_page(
        markdown, page, references(ROOT), metadata, "pandoc",
        {f"{name}_{lang}.svg": read_figure(figures, name, "barriers", lang) for name in ("one", "two")},
        explorer(table, dict.fromkeys(titles, Form()), titles, lang, tested), {f"other_{lang}.html": "Another page"},
    )  # fmt: skip
    return page


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("small")
    return {lang: build(folder, lang).as_uri() for lang in ("en", "nl")}


@pytest.mark.parametrize("lang", ["en", "nl"])
def test_a_table_sorts_by_the_numbers_that_its_cells_say(chromium, small, lang):
    with opened(chromium, small[lang]) as page:
        heading = page.locator("#tbl-numbers th").nth(1)
        cells = [*CELLS[lang], "7"]
        upwards = [cells[place] for place in UPWARDS]
        heading.get_by_role("button").click()
        assert heading.get_attribute("aria-sort") == "ascending"
        assert column(page, "tbl-numbers", 1) == upwards
        # Equal values keep their order: the first 9% is that of Alpha.
        assert column(page, "tbl-numbers", 0)[2:4] == ["Alpha", "Row 8"]
        heading.get_by_role("button").click()
        assert heading.get_attribute("aria-sort") == "descending"
        assert column(page, "tbl-numbers", 1) == [*upwards[7::-1][:4], "9%", "9%", *upwards[1::-1], *upwards[8:]]
        assert column(page, "tbl-numbers", 0)[4:6] == ["Alpha", "Row 8"]
        heading.get_by_role("button").click()
        assert heading.get_attribute("aria-sort") is None
        assert column(page, "tbl-numbers", 1) == cells
        # Back in its place, the label that several rows share stands once again.
        assert page.locator("#tbl-numbers .repeat").bounding_box()["width"] <= 1


def test_sorting_is_told_to_those_who_cannot_see_it(chromium, small):
    with opened(chromium, small["en"]) as page:
        page.get_by_role("button", name="Number", exact=True).first.click()
        assert page.get_by_role("status").inner_text() == "Sorted by Number, ascending"


def test_a_table_filters_by_words_and_keeps_all_of_them(chromium, small):
    with opened(chromium, small["en"]) as page:
        field = page.locator("#tbl-numbers-filter")
        field.fill("ROW 1+1")
        assert column(page, "tbl-numbers", 0) == [f"Row {place}" for place in range(2, 10)]
        assert "8 of 10 rows" in page.locator(".rows").first.inner_text()
        field.fill("alpha")
        assert column(page, "tbl-numbers", 0) == ["Alpha", "Alpha"]
        field.fill("")
        assert len(column(page, "tbl-numbers", 0)) == 10


def test_a_table_downloads_as_it_stands_in_the_report(chromium, small):
    with opened(chromium, small["en"]) as page:
        page.locator("#tbl-numbers-filter").fill("alpha")
        content = downloaded(page, page.get_by_role("button", name="Download table (CSV) Table 1. Numbers"))
    rows = list(csv.reader(io.StringIO(content.decode())))
    assert rows[0] == ["Name", "Number", "Note"]
    assert [row[1] for row in rows[1:]] == [*CELLS["en"], "7"]
    assert rows[1] == ["Alpha", "12.5%", HOSTILE]
    # The row without a label of its own carries that of the row above; no text can be run as a formula.
    assert rows[2] == ["Alpha", "9%", "'=1+1"]


def test_short_tables_have_no_tools_but_the_download(chromium, small):
    with opened(chromium, small["en"]) as page:
        assert page.locator("#tbl-short button").count() == 0
        assert page.locator("#tbl-short-filter").count() == 0
        assert downloaded(page, page.get_by_role("button", name="Short")) == b"Few,Rows\na,b\n"


def test_a_figure_has_its_data_as_a_table_and_as_the_file(chromium, small):
    with opened(chromium, small["nl"]) as page:
        figure = page.locator("#fig-one")
        assert figure.get_by_role("img").get_attribute("aria-label") == "Alt of one"
        # One of the two pictures is shown, and only that one is read aloud.
        described = figure.get_by_role("img").get_attribute("aria-describedby")
        assert page.locator(f"#{described}").text_content() == "First sentence.Second sentence."
        assert not figure.locator("table").is_visible()
        figure.locator("summary").first.click()
        assert figure.locator("th").all_inner_texts() == ["Categorie", "Schatting", "Interval", "Aantal", "Van"]
        assert column(page, "fig-one-data", 1) == ["5%", "15%", "25%", "35%", "45%", "niet getoond"]
        assert "Gebruiksruimten" in figure.locator("caption").inner_text()
        file = Path(unquote(small["nl"].removeprefix("file://"))).parent / "results/figures/one.csv"
        assert downloaded(page, figure.locator("a.download")) == file.read_bytes()


def test_figures_do_not_take_each_others_shapes(chromium, small):
    with opened(chromium, small["en"]) as page:
        ids = page.eval_on_selector_all("[id]", "all => all.map((one) => one.id)")
        assert len(ids) == len(set(ids))
        named = page.evaluate("""[...document.querySelectorAll('[aria-labelledby], [aria-describedby], [aria-controls], label[for]')].flatMap(
            (one) => ['aria-labelledby', 'aria-describedby', 'aria-controls', 'for'].map((name) => one.getAttribute(name)).filter(Boolean))""")
        assert sorted(set(named) - set(ids)) == []
        drawn = page.eval_on_selector_all("figure use", "all => all.map((use) => document.querySelector(use.getAttribute('href')).getAttribute('d'))")  # fmt: skip
        assert drawn == ["M 1.23 2 L 8 8", "M 1.23 2 L 10 8", "M 1.23 2 L 9 8", "M 1.23 2 L 11 8"]
        assert page.locator("figure path").first.get_attribute("stroke") == "#0072b2"


@pytest.mark.parametrize(("width", "shown", "hidden"), [(1280, "wide", "narrow"), (360, "narrow", "wide")])
def test_a_phone_gets_the_figure_that_is_drawn_for_it(chromium, small, width, shown, hidden):
    with opened(chromium, small["en"], width=width) as page:
        figure = page.locator("#fig-one")
        assert figure.locator(f"svg.{shown}").is_visible()
        assert not figure.locator(f"svg.{hidden}").is_visible()
        assert figure.locator(".card").evaluate("(card) => card.scrollWidth <= card.clientWidth")


def test_a_figure_is_handed_on_as_svg_and_png_with_its_headline_and_source(chromium, small):
    with opened(chromium, small["en"]) as page:
        figure = page.locator("#fig-one")
        content = downloaded(page, figure.locator("button.svg"))
        drawn = etree.fromstring(content)
        texts = " ".join(text.text for text in drawn.iter("{http://www.w3.org/2000/svg}text"))
        assert "Caption one" in texts and "Somebody" in texts and "2021" in texts
        assert b"M 1.23 2 L 8 8" in content and drawn.get("aria-label") == "Alt of one"
        image = Image.open(io.BytesIO(downloaded(page, figure.locator("button.png"))))
        width, height = (float(part) for part in drawn.get("viewBox").split()[2:])
        assert image.size == (round(3 * width), round(3 * height))
        # Something is drawn on it: it is not one colour.
        assert len(image.convert("L").getcolors()) > 1


def test_a_figure_says_how_to_cite_and_to_embed_it(chromium, small):
    with opened(chromium, small["en"]) as page:
        figure = page.locator("#fig-one")
        figure.locator(".cite summary").click()
        assert (
            figure.locator(".citation").inner_text()
            == f"Somebody, Else {HOSTILE} (2021). Figure 1. Caption one. In: A small page."
        )
        embedded = html.fromstring(figure.locator("code").inner_text())
        assert embedded.xpath("//img/@src") == ["one_en.svg"]
        assert embedded.xpath("//img/@alt") == ["Alt of one"]
        assert HOSTILE in embedded.xpath("string(//figcaption)")


def test_the_search_finds_all_words_of_a_place_and_leads_there(chromium, small):
    with opened(chromium, small["en"]) as page:
        page.locator("#search-words").fill("about ROW")
        assert page.locator("#search-count").inner_text() == "1 of 1 places found"
        assert page.locator("#search-found strong").inner_text() == "1.1 Part"
        page.locator("#search-found a").click()
        assert page.evaluate("document.activeElement.tagName") == "TR"
        assert page.locator("tr.found").inner_text().startswith("Row 4")
        # What is folded away is found, and opened.
        page.locator("#search-words").fill("second sentence")
        page.locator("#search-words").press("Enter")
        page.keyboard.press("Enter")
        assert page.locator("#fig-one details[open] li.found").is_visible()
        page.locator("#search-words").fill("nowhere")
        assert page.locator("#search-found li").count() == 0


def test_the_explorer_opens_on_what_the_findings_test(chromium, tmp_path):
    address = build(tmp_path, "en", frozenset({("2021", "has_rooms")})).as_uri()
    with opened(chromium, address) as page:
        page.locator("#explore-service").select_option("dcr")
        assert column(page, "explore-table", 2) == ["Has rooms"]
        assert "about=findings" in page.url
        page.locator("#explore-about").select_option("")
        assert len(column(page, "explore-table", 2)) == 3
        assert violations(page) == []


def test_text_of_respondents_never_runs(chromium, small):
    with opened(chromium, f"{small['en']}#explore?round=&service=") as page:
        assert page.title().startswith("A small page")
        assert page.locator("main img:not(svg)").count() == 0
        assert HOSTILE in page.locator("#tbl-numbers td").nth(2).inner_text()
        assert any(HOSTILE in cell for cell in column(page, "explore-table", 3))


def test_the_page_allows_no_other_script_or_style(chromium, small):
    context = chromium.new_context()
    page = context.new_page()
    page.goto(small["en"])
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.ran = 1'}))"
    )
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p id=\"styled\" style=\"color: red\">x</p>')")
    assert page.evaluate("window.ran") is None
    assert page.evaluate("getComputedStyle(document.getElementById('styled')).color") != "rgb(255, 0, 0)"
    assert page.evaluate("fetch('https://example.org/').then(() => 'sent', () => 'refused')") == "refused"
    context.close()


def test_the_explorer_shows_what_is_chosen_and_keeps_it_in_the_address(chromium, small):
    with opened(chromium, small["en"]) as page:
        assert page.locator("#explore-round").input_value() == "2021"
        assert column(page, "explore-table", 4) == ["42%"]
        page.locator("#explore-service").select_option("dcr")
        assert column(page, "explore-table", 4) == ["75%", "not shown", "1,235 places"]
        assert column(page, "explore-table", 6) == ["60–90%", "–", "1,100–1,300"]
        assert column(page, "explore-table", 7) == ["17 of 22", "–", "17 of 22"]
        page.locator("#explore-table th").nth(4).get_by_role("button").click()
        page.locator("#explore-table-filter").fill("es")
        address = page.url
    with opened(chromium, address) as page:
        assert page.locator("#explore-service").input_value() == "dcr"
        assert page.locator("#explore-table th").nth(4).get_attribute("aria-sort") == "ascending"
        assert column(page, "explore-table", 4) == ["75%", "1,235 places", "not shown"]
        rows = list(csv.DictReader(io.StringIO(downloaded(page, page.locator("#explore button.save")).decode())))
        assert [(row["indicator"], row["estimate"], row["ci_high"]) for row in rows] == [
            ("rooms", "0.75", "0.9"), ("places", "1234.5", "1300.25"), ("late", "", ""),
        ]  # fmt: skip
        assert rows[1]["question"] == "'=places"
        assert rows[2]["suppressed"] == "True"


def test_the_explorer_sets_rounds_and_services_side_by_side(chromium, small):
    with opened(chromium, small["nl"]) as page:
        page.locator("#explore-round").select_option("")
        page.locator("#explore-service").select_option("")
        assert column(page, "explore-table", 0).count("Round of 2018") == 1
        assert column(page, "explore-table", 1).count("Gebruiksruimten") == 4
        assert len(column(page, "explore-table", 4)) == 6
        # A type of service that a round was not about cannot be chosen with it.
        page.locator("#explore-round").select_option("2018")
        assert page.locator("#explore-service option:disabled").evaluate_all("all => all.map((one) => one.value)") == [
            "all",
            "hat",
        ]


def test_an_address_that_nobody_made_does_no_harm(chromium, small):
    with opened(chromium, f"{small['en']}#explore?round=1999&service=%3Cb%3E&sort=99&order=up&find=%3Cimg%3E") as page:
        assert page.locator("#explore-round").input_value() == "2021"
        assert column(page, "explore-table", 4) == []


def test_the_page_works_by_keyboard_alone(chromium, small):
    with opened(chromium, small["en"], width=360) as page:
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"
        page.reload()
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        button = page.locator("#contents-button")
        assert page.evaluate("document.activeElement.id") == "contents-button"
        page.keyboard.press("Enter")
        assert button.get_attribute("aria-expanded") == "true"
        assert page.locator("#contents").is_visible()
        page.keyboard.press("Escape")
        assert not page.locator("#contents").is_visible()
        assert page.evaluate("document.activeElement.id") == "contents-button"
        page.locator("#tbl-numbers th button").nth(1).focus()
        page.keyboard.press("Space")
        assert page.locator("#tbl-numbers th").nth(1).get_attribute("aria-sort") == "ascending"
        page.locator("#fig-one summary").first.focus()
        page.keyboard.press("Enter")
        assert page.locator("#fig-one table").is_visible()


def test_the_contents_follow_the_reader_and_the_language_too(chromium, small):
    with opened(chromium, small["en"]) as page:
        page.evaluate("document.getElementById('sec-second').scrollIntoView()")
        page.wait_for_selector("#contents a[href='#sec-second'][aria-current]")
        assert page.locator("#contents [aria-current]").count() == 1
        assert page.locator("a.language").get_attribute("href") == "small_nl.html#sec-second"
        assert page.locator("a.page").get_attribute("href") == "other_en.html"


def test_light_and_dark_are_chosen_and_remembered(chromium, small):
    with opened(chromium, small["en"], color_scheme="light") as page:
        background = "getComputedStyle(document.body).backgroundColor"
        light = page.evaluate(background)
        page.locator("#theme-button").click()
        dark = page.evaluate(background)
        assert dark != light
        page.reload()
        assert page.evaluate(background) == dark
        assert page.locator("#theme-button").get_attribute("aria-pressed") == "true"
    with opened(chromium, small["en"], color_scheme="dark") as page:
        assert page.evaluate(background) == dark


def test_a_browser_that_refuses_storage_is_no_fault(chromium, small):
    refuse = "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('denied', 'SecurityError'); } })"
    with opened(chromium, small["en"], setup=refuse) as page:
        page.locator("#theme-button").click()
        assert page.locator("#theme-button").get_attribute("aria-pressed") == "true"
        assert page.locator("#explore-form").is_visible()


def test_without_javascript_the_page_is_still_the_report(chromium, small):
    with opened(chromium, small["en"], width=360, java_script_enabled=False) as page:
        assert page.locator("#tbl-numbers tr").count() == 11
        assert page.locator("#contents").is_visible()
        assert not page.locator("#explore-form").is_visible()
        assert page.locator("noscript").inner_text().startswith("This part of the page needs JavaScript")
        assert not page.locator("#theme-button").is_visible()


def test_print_has_the_whole_tables_and_no_tools(chromium, small):
    with opened(chromium, small["en"], color_scheme="dark") as page:
        page.locator("#tbl-numbers-filter").fill("alpha")
        page.emulate_media(media="print", color_scheme="dark")
        for away in (".bar", "#contents", "#explore", ".tools-of-table", "a.download"):
            assert not page.locator(away).first.is_visible(), away
        assert page.locator("#tbl-numbers tbody tr").nth(5).is_visible()
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")


def test_a_figure_that_is_not_there_is_named(tmp_path):
    markdown = tmp_path / "page_en.md"
    markdown.write_text("![Caption](results/figures/gone_en.svg){#fig-gone}\n", encoding="utf-8")
    metadata = {"title": "A page", "lang": "en", "languages": ["en"], "year": "2021", "contents": "Contents"}
    with pytest.raises(UserError, match=r"page_en\.md.*results/figures/gone_en\.svg"):
        web_page(markdown, tmp_path / "page_en.html", references(ROOT), metadata, "pandoc", {})


def test_the_same_inputs_give_the_same_bytes(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    assert build(tmp_path / "a", "en").read_bytes() == build(tmp_path / "b", "en").read_bytes()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (360, "light"), (360, "dark")])
def test_axe_finds_no_barrier(chromium, small, width, scheme):
    with opened(chromium, small["nl"], width=width, color_scheme=scheme) as page:
        for summary in page.locator("summary").all():
            summary.click()
        if width == 360:
            page.locator("#contents-button").click()
        page.locator("#explore-round").select_option("")
        page.locator("#explore-service").select_option("")
        assert violations(page) == []


# --- the shipped pages ------------------------------------------------------------------------------------


def figures_of(results: Path, volume: str, lang: str) -> list[str]:
    woven = (results / f"report/{volume}_{lang}.md").read_text(encoding="utf-8")
    return re.findall(rf"figures/(\w+)_{lang}\.svg", woven)


@pytest.mark.parametrize(("lang", "width", "scheme"), [("en", 320, "dark"), ("nl", 1280, "light")])
def test_the_shipped_annex(chromium, built, lang, width, scheme):
    """The same page, without the part that looks figures up; a chapter that the report names is there."""
    results = built.folder / "results/report"
    page_of_report = (results / f"report_{lang}.html").read_text(encoding="utf-8")
    named = set(re.findall(rf'href="annex_{lang}\.html#([\w-]+)"', page_of_report))
    assert named
    with opened(chromium, (results / f"annex_{lang}.html").as_uri(), width=width, color_scheme=scheme) as page:
        assert page.locator("figure svg[role=img].wide").count() == len(
            figures_of(built.folder / "results", "annex", lang)
        )
        assert page.locator("#explore").count() == 0
        assert [name for name in sorted(named) if page.locator(f"#{name}").count() != 1] == []
        assert page.evaluate("document.documentElement.scrollWidth") == width
        assert violations(page) == []


@pytest.mark.parametrize(("lang", "width", "scheme"), [("en", 1280, "light"), ("nl", 320, "dark")])
def test_the_shipped_page(chromium, built, lang, width, scheme):
    results = built.folder / "results"
    with opened(chromium, (results / f"report/report_{lang}.html").as_uri(), width=width, color_scheme=scheme) as page:
        shown = figures_of(results, "report", lang)
        # A figure stands in one of the volumes.
        assert sorted(shown + figures_of(results, "annex", lang)) == sorted(built.config["figures"])
        assert len(shown) == page.locator("figure svg[role=img].wide").count()
        for name in shown:
            figure = page.locator(f"#fig-{name.replace('_', '-')}")
            link = figure.locator("a.download")
            assert link.get_attribute("download") == f"{name}.csv"
            content = base64.b64decode(link.get_attribute("href").split(",")[1])
            assert content == (results / f"figures/{name}.csv").read_bytes(), name
            lines = len(pd.read_csv(results / f"figures/{name}.csv"))
            assert page.locator(f"#{figure.get_attribute('id')}-data tbody tr").count() == lines, name
        published = pd.read_csv(results / "indicators.csv", dtype={"round": "str"})
        published = published[published["statistic"] != "share_bounds"]
        # It opens on what findings test.
        assert 0 < page.locator("#explore-table tbody tr").count() < len(published)
        page.locator("#explore-about").select_option("")
        page.locator("#explore-round").select_option("")
        page.locator("#explore-service").select_option("")
        assert page.locator("#explore-table tbody tr").count() == len(published)
        page.locator("#explore-service").select_option("hat")
        rows = pd.read_csv(io.BytesIO(downloaded(page, page.locator("#explore button.save"))), dtype={"round": "str"})
        there = published[published["service"] == "hat"].reset_index(drop=True)
        shared = [
            "round",
            "service",
            "indicator",
            "category",
            "statistic",
            "n",
            "population",
            "estimate",
            "ci_low",
            "ci_high",
        ]
        pd.testing.assert_frame_equal(rows[shared], there[shared], check_dtype=False)
        assert page.evaluate("document.documentElement.scrollWidth") == width
        page.locator("#fig-barriers summary").first.click()
        assert violations(page) == []


@pytest.mark.parametrize(("lang", "width", "scheme"), [("nl", 360, "light"), ("en", 1280, "dark")])
def test_the_front_page(chromium, built, lang, width, scheme):
    folder = built.folder / "results/report"
    with opened(chromium, (folder / f"index_{lang}.html").as_uri(), width=width, color_scheme=scheme) as page:
        assert page.evaluate("document.documentElement.scrollWidth") == width
        assert page.evaluate("document.documentElement.scrollHeight") < 10_000
        # Every link leads to a file that is there, and to a place that is in it.
        for address in page.eval_on_selector_all(
            "main a[href]:not([download]), .bar a", "all => all.map((one) => one.getAttribute('href'))"
        ):
            if address.startswith(("http", "#")):
                continue
            file, _, place = address.partition("#")
            assert (folder / file).is_file(), address
            assert not place or f'id="{place}"' in (folder / file).read_text(encoding="utf-8"), address
        findings = built.config["findings"]
        assert page.locator("#tbl-findings tbody a").count() == len(findings)
        assert violations(page) == []
