"""Who answered: what the tables of response and the public register tell together of single facilities."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp

from hrmonitor.declarations.csv_files import read_table
from hrmonitor.survey import Round

# A class of numbers as the tables name it: `10–19`, `20+`.
CLASS = re.compile(r"(\d+)(?:–(\d+)|\+)")
OTHERS = "other"
HALF_PER_CENT, NEARLY = 0.005, 1e-6


def told_of(folder: Path, rounds: list[Round]) -> dict[str, int]:
    """Round -> of how many facilities the tables in `folder`/open_data tell whether they answered, if of any.

    All that is known of services of which everybody or nobody answered is known from the response flow, and not counted.
    """
    if not all((folder / "open_data" / f"{name}.csv").exists() for name in ("response", "nonresponse")):
        return {}
    rates, classes = (read_table(name, folder / "open_data" / f"{name}.csv") for name in ("response", "nonresponse"))
    found = {}
    for one in rounds:
        own = rates[(rates["round"] == one.name) & (rates["statistic"] == "RR2") & rates["n"].notna()]
        number = _told(one, own, classes[classes["round"] == one.name])
        if number:
            found[one.name] = number
    return found


def _told(one: Round, rates: pd.DataFrame, classes: pd.DataFrame) -> int:
    answered = rates[rates["group"] == "service"].set_index("level")["n"].astype(float)
    frame = one.frame[one.frame["service"].isin(answered.index)].reset_index(drop=True)
    if frame.empty or "province" not in frame or "opened" not in frame:
        return 0
    known = pd.DataFrame({name: frame[name] for name in ("service", "province")})
    for name in ("organisation", "municipality"):
        known[name] = frame[name].map(one.frame[name].value_counts())
    known["age"] = (one.year - frame["opened"].str[:4].astype(int)).clip(lower=0)
    alike = known.groupby(list(known), sort=True).ngroup().to_numpy()
    kinds = known.groupby(alike).first()
    size = np.bincount(alike).astype(float)
    stands_for = (
        kinds["service"].map(known["service"].value_counts() / answered.where(answered > 0)).fillna(0).to_numpy()
    )
    everybody = float((answered * (known["service"].value_counts() / answered.where(answered > 0))).sum())
    rows = list(_statements(kinds, rates, classes, stands_for, everybody))
    matrix, low, high = (np.array(part) for part in zip(*rows, strict=True))
    service_size = known["service"].value_counts()
    split = (
        kinds["service"].map((answered > 0) & (answered < service_size.reindex(answered.index))).to_numpy(dtype=bool)
    )
    told = 0.0
    for kind in np.flatnonzero(split):
        for sign in (1, -1):
            aim = np.zeros(len(size))
            aim[kind] = sign
            end = milp(aim, constraints=LinearConstraint(matrix, low, high), bounds=Bounds(0, size),
                       integrality=np.ones(len(size)), options={"presolve": True})  # fmt: skip
            least_or_most = sign * float(end.fun) if end.status == 0 else (0.0 if sign > 0 else size[kind])
            if round(least_or_most) == (size[kind] if sign > 0 else 0):
                told += size[kind]
                break
    return int(told)


def _statements(
    kinds: pd.DataFrame, rates: pd.DataFrame, classes: pd.DataFrame, stands_for: np.ndarray, everybody: float
) -> Iterator[tuple[np.ndarray, float, float]]:
    """(which kinds of facilities, at least, at most) of each printed number."""
    for group in ("service", "province"):
        own = rates[rates["group"] == group].set_index("level")["n"].astype(float)
        for level, n in own.items():
            yield _of(kinds[group], str(level), own.index), n, n
    for variable, own in classes[classes["level"] != ""].groupby("variable"):
        printed = own[own["statistic"] == "answered"].set_index("level")["n"].astype(float)
        shares = own[own["statistic"] == "weighted"].set_index("level")["estimate"].astype(float)
        coarse = np.allclose(100 * shares, (100 * shares).round(), atol=1e-7)
        off = HALF_PER_CENT if coarse else NEARLY
        for level, n in printed.items():
            inside = _of(kinds[variable], str(level), printed.index)
            yield inside, n, n
            yield (
                inside * stands_for,
                (shares[level] - off) * everybody - NEARLY,
                (shares[level] + off) * everybody + NEARLY,
            )


def _of(values: pd.Series, level: str, levels: pd.Index) -> np.ndarray:
    """1 for the kinds that a level speaks of; `other` are those of no other level."""
    if level == OTHERS:
        return np.ones(len(values)) - sum(_of(values, str(other), levels) for other in levels if other != OTHERS)
    found = CLASS.fullmatch(level)
    if found and pd.api.types.is_numeric_dtype(values):
        return values.between(int(found[1]), int(found[2] or 10**9)).to_numpy(dtype=float)
    return (values == level).to_numpy(dtype=float)
