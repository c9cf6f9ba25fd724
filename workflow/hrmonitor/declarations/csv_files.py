"""Our own tables as CSV: the one place that writes them, and the one that reads them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from hrmonitor.declarations.checks import check, dtype_of
from hrmonitor.declarations.figures import figures
from hrmonitor.declarations.tables import Column, shared_columns, tables
from hrmonitor.errors import UserError


def write_table(name: str, table: pd.DataFrame, path: str | Path) -> None:
    """Write the table `name`, as it is declared; raises `UserError` where it is not so."""
    check(name, table).to_csv(path, index=False, float_format="%.10g", lineterminator="\n")


def read_table(name: str, path: str | Path) -> pd.DataFrame:
    """The table `name`: text stays as it is written ("NA" is a code like any other, a blank cell is ""), numbers are numbers.

    Integers that may be missing come as floats. Raises `UserError` for a file of other columns.
    """
    declared = tables()[name]
    heading = pd.read_csv(path, nrows=0, dtype="str", encoding="utf-8").columns
    try:
        columns = {column: declared.column(column) for column in heading}
    except KeyError as error:
        raise UserError(
            f"{path}: {error.args[0]} is no column of this table. Remove the file and build again: it comes from another version."
        ) from error
    return _read(path, columns)


def read_texts(path: str | Path) -> pd.DataFrame:
    """A table of ours that is not declared, all of it as text."""
    return pd.read_csv(path, dtype="str", keep_default_na=False, encoding="utf-8")


def read_figure_data(kind: str, path: str | Path) -> pd.DataFrame:
    """The data of a figure of that kind, as `read_table` gives a table: its columns are those of the tables, and its own `numbers`."""
    heading = pd.read_csv(path, nrows=0, dtype="str", encoding="utf-8").columns
    own = dict.fromkeys(figures()[kind].numbers, Column("", "number", gaps=True))
    columns = {name: own.get(name) or shared_columns().get(name, Column(name)) for name in heading}
    table = _read(path, columns)
    # Counts and places are whole where none is missing, and are shown so.
    whole = [name for name in own if name in table and len(table) and (table[name] % 1 == 0).all()]
    return table.astype(dict.fromkeys(whole, "int64"))


def _read(path: str | Path, columns: dict[str, Column]) -> pd.DataFrame:
    gaps = {name: [] if column.type == "text" else [""] for name, column in columns.items()}
    types = {name: dtype_of(column) for name, column in columns.items()}
    return pd.read_csv(path, dtype=types, keep_default_na=False, na_values=gaps, encoding="utf-8")
