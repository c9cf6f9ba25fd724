"""Archives from outside (xlsx, ods, docx, zips of CSVs) are measured before they are unpacked."""

from __future__ import annotations

import zipfile

from hrmonitor.errors import ReaderError

# A round of 10 000 forms with 300 questions unpacks to some 200 MB; bombs to thousands of that.
MOST_BYTES = 1_000_000_000
MOST_MEMBERS = 5_000
# Sheets of repeated answers shrink a hundredfold at most; small files may shrink as they like.
MOST_RATIO, RATIO_FROM = 250, 50_000_000


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
