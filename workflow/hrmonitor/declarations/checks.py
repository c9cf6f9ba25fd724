"""Whether a table is what its declaration says."""

from __future__ import annotations

import pandas as pd

from hrmonitor.declarations.tables import Column, Table, tables
from hrmonitor.errors import UserError

# What pandas keeps a column in. Numbers that may be missing are floats, so that whoever reads them meets one kind of gap.
DTYPES = {"text": "str", "integer": "int64", "number": "float64", "share": "float64", "boolean": "bool"}


def dtype_of(column: Column) -> str:
    return "float64" if column.type == "integer" and column.gaps else DTYPES[column.type]


def check(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """`table` itself when it is what the table `name` must be; else `UserError` with column and row.

    A table without rows gets the types of its columns: pandas cannot know them.
    """
    from pandera.errors import SchemaError, SchemaErrors

    declared = tables()[name]
    if table.empty:
        table = table.astype(
            {column: dtype_of(declared.column(column)) for column in table if _known(declared, column)}
        )
    try:
        return _schema(declared, list(table)).validate(table)
    except (SchemaError, SchemaErrors) as error:
        raise UserError(f"table {name}: {error} This is a fault of the software or of the questionnaire.") from error


def _known(declared: Table, name: str) -> bool:
    return any(column.is_named(name) for column in declared.columns)


def _schema(declared: Table, names: list[str]):
    """The pandera schema of a table with columns of those names, as far as they are columns in a language."""
    import pandera.pandas as pa

    parts = {}
    for column in declared.columns:
        here = [name for name in names if column.is_named(name)] if column.by_language else []
        # Without a language the name itself is missing, which the schema then says.
        for name in here or ([] if column.optional else [column.name]):
            parts[name] = _part(column)
    around = pa.Check(_inside_interval, error="the estimate lies outside its interval")
    return pa.DataFrameSchema(parts, checks=around if "ci_low" in parts else None, strict=True)


def _part(column: Column):
    import pandera.pandas as pa

    checks = []
    if column.minimum is not None:
        checks.append(pa.Check.ge(column.minimum))
    if column.type == "share":
        checks.append(pa.Check.in_range(0, 1))
    if column.one_of:
        # A gap in text is read as no letters.
        checks.append(pa.Check.isin([*column.one_of, ""] if column.gaps else column.one_of))
    # Whole numbers with gaps are floats here and "Int64" there, and text may be categories.
    loose = column.type == "text" or (column.type == "integer" and column.gaps)
    kind = None if loose else {"integer": int, "number": float, "share": float, "boolean": bool}[column.type]
    return pa.Column(kind, checks, nullable=column.gaps)


def _inside_interval(table: pd.DataFrame) -> pd.Series:
    known = table["estimate"].notna() & table["ci_low"].notna()
    inside = (table["ci_low"] <= table["estimate"] + 1e-9) & (table["estimate"] <= table["ci_high"] + 1e-9)
    return ~known | inside
