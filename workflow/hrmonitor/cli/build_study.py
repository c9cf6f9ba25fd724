"""`build`: the study in a folder of its own, with the engine of this one beside it, from its raw answers to its report."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from hrmonitor.cli.engine import put_engine
from hrmonitor.errors import ConfigError


def build_study(folder: Path, engine: Path, cores: int, targets: list[str]) -> int:
    """Bring the engine into the study's folder and build the study there, or the `targets` of it; the exit code of Snakemake.

    Raises `ConfigError` as `bring_engine`.
    """
    bring_engine(folder, engine)
    command = [sys.executable, "-m", "snakemake", "--cores", str(cores), *targets]
    return subprocess.run(command, cwd=folder, check=False).returncode


def bring_engine(folder: Path, engine: Path) -> None:
    """`put_engine`. Raises `ConfigError` where `folder` is no study, or `engine` no folder of the monitor."""
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
    put_engine(folder, engine)
