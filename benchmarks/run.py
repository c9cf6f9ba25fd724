"""The benchmark: `python benchmarks/run.py [--runs 5] [--slow 2] [--most 1000000] [builds reading sizes]`. Writes benchmarks/results.md.

Two calls after one another stand beside each other in the table: results.json keeps the last two.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from dataclasses import asdict
from pathlib import Path

import builds
import reading
import sizes
from measuring import Row, machine, spread, table

HERE = Path(__file__).parent
KEPT = HERE / "results.json"
PARTS = {
    "builds": "Builds at the size that is shipped",
    "reading": "Reading an export",
    "sizes": "From a thousand to a million submissions",
}
TEXT = """# Benchmark

Made by `make bench` (`benchmarks/run.py`), in {minutes} minutes. Each ratio is of what ran side by side in one run: median, least and most.
Figures under *before* are those of the call before this one.

{machine}

## Targets

{targets}

{reasons}
"""


def measure(parts: list[str], runs: int, slow: int, most: int) -> dict:
    """All rows of the parts, with the machine and the minutes that it took."""
    begun, where = time.perf_counter(), machine()
    ways = {
        "builds": lambda: builds.measure(runs, slow),
        "reading": lambda: reading.measure(runs),
        "sizes": lambda: sizes.measure(most),
    }
    rows = {part: [asdict(row) for row in ways[part]()] for part in parts}
    return {"machine": where, "minutes": round((time.perf_counter() - begun) / 60), "rows": rows}


def page(found: dict, before: dict) -> str:
    """results.md of one call, beside the call before it."""
    sections = {part: [Row(**row) for row in rows] for part, rows in found["rows"].items()}
    earlier = {(row["what"], row["beside"]): row["ratios"] for rows in before.get("rows", {}).values() for row in rows}

    def was(row: Row) -> str:
        return spread(earlier.get((row.what, row.beside), []))

    aims = [row for rows in sections.values() for row in rows if row.target is not None]
    missed = [row for row in aims if statistics.median(row.ratios) > row.target]
    targets = table(
        ("what", "beside", "at most", "now", "before", ""),
        (
            (row.what, row.beside, f"{row.target:.2f}", spread(row.ratios), was(row),
             "**not met**" if row in missed else "met")
            for row in aims
        ),
    )  # fmt: skip
    reasons = "\n".join(f"- {row.what}: {row.why}" for row in missed)
    text = TEXT.format(targets=targets, reasons=reasons, machine=found["machine"], minutes=found["minutes"])
    for part, rows in sections.items():
        lines = (
            (row.what, row.beside, spread(row.ratios), was(row), spread(row.seconds), len(row.ratios)) for row in rows
        )
        text += f"\n## {PARTS[part]}\n\n{table(('what', 'beside', 'ratio', 'before', 'seconds', 'runs'), lines)}\n"
    return text


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("parts", nargs="*", help=f"some of: {', '.join(PARTS)}; all when none is named")
    parser.add_argument("--runs", type=int, default=5, help="of builds and readers")
    parser.add_argument(
        "--slow", type=int, default=2, help="of these, in how many the slow builds that have no target are done"
    )
    parser.add_argument("--most", type=int, default=max(sizes.SIZES), help="submissions of the largest survey")
    asked = parser.parse_args()
    if unknown := set(asked.parts) - set(PARTS):
        parser.error(f"no part is called {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    found = measure(asked.parts or list(PARTS), asked.runs, asked.slow, asked.most)
    kept = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else []
    before = kept[-1] if kept else {}
    KEPT.write_text(json.dumps([*kept[-1:], found], indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    text = page(found, before)
    (HERE / "results.md").write_text(text, encoding="utf-8")
    sys.stdout.write(text)


if __name__ == "__main__":
    main()
