"""Which cells of an .xlsx workbook are formatted as a percentage: such a cell stores 0.125 and shows 12.5%."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator

# Percentages among the formats that Excel does not write out (ECMA-376, 18.8.30).
BUILT_IN = {"9", "10"}
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
OFFICE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


def percent_cells(path: str) -> dict[str, set[tuple[int, int]]]:
    """Sheet -> (row, column) from 1. Nothing for a file that is no .xlsx: other formats do not tell through our library."""
    from lxml import etree

    try:
        with zipfile.ZipFile(path) as book:
            if "xl/styles.xml" not in book.namelist():
                return {}
            styles = _percent_styles(_tree(book, "xl/styles.xml"))
            if not styles:
                return {}
            return {name: set(_cells(book, member, styles)) for name, member in _sheets(book)}
    except (zipfile.BadZipFile, zlib.error, OSError, KeyError, ValueError, EOFError, NotImplementedError, RuntimeError,
            etree.XMLSyntaxError):  # fmt: skip
        # Damage that matters is said by the reader of the cells.
        return {}


def _tree(book: zipfile.ZipFile, member: str):
    from lxml import etree

    # No entities and no network: the workbook came from outside.
    return etree.fromstring(
        book.read(member), etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    )


def _percent_styles(styles) -> set[str]:
    """Places in the list of cell formats, as cells refer to them."""
    codes = {one.get("numFmtId"): one.get("formatCode", "") for one in styles.iter(f"{MAIN}numFmt")}
    percent = {number for number, code in codes.items() if "%" in re.sub(r'"[^"]*"|\\.|\[[^\[\]]*\]', "", code)}
    formats = styles.find(f"{MAIN}cellXfs")
    found = [] if formats is None else list(formats.iter(f"{MAIN}xf"))
    return {
        str(place)
        for place, one in enumerate(found)
        if one.get("numFmtId") in percent or (one.get("numFmtId") in BUILT_IN and one.get("numFmtId") not in codes)
    }


def _sheets(book: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    targets = {one.get("Id"): one.get("Target", "") for one in _tree(book, "xl/_rels/workbook.xml.rels")}
    for one in _tree(book, "xl/workbook.xml").iter(f"{MAIN}sheet"):
        target = targets.get(one.get(f"{OFFICE}id"), "")
        yield one.get("name", ""), target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _cells(book: zipfile.ZipFile, member: str, styles: set[str]) -> Iterator[tuple[int, int]]:
    from lxml import etree

    with book.open(member) as file:
        for _, one in etree.iterparse(file, tag=f"{MAIN}c", resolve_entities=False, no_network=True, huge_tree=False):
            if one.get("s") in styles and (match := re.fullmatch(r"([A-Z]{1,3})(\d{1,7})", one.get("r", ""))):
                column = 0
                for letter in match.group(1):
                    column = column * 26 + ord(letter) - ord("A") + 1
                yield int(match.group(2)), column
            one.clear()
