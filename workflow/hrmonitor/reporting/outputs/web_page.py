"""Woven Markdown as a web page: one file that works from a disk, without a network.

Pandoc makes the body with the template `resources/web/page.html`; what it makes is well-formed XML, so the rest is work on a tree:
figures go in as SVG with their data, tables get what sorting needs, and style and script go in as text. The page's own
Content-Security-Policy allows these two, by their hash, and nothing else.
"""

from __future__ import annotations

import base64
import hashlib
import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from pathlib import Path

import pandas as pd
from lxml import etree, html

from hrmonitor.declarations.csv_files import read_figure_data
from hrmonitor.errors import UserError
from hrmonitor.language import per_cent, separators, terms, text
from hrmonitor.reporting.outputs.typeset import TEMPLATES, numbered, run_pandoc
from hrmonitor.reporting.outputs.web_figures import csv_link, data_table, inline_svg
from hrmonitor.resources import RESOURCES
from hrmonitor.study import study

# Rows from which a table can be sorted, and from which it can be filtered.
SORTED_FROM, FILTERED_FROM = 5, 10
# Characters from which the text of a cell is a sentence.
SENTENCE = 40


@dataclass(frozen=True)
class FigureFiles:
    """What a figure's rule writes: the picture and its texts in one language, and its data."""

    name: str
    svg: bytes
    narrow: bytes
    alt: str
    long: str
    csv: bytes
    table: pd.DataFrame


def read_figure(folder: Path, name: str, kind: str, lang: str) -> FigureFiles:
    stem = folder / f"{name}_{lang}"
    return FigureFiles(
        name=name,
        svg=stem.with_suffix(".svg").read_bytes(),
        narrow=stem.with_suffix(".narrow.svg").read_bytes(),
        alt=stem.with_suffix(".alt.txt").read_text(encoding="utf-8").strip(),
        long=stem.with_suffix(".long.txt").read_text(encoding="utf-8").strip(),
        csv=(folder / f"{name}.csv").read_bytes(),
        table=read_figure_data(kind, folder / f"{name}.csv"),
    )


# Over 6 parameters: each is another file or choice that the rule's script reads; the page is the one place where they meet.
def web_page(
    markdown: Path,
    page: Path,
    references: Sequence[Path],
    metadata: dict,
    engine: str,
    figures: dict[str, FigureFiles],
    explorer: dict | None = None,
    pages: dict[str, str] | None = None,
) -> None:
    """Write `page` from `markdown`, which names figures by `results/figures/{name}_{lang}.svg`.

    `references` are BibTeX files; `metadata` has title, lang and what else the template names;
    `figures` are those by the name of their SVG file; `explorer` (see explorer.py) adds the section to look figures up in;
    `pages` are other pages, address -> name. Raises `UserError` when Pandoc refuses the Markdown or it names a figure that is not there.
    """
    lang, web = metadata["lang"], RESOURCES / "web"
    words = text(lang)["web"]
    with tempfile.TemporaryDirectory() as folder:
        body = Path(folder, "page.html")
        values = metadata | {
            "words": words,
            "explorer": explorer is not None,
            "pages": [{"href": href, "name": name} for href, name in (pages or {}).items()],
            "languages": [
                {
                    "lang": other,
                    "name": terms(other)["language"]["name"],
                    "href": f"{page.stem.removesuffix(lang)}{other}.html",
                }
                for other in metadata["languages"]
                if other != lang
            ],
        }
        run_pandoc(
            engine, markdown, body, values,
            ["--to=html5", "--standalone", f"--template={web / 'page.html'}", "--toc", "--toc-depth=3", *numbered(metadata),
             f"--lua-filter={TEMPLATES / 'report.lua'}", "--citeproc", *(f"--bibliography={one}" for one in references),
             "--columns=20", "--section-divs", "--wrap=none"],
        )  # fmt: skip
        tree = _parsed(body.read_text(encoding="utf-8"), markdown)
    main = tree.find(".//main")
    _lower_headings(main)
    for image in list(main.iter("img")):
        file = Path(image.get("src")).name
        if file not in figures:
            raise UserError(f"{markdown}: no figure {image.get('src')}. Name it in config.yaml, figures.")
        _place_figure(image, figures[file], metadata, words)
    for table in list(main.iter("table")):
        _prepare_table(table, words)
    for bare in list(main.iter("col", "colgroup")):
        bare.getparent().remove(bare)
    for styled in main.iterfind(".//*[@style]"):
        if styled.attrib.pop("style").replace(" ", "") == "text-align:right;":
            styled.set("class", f"{styled.get('class', '')} right".strip())
    _add_data(tree.find("body"), _data(lang, explorer))
    _add_code(tree, web)
    content = html.tostring(tree, encoding="unicode", doctype="<!DOCTYPE html>")
    page.write_text(content + "\n", encoding="utf-8", newline="\n")


def _parsed(content: str, markdown: Path) -> etree._Element:
    content = content.removeprefix("<!DOCTYPE html>").strip()
    try:
        return etree.fromstring(content)
    except etree.XMLSyntaxError as error:
        raise UserError(f"{markdown}: Pandoc's page is not well-formed ({error}).") from error


def _lower_headings(main: etree._Element) -> None:
    """The page's title is its h1; chapters are h2."""
    for level in range(5, 0, -1):
        for heading in main.iter(f"h{level}"):
            if heading.getparent().get("class") != "title":
                heading.tag = f"h{level + 1}"


def _place_figure(image: etree._Element, files: FigureFiles, metadata: dict, words: dict) -> None:
    lang, figure = metadata["lang"], next(image.iterancestors("figure"))
    name = figure.get("id") or image.get("id") or f"fig-{files.name.replace('_', '-')}"
    figure.set("id", name)
    figure.set("data-file", f"{files.name}_{lang}")
    caption = figure.find("figcaption")
    # Pandoc keeps the caption from readers' ears when there is alt text; ours says more than the caption.
    caption.attrib.pop("aria-hidden", None)
    card = etree.Element("div", {"class": "card"})
    for kind, content in (("wide", files.svg), ("narrow", files.narrow)):
        # The page shows one of the two, by its width; what is not shown is not read aloud either.
        drawn = inline_svg(content, name if kind == "wide" else f"{name}-narrow", files.alt, f"{name}-long")
        drawn.set("class", kind)
        card.append(drawn)
    image.getparent().replace(image, card)
    figure.insert(0, caption)
    said = " ".join("".join(caption.itertext()).split())
    under = etree.SubElement(figure, "div", {"class": "under"})
    data = etree.SubElement(under, "details")
    etree.SubElement(data, "summary").text = words["as_table"]
    data.append(_table_of(files, lang, name, said))
    described = etree.SubElement(under, "details")
    etree.SubElement(described, "summary").text = words["describe"]
    facts = etree.SubElement(described, "ul", {"id": f"{name}-long"})
    for fact in files.long.splitlines():
        etree.SubElement(facts, "li").text = fact
    under.append(_citation(files, metadata, said, words))
    link = etree.SubElement(
        under, "a", {"class": "download", "download": f"{files.name}.csv", "href": csv_link(files.csv)}
    )
    link.text = words["download_data"]
    etree.SubElement(link, "span", {"class": "unseen"}).text = f" ({files.name}.csv)"


def _citation(files: FigureFiles, metadata: dict, caption: str, words: dict) -> etree._Element:
    """How to cite the figure, and the lines with which another page shows it."""
    source = words["citation"].format(
        authors=", ".join(metadata.get("author", [])) or metadata["title"],
        year=metadata["year"],
        caption=caption.rstrip("."),
        title=metadata["title"],
    )
    mark = metadata.get("synthetic-mark", "")
    source = f"{source} {mark}." if mark else source
    embed = (
        f'<figure>\n<img src="{files.name}_{metadata["lang"]}.svg" alt="{escape(files.alt, quote=True)}">\n'
        f"<figcaption>{escape(source)}</figcaption>\n</figure>"
    )
    box = etree.Element("details", {"class": "cite"})
    etree.SubElement(box, "summary").text = words["cite"]
    etree.SubElement(box, "p", {"class": "citation"}).text = source
    etree.SubElement(box, "p").text = words["embed"].format(file=f"{files.name}_{metadata['lang']}.svg")
    etree.SubElement(etree.SubElement(box, "pre", {"tabindex": "0"}), "code").text = embed
    return box


def _table_of(files: FigureFiles, lang: str, name: str, caption: str) -> etree._Element:
    data = data_table(files.table, lang)
    table = etree.Element("table", {"id": f"{name}-data", "class": "figure-data"})
    said = [caption.rstrip("."), " · ".join(data.once)]
    etree.SubElement(table, "caption").text = ". ".join(part for part in said if part)
    head = etree.SubElement(etree.SubElement(table, "thead"), "tr")
    body = etree.SubElement(table, "tbody")
    sides = [{"class": "right"} if numbers else {} for _, numbers in data.columns]
    for (heading, _), side in zip(data.columns, sides, strict=True):
        etree.SubElement(head, "th", side).text = heading
    for row in data.rows:
        line = etree.SubElement(body, "tr")
        for cell, side in zip(row, sides, strict=True):
            etree.SubElement(line, "td", side).text = cell
    return table


def _prepare_table(table: etree._Element, words: dict) -> None:
    """A table in a region of its own that scrolls; `data-sort` and `data-filter` where it is long enough for them."""
    name = table.get("id")
    caption = table.find("caption")
    if caption is not None and name:
        caption.set("id", f"{name}-caption")
    for heading in table.iter("th"):
        heading.set("scope", "col")
    rows = table.findall("tbody/tr")
    for before, row in pairwise(rows):
        first, above = row[0], before[0]
        if not "".join(first.itertext()).strip():
            # The report says once what several rows are about; rows that are moved or read aloud must say it themselves.
            etree.SubElement(first, "span", {"class": "repeat"}).text = "".join(above.itertext()).strip()
    _say_groups(rows)
    _keep_wide(table)
    table.attrib.pop("style", None)
    if len(rows) >= SORTED_FROM:
        table.set("data-sort", "")
    if len(rows) >= FILTERED_FROM:
        table.set("data-filter", "")
    region = etree.Element("div", {"class": "scroll", "role": "region", "tabindex": "0"})
    if caption is not None and name:
        region.set("aria-labelledby", f"{name}-caption")
    else:
        region.set("aria-label", words["table"])
    region.tail, table.tail = table.tail, None
    table.getparent().replace(table, region)
    region.append(table)


def _say_groups(rows: list[etree._Element]) -> None:
    """A row with a first cell only is a heading (class `group`) of those below it, up to the next, or of the answers (`– yes`) that follow it.

    Rows that are moved by sorting or filtering say themselves what they belong to.
    """
    heading, only_answers = None, False
    for place, row in enumerate(rows):
        said = ["".join(cell.itertext()).strip() for cell in row]
        if said[0] and len(said) > 2 and not any(said[1:]):
            row.set("class", "group")
            heading = said[0]
            only_answers = place + 1 < len(rows) and "".join(rows[place + 1][0].itertext()).strip().startswith("–")
        elif heading and (said[0].startswith("–") or not only_answers):
            repeat = etree.SubElement(row[0], "span", {"class": "repeat"})
            repeat.text = f" ({heading})"
        else:
            heading = None


def _keep_wide(table: etree._Element) -> None:
    """Give columns of sentences the class `sentences`: a small screen must not squeeze them to a word a line."""
    lines = [list(row) for row in table.iter("tr")]
    for cells in zip(*(line for line in lines if len(line) == len(lines[0])), strict=True):
        if max(len("".join(cell.itertext())) for cell in cells) > SENTENCE:
            for cell in cells:
                cell.set("class", f"{cell.get('class', '')} sentences".strip())


def _missing(lang: str) -> list[str]:
    """What stands in a cell that has no value."""
    words = text(lang)
    return ["", "–", words["figures"]["suppressed"]]


def _data(lang: str, explorer: dict | None) -> dict:
    """What the page's script reads, with the study's words for units."""
    words = text(lang)["web"]["script"]
    units = study(lang).units(words["units"])
    thousands, decimal = separators(lang)
    marks = {"thousands": thousands, "decimal": decimal, "percent": per_cent("{value}", lang)}
    return {"lang": lang, "words": words | {"units": units}, "missing": _missing(lang), "explorer": explorer} | marks


def _add_data(body: etree._Element, data: dict) -> None:
    script = etree.SubElement(body, "script", {"type": "application/json", "id": "page-data"})
    script.text = json_in_script(data)


def json_in_script(data: dict) -> str:
    """JSON that cannot end the script element it stands in, whatever a label says."""
    content = json.dumps(data, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    for sign in "<>&\u2028\u2029":
        content = content.replace(sign, f"\\u{ord(sign):04x}")
    return content


def _add_code(tree: etree._Element, web: Path) -> None:
    head = tree.find("head")
    allowed = {}
    for element, file in (("style", "page.css"), ("script", "page.js")):
        content = "\n" + (web / file).read_text(encoding="utf-8")
        head.find(element).text = content
        allowed[element] = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
    policy = [
        "default-src 'none'", f"style-src 'sha256-{allowed['style']}'", f"script-src 'sha256-{allowed['script']}'",
        "img-src data:", "base-uri 'none'", "form-action 'none'",
    ]  # fmt: skip
    head.find("meta[@http-equiv]").set("content", "; ".join(policy))
