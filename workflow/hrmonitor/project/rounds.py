"""The exports of a round, each with the entry in config.yaml that says how to read it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fnmatch import fnmatch
from pathlib import PurePosixPath

from hrmonitor.project.config import Export

# In the round's folder: where people decide (cli/decide). It is a form to fill in; its CSV files are the record, and the build reads those.
DECISIONS_WORKBOOK = "decisions.xlsx"


def exports_of(
    questionnaire: str, files: Sequence[str], exports: Sequence[Export]
) -> Iterator[tuple[str, str, Export]]:
    """(path, source, entry) of each export of a round, whose `questionnaire`, `files` and `exports` are those of its `RoundConfig`.

    Sources are named from the round's folder on: the place means the same wherever the project stands.
    """
    home = PurePosixPath(questionnaire).parent
    for path in files:
        entry = next(entry for entry in exports if fnmatch(path, entry.path))
        place = PurePosixPath(path)
        yield path, str(place.relative_to(home)) if place.is_relative_to(home) else str(place), entry
