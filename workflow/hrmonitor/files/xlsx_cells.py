"""Cells of an .xlsx workbook that are not what our library gives: 0.125 that shows 12.5%, an error, a formula that was never calculated.

The library gives nothing for the last two, as for an empty cell.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

# How a cell that is formatted as a percentage is told; others by what they show, or by their formula.
PERCENT = "%"
# Percentages among the formats that Excel does not write out (ECMA-376, 18.8.30).
BUILT_IN = {"9", "10"}
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
OFFICE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


def xlsx_cells(path: str) -> dict[str, dict[tuple[int, int], str]]:
    """Sheet -> (row, column) from 1 -> `PERCENT`, the error (`#DIV/0!`) or the formula (`=A1+1`).

    Nothing for a file that is no .xlsx: other formats do not tell through our library.
    """
    from lxml import etree

    try:
        with zipfile.ZipFile(path) as book:
            names = book.namelist()
            if "xl/workbook.xml" not in names:
                return {}
            styles = _percent_styles(_tree(book, "xl/styles.xml")) if "xl/styles.xml" in names else set()
            return {name: dict(_cells(book, member, styles)) for name, member in _sheets(book)}
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


def _cells(book: zipfile.ZipFile, member: str, styles: set[str]) -> Iterator[tuple[tuple[int, int], str]]:
    from lxml import etree

    text = book.read(member)
    if not styles and not re.search(rb't="e"|<(?:\w+:)?f\b', text):
        return
    for _, one in etree.iterparse(
        io.BytesIO(text), tag=f"{MAIN}c", resolve_entities=False, no_network=True, huge_tree=False
    ):
        if (match := re.fullmatch(r"([A-Z]{1,3})(\d{1,7})", one.get("r", ""))) and (told := _told(one, styles)):
            column = 0
            for letter in match.group(1):
                column = column * 26 + ord(letter) - ord("A") + 1
            yield (int(match.group(2)), column), told
        one.clear()


def _told(cell, styles: set[str]) -> str:
    """`PERCENT`, an error or a formula without a result; "" for other cells. A result of no letters has the type `str`."""
    result, formula = cell.findtext(f"{MAIN}v") or "", cell.find(f"{MAIN}f")
    if cell.get("t") == "e":
        return result
    if formula is not None and not result and cell.get("t") != "str":
        return f"={formula.text or ''}"
    return PERCENT if cell.get("s") in styles else ""
