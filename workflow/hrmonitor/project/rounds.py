"""The exports of a round, each with the entry in config.yaml that says how to read it."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import PurePosixPath

from hrmonitor.project.config import Export, RoundExports

# The question by which answers are matched to the register.
NAME = "facility_name"
NO_NAME = (
    f"{NAME!r} cannot be absent: without it no answer is matched to the register, and none counts. Name the column with the "
    "facility in a CSV under `columns:` of the export, or add the column to the file."
)
# In the round's folder: where people decide (cli/decide). It is a form to fill in; its CSV files are the record, and the build reads those.
DECISIONS_WORKBOOK = "decisions.xlsx"


def exports_of(round_: RoundExports) -> Iterator[tuple[str, str, Export]]:
    """(path, source, entry) of each export of a round.

    Sources are named from the round's folder on: the place means the same wherever the project stands.
    """
    for path in round_.files:
        entry = next(entry for entry in round_.exports if fnmatch(path, entry.path))
        place = PurePosixPath(path)
        inside = place.is_relative_to(round_.folder)
        yield path, str(place.relative_to(round_.folder)) if inside else str(place), entry
