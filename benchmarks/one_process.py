"""The stages of a build one after another in one process: `python benchmarks/one_process.py SCRIPTS`, in a folder without results.

SCRIPTS holds what `snakemake --skip-script-cleanup` leaves in `.snakemake/scripts`: the script of every job with the files and
settings that it was given. In the order in which the jobs began, each finds what it reads.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

# Ends what Snakemake puts before a script: the object `snakemake`, pickled.
MARK = "######## snakemake preamble end #########\n"


def scripts_in(folder: Path) -> list[Path]:
    """Scripts of jobs, in the order in which the jobs began."""
    return sorted(folder.glob("*.py"), key=lambda path: path.stat().st_mtime_ns)


def given_to(script: Path):
    """The object `snakemake` of a job."""
    names = {"__file__": str(script)}
    exec(script.read_text(encoding="utf-8").split(MARK)[0], names)
    return names["snakemake"]


def run(script: Path) -> None:
    """The script of a job, in this process."""
    snakemake = given_to(script)
    for output in snakemake.output:
        Path(output).parent.mkdir(parents=True, exist_ok=True)
    body = script.read_text(encoding="utf-8").split(MARK)[1]
    exec(compile(body, script, "exec"), {"snakemake": snakemake, "__name__": "__main__"})


if __name__ == "__main__":
    for script in scripts_in(Path(sys.argv[1])):
        start = time.perf_counter()
        run(script)
        print(f"{time.perf_counter() - start:6.2f} s  {script.name.partition('.')[2]}")
