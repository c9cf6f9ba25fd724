"""The engine as it lies in a study's folder: `new-study` puts it there, `build` a newer one in its place."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

# What a project's folder has of the engine; all else in it is the study's.
ENGINE = (
    "Snakefile", "Makefile", "setup.sh", "pyproject.toml", "requirements.txt", "LICENSE", ".gitignore", "profiles", "workflow", "docs",
    "report/report.qmd", "report/annex.qmd", "report/open_data",
)  # fmt: skip
LITTER = shutil.ignore_patterns("__pycache__", ".*_cache")
# Of these parts those that a study may have changed: they are brought only where they are not there.
CHANGEABLE = ("profiles", "report/open_data", ".gitignore")


def put_engine(folder: Path, engine: Path) -> None:
    """Put the engine into a study's folder, in place of an older one if there is one; what is the study's own stays as it is.

    A file that is the same keeps its date, so that only what follows from a change is built anew.
    """
    for part in ENGINE:
        if part in CHANGEABLE and (folder / part).exists():
            continue
        wanted = set(_files(engine / part))
        for path in wanted:
            _bring(engine / part / path, folder / part / path)
        if part not in CHANGEABLE:
            for path in set(_files(folder / part)) - wanted:
                (folder / part / path).unlink()


def _files(part: Path) -> Iterator[Path]:
    """The files of a part, by their path within it; a part that is a file has one, at `.`."""
    if part.is_file():
        yield Path()
    for path in part.rglob("*"):
        within = path.relative_to(part)
        if path.is_file() and not LITTER(str(part), list(within.parts)):
            yield within


def _bring(source: Path, target: Path) -> None:
    if not target.is_file() or target.read_bytes() != source.read_bytes():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, target)
