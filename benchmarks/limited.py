"""A build under a limit on memory, of an export twice as large as the limit: `python benchmarks/limited.py [BYTES]`, some six minutes.

The project with a survey of long open answers as its only round, built by Snakemake to the indicators under `ulimit -v`. Beside it, pandas reads
the same file under the same limit, to see that the limit bites.
"""

from __future__ import annotations

import math
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import yaml
from builds import Project
from stages import survey_of

# Snakemake and the libraries of a job alone take some 500 MB of address space.
LIMIT, TIMES = 720_000_000, 2
# Words of an open answer, and bytes of a submission with three of them.
WORDS, BYTES = 900, 14_800
# What a process may map counts under a limit, used or not: one arena, few threads, and every large block given back by itself.
LEAN = {
    "MALLOC_ARENA_MAX": "1", "MALLOC_MMAP_THRESHOLD_": "131072", "MALLOC_TRIM_THRESHOLD_": "131072",
    "ARROW_DEFAULT_MEMORY_POOL": "system", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1",
}  # fmt: skip
TARGET = "results/indicators.csv"


def project_of(size: int, folder: Path) -> Path:
    """The project in `folder` with a survey of so many submissions as its only round; returns the export."""
    raw = Project.copy(folder).folder / "raw" / "bench"
    raw.mkdir()
    survey_of(size, raw, WORDS)
    path = folder / "config.yaml"
    config = yaml.safe_load(path.read_text(encoding="utf-8"))
    export = {
        "path": "raw/bench/export.csv",
        "tool": "limesurvey",
        "mode": "interview",
        "notations": {"approximate": "as_number"},
    }
    round_ = {"year": 2024, "title": dict.fromkeys(("en", "nl"), "Bench"), "questionnaire": "raw/bench/form", "exports": [export]}  # fmt: skip
    config |= {"register": "raw/bench/register.csv", "rounds": {"bench": round_}, "findings": {}}
    config["disclosure"]["sensitive"] = []
    path.write_text(yaml.safe_dump(config, sort_keys=False), encoding="utf-8")
    return raw / "export.csv"


def under(limit: int, command: list[str], folder: Path) -> subprocess.CompletedProcess:
    return subprocess.run(
        ["prlimit", f"--as={limit}", sys.executable, *command], cwd=folder, env={**os.environ, **LEAN}, capture_output=True, text=True, check=False
    )  # fmt: skip


def main(limit: int) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        size = math.ceil(TIMES * limit / BYTES)
        export = project_of(size, folder)
        print(
            f"{size:,} submissions, {export.stat().st_size / 1e9:.2f} GB; limit on address space {limit / 1e9:.2f} GB"
        )
        peer = under(limit, ["-c", f"import pandas; pandas.read_csv({str(export)!r}, dtype=str)"], folder)
        print(
            f"pandas.read_csv: {'reads it' if peer.returncode == 0 else (peer.stderr.splitlines() or ['killed'])[-1]}"
        )
        start = time.perf_counter()
        ran = under(limit, ["-m", "snakemake", "--cores", "1", TARGET], folder)
        if ran.returncode:
            raise RuntimeError(f"the build failed:\n{(ran.stdout + ran.stderr)[-3000:]}")
        rows = len((folder / TARGET).read_text(encoding="utf-8").splitlines()) - 1
        print(f"snakemake {TARGET}: {rows:,} estimates in {time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else LIMIT)
