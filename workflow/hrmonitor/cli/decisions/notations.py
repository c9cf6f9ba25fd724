"""How a column is written (decimals or thousands, day or month first), where its cells have two readings."""

from __future__ import annotations

from hrmonitor.cli.decisions.reading import ROWS, RoundReading
from hrmonitor.cli.decisions.records import Record
from hrmonitor.cli.decisions.sheet import Item, Option, Sheet, Words, option
from hrmonitor.readers.column_notation import Notation, possible_for
from hrmonitor.readers.privacy import mask
from hrmonitor.readers.round_decisions import JOINERS, read_lines

KEY = ("source", "question", "kind")


def items(reading: RoundReading, record: Record, words: Words) -> list[Item]:
    """Columns with two readings, each with what its first cells would be; then those on record."""
    form, lang = reading.questionnaire, words["language"]
    made = []
    for source, notation in reading.notations:
        if notation.open:
            place = f"{source}: {', '.join(map(str, notation.rows[:ROWS]))}".removesuffix(": ")
            shown = (notation.question, form[notation.question].label(lang), _examples(notation), notation.count, place)
            options = tuple(_option(_name(one, notation.kind), words) for one in notation.possible)
            made.append(Item(((source, notation.question, notation.kind),), shown, options, blocks=True))
    for row in record.rows:
        source, name, kind = (row.get(column, "") for column in KEY)
        question = form.questions.get(name)
        possible = tuple(JOINERS) if kind == "joiner" else possible_for(question)
        options = tuple(_option(one, words) for one in possible)
        shown = (name, question.label(lang) if question else "", "", 0, source)
        made.append(Item(((source, name, kind),), shown, options, blocks=True).on_record(row.get("notation", ""), row))
    return made


def _name(possible: str, kind: str) -> str:
    """What the record calls it: a joiner would be lost at the end of a cell."""
    return next(name for name, mark in JOINERS.items() if mark == possible) if kind == "joiner" else possible


def _examples(notation: Notation) -> str:
    """What stands there, and what it would be: `1.234 → 1234 / 1.234`."""
    lines = [f"{mask(written)} → {' / '.join(map(mask, values))}" for written, *values in notation.examples[:3]]
    return "\n".join([*lines, f"({notation.evidence})"])


def _option(name: str, words: Words) -> Option:
    return option(name, words["notations"].get(name, ""))


SHEET = Sheet(
    name="notations",
    record="notations.csv",
    key=KEY,
    value="notation",
    headings={"question": 20, "label": 38, "examples": 44, "times": 8, "where": 30},
    items=items,
    verify=lambda path, reading: read_lines("notations", path),
)
