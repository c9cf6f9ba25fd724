"""Whose rows are whose: what is published again of facilities and organisations with other names, and rows that stand in the order of names."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from published_set import World

# An organisation of so many facilities had a row in the table of repetitions.
LARGE = 5


def renamed(world: World, seed: int) -> World:
    """The same answers of facilities and organisations with other names, so that all stand in another order."""
    random = np.random.default_rng(seed)
    ids = world.frame["facility_id"]
    other = dict(zip(ids, [f"NL-{number}" for number in random.permutation(len(ids)) + 100], strict=True))
    owners = sorted(set(world.frame["organisation"]))
    owner = dict(zip(owners, random.permutation(["P", "Q", "R", "S", "T", "U"])[: len(owners)], strict=True))

    def reordered(table: pd.DataFrame) -> pd.DataFrame:
        table = table.assign(facility_id=table["facility_id"].map(other)).sort_values("facility_id")
        return table.reset_index(drop=True)

    frame = reordered(world.frame.assign(organisation=world.frame["organisation"].map(owner)))
    # Services stand in the order of the form; a register sorted by name may begin with any.
    frame = frame.sort_values("service", key=lambda one: one.map({"dcr": 0, "oat": 1, "hat": 2}), kind="stable")
    rounds = {name: reordered(table) for name, table in world.rounds.items()}
    return World(world.form, frame.reset_index(drop=True), rounds, reordered(world.settled))


def differing(one: Path, other: Path) -> tuple[int, list[str]]:
    """(files in either folder, those of them of which the bytes differ or that only one has)."""
    files = sorted(
        {path.relative_to(folder) for folder in (one, other) for path in folder.rglob("*") if path.is_file()}
    )
    return len(files), [
        str(path)
        for path in files
        if not ((one / path).is_file() and (other / path).is_file())
        or (one / path).read_bytes() != (other / path).read_bytes()
    ]


def in_order_of_names(table: pd.DataFrame, owners: pd.Series) -> dict[str, int]:
    """Organisation -> how many of its facilities answered, as the rows of repetitions tell who has the register.

    `table` as `findings.sensitivity` makes or publishes it; `owners` is the organisation of each facility of the register.
    """
    rows = table[(table["scenario"] == "without_organisation") & (table["finding"] == table["finding"].iloc[0])]
    sizes, names = rows["left_out"].tolist(), sorted(owners.value_counts().index[owners.value_counts() >= LARGE])
    return dict(zip(names, map(int, sizes), strict=True)) if len(sizes) == len(names) and all(sizes) else {}
