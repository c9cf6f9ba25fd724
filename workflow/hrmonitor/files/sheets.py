"""Files into sheets of text: CSV in any encoding, workbooks, Parquet. What was guessed is said.

A sheet keeps every row as it stands, headings included, with the number that a person sees beside it.
"""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path

from hrmonitor.errors import ReaderError
from hrmonitor.files.archives import check_workbook
from hrmonitor.files.sheet import Sheet, shaped
from hrmonitor.files.text_sheets import text_sheet
from hrmonitor.files.workbooks import parquet_sheet, workbook_sheets

ZIP, OLE, PARQUET = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"PAR1"


def read_sheets(path: str, entry: dict) -> tuple[list[Sheet], list[str]]:
    """All sheets of a file (a CSV has one; a zip of CSVs has one a file), and what was found out about it.

    The sheet that `sheet:` of the entry names, else the first, is as `skip_rows:` and `headings:` say (`files.sheet.shaped`). Raises
    `ReaderError` with the file and, for a row that is cut short or too long, its number.
    """
    sheets, facts = _sheets(path, entry)
    wanted = entry.get("sheet", sheets[0].name)
    found = []
    for sheet in sheets:
        if sheet.name == wanted:
            sheet, said = shaped(sheet, entry)
            facts = [*facts, *said]
        found.append(sheet)
    return found, facts


def _sheets(path: str, entry: dict) -> tuple[list[Sheet], list[str]]:
    with open(path, "rb") as file:
        start = file.read(8)
    if not start.strip():
        raise ReaderError(f"{path}: there is nothing in the file. Export it again.")
    if start.startswith(PARQUET):
        return [parquet_sheet(path)], ["a Parquet file"]
    if start.startswith((ZIP, OLE)):
        if start.startswith(ZIP):
            check_workbook(path)
        if start.startswith(ZIP) and (members := _csv_members(path)):
            return _zipped(path, members, entry)
        sheets = [sheet for sheet in workbook_sheets(path) if sheet.cells.size]
        if not sheets:
            raise ReaderError(
                f"{path}: no sheet of the workbook holds anything. Export it again, or leave it out if nobody has answered yet."
            )
        return sheets, ["a workbook"]
    sheet, facts = text_sheet(path, Path(path).stem, Path(path).read_bytes(), entry)
    return [sheet], facts


def _zipped(path: str, members: list[str], entry: dict) -> tuple[list[Sheet], list[str]]:
    sheets, facts = [], [f"a zip with {len(members)} CSV files"]
    with zipfile.ZipFile(path) as archive:
        for member in members:
            try:
                content = archive.read(member)
            except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
                raise ReaderError(f"{path}: {member} in it cannot be unpacked. Download it again.") from error
            if not content.strip():
                continue
            sheet, found = text_sheet(f"{path}/{member}", Path(member).stem, content, entry)
            sheets.append(sheet)
            facts += found
    if not sheets:
        raise ReaderError(f"{path}: the CSV files in it are empty. Download it again.")
    return sheets, list(dict.fromkeys(facts))


def _csv_members(path: str) -> list[str]:
    try:
        with zipfile.ZipFile(path) as archive:
            return sorted(
                name for name in archive.namelist() if name.lower().endswith(".csv") and not name.startswith("__MACOSX")
            )
    except (zipfile.BadZipFile, OSError, NotImplementedError) as error:
        raise ReaderError(f"{path}: the file is cut off or damaged. Export it again.") from error
