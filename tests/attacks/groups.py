"""What the tables of groups side by side tell of cells that are hidden in the rounds: by the same row, by what is left of all, and by order."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

ALL = "all"
PLACE = ["round", "service", "indicator", "category", "statistic"]


def read(path: Path) -> pd.DataFrame:
    text = dict.fromkeys([*PLACE, "of", "answer", "group"], "str")
    return pd.read_csv(path, dtype=text, keep_default_na=False, na_values={"estimate": "", "n": "", "population": ""})


def recovered(folder: Path, sizes: dict[tuple[str, str], int]) -> dict[tuple, float]:
    """Cells that indicators.csv hides and groups.csv gives, by `PLACE`: shown as they are, or as the rest of all services.

    sizes: (round, service) -> facilities that the round speaks of, by which services weigh.
    """
    hidden = read(folder / "open_data/indicators.csv")
    hidden = {tuple(row) for row in hidden.loc[hidden["estimate"].isna(), PLACE].itertuples(index=False)}
    table = read(folder / "open_data/groups.csv")
    shown = {
        tuple(row[:-1]): row[-1] for row in table[[*PLACE, "estimate"]].itertuples(index=False) if pd.notna(row[-1])
    }
    found = {place: value for place, value in shown.items() if place in hidden}
    for round_, _, *rest in hidden:
        services = sorted({own for name, own in sizes if name == round_})
        values = {own: shown.get((round_, own, *rest)) for own in services}
        missing = [own for own, value in values.items() if value is None]
        whole = shown.get((round_, ALL, *rest))
        if whole is None or len(missing) != 1 or rest[-1] not in ("share", "mean"):
            continue
        many = sum(sizes[round_, own] for own in services)
        known = sum(sizes[round_, own] * float(values[own] or 0) for own in services if own not in missing)
        found[round_, missing[0], *rest] = (whole * many - known) / sizes[round_, missing[0]]
    return found


def order_of(path: Path) -> list[tuple]:
    """The rows in their order, without numbers: it may not hang on what is hidden."""
    table = read(path)
    return list(table[["indicator", "of", "answer", "statistic", "group", "round"]].itertuples(index=False, name=None))
