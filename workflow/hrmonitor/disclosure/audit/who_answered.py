"""Who answered: what the tables of response and the public register tell together of single facilities."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import scipy

from hrmonitor.declarations.csv_files import read_table
from hrmonitor.editions import Edition
from hrmonitor.survey import Round

# A class of numbers as the tables name it: `10–19`, `20+`.
CLASS = re.compile(r"(\d+)(?:–(\d+)|\+)")
OTHERS = "other"
HALF_PER_CENT, NEARLY = 0.005, 1e-6


RESPONSE, CLASSES = "response.csv", "nonresponse.csv"


def told_of(folder: Path, rounds: list[Round], editions: Sequence[Edition] = ()) -> dict[str, int]:
    """Round -> of how many facilities the tables in `folder`/open_data tell whether they answered, if of any; together with those of `editions`.

    All that is known of services of which everybody or nobody answered is known from the response flow, and not counted.
    """
    tables = _tables(folder / "open_data")
    if tables is None:
        return {}
    found = {}
    for one in rounds:
        layers = [layer] if (layer := _layer(one, one, *tables)) else []
        for edition in editions:
            then, printed = edition.rounds.get(one.name), _tables(edition.folder)
            if layers and then is not None and printed is not None and (own := _layer(then, one, *printed)):
                # Of other types of service than today's it was another survey.
                layers += [own] if len(own.size) == len(layers[0].size) else []
        if layers and (number := _told(layers)):
            found[one.name] = number
    return found


def _tables(folder: Path) -> tuple[pd.DataFrame, pd.DataFrame] | None:
    paths = folder / RESPONSE, folder / CLASSES
    if not all(path.exists() for path in paths):
        return None
    return read_table("response", paths[0]), read_table("nonresponse", paths[1])


@dataclass(frozen=True)
class _Layer:
    """What the tables of one publication say of the kinds of facilities: so many of each answered (`true`), out of `size`; `split` where the
    service tells neither that all did nor that none did."""

    size: np.ndarray
    true: np.ndarray
    split: np.ndarray
    rows: list[tuple[np.ndarray, float, float]]


def _layer(one: Round, today: Round, rates: pd.DataFrame, classes: pd.DataFrame) -> _Layer | None:
    """The kinds are those of today's register, which an edition is taken to have had too."""
    rates = rates[(rates["round"] == one.name) & (rates["statistic"] == "RR2") & rates["n"].notna()]
    classes = classes[classes["round"] == one.name]
    answered = rates[rates["group"] == "service"].set_index("level")["n"].astype(float)
    frame = today.frame[today.frame["service"].isin(answered.index)].reset_index(drop=True)
    if frame.empty or "province" not in frame or "opened" not in frame:
        return None
    known = pd.DataFrame({name: frame[name] for name in ("service", "province")})
    for name in ("organisation", "municipality"):
        known[name] = frame[name].map(today.frame[name].value_counts())
    known["age"] = (today.year - frame["opened"].str[:4].astype(int)).clip(lower=0)
    alike = known.groupby(list(known), sort=True).ngroup().to_numpy()
    kinds = known.groupby(alike).first()
    number = known["service"].value_counts()
    share = number / answered.where(answered > 0)
    stands_for, everybody = kinds["service"].map(share).fillna(0).to_numpy(), float((answered * share).sum())
    split = (answered > 0) & (answered < number.reindex(answered.index))
    kept = frame["facility_id"].isin(set(one.facilities["facility_id"])).to_numpy(dtype=float)
    return _Layer(
        np.bincount(alike).astype(float),
        np.bincount(alike, weights=kept),
        kinds["service"].map(split).to_numpy(dtype=bool),
        list(_statements(kinds, rates, classes, stands_for, everybody)),
    )


def _told(layers: list[_Layer]) -> int:
    """Facilities of which one of the publications tells the state, all of them together."""
    kinds, many = len(layers[0].size), len(layers)
    matrix, low, high = [], [], []
    for place, layer in enumerate(layers):
        before, after = np.zeros(kinds * place), np.zeros(kinds * (many - place - 1))
        for row, least, most in layer.rows:
            matrix.append(np.concatenate([before, row, after]))
            low.append(least)
            high.append(most)
        if place and (layer.true <= layers[0].true).all():
            # Answers came in later; nobody took them back.
            for kind in range(kinds):
                row = np.zeros(kinds * many)
                row[kind], row[kinds * place + kind] = 1, -1
                matrix.append(row)
                low.append(0.0)
                high.append(np.inf)
    size = np.concatenate([layer.size for layer in layers])
    told = np.zeros(len(size), dtype=bool)
    for unknown in np.flatnonzero(np.concatenate([layer.split for layer in layers])):
        for sign in (1, -1):
            aim = np.zeros(len(size))
            aim[unknown] = sign
            end = scipy.optimize.milp(aim, constraints=scipy.optimize.LinearConstraint(np.array(matrix), low, high), bounds=scipy.optimize.Bounds(0, size),
                       integrality=np.ones(len(size)), options={"presolve": True})  # fmt: skip
            least_or_most = sign * float(end.fun) if end.status == 0 else (0.0 if sign > 0 else size[unknown])
            told[unknown] |= round(least_or_most) == (size[unknown] if sign > 0 else 0)
    return int(layers[0].size[told.reshape(many, kinds).any(axis=0)].sum())


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
