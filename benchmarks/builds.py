"""How long the build takes at the size that is shipped: `python benchmarks/builds.py [RUNS SLOW]`, three to six minutes a run.

In each run, one after another on the same machine: the cold build by Snakemake; the same stages in one process and in one notebook;
a build with nothing to do, and an empty workflow; builds after a change. A ratio is of what ran in the same run.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

from measuring import ROOT, Row, ratios, seconds, show

sys.path.insert(0, str(ROOT / "tests"))
from endtoend.conftest import Project
from hrmonitor.build.environment import SAME_EVERYWHERE
from hrmonitor.publication.release import result_files

CORES, QUICK = 2, 3
SNAKEMAKE = [sys.executable, "-m", "snakemake", "--cores", str(CORES)]
EMPTY = 'rule all:\n    input:\n        "made",\n\n\nrule make:\n    output:\n        "made",\n    shell:\n        "touch {output}"\n'
# Ours spares the search for garbage among what is imported, which has nothing to do with the size of a workflow.
SPARED = f"import gc\n\ngc.freeze()\n\n\n{EMPTY}"
# Name -> the file, what stands there, and what comes in its place.
CHANGES = {
    "a config line": ("config.yaml", "\nminimum_facilities: 10\n", "\nminimum_facilities: 9\n"),
    "a figure": ("workflow/hrmonitor/figures/barriers.py", "ends=0.85", "ends=0.86"),
    "a sentence": (
        "workflow/hrmonitor/resources/languages/en/report.yaml",
        '"Only questions that both rounds asked alike',
        '"Those questions that both rounds asked alike',
    ),
}
# Without a target, and slow: done in the first runs only.
SELDOM = ("one_notebook.py", "a config line", "a figure")


def change(folder: Path, name: str) -> None:
    """Make the change in a project that is built; raises `ValueError` if the line is not there any more."""
    file, old, new = CHANGES[name]
    path = folder / file
    before = path.read_text(encoding="utf-8")
    if before.count(old) != 1:
        raise ValueError(f"{file}: {old!r} stands there {before.count(old)} times; name another line in CHANGES.")
    path.write_text(before.replace(old, new), encoding="utf-8")


def alone(program: str, scripts: Path, folder: Path) -> float:
    """Seconds of the same stages without Snakemake."""
    workflow = {"PYTHONPATH": os.pathsep.join([str(folder / "workflow"), str(Path(__file__).parent)])}
    return seconds(
        [sys.executable, str(Path(__file__).with_name(program)), str(scripts)], folder, **SAME_EVERYWHERE, **workflow
    )


def compare(one: Path, other: Path) -> None:
    """Raises `ValueError` naming results that are not the same. One notebook for all has none for each document."""
    left, right = result_files(one), result_files(other)
    wrong = sorted(path for path in left if left[path] != right.get(path) and not path.endswith(".ipynb"))
    if wrong:
        raise ValueError(f"these are not what Snakemake made: {', '.join(wrong)}")


def run(place: Path, leave_out: tuple[str, ...]) -> dict[str, list[float]]:
    """What is measured -> seconds; those that stand side by side have as many. What was made is compared."""
    taken: dict[str, list[float]] = {}

    def took(name: str, value: float) -> None:
        taken.setdefault(name, []).append(value)
        print(f"  {name}: {value:.1f} s", flush=True)

    built, scripts = Project.copy(place / "built").folder, place / "scripts"
    others = {"empty": EMPTY, "empty and spared": SPARED}
    for name, rules in others.items():
        shutil.copytree(ROOT / "profiles", place / name / "profiles")
        (place / name / "Snakefile").write_text(rules, encoding="utf-8")
        seconds(SNAKEMAKE, place / name)
    took("cold", seconds([*SNAKEMAKE, "--skip-script-cleanup"], built))
    shutil.copytree(built / ".snakemake" / "scripts", scripts)
    for program in ("one_process.py", "one_notebook.py"):
        if program not in leave_out:
            folder = Project.copy(place / program).folder
            took(program, alone(program, scripts, folder))
            compare(built, folder)
    for _ in range(QUICK):
        took("nothing to do", seconds(SNAKEMAKE, built))
        for name in others:
            took(name, seconds(SNAKEMAKE, place / name))
    for name in CHANGES:
        if name not in leave_out:
            change(built, name)
            took(name, seconds(SNAKEMAKE, built))
    return taken


def measure(runs: int, slow: int) -> list[Row]:
    """So many runs; `SELDOM` in `slow` of them, at least one."""
    taken: dict[str, list[float]] = {}
    for number in range(runs):
        print(f"builds, run {number + 1} of {runs}", flush=True)
        with tempfile.TemporaryDirectory() as place:
            found = run(Path(place), SELDOM if number >= max(1, slow) else ())
        for name, values in found.items():
            taken.setdefault(name, []).extend(values)

    def row(name: str, what: str, beside: str, other: str, target: float | None = None) -> Row:
        return Row(what, beside, ratios(taken[name], taken[other]), taken[name], target)

    return [
        row("cold", "cold build", "the same stages in one process", "one_process.py", 1.8),
        row("cold", "cold build", "one notebook, then Pandoc and Typst", "one_notebook.py"),
        row("nothing to do", "nothing to do", "an empty workflow", "empty", 1.2),
        row("nothing to do", "nothing to do", "an empty workflow with our `gc.freeze()`", "empty and spared"),
        row("a config line", "after a changed config line", "the cold build", "cold"),
        row("a figure", "after a changed figure", "the cold build", "cold"),
        row("a sentence", "after a changed sentence", "the cold build", "cold", 1 / 3),
    ]


if __name__ == "__main__":
    print(show(measure(*map(int, sys.argv[1:] or ("5", "2")))))
