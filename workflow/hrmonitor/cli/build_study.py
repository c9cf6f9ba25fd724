"""`build`: the study in a folder of its own, with the engine of this one beside it, from its raw answers to its report."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from hrmonitor.cli.new_study import ENGINE, LITTER
from hrmonitor.errors import ConfigError

# Of the engine's parts those that a study may have changed: they are brought only where they are not there.
CHANGEABLE = ("profiles", "report/open_data", ".gitignore")


def build_study(folder: Path, engine: Path, cores: int, targets: list[str]) -> int:
    """Bring the engine into the study's folder and build the study there, or the `targets` of it; the exit code of Snakemake.

    Raises `ConfigError` as `bring_engine`.
    """
    bring_engine(folder, engine)
    command = [sys.executable, "-m", "snakemake", "--cores", str(cores), *targets]
    return subprocess.run(command, cwd=folder, check=False).returncode


def bring_engine(folder: Path, engine: Path) -> None:
    """Put the engine into a study's folder, in place of an older one; what is the study's own stays as it is.

    A file that is the same keeps its date, so that only what follows from a change is built anew. Raises `ConfigError` where `folder` is
    no study, or `engine` no folder of the monitor.
    """
    if not (engine / "Snakefile").is_file():
        raise ConfigError(
            "run this in a copy of the monitor's own folder, which has its Snakefile: the study is built with it."
        )
    if not (folder / "config.yaml").is_file():
        raise ConfigError(
            f"{folder} is no study: it has no config.yaml. Name its folder, or start one: hrmonitor new-study."
        )
    if folder.resolve() == engine.resolve():
        raise ConfigError(f"{folder} has this engine already. Build it with `make report`.")
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
