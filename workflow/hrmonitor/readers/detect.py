"""`tool: auto`: which reader a file needs, and why; or which came nearest, and what spoke against each."""

from __future__ import annotations

from pathlib import Path

from hrmonitor.files.sheets import read_sheets
from hrmonitor.readers.reader import Likeness
from hrmonitor.readers.registry import READERS

# The reader of what is of no tool.
ANY = "table"


def detect(path: str, entry: dict) -> tuple[str, str]:
    """(tool, why it was taken)."""
    suffix = Path(path).suffix.lower()
    for reader in READERS.values():
        if suffix in reader.endings:
            return reader.name, f"files that end in {suffix} are read so"
    if suffix in (".xlsx", ".xlsm"):
        for reader in READERS.values():
            if reader.recognise_file and (why := reader.recognise_file(path)):
                return reader.name, why
    sheets, _ = read_sheets(path, {**entry, "long_rows": True})
    likeness = {}
    for reader in READERS.values():
        if reader.recognise is None:
            continue
        found = [reader.recognise(sheet) for sheet in sheets]
        if sure := next((one for one in found if one.why), None):
            return reader.name, sure.why
        likeness[reader.title] = max(found, key=_share)
    return ANY, f"it is of no tool that is known. {_nearest(likeness)}"


def _share(one: Likeness) -> float:
    return len(one.has) / max(len(one.has) + len(one.lacks), 1)


def _nearest(likeness: dict[str, Likeness]) -> str:
    """The three tools that came nearest, and what spoke against each."""
    order = sorted(likeness, key=lambda title: -_share(likeness[title]))[:3]
    told = []
    for title in order:
        one = likeness[title]
        has = (
            f"it has {' and '.join(one.has)}, but lacks"
            if one.has
            else "it has neither"
            if len(one.lacks) > 1
            else "it lacks"
        )
        told.append(f"{title}: {has} {(' nor ' if not one.has else ' and ').join(one.lacks)}")
    return f"Nearest came {'; '.join(told)}. If it is of one of these, say so in `tool:`"
