"""A workbook that a person filled in, read cell by cell: nothing is taken for a decision that is not one of the options."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

from hrmonitor.cli.decisions.kinds import SHEETS
from hrmonitor.cli.decisions.sheet import ChoiceError, Item, Sheet, Words, flat
from hrmonitor.cli.decisions.workbook import (
    FORMAT,
    HIDDEN,
    LISTS,
    WHO,
    decision_column,
    headings,
    shown,
    words,
)
from hrmonitor.errors import ConfigError
from hrmonitor.files.archives import check_workbook
from hrmonitor.files.workbooks import cell_text
from hrmonitor.language import LANGUAGES

# Headings, by their name in the texts, of cells that say what was written or asked.
IDENTIFYING = ("name", "column", "question", "written")
AGAIN = "Move the workbook away and run check, which writes it anew."


@dataclass(frozen=True)
class FilledBook:
    """Who decides, in which language the workbook is, and all rows that hold something."""

    who: str
    lang: str
    rows: list[FilledRow]


@dataclass(frozen=True)
class FilledRow:
    """One row of a sheet: the person's cells, and beside them what check wrote there.

    `place` is "sheet Labels, cell", to be followed by a cell; `cells` are those of decision and reason.
    """

    sheet: Sheet
    place: str
    cells: tuple[str, str]
    id: str
    shown: tuple[str, ...]
    decision: str
    reason: str
    was: tuple[str, str]

    @property
    def touched(self) -> bool:
        """Whether a person changed it."""
        return (flat(self.decision), flat(self.reason)) != tuple(map(flat, self.was))


@dataclass(frozen=True)
class Change:
    """A decision to take over; `value` is None where one is withdrawn."""

    sheet: Sheet
    item: Item
    value: str | None
    reason: str


def read_filled(path: Path, round_name: str) -> FilledBook:
    """The workbook that `write_workbook` wrote, as it is now. Raises `ConfigError` when it is no workbook of this round's decisions."""
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        check_workbook(str(path))
        # Twice: what a formula gave, and which cells are formulas.
        values, formulas = load_workbook(path, data_only=True), load_workbook(path)
    except (BadZipFile, InvalidFileException, KeyError, ValueError, TypeError, OSError) as error:
        raise ConfigError(
            f"{path}: the workbook cannot be opened. Save it as .xlsx; if it is damaged: {AGAIN}"
        ) from error
    if LISTS not in values.sheetnames or _text(values[LISTS]["A1"].value) != FORMAT:
        raise ConfigError(f"{path}: this is no workbook of decisions that check wrote. {AGAIN}")
    if (round_ := _text(values[LISTS]["B1"].value)) != round_name:
        raise ConfigError(f"{path}: this workbook is about round {round_!r}, not {round_name!r}. Name the right one.")
    lang = next((lang for lang in LANGUAGES if words(lang)["guide"] in values.sheetnames), None)
    if lang is None:
        raise ConfigError(f"{path}: the first sheet, which says who decides, is gone. {AGAIN}")
    rows = [row for sheet in SHEETS for row in _rows(path, sheet, words(lang), values, formulas)]
    return FilledBook(flat(_text(values[words(lang)["guide"]][WHO].value)), lang, rows)


def _rows(path: Path, sheet: Sheet, texts: Words, values, formulas) -> list[FilledRow]:
    title = texts["sheets"][sheet.name]["title"]
    if title not in values.sheetnames:
        return []  # a sheet that a person took out decides nothing
    place, wanted = values[title], headings(sheet, texts)
    if [_text(cell.value) for cell in place[1]][HIDDEN : HIDDEN + len(wanted)] != wanted:
        raise ConfigError(f"{path}, sheet {title}, row 1: the headings are not those that check wrote. {AGAIN}")
    column, rows = decision_column(sheet), []
    for number in range(2, place.max_row + 1):
        cells = [place.cell(number, column), place.cell(number, column + 1)]
        found = []
        for cell in cells:
            text = _text(cell.value)
            if not text and formulas[title][cell.coordinate].data_type == "f":
                text = "(a formula)"
            found.append(text)
        row = FilledRow(
            sheet=sheet, place=f"{path.name}, sheet {title}, cell", cells=(cells[0].coordinate, cells[1].coordinate),
            id=_text(place.cell(number, 1).value), shown=tuple(_text(place.cell(number, HIDDEN + 2 + one).value) for one in range(len(sheet.headings))),
            decision=found[0], reason=found[1],
            was=(_text(place.cell(number, 2).value), _text(place.cell(number, 3).value)),
        )  # fmt: skip
        if row.id or row.decision or row.reason:
            rows.append(row)
    return rows


def changes_of(rows: list[FilledRow], cases: list[tuple[Sheet, list[Item]]]) -> tuple[list[Change], list[str]]:
    """What is to be taken over, and a message for each cell that does not fit; what is on record already is neither."""
    items = {sheet.id_of(item): item for sheet, of_sheet in cases for item in of_sheet}
    changes: list[Change] = []
    problems: list[str] = []
    cells: dict[int, str] = {}
    seen: set[str] = set()
    for row in filter(lambda one: one.touched, rows):
        cell = row.cells[0] if flat(row.decision) != flat(row.was[0]) or not row.decision else row.cells[1]
        try:
            if row.id in seen:
                raise ChoiceError("this row is there twice; empty one of them.")
            seen.add(row.id)
            change = _change(row, items)
            if change:
                changes.append(change)
                cells[id(change)] = f"{row.place} {cell}"
        except ChoiceError as error:
            problems.append(f"{row.place} {cell}: {error}")
    for sheet, of_sheet in cases:
        if sheet.unique:
            problems += [f"{cells[id(change)]}: {told}" for change, told in _doubled(sheet, of_sheet, changes)]
    return changes, problems


def _doubled(sheet: Sheet, items: list[Item], changes: list[Change]) -> list[tuple[Change, str]]:
    """Changes that give two cases of one export the same decision."""
    changed = {sheet.id_of(change.item): change for change in changes if change.sheet is sheet}
    taken: dict[tuple[str, str], list[Change | None]] = {}
    for item in items:
        change = changed.get(sheet.id_of(item))
        value = change.value if change else item.present
        if not value:
            continue
        for key in item.keys:
            taken.setdefault((key[0], value), []).append(change)
    found = {}
    for (source, value), of_value in taken.items():
        for change in of_value if len(of_value) > 1 else ():
            if change:
                found[id(change)] = (
                    change,
                    f"“{value}” is also chosen in another row for {source}. Only one column can answer it.",
                )
    return list(found.values())


def _change(row: FilledRow, items: dict[str, Item]) -> Change | None:
    if not row.id:
        raise ChoiceError("check did not write this row, so nobody knows what it is about. Empty it.")
    item = items.get(row.id)
    if item is None:
        raise ChoiceError("the files of the round have this case no more. Empty the cell, or put the export back.")
    if [flat(shown(cell)) for cell in _fixed(row.sheet, item.shown)] != [
        flat(cell) for cell in _fixed(row.sheet, row.shown)
    ]:
        raise ChoiceError(
            "other cells of this row were changed, so it is not certain what was decided on. Put them back."
        )
    if not row.decision and not row.was[0]:
        raise ChoiceError("there is a reason and no decision. Choose one, or empty the reason.")
    value = item.value_of(row.decision) if row.decision else None
    if row.sheet.reason_needed and row.decision and not row.reason:
        raise ChoiceError("this decision needs a reason. Write it into the cell beside it.")
    if value == item.present and flat(row.reason) == flat(item.reason):
        return None
    if flat(item.text_of(item.present)) != flat(row.was[0]) and value != item.present:
        on_record = item.text_of(item.present) or "no decision"
        raise ChoiceError(
            f"“{flat(row.decision)}” was chosen, and meanwhile “{on_record}” has been put on record. "
            "Write that into the cell, or take it out of the record, whichever is wrong."
        )
    return Change(row.sheet, item, value, " ".join(row.reason.split()))


def _fixed(sheet: Sheet, cells: tuple) -> list:
    """The cells that say what the case is; how often, where and how it is asked may change with the next export."""
    return [cell for name, cell in zip(sheet.headings, cells, strict=True) if name in IDENTIFYING]


def _text(value: object) -> str:
    """A cell as text, also where Excel made a number or a date of it."""
    return "" if value is None else cell_text(value).strip()
