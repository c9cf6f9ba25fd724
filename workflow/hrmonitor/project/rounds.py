"""The exports of a round, each with the entry in config.yaml that says how to read it."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import PurePosixPath

from hrmonitor.project.config import Export, RoundConfig


def exports_of(round_: RoundConfig) -> Iterator[tuple[str, str, Export]]:
    """(path, source, entry) of each export of a round as `checks.check_config` gives it.

    Sources are named from the round's folder on: the place means the same wherever the project stands.
    """
    home = PurePosixPath(round_.questionnaire).parent
    for path in round_.files:
        entry = next(entry for entry in round_.exports if fnmatch(path, entry.path))
        place = PurePosixPath(path)
        yield path, str(place.relative_to(home)) if place.is_relative_to(home) else str(place), entry
