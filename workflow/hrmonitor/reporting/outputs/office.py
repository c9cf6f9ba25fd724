"""Word and PowerPoint files with the same bytes wherever and whenever they are made."""

from __future__ import annotations

import io
import re
import zipfile

# The first day that a zip file can name.
EPOCH = (1980, 1, 1, 0, 0, 0)
# Office takes no longer title or author among the properties of a file.
LONGEST_PROPERTY = 255


def same_bytes(made: bytes, year: int) -> bytes:
    """The file with members in order and without a clock: its dates are the first day of `year`, that of the newest round.

    Members are not compressed: each edition of zlib, of which every system has its own, would give other bytes.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made)) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as new:
        # [Content_Types].xml comes first in every file that Word or PowerPoint writes.
        for name in sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            content = old.read(name)
            if name == "docProps/core.xml":
                content = _fixed_dates(content, year)
            elif name.endswith(".xlsx"):
                # The data of a chart, which PowerPoint opens in Excel.
                content = same_bytes(content, year)
            member = zipfile.ZipInfo(name, EPOCH)
            member.external_attr, member.create_system = 0o600 << 16, 3
            new.writestr(member, content)
    return packed.getvalue()


def _fixed_dates(core: bytes, year: int) -> bytes:
    day = f"{year}-01-01T00:00:00Z".encode()
    return re.sub(rb"(<dcterms:(created|modified)[^>]*>)[^<]*", lambda found: found.group(1) + day, core)
