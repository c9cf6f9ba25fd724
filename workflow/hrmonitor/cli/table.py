"""A table that `check` prints and puts on its page."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Table:
    """`empty` is said when there is no row. `folded` tables are for the page only, where a click opens them.

    `lines` stand below the table, to be copied into a file; the first says which.
    """

    title: str
    headings: list[str]
    rows: list[list[str]] = field(default_factory=list)
    empty: str = "Nothing."
    folded: bool = False
    lines: list[str] = field(default_factory=list)
