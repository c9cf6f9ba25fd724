"""Seconds and peak memory of each stage, from reading to the indicators, on surveys of growing size.

python benchmarks/stages.py [--sizes 1000,10000,100000] [--json FILE]    makes the surveys, measures, prints the table
python benchmarks/stages.py --run FOLDER STAGE                           one stage in this process
python benchmarks/stages.py --profile FOLDER STAGE                       the functions of ours in which its processor time passes

Each stage is a process of its own, as a job of Snakemake is, and runs the very script of its rule. Beside them stand `polars.read_csv`
and `pyarrow.csv.read_csv`, which read the same file and do nothing else. A growth exponent compares the CPU seconds of a size with those of the one before it; 1 is linear (below
it, the imports still show).
"""

from __future__ import annotations

import argparse
import cProfile
import itertools
import json
import math
import pstats
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

from hot_spots import told
from hrmonitor.project.config import RoundConfig
from measuring import peak_memory

ROOT = Path(__file__).resolve().parents[1]
STAGES = ("ingest", "clean", "suppressions", "indicators")
# All cells as text for polars, whose guess at the types of columns fails on cells such as "ca. 120" far down.
READERS = {"polars.read_csv": {"infer_schema": False}, "pyarrow.csv.read_csv": {}}


class Named(list):
    """Files by place and by name, as Snakemake hands them to a script."""

    def __init__(self, **files: object):
        super().__init__(one for file in files.values() for one in ([file] if isinstance(file, str) else file))
        self.__dict__.update(files)

    def __getitem__(self, key):
        return self.__dict__[key] if isinstance(key, str) else super().__getitem__(key)


def job(folder: Path, stage: str) -> SimpleNamespace:
    """What Snakemake would hand to the script of a stage."""
    entry = {
        "path": f"{folder}/export.csv",
        "tool": "limesurvey",
        "mode": "interview",
        "notations": {"approximate": "as_number"},
    }
    exports = {"questionnaire": f"{folder}/form", "exports": [entry], "files": [entry["path"]]}
    round_ = {"year": 2024, "questionnaire": f"{folder}/form", "contacts": None, "names": None, "other": None, "labels": None,
              "least_answered": RoundConfig.least_answered, "accept": [], "group": ""}  # fmt: skip
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
        "ingest": ({"register": [f"{folder}/register.csv"]}, {"responses": stem["responses"], "notes": stem["ingest"]}),
        "clean": ({"responses": stem["responses"], "notes": stem["ingest"], "register": [f"{folder}/register.csv"]},
                  {name: stem[name] for name in ("facilities", "audit", "flow", "submissions")}),
        "suppressions": ({"facilities": [stem["facilities"]], "register": [f"{folder}/register.csv"]}, {"suppressions": stem["suppressions"]}),
        "indicators": ({"facilities": [stem["facilities"]], "register": [f"{folder}/register.csv"], "suppressions": stem["suppressions"]},
                       {"indicators": stem["indicators"]}),
    }  # fmt: skip
    given, made = parts[stage]
    params = SimpleNamespace(
        round=exports if stage == "ingest" else round_,
        rounds={"bench": round_},
        imputation={"method": "none"},
        seed=1,
        settings=settings,
        disclosure={"minimum_cell": 3},
    )
    return SimpleNamespace(input=Named(**given), output=Named(**made), params=params, log=[f"{folder}/{stage}.log"],
                           wildcards=SimpleNamespace(round="bench"), config={})  # fmt: skip


def work_of(folder: Path, stage: str) -> Callable[[], object]:
    """The stage, or one of `READERS`, as a function."""
    if stage in READERS:
        module, function = stage.rsplit(".", 1)
        return partial(getattr(import_module(module), function), f"{folder}/export.csv", **READERS[stage])
    script = ROOT / "workflow" / "scripts" / f"{stage}.py"
    return partial(exec, compile(script.read_text(encoding="utf-8"), script, "exec"), {"snakemake": job(folder, stage)})


def profile(folder: Path, stage: str) -> None:
    """Prints where the processor time of the stage passes, as `hot_spots` does."""
    profiler = cProfile.Profile(time.process_time)
    profiler.runcall(work_of(folder, stage))
    print(told(stage, pstats.Stats(profiler), 16)[1])


def run(folder: Path, stage: str) -> None:
    """The stage in this process, or one of `READERS`; prints what `measure` gives."""
    work = work_of(folder, stage)
    start = time.perf_counter()
    work()
    seconds = time.perf_counter() - start
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = sum(used.ru_utime + used.ru_stime for used in (own, children))
    peak = peak_memory()
    print(json.dumps({"seconds": seconds, "cpu": cpu, "peak": peak}))


def measure(folder: Path, stage: str) -> dict[str, float]:
    """seconds, cpu (seconds) and peak (bytes) of a stage in a process of its own."""
    # In the survey's own folder: jobs keep records of what they made beside it.
    found = subprocess.run(
        [sys.executable, str(Path(__file__).resolve()), "--run", str(folder.resolve()), stage],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if found.returncode:
        raise RuntimeError(found.stderr[-2000:])
    return json.loads(found.stdout.splitlines()[-1])


def survey_of(size: int, folder: Path, words: int = 0) -> Path:
    """The form, sampling frame and export of so many submissions, made in `folder`; `words` as for `survey.write_export`."""
    import survey

    survey.write_form(folder / "form")
    survey.write_register(folder / "register.csv", size)
    survey.write_export(folder / "export.csv", size, words=words)
    return folder


def measure_all(sizes: list[int]) -> list[dict]:
    """One row a size and stage: size, bytes (of the export), stage, seconds, cpu, peak, exponent (absent for the first size).

    The stage `all` has the seconds of the four together and the largest of their peaks.
    """
    rows: list[dict] = []
    for size in sizes:
        with tempfile.TemporaryDirectory() as place:
            folder = survey_of(size, Path(place))
            length = (folder / "export.csv").stat().st_size
            found = {stage: measure(folder, stage) for stage in (*READERS, *STAGES)}
        of_all = [found[stage] for stage in STAGES]
        found["all"] = {key: sum(one[key] for one in of_all) for key in ("seconds", "cpu")}
        found["all"]["peak"] = max(one["peak"] for one in of_all)
        rows += [{"size": size, "bytes": length, "stage": stage, **values} for stage, values in found.items()]
    by_stage = {(row["stage"], row["size"]): row for row in rows}
    for before, after in itertools.pairwise(sizes):
        for stage in {row["stage"] for row in rows}:
            first, second = by_stage[stage, before], by_stage[stage, after]
            second["exponent"] = math.log(second["cpu"] / first["cpu"]) / math.log(after / before)
    return rows


def as_table(rows: list[dict]) -> str:
    """The rows of `measure_all` as a Markdown table; `times` is against `polars.read_csv` of the same file."""
    polars = {row["size"]: row["seconds"] for row in rows if row["stage"] == "polars.read_csv"}
    lines = [
        "| submissions | stage | seconds | CPU seconds | peak memory | times the file | growth exponent | times polars |"
    ]
    lines += ["|" + "---|" * 8]
    for row in rows:
        exponent = f"{row['exponent']:.2f}" if "exponent" in row else ""
        lines.append(
            f"| {row['size']:,} | {row['stage']} | {row['seconds']:.2f} | {row['cpu']:.2f} | {row['peak'] / 1e9:.2f} GB "
            f"| {row['peak'] / row['bytes']:.1f} | {exponent} | {row['seconds'] / polars[row['size']]:.0f} |"
        )
    return "\n".join(lines)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--sizes", default="1000,10000,100000", help="numbers of submissions, the smallest first")
    options.add_argument("--json", type=Path, help="write the rows here too")
    options.add_argument("--run", nargs=2, metavar=("FOLDER", "STAGE"))
    options.add_argument("--profile", nargs=2, metavar=("FOLDER", "STAGE"))
    given = options.parse_args()
    if given.profile:
        profile(Path(given.profile[0]), given.profile[1])
        return
    if given.run:
        run(Path(given.run[0]), given.run[1])
        return
    rows = measure_all([int(size) for size in given.sizes.split(",")])
    if given.json:
        given.json.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    print(as_table(rows))


if __name__ == "__main__":
    main()
