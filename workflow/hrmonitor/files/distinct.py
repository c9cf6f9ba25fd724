"""What is asked of text, asked once of each distinct text of a column: large rounds repeat themselves.

Columns are of strings, missing where blank. What a pattern (of Arrow's, RE2) says of a whole text no Python looks at.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

# A whole number in digits alone, which has one reading and fits in 64 bits.
DIGITS = "[0-9]{1,15}"


def texts_of(cells: pd.Series) -> pa.ChunkedArray | pa.Array:
    """The cells as Arrow has them."""
    import pyarrow as pa

    return pa.array(cells, pa.large_string(), from_pandas=True)


def whole_match(texts: pa.ChunkedArray | pa.Array, pattern: str) -> pa.ChunkedArray | pa.Array:
    """Whether each text matches the pattern from its start to its end."""
    from pyarrow import compute

    return compute.match_substring_regex(texts, rf"^(?:{pattern})$")


def distinct(cells: pd.Series, but: str | None = None) -> list[str]:
    """The distinct texts, in the order in which they first stand there, without those that match the pattern `but`."""
    from pyarrow import compute

    texts = texts_of(cells).unique().drop_null()
    return (texts if but is None else texts.filter(compute.invert(whole_match(texts, but)))).to_pylist()


def counted(cells: pd.Series, but: str) -> tuple[dict[str, int], int]:
    """How often each distinct text stands there that does not match the pattern `but`, and how many cells do."""
    from pyarrow import compute

    texts = texts_of(cells).drop_null()
    number, texts = len(texts), texts.filter(compute.invert(whole_match(texts, but)))
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
    chosen = compute.if_else(compute.is_valid(place), others, texts)
    return chosen.to_pandas().astype("str").set_axis(cells.index).rename(cells.name)
