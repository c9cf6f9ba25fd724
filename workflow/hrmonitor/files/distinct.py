"""What is asked of text, asked once of each distinct text of a column: large rounds repeat themselves.

Columns are of strings, missing where blank. What a pattern (of Arrow's, RE2) says of a whole text no Python looks at.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

# Digits of a whole number that is exact in 64 bits.
MOST_DIGITS = 15


def texts_of(cells: pd.Series) -> pa.ChunkedArray | pa.Array:
    """The cells as Arrow has them."""
    import pyarrow as pa

    return pa.array(cells, pa.large_string(), from_pandas=True)


def whole_match(texts: pa.ChunkedArray | pa.Array, pattern: str) -> pa.ChunkedArray | pa.Array:
    """Whether each text matches the pattern from its start to its end."""
    from pyarrow import compute

    return compute.match_substring_regex(texts, rf"^(?:{pattern})$")


def in_digits(texts: pa.ChunkedArray | pa.Array) -> pa.ChunkedArray | pa.Array:
    """Whether each text is a whole number in digits alone, which has one reading, and not too long to be exact."""
    from pyarrow import compute

    return compute.and_(compute.ascii_is_decimal(texts), compute.less_equal(compute.binary_length(texts), MOST_DIGITS))


def distinct(cells: pd.Series, but: Callable | None = None) -> list[str]:
    """The distinct texts, in the order in which they first stand there, without those of which `but` is true (such as `in_digits`)."""
    from pyarrow import compute

    texts = texts_of(cells).unique().drop_null()
    return (texts if but is None else texts.filter(compute.invert(but(texts)))).to_pylist()


def counted(cells: pd.Series, but: Callable) -> tuple[dict[str, int], int]:
    """How often each distinct text stands there of which `but` is not true, and of how many cells it is."""
    from pyarrow import compute

    texts = texts_of(cells).drop_null()
    number, texts = len(texts), texts.filter(compute.invert(but(texts)))
    found = {one["values"]: one["counts"] for one in texts.value_counts().to_pylist()}
    return found, number - len(texts)


def replaced(cells: pd.Series, new: Mapping[str, str | None]) -> pd.Series:
    """The cells with other texts (or none) in place of those that `new` names."""
    import pyarrow as pa
    from pyarrow import compute

    if not new:
        return cells
    texts = texts_of(cells)
    place = compute.index_in(texts, value_set=pa.array(list(new), pa.large_string()))
    if place.null_count == len(place):
        return cells
    others = pa.array(list(new.values()), pa.large_string()).take(place)
    return _as_cells(compute.if_else(compute.is_valid(place), others, texts), cells)


def stripped(cells: pd.Series) -> pd.Series:
    """The cells without white space around their text; missing where nothing else stands there."""
    from pyarrow import compute

    texts = compute.utf8_trim_whitespace(texts_of(cells))
    return _as_cells(compute.if_else(compute.equal(texts, ""), None, texts), cells)


def longest(cells: pd.Series) -> int:
    """The bytes of the longest text; it has no more letters."""
    from pyarrow import compute

    return compute.max(compute.binary_length(texts_of(cells))).as_py() or 0


def _as_cells(chosen: pa.ChunkedArray | pa.Array, cells: pd.Series) -> pd.Series:
    return chosen.to_pandas().astype("str").set_axis(cells.index).rename(cells.name)
