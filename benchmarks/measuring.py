"""What the benchmarks share: seconds of a command, ratios of what ran side by side, and how they are shown."""

from __future__ import annotations

import os
import platform
import re
import statistics
import subprocess
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = (
    "snakemake",
    "pandas",
    "pyarrow",
    "numpy",
    "scipy",
    "matplotlib",
    "papermill",
    "typst",
    "pypandoc-binary",
    "pyreadstat",
)


def seconds(command: list[str], folder: Path, **environment: str) -> float:
    """Wall time of a command in `folder`; raises `RuntimeError` with the end of what it said when it fails."""
    start = time.perf_counter()
    ran = subprocess.run(
        command, cwd=folder, env={**os.environ, **environment}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )  # fmt: skip
    taken = time.perf_counter() - start
    if ran.returncode:
        raise RuntimeError(f"{' '.join(command)} failed in {folder}:\n{ran.stdout[-3000:]}")
    return taken


@dataclass
class Row:
    """A line of the table: ratio of `what` to what ran `beside` it, of each run; the seconds of `what`.

    With a target, the most that the ratio should be, and why it is more where it is.
    """

    what: str
    beside: str
    ratios: list[float]
    seconds: list[float] = field(default_factory=list)
    target: float | None = None
    why: str = ""


def ratios(ours: list[float], beside: list[float]) -> list[float]:
    """Of each run apart, as what ran side by side met the same machine; of the runs that did both."""
    return [one / other for one, other in zip(ours, beside, strict=False)]


def spread(values: list[float]) -> str:
    """Median, and least to most."""
    if not values:
        return ""
    digits = 2 if min(values) < 10 else 1
    least, middle, most = (f"{value:.{digits}f}" for value in (min(values), statistics.median(values), max(values)))
    return f"{middle} ({least}–{most})" if len(values) > 1 else middle


def table(heading: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    heading = list(heading)
    lines = [heading, ["---"] * len(heading), *([str(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def show(rows: list[Row]) -> str:
    return table(
        ("what", "beside", "ratio: median (least–most)", "seconds: median (least–most)", "runs"),
        ((row.what, row.beside, spread(row.ratios), spread(row.seconds), len(row.ratios)) for row in rows),
    )


def peak_memory() -> int:
    """The most bytes that this process has held.

    Not `ru_maxrss`, which a process inherits from the one that starts it.
    """
    return int(re.search(r"VmHWM:\s*(\d+) kB", Path("/proc/self/status").read_text())[1]) * 1024


def machine() -> str:
    """Processor, memory, system and the versions of what does the work."""
    model = next(
        (line.split(":", 1)[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")),
        platform.processor() or "unknown processor",
    )
    memory = next((int(line.split()[1]) / 2**20 for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), 0)
    load = f"{os.getloadavg()[0]:.1f}"
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return (
        f"{os.cpu_count()} cores ({model}), {memory:.0f} GiB, {platform.system()} {platform.release()}, Python "
        f"{platform.python_version()}; load when it began: {load}. {versions}."
    )


def _lines(path: str) -> list[str]:
    return Path(path).read_text(encoding="utf-8").splitlines() if Path(path).exists() else []
