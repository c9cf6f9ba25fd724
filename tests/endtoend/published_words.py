"""What files that go out say to a reader, for tests of their words."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from pypdf import PdfReader

# What people read or take along.
PUBLISHED = ("report", "figures", "open_data")
# Names of columns, questions and files, which are the same in all studies.
NAMES = re.compile(
    r"facility\W{0,3}_\W{0,2}(?:name|id)|\w*(?:minimum|too_few)_facilities|`facilities`|\"name\": \"facilities\"|facilities\.parquet|^[\w,]*\bfacilities\b[\w,]*$",
    re.M,
)
FACILITIES = re.compile(r".{0,40}(?:facilit|voorziening).{0,40}", re.I)


def told_of(path: Path) -> str:
    """All that a file says to a reader or a program."""
    if path.suffix == ".pdf":
        return " ".join(page.extract_text() for page in PdfReader(path).pages)
    if path.suffix in (".docx", ".pptx"):
        with zipfile.ZipFile(path) as archive:
            return " ".join(archive.read(name).decode() for name in archive.namelist() if name.endswith(".xml"))
    return "" if path.suffix in (".parquet", ".png") else path.read_text(encoding="utf-8")


def facilities_in(results: Path) -> dict[str, list[str]]:
    """File -> where it speaks of facilities, in English or Dutch, of all files that go out."""
    found, seen = {}, 0
    for path in sorted(path for folder in PUBLISHED for path in (results / folder).rglob("*") if path.is_file()):
        told = NAMES.sub(" ", told_of(path)) if path.name != "LICENSE.txt" else ""
        seen += bool(told)
        if said := FACILITIES.findall(told):
            found[str(path.relative_to(results))] = said[:5]
    assert seen > 20
    return found
