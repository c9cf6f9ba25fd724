"""Every telling number of every page, read back as a reader sees it, and looked for in the tables that the audit covers.

A number that is in none of them came from somewhere else: from answers that nobody rounded, hid or attacked. Whole numbers of four digits
and decimals of three are telling; nearly any shorter number is in some table, and is not looked at. Nor is what a number is about.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from hrmonitor.declarations.csv_files import read_figure_data, read_table
from hrmonitor.declarations.figures import figures as figure_kinds
from hrmonitor.declarations.public_files import PUBLIC_FOLDERS
from hrmonitor.disclosure.audit.page_texts import texts_of
from hrmonitor.language import separators

DIGITS, DECIMALS = 4, 3
# PDFs of volumes and slides say what Markdown and PowerPoint say, and take seconds each to read; a test reads them.
READ = {
    "figures": (".svg", ".txt"),
    "report": (".md", ".html", ".ipynb", ".docx", ".pptx"),
}
ONLY_PDF = ("summary",)
# No numbers of anything: addresses, checksums, versions and dates with points, digits in a row that no page would print without a separator.
_CODES = re.compile(
    # A letter that no font has is named by its number.
    r"\bU\+[0-9A-F]{4,6}(?:…U\+[0-9A-F]{4,6})?(?:, \d+)?"
    r"|https?://[^\s<>\")\]]+|\b10\.\d{4,9}/[^\s<>\"\])]+|\b(?:doi|isbn|issn)[: ]*[\dX./-]+"
    r"|\b(?=[0-9a-f]*[a-f])(?=[0-9a-f]*\d)[0-9a-f]{7,64}\b|(?<![\d.])\d+(?:\.\d+){2,}(?![\d.]*\d)(?<!\.\d{3})|(?<![\d.,])\d{7,}(?![\d.,])",
    re.I,
)
_BLANKS = "\u00a0\u202f\u2009"


def unexplained(
    results: Path, languages: Iterable[str], written: Iterable[str], figures: dict, counts: Iterable[float] = ()
) -> dict[str, list[str]]:
    """File under `results` -> telling numbers in it that no public table has, as they stand there.

    `written` are texts of makers and respondents: a number that stands in one is no result. `figures` is the block of config.yaml. `counts`
    are numbers of answers that the audit has read from pages and attacked.
    """
    written = list(written)
    tables = sorted(path for folder in PUBLIC_FOLDERS for path in (results / folder).glob("*.csv"))
    values = (value for path in tables for value in _of_table(path))
    known = _Known([*values, *_answered(results), *_sums_of_marks(results, figures), *counts])
    found = {}
    for lang in languages:
        own = {plain for text in written for one in (lang, "en") for _, plain in numbers(text, one)}
        for path in pages(results, lang):
            odd = [
                shown
                for piece in texts_of(path)
                for shown, plain in numbers(_CODES.sub(" ", piece), lang)
                # The numbers along an axis are round, and of nothing.
                if plain not in own
                and not known.has(plain)
                and not (path.suffix == ".svg" and len(plain.rstrip("0")) <= 2)
            ]
            if odd:
                found[path.relative_to(results).as_posix()] = list(dict.fromkeys(odd))
    return found


def pages(results: Path, lang: str) -> list[Path]:
    """What people read in a language."""
    found = [
        path
        for folder, kinds in READ.items()
        for path in sorted((results / folder).glob(f"[!.]*_{lang}.*"))
        if path.suffix in kinds
    ]
    found += [path for name in ONLY_PDF if (path := results / f"report/{name}_{lang}.pdf").exists()]
    readme = results / "open_data/README.md"
    return [*found, *([readme] if lang == "en" and readme.exists() else [])]


def numbers(text: str, lang: str) -> Iterator[tuple[str, str]]:
    """Each telling number as it stands and in plain notation; the language says which sign parts thousands and which decimals."""
    thousands, decimal = map(re.escape, separators(lang))
    apart = f"[{thousands}{_BLANKS}]"
    pattern = rf"(?<![\w.,/-])(\d{{1,3}}(?:{apart}\d{{3}})+|\d+)(?:{decimal}(\d+))?(?!\w|[.,/-]\d)"
    for match in re.finditer(pattern, text):
        whole, part = re.sub(apart, "", match[1]).lstrip("0"), match[2] or ""
        if len(whole) >= DIGITS or (len(part) >= DECIMALS and len((whole + part).lstrip("0")) >= DECIMALS):
            yield match.group(), f"{whole or '0'}.{part}" if part else whole


class _Known:
    """Values of tables, and what a page makes of them: a share in per cent and its complement, a number in thousands or millions."""

    def __init__(self, values: Iterable[float]):
        raw = np.unique(np.abs(np.fromiter(values, float)))
        shares = raw[raw <= 1]
        made = (raw, 100 * raw[raw <= 10], 100 - 100 * shares, raw[raw >= 1e4] / 1e3, raw[raw >= 1e6] / 1e6)
        self._sorted = np.unique(np.concatenate(made))

    def has(self, plain: str) -> bool:
        value, slack = float(plain), 0.5 * 10.0 ** -len(plain.partition(".")[2]) + 1e-9
        first = int(np.searchsorted(self._sorted, value - slack))
        return first < len(self._sorted) and bool(self._sorted[first] <= value + slack)


def _of_table(path: Path) -> Iterator[float]:
    with open(path, encoding="utf-8", newline="") as file:
        for row in csv.reader(file):
            for cell in row:
                yield from map(float, re.findall(r"(?<![\w.])\d+(?:\.\d+)?(?:e[+-]?\d+)?(?!\w)", cell))


def _answered(results: Path) -> Iterator[float]:
    """How many answered each question: those who were asked, less those who gave no answer for any reason."""
    path = results / "open_data/item_nonresponse.csv"
    if path.exists():
        gaps = read_table("item_nonresponse", path)
        gaps = gaps[gaps["reason"] == "any"]
        yield from map(float, (gaps["population"] - gaps["n"]).dropna())


def _sums_of_marks(results: Path, figures: dict) -> Iterator[float]:
    """What the marks of a figure of pairs add up to, which it prints beside them."""
    for name, options in figures.items():
        path = results / f"figures/{name}.csv"
        if figure_kinds()[options["kind"]].audit != "marks" or not path.exists():
            continue
        marks = read_figure_data(options["kind"], path)
        for moment in ("then", "now"):
            by_service = (marks[moment] * marks["facilities"]).groupby(marks["service"]).sum()
            yield from (float(by_service.sum()), *map(float, by_service))
