"""What a reader hands on: the cells of an export, and what each column says it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from hrmonitor.readers.column_notation import Notation

NOTE_COLUMNS = ["row", "question", "rule", "note"]
# Notes of the rule `unknown_option`, on cells that join options: part of one was read, or nothing.
SOME_PART = "an answer that is no option of the question"
NO_PART = "no part of the answer is an option of the question"
TWO_WAYS = "answers that can be cut into options in two ways"
MISSPELT = "a part is nearly the option {option}: correct it, or say in `labels:` of the round which option it is, `other` if it is what was written there"
GLUED = "options with something else between them than the joiner that was found: say it under `joiner:` of the export"
# A question and, for a box of a multiple choice question, its option; each as a code or in words.
Name = tuple[str, str | None]


@dataclass(frozen=True)
class Column:
    """`names` are the ways to read the heading, likeliest first; `values` say what codes in its cells mean.

    `letter` is the column's place in the file, as a spreadsheet shows it; empty where a file has no such places.
    """

    heading: str
    names: tuple[Name, ...]
    values: dict[str, str] = field(default_factory=dict)
    letter: str = ""


@dataclass
class Export:
    """An export as its tool wrote it.

    data: strings, one column a column of the file, missing where blank; rows are submissions, indexed 0, 1, ...
    columns: one `Column` for each column of `data`, in its order.
    row: the number of each submission's row in the file. submitted: when it was sent in, missing if not.
    numbers: booleans of the shape of `data`, true where the file itself holds a number (Excel, SPSS, Stata, SAS, Parquet) and
        not a text. Such a cell is written with a decimal point and without thousands marks ("2.125" is two and an eighth), with a
        per cent sign behind it where the cell is formatted as a percentage ("12.5%" for a stored 0.125). It must never be read as
        a notation. None: all cells are text. Dates that a file holds as dates are ISO 8601, which nothing else is mistaken for.
    test: whether the tool itself marks it as a test. rejected: whether a person rejected it in the tool.
    blank_box_is_no: a blank box counts as not ticked where another box of its question is ticked.
    joiner: what stands between the answers where several share a cell; empty if the cells must tell.
    numbered: whether options may stand as their number in the question.
    unseen: booleans of the shape of `data`: true where a box may hold a 0 that nobody chose, as the tool writes it for boxes that
        nobody saw. If all boxes of a question say so and no, the question has no answer. True or False for all cells alike.
    unanswered: what the tool may write where a question was seen and not answered; a form's own code goes before it.
    system: headings of the tool's own columns. facts: what the reader found out, in words.
    notes: (row, rule, note) of rows that are no submission.
    notations: how each column is written, as `column_notation` decided it.
    """

    tool: str
    data: pd.DataFrame
    columns: list[Column]
    row: pd.Series
    submitted: pd.Series
    test: pd.Series | None = None
    rejected: pd.Series | None = None
    numbers: pd.DataFrame | None = None
    blank_box_is_no: bool = True
    joiner: str = " "
    numbered: bool = False
    unseen: pd.DataFrame | bool = False
    unanswered: str = ""
    system: list[str] = field(default_factory=list)
    facts: list[str] = field(default_factory=list)
    notes: list[tuple[int, str, str]] = field(default_factory=list)
    notations: list[Notation] = field(default_factory=list)


def names_of(heading: str, joiner: str) -> tuple[Name, ...]:
    """A heading as a question, then cut at each `joiner` into question and option, the last cut first."""
    return ((heading, None), *_cuts(heading, joiner))


def _cuts(heading: str, joiner: str) -> Iterator[Name]:
    end = len(heading)
    while (place := heading.rfind(joiner, 0, end)) > 0:
        option = heading[place + len(joiner) :].strip()
        if option:
            yield heading[:place].strip(), option
        end = place


def always(text: str, index: pd.Index) -> pd.Series:
    return pd.Series(text, index=index, dtype="str")


def never(index: pd.Index) -> pd.Series:
    return pd.Series(pd.NA, index=index, dtype="str")
