"""Archives from outside (xlsx, ods, docx, zips of CSVs) are measured before they are unpacked."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from xml.parsers import expat

from hrmonitor.errors import ReaderError

# A round of 10 000 forms with 300 questions unpacks to some 200 MB; bombs to thousands of that.
MOST_BYTES = 1_000_000_000
MOST_MEMBERS = 5_000
# Sheets of repeated answers shrink a hundredfold at most; small files may shrink as they like.
MOST_RATIO, RATIO_FROM = 250, 50_000_000
# Excel stops at 16 384 columns; a long form of many ticked options has a few thousand.
MOST_COLUMNS = 20_000
# Readers make every cell up to the last row and column, filled or not; these take some gigabytes.
MOST_CELLS = 50_000_000
_CELL = re.compile(rb"""<(?:\w+:)?(?:c|row)\s(?:[^<>]*?\s)?r=["']([A-Za-z]*)(\d+)["'][^<>]*(?<!/)>""")
_ODS = re.compile(rb"<table:(table|table-row|table-cell|covered-table-cell)(\s[^<>]*?)?(/?)>")
_REPEATED = re.compile(rb"""table:number-(?:rows|columns)-repeated=["'](\d+)["']""")


def check_archive(path: str) -> None:
    """Raises `ReaderError` when the archive would unpack to more than an export can be; no member is opened.

    Sizes are those that the archive declares: zipfile and calamine unpack no more than that.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, NotImplementedError, ValueError):
        return  # damaged: whoever opens it says so in words that fit
    size, packed = sum(one.file_size for one in members), sum(one.compress_size for one in members)
    if len(members) > MOST_MEMBERS or size > MOST_BYTES or (size > RATIO_FROM and size > MOST_RATIO * packed):
        raise ReaderError(
            f"{path}: it would unpack to {size // 1_000_000} MB in {len(members)} parts, which no export does. "
            "Ask the sender for the file again; do not open it."
        )


def check_workbook(path: str) -> None:
    """`check_archive`, and `ReaderError` when a cell stands so far out that the sheet cannot be held in memory.

    One cell in Excel's last row and column makes a sheet of 17 thousand million cells.
    """
    check_archive(path)
    rows = columns = 0
    try:
        with zipfile.ZipFile(path) as archive:
            for member in archive.infolist():
                if member.filename.endswith(".bin") and "worksheets" in member.filename:
                    raise ReaderError(f"{path}: this is a binary workbook (.xlsb). Save it as .xlsx.")
                if member.filename == "content.xml":
                    # Where a tag is damaged calamine comes to no end.
                    expat.ParserCreate().ParseFile(archive.open(member))
                extent = _ods_extent if member.filename == "content.xml" else _xlsx_extent
                found = extent(_tags(archive, member))
                rows, columns = max(rows, found[0]), max(columns, found[1])
    except expat.ExpatError as error:
        raise ReaderError(f"{path}: the workbook cannot be opened. Save it again as .xlsx.") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError):
        return  # damaged: whoever opens it says so in words that fit
    if columns > MOST_COLUMNS or rows * columns > MOST_CELLS:
        raise ReaderError(
            f"{path}: a sheet reaches to row {rows} and column {columns}, which no answers do. Delete all rows and columns behind the "
            "last answer (they are not empty) and save it again."
        )


def _tags(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """The member in pieces that end before a tag."""
    with archive.open(member) as file:
        rest = b""
        while block := file.read(1 << 22):
            block = rest + block
            cut = block.rfind(b"<")
            yield block[:cut] if cut > 0 else b""
            rest = block[cut:] if cut >= 0 else b""
        yield rest


def _xlsx_extent(pieces: Iterator[bytes]) -> tuple[int, int]:
    """(last row, last column) of cells that hold something."""
    rows = columns = 0
    for piece in pieces:
        found = _CELL.findall(piece)
        rows = max([rows, *(int(row[-12:]) for _, row in found)])
        columns = max([columns, *(_number(letters) for letters in {letters for letters, _ in found})])
    return rows, columns


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters[:8].upper():
        number = number * 26 + letter - 64
    return number


def _ods_extent(pieces: Iterator[bytes]) -> tuple[int, int]:
    """The same, where rows and cells say how often they are repeated; what is repeated and empty at the end does not count."""
    rows = columns = last_row = row = column = times = 0
    for piece in pieces:
        for kind, attributes, closed in _ODS.findall(piece):
            found = _REPEATED.search(attributes)
            repeated = int(found.group(1)[-12:]) if found else 1
            if kind == b"table":
                row = times = 0
            elif kind == b"table-row":
                row, column, times = row + times, 0, repeated
            else:
                column += repeated
                if not closed or b"office:value" in attributes:
                    last_row, columns = row + times, max(columns, column)
        rows = max(rows, last_row)
    return rows, columns
