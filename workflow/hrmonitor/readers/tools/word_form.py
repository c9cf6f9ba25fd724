"""Returned Word documents: a table with number, label, answer and remark, in cells or content controls."""

from __future__ import annotations

import zipfile
import zlib

from hrmonitor.errors import ReaderError
from hrmonitor.files.archives import check_archive
from hrmonitor.questionnaire.model import Questionnaire
from hrmonitor.readers.export import Export
from hrmonitor.readers.filled_forms import EMPTY_BOXES, HEADINGS, Row, interpret, row_of
from hrmonitor.readers.reader import Reader

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"


def read(path: str, entry: dict, questionnaire: Questionnaire) -> Export:
    """One row: the document. `row` is 1; a form that came back counts as submitted."""
    return interpret("word_form", path, _rows(path), questionnaire, "row {} of its tables")


def _rows(path: str) -> list[Row]:
    from lxml import etree

    check_archive(path)
    # No entities and no network: the document came from outside.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        with zipfile.ZipFile(path) as archive:
            root = etree.fromstring(archive.read("word/document.xml"), parser)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        KeyError,
        OSError,
        NotImplementedError,
        etree.XMLSyntaxError,
        RuntimeError,
    ) as error:
        raise ReaderError(f"{path}: the document cannot be opened. Ask for it again, as .docx.") from error
    # The title is not in the table, nor are the headings in every document: as in the workbook, two rows stand before.
    rows = [Row()]
    for row in root.iter(f"{W}tr"):
        cells = [_cell(cell) for cell in row.iter(f"{W}tc")]
        rows.append(row_of(cells))
    if len(rows) < 2 or rows[1].mark not in HEADINGS:
        rows.insert(0, Row())
    return rows


def _cell(cell) -> str:
    """Text of a cell; a ticked box of a content control is "x", a prompt to fill in is nothing."""
    boxed = False
    for control in cell.iter(f"{W}sdt"):
        checked = control.find(f"{W}sdtPr/{W14}checkbox/{W14}checked")
        if checked is not None and checked.get(f"{W14}val") in ("1", "true", "on"):
            return "x"
        boxed = boxed or checked is not None
    texts = []
    for paragraph in cell.iter(f"{W}p"):
        texts.append("".join(node.text or "" for node in paragraph.iter(f"{W}t") if not _in_prompt(node, cell)))
    text = " ".join(filter(None, (text.strip() for text in texts)))
    # Some write a cross beside the box, which no click has ticked.
    return text.strip("".join(EMPTY_BOXES) + " ") if boxed else text


def _in_prompt(node, cell) -> bool:
    while node is not cell and node is not None:
        if node.tag == f"{W}sdt" and node.find(f"{W}sdtPr/{W}showingPlcHdr") is not None:
            return True
        node = node.getparent()
    return False


READER = Reader("word_form", "a returned document", read, endings=(".docx",), needs_form=True)  # type: ignore[arg-type]  # `open_export` calls no reader that needs a form without one
