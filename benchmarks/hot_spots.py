"""Where the jobs of a cold build spend their time; writes benchmarks/hot_spots.txt: `python benchmarks/hot_spots.py PROJECT [RULE ...]`.

PROJECT was built by `snakemake --skip-script-cleanup`. One job of each rule runs again, by itself, under cProfile. Seconds are of its own
processor time, so that a busy machine does not show; profiling makes Python code some twice as slow. Pandoc, and the processes that draw figures,
are processes of their own, and not in it.
"""

from __future__ import annotations

import os
import pstats
import subprocess
import sys
import tempfile
from pathlib import Path

from hrmonitor.build.environment import SAME_EVERYWHERE
from one_process import scripts_in

LINES = 6
PROGRAM = """import cProfile, runpy, sys, time
profile = cProfile.Profile(time.process_time)
profile.runcall(runpy.run_path, sys.argv[1])
profile.dump_stats(sys.argv[2])
"""


def profile(script: Path, project: Path) -> pstats.Stats:
    with tempfile.TemporaryDirectory() as place:
        kept = Path(place, "kept")
        subprocess.run(
            [sys.executable, "-c", PROGRAM, str(script), str(kept)], cwd=project, check=True, capture_output=True,
            env={**os.environ, **SAME_EVERYWHERE, "PYTHONPATH": str(project / "workflow")},
        )  # fmt: skip
        return pstats.Stats(str(kept))


def told(rule: str, stats: pstats.Stats, most: int = LINES) -> tuple[float, str]:
    """(seconds, a paragraph): what imports took, and the `most` functions of ours in which most time passed."""
    passed = {place: cumulative for place, (_, _, _, cumulative, _) in stats.stats.items()}
    imports = sum(time for (_, _, name), time in passed.items() if name == "_find_and_load")
    ours = sorted(
        (time, Path(file).as_posix().split("/workflow/")[1], name)
        for (file, _, name), time in passed.items()
        if "/workflow/hrmonitor/" in file and name != "<module>"
    )
    lines = [f"{rule}: {stats.total_tt:.1f} s, of which {imports:.1f} s imports"]
    lines += [f"    {time:5.1f} s  {file}: {name}" for time, file, name in reversed(ours[-most:])]
    return stats.total_tt, "\n".join(lines)


def main(project: Path, rules: list[str]) -> None:
    jobs = {script.name.split(".")[1]: script for script in scripts_in(project / ".snakemake" / "scripts")}
    found = sorted(
        (told(rule, profile(script, project)) for rule, script in jobs.items() if not rules or rule in rules),
        reverse=True,
    )
    text = "Made by benchmarks/hot_spots.py: a job of each rule, processor time under cProfile, slowest first.\n\n"
    text += "\n\n".join(paragraph for _, paragraph in found) + "\n"
    Path(__file__).with_suffix(".txt").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), sys.argv[2:])
