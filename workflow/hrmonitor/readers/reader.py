"""What a survey tool's module declares of itself: its name, how its files are recognised, and how they are read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from hrmonitor.files.sheet import Sheet
from hrmonitor.questionnaire.model import Questionnaire
from hrmonitor.readers.dialect import Habits
from hrmonitor.readers.export import Export


@dataclass(frozen=True)
class Likeness:
    """How much a sheet is like those of a tool.

    why: what shows that it is the tool's; "" if nothing does. has, lacks: marks of the tool's sheets, in words.
    """

    why: str = ""
    has: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reader:
    """A survey tool.

    name: what `tool:` in config calls it; the name of its module too. title: what people call it.
    read: (path, entry of config, questionnaire or None) -> export. Raises `ReaderError`.
    recognise: how much a sheet is like the tool's; without it, `tool: auto` goes by `endings` or by `recognise_file` alone.
    endings: of names of files that only this reader reads. recognise_file: why a workbook is the tool's, if its cells are no table.
    read_part: for tools with a row a submission: reads a sheet that is a part of a large text file.
    needs_form: whether the export cannot be read without the questionnaire.
    heading_rows: whether its files may have several rows of headings, so that `heading_rows:` makes sense.
    """

    name: str
    title: str
    read: Callable[[str, dict, Questionnaire | None], Export]
    recognise: Callable[[Sheet], Likeness] | None = None
    endings: tuple[str, ...] = ()
    recognise_file: Callable[[str], str | None] | None = None
    read_part: Callable[[str, Sheet, dict, list[str], Habits], Export] | None = None
    needs_form: bool = False
    heading_rows: bool = False


def marks(wanted: dict[str, bool]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(those that a sheet has, those that it lacks), for `Likeness`."""
    return tuple(mark for mark, there in wanted.items() if there), tuple(
        mark for mark, there in wanted.items() if not there
    )
