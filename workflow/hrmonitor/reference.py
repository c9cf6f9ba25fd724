"""Published national series, real figures with their sources (raw/reference/)."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from hrmonitor.errors import UserError

VALUE_COLUMNS = [
    "series",
    "year",
    "value",
    "low",
    "high",
    "edition",
    "source",
    "source_url",
    "status",
    "note",
    "note_nl",
]
SERIES_COLUMNS = ["series", "label_en", "label_nl", "unit", "basis_en", "basis_nl"]


def read_reference(folder: str | Path) -> pd.DataFrame:
    """All values with their series' labels; year int, value, low and high floats.

    `status` is S (seen in the source) or D (derived; the note says how). Raises `UserError` naming file and row.
    """
    series = _read(Path(folder) / "series.csv", SERIES_COLUMNS)
    path = Path(folder) / "values.csv"
    values = _read(path, VALUE_COLUMNS)
    for column in ("year", "value", "low", "high"):
        numbers = pd.to_numeric(values[column], errors="coerce")
        wrong = values.index[numbers.isna() & (values[column] != "")]
        if len(wrong):
            raise UserError(f"{path}, row {wrong[0] + 2}, {column}: {values[column][wrong[0]]!r} is no number.")
        values[column] = numbers
    for wrong in values.index[values["value"].isna() | values["year"].isna() | (values["source"] == "")][:1]:
        raise UserError(f"{path}, row {wrong + 2}: year, value and source must be given.")
    for wrong in values.index[~values["status"].isin(["S", "D"])][:1]:
        raise UserError(f"{path}, row {wrong + 2}, status: write S (seen in the source) or D (derived).")
    for wrong in values.index[~values["series"].isin(series["series"])][:1]:
        raise UserError(f"{path}, row {wrong + 2}: series.csv has no series {values['series'][wrong]!r}.")
    return values.astype({"year": int}).merge(series, on="series", how="left")


def _read(path: Path, columns: list[str]) -> pd.DataFrame:
    try:
        table = pd.read_csv(path, dtype="str", keep_default_na=False, encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise UserError(f"{path}: the file cannot be read ({error}). Save it as CSV in UTF-8 with commas.") from error
    missing = [column for column in columns if column not in table]
    if missing:
        raise UserError(f"{path}: the column {missing[0]!r} is missing. It needs: {', '.join(columns)}.")
    return table[columns]
