"""A copy of the project that end-to-end tests may build, break and change."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from hrmonitor.publication.release import RECORD, SOURCES, result_files

ROOT = Path(__file__).resolve().parents[2]


class Project:
    """A project folder on disk and the `snakemake` call in it."""

    def __init__(self, folder: Path):
        self.folder = folder

    @classmethod
    def copy(cls, folder: Path, source: Path = ROOT, results: bool = False) -> Project:
        folder.mkdir(parents=True, exist_ok=True)
        for part in (*SOURCES, RECORD, *(("results", ".snakemake") if results else ())):
            original = source / part
            if original.is_dir():
                shutil.copytree(original, folder / part, ignore=shutil.ignore_patterns("__pycache__", "locks"))
            elif original.exists():
                shutil.copy2(original, folder / part)
        return cls(folder)

    @classmethod
    def without_study(cls, folder: Path, texts: bool = False) -> Project:
        """The engine for another study than the shipped one, whose files lie beside under other names; `texts` of it may stay."""
        project = cls.copy(folder)
        for part in ("raw", "config.yaml", *(() if texts else ("report/study",))):
            path = folder / part
            path.rename(path.with_name(f"shipped_{path.name}"))
        return project

    def snakemake(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess:
        """Run Snakemake here; its screen output (both streams) is in `stdout`."""
        run = subprocess.run(
            [sys.executable, "-m", "snakemake", *arguments],
            cwd=self.folder,
            # A copy runs its own package, which the test may change, and not the installed one.
            env={**os.environ, "PYTHONPATH": str(self.folder / "workflow"), "COLUMNS": "200"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            check=False,
        )
        if check and run.returncode != 0:
            raise AssertionError(f"snakemake {' '.join(arguments)} failed:\n{run.stdout[-6000:]}")
        return run

    def jobs_to_run(self, *targets: str) -> dict[str, int]:
        """Rule -> number of jobs that a `snakemake` call for these targets (or all) would run now."""
        plan = self.snakemake(*targets, "--dry-run", "--cores", "1", "--workflow-profile", "none").stdout
        counts = re.search(r"^job +count\n-+ +-+\n(.*?)^total", plan, re.M | re.S)
        if counts is None:
            assert "Nothing to be done" in plan, plan
            return {}
        rows = (line.split() for line in counts.group(1).splitlines() if line.strip())
        return {rule: int(count) for rule, count in rows}

    @property
    def config(self) -> dict:
        return yaml.safe_load((self.folder / "config.yaml").read_text(encoding="utf-8"))

    def write_config(self, config: dict) -> None:
        text = yaml.safe_dump(config, sort_keys=False, allow_unicode=True)
        (self.folder / "config.yaml").write_text(text, encoding="utf-8")

    def digests(self) -> dict[str, str]:
        """SHA-256 of every file under results/, logs aside."""
        return {path.removeprefix("results/"): digest for path, digest in result_files(self.folder).items()}


@pytest.fixture(scope="session")
def built(tmp_path_factory) -> Project:
    """The shipped project, built once for all workers. Tests only read it; `workbench` is for changes."""
    run = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        run = run.parent
    shared = run / "shipped"
    with open(run / "shipped.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (run / "shipped.built").exists():
            Project.copy(shared).snakemake("--cores", "4")
            (run / "shipped.built").touch()
    return Project.copy(tmp_path_factory.mktemp("built"), source=shared, results=True)


@pytest.fixture
def unbuilt(tmp_path) -> Project:
    """The shipped project before its first build, for what needs little of it."""
    return Project.copy(tmp_path / "project")


@pytest.fixture
def workbench(built, tmp_path) -> Project:
    """A built copy that a test may change."""
    return Project.copy(tmp_path / "project", source=built.folder, results=True)
