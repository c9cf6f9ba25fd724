"""Themes in open answers: what two or more coders saw, how well they agree, and how many facilities say it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from hrmonitor.errors import CleaningError
from hrmonitor.estimation import exact_share
from hrmonitor.readers.sources import read_sheets

COLUMNS = ["round", "question", "theme", "service", "n", "population", "estimate", "ci_low", "ci_high", "agreement"]


def read_themes(path: str | Path) -> pd.DataFrame:
    """The book of themes: question, theme, label_nl, label_en."""
    return _read(path, ["question", "theme", "label_nl", "label_en"])


def read_coder(path: str | Path, book: pd.DataFrame) -> pd.DataFrame:
    """One coder's file in long form: source, row, question, theme, coded (bool), one row an answer and theme.

    Raises `CleaningError` naming file and row for a theme that is not in the book or an answer coded twice.
    """
    table = _read(path, ["source", "row", "question", "themes"])
    doubled = table.index[table.duplicated(["source", "row", "question"])]
    if len(doubled):
        raise CleaningError(f"{path}, row {doubled[0] + 2}: this answer is coded twice. Keep one of the two lines.")
    known = book.groupby("question")["theme"].agg(list).to_dict()
    rows = []
    for number, one in enumerate(table.itertuples(index=False), start=2):
        marked = [theme for theme in one.themes.split("|") if theme]
        unknown = [theme for theme in marked if theme not in known.get(one.question, [])]
        if unknown:
            raise CleaningError(
                f"{path}, row {number}: {unknown[0]!r} is no theme of {one.question!r}. "
                f"Themes: {', '.join(known.get(one.question, [])) or 'none'}."
            )
        rows += [(one.source, int(one.row), one.question, theme, theme in marked) for theme in known[one.question]]
    return pd.DataFrame(rows, columns=["source", "row", "question", "theme", "coded"])


def _read(path: str | Path, columns: list[str]) -> pd.DataFrame:
    sheet = read_sheets(str(path), {})[0][0]
    table = sheet.body(1).fillna("").set_axis(sheet.row(0), axis=1)
    missing = [column for column in columns if column not in table]
    if missing:
        raise CleaningError(f"{path}: the column {missing[0]!r} is missing. It needs: {', '.join(columns)}.")
    return table[columns]


def agreement(coded: pd.DataFrame) -> float:
    """Krippendorff's alpha (nominal) of one theme; columns are coders, rows answers, NaN where a coder did not code.

    NaN when all coders say the same of all answers: without variation agreement cannot be told from chance.
    """
    import krippendorff

    values = coded.to_numpy(dtype=float)
    if len(np.unique(values[~np.isnan(values)])) < 2:
        return float("nan")
    return float(krippendorff.alpha(reliability_data=values.T, level_of_measurement="nominal"))


def estimate_themes(
    round_: str,
    book: pd.DataFrame,
    coders: list[pd.DataFrame],
    submissions: pd.DataFrame,
    population: dict[str, int],
    confidence: float,
) -> pd.DataFrame:
    """Prevalence of each theme by service and for all, in `COLUMNS`.

    A theme is present at a facility when more than half of the coders saw it (with two coders: both). The base is the
    facilities whose answer was coded; the interval is the exact one. Answers in submissions that are not kept count neither
    here nor in the agreement.
    """
    keys = ["source", "row", "question", "theme"]
    wide = pd.concat([coder.set_index(keys)["coded"].rename(number) for number, coder in enumerate(coders)], axis=1)
    kept = submissions[submissions["status"] == "kept"].set_index(["source", "row"])[["facility_id", "service"]]
    long = wide.reset_index().join(kept, on=["source", "row"], how="inner")
    columns = list(range(len(coders)))
    rows = []
    for question, theme in book[["question", "theme"]].itertuples(index=False):
        coded = long[(long["question"] == question) & (long["theme"] == theme)]
        marks = coded[columns].astype("boolean").astype("Float64").to_numpy(dtype=float, na_value=np.nan)
        present = np.nanmean(marks, axis=1) > 0.5 if len(marks) else np.array([], dtype=bool)
        alpha = agreement(pd.DataFrame(marks))
        for service in [*population, "all"]:
            members = np.ones(len(coded), bool) if service == "all" else (coded["service"] == service).to_numpy()
            n, m = int(members.sum()), int(present[members].sum())
            size = sum(population.values()) if service == "all" else population[service]
            found = exact_share(m, n, size, confidence)
            rows.append((round_, question, theme, service, n, size, found.value, found.low, found.high, alpha))
    return pd.DataFrame(rows, columns=COLUMNS)
