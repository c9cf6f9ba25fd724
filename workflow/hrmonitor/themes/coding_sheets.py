"""Workbooks for people who code: one for each coder, and one for the consensus round.

A sheet a question: key, answer, a few columns with a drop-down of the question's themes, remark, publish. More columns `theme 6`,
`theme 7` may be added by hand; `coding.read_coding` reads them all.
"""

from __future__ import annotations

import math
import re
from pathlib import Path
from zlib import crc32

import numpy as np
import pandas as pd

from hrmonitor.files.atomic import whole
from hrmonitor.language import of_forms
from hrmonitor.questionnaire.model import Questionnaire
from hrmonitor.themes.coding import HEADINGS, PLACE

# An answer seldom carries more; whoever needs one more adds a column.
THEME_COLUMNS = 5


def shuffled(answers: pd.DataFrame, seed: int, name: str) -> pd.DataFrame:
    """`answers` that count, question by question, in the order of the coder `name`."""
    kept = answers[answers["kept"]].sort_values(["question", "key"], kind="stable")
    random = np.random.default_rng([seed, crc32(name.encode())])
    parts = [group.iloc[random.permutation(len(group))] for _, group in kept.groupby("question", sort=False)]
    return pd.concat(parts) if parts else kept


def disagreements(wide: pd.DataFrame, answers: pd.DataFrame, book: pd.DataFrame, lang: str) -> pd.DataFrame:
    """The answers of which coders do not say the same, with a column a coder of what that one saw, in words."""
    coders = [column for column in wide if column.startswith("coder_")]
    labels = book.set_index(["question", "theme"])[f"label_{lang}"].to_dict()
    differs = wide[coders].astype("Float64").nunique(axis=1) > 1
    lone = wide[coders].notna().sum(axis=1) < len(coders)
    wanted = wide[(differs | lone).groupby([wide[name] for name in PLACE]).transform("any")]
    rows = []
    for place, group in wanted.groupby(PLACE, sort=False):
        said = []
        for coder in coders:
            themes = [labels[place[2], theme] for theme in group.loc[group[coder].fillna(False), "theme"]]
            coded = group[coder].notna().any()
            said.append(
                "; ".join(themes)
                or (HEADINGS[lang]["none"] if coded else of_forms(lang)["coding"]["sheets"]["not_coded"])
            )
        rows.append((*place, *said))
    return answers.merge(pd.DataFrame(rows, columns=[*PLACE, *coders]), on=PLACE)


def write_sheets(path: str | Path, answers: pd.DataFrame, book: pd.DataFrame, form: Questionnaire, lang: str) -> None:
    """A workbook with `answers` in the order in which they come; columns `coder_...` of it are shown to the reader."""
    from openpyxl import Workbook
    from openpyxl.utils import get_column_letter

    workbook = Workbook()
    guide, themes = workbook.active, workbook.create_sheet(of_forms(lang)["coding"]["sheets"]["book"])
    guide.title = of_forms(lang)["coding"]["sheets"]["guide"]
    for row, line in enumerate(of_forms(lang)["coding"]["guide"], start=1):
        write_text(guide.cell(row, 1), line)
    _lay_out(guide, [100])
    for place, question in enumerate(dict.fromkeys(book["question"]), start=1):
        label = form[question].label(lang)
        entries = [HEADINGS[lang]["none"], *book.loc[book["question"] == question, f"label_{lang}"]]
        for row, text in enumerate([label, *entries], start=1):
            write_text(themes.cell(row, place), text)
        of_question = answers[answers["question"] == question]
        if len(of_question):
            letter = get_column_letter(place)
            where = f"'{themes.title}'!${letter}$2:${letter}${len(entries) + 1}"
            sheet = workbook.create_sheet(question[:31])
            _write_answers(sheet, of_question, label, min(THEME_COLUMNS, len(entries) - 1), where, lang)
    _lay_out(themes, [34] * place)
    with whole(path) as beside:
        workbook.save(beside)


def _write_answers(sheet, answers: pd.DataFrame, label: str, count: int, where: str, lang: str) -> None:
    """The sheet of one question, with `count` columns for themes; their drop-down is the list that stands at `where`."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    words = HEADINGS[lang]
    coders = [column for column in answers if column.startswith("coder_")]
    themes = [f"{words['theme']} {number}" for number in range(1, count + 1)]
    headings = [words["key"], label, *coders, *themes, words["remark"], words["publish"]]
    for row, texts in enumerate([headings, *answers[["key", "text", *coders]].to_numpy().tolist()], start=1):
        for column, text in enumerate(texts, start=1):
            write_text(sheet.cell(row, column), text)
    first, last = 3 + len(coders), len(answers) + 1
    choose = DataValidation(
        "list",
        formula1=where,
        allow_blank=True,
        showErrorMessage=True,
        error=of_forms(lang)["coding"]["sheets"]["wrong"],
    )
    choose.add(f"{get_column_letter(first)}2:{get_column_letter(first + count - 1)}{last}")
    publish = DataValidation(
        "list", formula1=f'"{words["yes"]},{words["no"]}"', allow_blank=True, showErrorMessage=True
    )
    publish.add(f"{get_column_letter(len(headings))}2:{get_column_letter(len(headings))}{last}")
    for rule in (choose, publish):
        sheet.add_data_validation(rule)
    _lay_out(sheet, [13, 70, *[26] * len(coders), *[22] * count, 24, 12])
    sheet.freeze_panes = "C2"


def _lay_out(sheet, widths: list[int]) -> None:
    """Widths of the columns; rows as high as their longest text needs, which not every program finds out for itself."""
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    for column, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    for row in sheet.iter_rows():
        lines = 1
        for cell, width in zip(row, widths, strict=False):
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            parts = str(cell.value or "").split("\n")
            lines = max(lines, sum(max(1, math.ceil(len(part) * 1.1 / width)) for part in parts))
        sheet.row_dimensions[row[0].row].height = 15 * lines
    for cell in sheet[1]:
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", start_color="EAF3FA")


def write_text(cell, text: str) -> None:
    """Text as text: a spreadsheet must neither compute it nor choke on it, also after someone edits the cell."""
    cell.value = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", str(text))
    cell.data_type = "s"
    cell.quotePrefix = bool(re.match(r"[=+\-@]", str(text)))
