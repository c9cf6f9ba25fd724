"""Each stage on surveys of a thousand to a million submissions of 120 columns, beside polars and pyarrow reading the same file.

`python benchmarks/sizes.py [MOST]`: seconds, peak of memory, and the exponent with which seconds grow. Polars is in the lock for tests.
"""

from __future__ import annotations

import math
import statistics
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

import stages
import survey
from measuring import Row, ratios, show

# Submissions -> times that each stage is measured.
SIZES = {1_000: 5, 10_000: 3, 100_000: 1, 1_000_000: 1}
PEERS = {
    "polars.read_csv": "import polars; polars.read_csv",
    "pyarrow.csv.read_csv": "from pyarrow import csv; csv.read_csv",
}
# Ratio of read, clean and estimate to polars at a million; exponent of growth; peak of memory in sizes of the file.
TIMES, EXPONENT, MEMORY = 4.0, 1.05, 3.0


def reads(peer: str, path: Path) -> float:
    """Seconds that a peer takes for the file, in a process of its own, imports aside."""
    module, call = PEERS[peer].split("; ")
    program = (
        f"{module}\nimport time\nstart = time.perf_counter()\n{call}({str(path)!r})\nprint(time.perf_counter() - start)"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return float(ran.stdout)


def make(folder: Path, submissions: int) -> int:
    """A survey in `folder`; gives the size of its export in bytes."""
    survey.write_form(folder / "form")
    survey.write_register(folder / "register.csv", submissions)
    survey.write_export(folder / "export.csv", submissions)
    return (folder / "export.csv").stat().st_size


def growth(taken: dict[int, float], first: int, last: int) -> float:
    """The exponent with which seconds grow between two sizes."""
    return math.log(taken[last] / taken[first]) / math.log(last / first)


def measure(most: int = max(SIZES)) -> list[Row]:
    sizes = [size for size in SIZES if size <= most]
    peers = [peer for peer in PEERS if find_spec(peer.split(".")[0])]
    rows: list[Row] = []
    taken: dict[str, dict[int, float]] = {"all stages": {}}
    for submissions in sizes:
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place)
            size = make(folder, submissions)
            found: dict[str, list[dict]] = {}
            beside: dict[str, list[float]] = {}
            for _ in range(SIZES[submissions]):
                for stage in stages.STAGES:
                    found.setdefault(stage, []).append(stages.measure(folder, stage))
                for peer in peers:
                    beside.setdefault(peer, []).append(reads(peer, folder / "export.csv"))
        seconds = {stage: [one["seconds"] for one in measured] for stage, measured in found.items()}
        seconds["all stages"] = [sum(one) for one in zip(*seconds.values(), strict=True)]
        peaks = {stage: [one["peak"] for one in measured] for stage, measured in found.items()}
        peaks["all stages"] = [max(one) for one in zip(*peaks.values(), strict=True)]
        for stage, values in seconds.items():
            taken.setdefault(stage, {})[submissions] = statistics.median(values)
            held = [peak / 2**30 for peak in peaks[stage]]
            rows.append(Row(f"{stage}, {submissions:,} submissions", "GiB of memory at the most", held, values))
        last = submissions == max(SIZES)
        if last:
            multiples = [peak / size for peak in peaks["all stages"]]
            rows.append(
                Row(f"memory of all stages, {submissions:,} submissions", "size of the file", multiples, [], MEMORY)
            )
        for peer, values in beside.items():
            target = TIMES if last and peer.startswith("polars") else None
            for stage in (stages.STAGES[0], "all stages"):
                aim = target if stage == "all stages" else None
                rows.append(
                    Row(
                        f"{stage}, {submissions:,} submissions",
                        peer,
                        ratios(seconds[stage], values),
                        seconds[stage],
                        aim,
                    )
                )
        print(f"sizes, {submissions:,}: " + ", ".join(f"{name} {values[0]:.1f} s" for name, values in seconds.items()))
    for first, last in ((sizes[-2], sizes[-1]), (10_000, 1_000_000)):
        if last in sizes:
            for stage, measured in taken.items():
                target = EXPONENT if stage == "all stages" and first == 10_000 and last == 1_000_000 else None
                rows.append(
                    Row(
                        f"growth of {stage}, {first:,} to {last:,} submissions",
                        "exponent",
                        [growth(measured, first, last)],
                        [],
                        target,
                    )
                )
    return rows


if __name__ == "__main__":
    begun = time.perf_counter()
    print(show(measure(int(sys.argv[1]) if len(sys.argv) > 1 else max(SIZES))))
    print(f"{time.perf_counter() - begun:.0f} s")
