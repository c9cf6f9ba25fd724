"""The workbook in which people decide: a sheet that explains, and one for each kind of decision.

Of each row, columns A to C are hidden: what tells the case from others, and the decision and reason as they were written.
By these a person's own cells are known (`filled`).
"""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import TYPE_CHECKING

from hrmonitor.cli.decisions.sheet import Item, Option, Sheet, Words
from hrmonitor.files.atomic import whole
from hrmonitor.language import read_texts
from hrmonitor.themes.coding_sheets import write_text

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

LISTS = "lists"
# Stands in A1 of `LISTS`, before the name of the round: what a workbook must say to be read.
FORMAT = "hrmonitor decisions 1"
WHO = "B2"
HIDDEN = 3
# A cell of Excel takes 32,767 letters, and nobody reads so many.
LONGEST = 2_000
FILLS = {"blocks": "F6C9C9", "open": "FCE8B2", "decided": "D5EBD8", "heading": "EAF3FA", "input": "FFFBE0"}
FONT = "Calibri"  # which all other cells have
WIDTHS = {"status": 14, "suggestion": 34, "decision": 34, "reason": 34, "by": 22}


def words(lang: str) -> Words:
    """The texts of the workbook in one language."""
    return read_texts("decisions", lang)


def headings(sheet: Sheet, texts: Words) -> list[str]:
    """The headings of the visible columns, which are a key of the texts where the sheet is read."""
    own, common = texts["sheets"][sheet.name]["headings"], texts["headings"]
    return [common["status"], *(own[name] for name in sheet.headings),
            *(common[name] for name in ("suggestion", "decision", "reason", "by"))]  # fmt: skip


def shown(value: object) -> str:
    """A cell's text as it is written: without what Excel does not take, cut where nobody reads on."""
    text = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", str(value).replace("\r\n", "\n"))
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} …"


def write_workbook(
    path: Path, round_name: str, cases: list[tuple[Sheet, list[Item]]], lang: str, who: str, command: str
) -> None:
    """Write the workbook; open cases come before decided ones. It appears whole or not at all."""
    from openpyxl import Workbook
    from openpyxl.workbook.protection import WorkbookProtection

    texts, workbook = words(lang), Workbook()
    workbook.remove(workbook.worksheets[0])
    guide = workbook.create_sheet(texts["guide"])
    _write_guide(guide, round_name, cases, texts, who, command)
    lists = _Lists(workbook, round_name)
    for sheet, items in cases:
        place = workbook.create_sheet(texts["sheets"][sheet.name]["title"])
        ordered = sorted(items, key=lambda item: (not item.open, not item.blocks))
        _write_sheet(place, sheet, ordered, texts, lists)
    workbook.move_sheet(LISTS, len(cases))
    workbook.security = WorkbookProtection(lockStructure=True)
    with whole(path) as beside:
        workbook.save(beside)


def _write_guide(place: Worksheet, round_name: str, cases, texts: Words, who: str, command: str) -> None:
    from openpyxl.styles import Font, Protection

    write_text(place["A1"], texts["title"].format(round=round_name))
    place["A1"].font = Font(name=FONT, bold=True, size=14)
    write_text(place["A2"], texts["who"])
    write_text(place[WHO], who)
    place[WHO].protection, place[WHO].fill = Protection(locked=False), _fill("input")
    place[WHO].number_format = "@"
    for row, line in enumerate(texts["lines"], start=4):
        place.merge_cells(start_row=row, end_row=row, start_column=1, end_column=4)
        write_text(place.cell(row, 1), line.format(command=command))
    first = 5 + len(texts["lines"])
    table = [texts["overview"]]
    for sheet, items in cases:
        about = texts["sheets"][sheet.name]
        number_open = sum(item.open for item in items)
        table.append([about["title"], number_open, len(items) - number_open, about["about"]])
    for row, cells in enumerate(table, start=first):
        for column, value in enumerate(cells, start=1):
            _write(place.cell(row, column), value)
            if row == first:
                place.cell(row, column).font, place.cell(row, column).fill = (
                    Font(name=FONT, bold=True),
                    _fill("heading"),
                )
    _lay_out(place, [34, 30, 10, 70], {row: 144 for row in range(4, first)})
    place.protection.sheet = True


def _write_sheet(place: Worksheet, sheet: Sheet, items: list[Item], texts: Words, lists: _Lists) -> None:
    from openpyxl.formatting.rule import FormulaRule
    from openpyxl.styles import Font, Protection
    from openpyxl.utils import get_column_letter

    titles = headings(sheet, texts)
    for column, heading in enumerate(titles, start=HIDDEN + 1):
        write_text(place.cell(1, column), heading)
        place.cell(1, column).font, place.cell(1, column).fill = Font(name=FONT, bold=True), _fill("heading")
    decision, reason = decision_column(sheet), decision_column(sheet) + 1
    for row, item in enumerate(items, start=2):
        status = "decided" if not item.open else "blocks" if item.blocks else "open"
        present = item.text_of(item.present)
        by = ", ".join(filter(None, (item.who, item.when)))
        suggestion = item.text_of(item.suggestion) if item.suggestion else ""
        cells = [sheet.id_of(item), present, item.reason, texts["status"][status], *item.shown, suggestion, present, item.reason, by]  # fmt: skip
        for column, value in enumerate(cells, start=1):
            _write(place.cell(row, column), value)
        place.cell(row, HIDDEN + 1).fill = _fill(status)
        for column in (decision, reason):
            # As text: Excel makes a date of a typed 1-4.
            place.cell(row, column).number_format = "@"
            place.cell(row, column).protection = Protection(locked=False)
        lists.offer(place, f"{get_column_letter(decision)}{row}", item, texts["wrong"])
    if not items:
        write_text(place.cell(2, HIDDEN + 2), texts["nothing"])
    widths = [*[10] * HIDDEN, WIDTHS["status"], *sheet.headings.values(), *(WIDTHS[name] for name in ("suggestion", "decision", "reason", "by"))]  # fmt: skip
    _lay_out(place, widths)
    for column in range(1, HIDDEN + 1):
        place.column_dimensions[get_column_letter(column)].hidden = True
    last, letter = max(len(items) + 1, 2), get_column_letter(decision)
    if items:
        empty = FormulaRule(formula=[f"LEN(TRIM(${letter}2))=0"], fill=_fill("input", end=True))
        place.conditional_formatting.add(f"{letter}2:{letter}{last}", empty)
    place.freeze_panes = f"{get_column_letter(HIDDEN + 3)}2"
    place.auto_filter.ref = f"{get_column_letter(HIDDEN + 1)}1:{get_column_letter(HIDDEN + len(titles))}{last}"
    # Locked cells can still be filtered, and their columns and rows made larger.
    protection = place.protection
    protection.sheet, protection.autoFilter = True, False
    protection.formatColumns = protection.formatRows = False


def decision_column(sheet: Sheet) -> int:
    """The column, from 1, of the decision; that of the reason is next to it."""
    return HIDDEN + len(sheet.headings) + 3


class _Lists:
    """The hidden sheet with the entries of the drop-downs, one column for each list that cells share."""

    def __init__(self, workbook: Workbook, round_name: str):
        self.sheet = workbook.create_sheet(LISTS)
        self.sheet.sheet_state = "hidden"
        write_text(self.sheet["A1"], FORMAT)
        write_text(self.sheet["B1"], round_name)
        self.columns: dict[tuple[Option, ...], str] = {}
        self.rules: dict = {}

    def offer(self, place: Worksheet, cell: str, item: Item, wrong: str) -> None:
        from openpyxl.worksheet.datavalidation import DataValidation

        key = (place.title, item.options, item.several)
        if key not in self.rules:
            rule = DataValidation("list", formula1=self._range(item.options), allow_blank=True, error=wrong)
            # Several options are typed, so the list helps and does not forbid; `decide` looks at them.
            rule.showErrorMessage = not item.several
            place.add_data_validation(rule)
            self.rules[key] = rule
        self.rules[key].add(cell)

    def _range(self, options: tuple[Option, ...]) -> str:
        from openpyxl.utils import get_column_letter

        if options not in self.columns:
            letter = get_column_letter(len(self.columns) + 1)
            for row, one in enumerate(options, start=2):
                write_text(self.sheet[f"{letter}{row}"], one.text)
            self.columns[options] = f"{LISTS}!${letter}$2:${letter}${len(options) + 1}"
        return self.columns[options]


def _write(cell, value: object) -> None:
    if isinstance(value, int):
        cell.value = value
    elif value:
        write_text(cell, shown(value))


def _fill(name: str, end: bool = False):
    from openpyxl.styles import PatternFill

    # A conditional format takes the end colour of a fill for its colour.
    return PatternFill("solid", start_color=FILLS[name], end_color=FILLS[name] if end else None)


def _lay_out(place: Worksheet, widths: list[int], merged: dict[int, int] | None = None) -> None:
    """Widths of columns, and rows as high as their longest text needs; `merged` rows are one cell of that width."""
    from openpyxl.styles import Alignment
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.properties import PageSetupProperties

    for column, width in enumerate(widths, start=1):
        place.column_dimensions[get_column_letter(column)].width = width
    for row in place.iter_rows():
        number, lines = row[0].row or 1, 1
        for column, cell in enumerate(row):
            cell.alignment = Alignment(horizontal="left", wrap_text=True, vertical="top")
            if column >= HIDDEN or place.column_dimensions["A"].width > 10:
                width = (merged or {}).get(number, widths[column])
                parts = str(cell.value or "").split("\n")
                lines = max(lines, sum(max(1, math.ceil(len(part) * 1.1 / width)) for part in parts))
        # Excel's highest row.
        place.row_dimensions[number].height = min(15 * lines, 400)
    # Printed, a sheet is as wide as its paper.
    place.page_setup.orientation, place.page_setup.fitToHeight = "landscape", 0
    place.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
