"""Rows for the table on each stage from a thousand to a million submissions, of what `stages` measures, with the targets."""

from __future__ import annotations

import math

import stages
from measuring import Row

SIZES = (1_000, 10_000, 100_000, 1_000_000)
# Seconds of all stages in those of polars at a million; peak of memory there in sizes of the file; exponent of growth.
TIMES, MEMORY, EXPONENT = 4.0, 3.0, 1.05
WHY = (
    "polars makes columns of text, on both cores, and stops. Our stages make of each cell a typed value, the reason why there is none and its "
    "line in the audit trail, search for cells to hide, sort two tables by other keys and write eight files; each on one core, as Snakemake has "
    "other jobs for the other. It is flat: [profile.md](profile.md), [docs/evidence/scaling.md](../docs/evidence/scaling.md)."
)


def measure(most: int = SIZES[-1]) -> list[Row]:
    """Each stage once at each size up to `most`."""
    found = {(row["stage"], row["size"]): row for row in stages.measure_all([size for size in SIZES if size <= most])}
    rows = []
    for (stage, size), row in found.items():
        largest = stage == "all" and size == SIZES[-1]
        name = f"{stage}, {size:,} submissions"
        beside = found["polars.read_csv", size]["seconds"]
        rows += [
            Row(name, "polars.read_csv", [row["seconds"] / beside], [row["seconds"]], TIMES if largest else None, WHY),
            Row(f"memory of {name}", "size of the file", [row["peak"] / row["bytes"]], [], MEMORY if largest else None),
        ]
        if "exponent" in row:
            rows.append(
                Row(f"growth of {stage} up to {size:,} submissions", "exponent (CPU seconds)", [row["exponent"]])
            )
    if most >= SIZES[-1]:
        growth = found["all", SIZES[-1]]["cpu"] / found["all", SIZES[1]]["cpu"]
        exponent = math.log(growth) / math.log(SIZES[-1] / SIZES[1])
        rows.append(
            Row("growth of all, 10,000 to 1,000,000 submissions", "exponent (CPU seconds)", [exponent], [], EXPONENT)
        )
    return rows
