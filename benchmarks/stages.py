"""Seconds and peak memory of each stage on a survey of so many submissions: `python benchmarks/stages.py FOLDER STAGE`.

Each stage is a process of its own, as a job of Snakemake is, and runs the very script of its rule.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "workflow"))
STAGES = ("ingest", "clean", "suppressions", "indicators")


class Named(list):
    """Files by place and by name, as Snakemake hands them to a script."""

    def __init__(self, **files: object):
        super().__init__(files.values())
        self.__dict__.update(files)

    def __getitem__(self, key):
        return self.__dict__[key] if isinstance(key, str) else super().__getitem__(key)


def job(folder: Path, stage: str) -> SimpleNamespace:
    """What Snakemake would hand to the script of a stage."""
    entry = {"path": f"{folder}/export.csv", "tool": "limesurvey", "mode": "interview"}
    round_ = {"year": 2024, "questionnaire": f"{folder}/form", "exports": [entry], "files": [entry["path"]],
              "contacts": None, "names": None, "other": None}  # fmt: skip
    settings = {"confidence": 0.95, "seed": 1, "dont_know_in_base": True}
    files = {
        name: f"{folder}/{name}"
        for name in (
            "responses.parquet",
            "ingest.csv",
            "facilities.parquet",
            "audit.csv",
            "flow.csv",
            "submissions.csv",
            "suppressions.csv",
            "indicators.csv",
        )
    }
    stem = {name.split(".")[0]: file for name, file in files.items()}
    parts = {
        "ingest": ({}, {"responses": stem["responses"], "notes": stem["ingest"]}),
        "clean": ({"responses": stem["responses"], "notes": stem["ingest"], "register": f"{folder}/register.csv"},
                  {name: stem[name] for name in ("facilities", "audit", "flow", "submissions")}),
        "suppressions": ({"facilities": [stem["facilities"]], "register": f"{folder}/register.csv"}, {"suppressions": stem["suppressions"]}),
        "indicators": ({"facilities": [stem["facilities"]], "register": f"{folder}/register.csv", "pattern": stem["suppressions"]},
                       {"indicators": stem["indicators"]}),
    }  # fmt: skip
    given, made = parts[stage]
    params = SimpleNamespace(
        round=round_,
        rounds={"bench": round_},
        imputation={"method": "none"},
        seed=1,
        settings=settings,
        disclosure={},
        rounding_base=0,
    )
    return SimpleNamespace(input=Named(**given), output=Named(**made), params=params, log=[f"{folder}/{stage}.log"])


def run(folder: Path, stage: str) -> None:
    """The stage in this process; prints seconds and the peak of memory in bytes, both with all imports."""
    start = time.perf_counter()
    script = ROOT / "workflow" / "scripts" / f"{stage}.py"
    exec(compile(script.read_text(encoding="utf-8"), script, "exec"), {"snakemake": job(folder, stage)})
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"seconds": time.perf_counter() - start, "peak": peak}))


def measure(folder: Path, stage: str, most_memory: int | None = None) -> dict[str, float]:
    """The stage in a process of its own, whose address space may be limited to `most_memory` bytes."""
    limit = ["prlimit", f"--as={most_memory}"] if most_memory else []
    found = subprocess.run(
        [*limit, sys.executable, __file__, str(folder), stage], capture_output=True, text=True, check=False
    )
    if found.returncode:
        raise RuntimeError(found.stderr[-2000:])
    return json.loads(found.stdout.splitlines()[-1])


if __name__ == "__main__":
    run(Path(sys.argv[1]), sys.argv[2])
