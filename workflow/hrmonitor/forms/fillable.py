"""A questionnaire for a person to fill in and return: as a workbook or a Word document.

Both have rows of number, label, answer and remark; `readers.returned` reads them back.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from hrmonitor.forms.words import TEXTS
from hrmonitor.questionnaire import Question, Questionnaire


def fielded(questionnaire: Questionnaire) -> list[Question]:
    """Questions that have a place of their own in a form: "other, namely" is part of its question."""
    return [
        question
        for question in questionnaire.answerable
        if not (question.name.endswith("_other") and question.name.removesuffix("_other") in questionnaire.questions)
    ]


def rows(questionnaire: Questionnaire, lang: str) -> Iterator[tuple[str, int | None, str, Question | None]]:
    """(`group`, `question` or `option`, number, label, question) in form order."""
    group = None
    for number, question in enumerate(fielded(questionnaire), start=1):
        if question.group and question.group[0] != group:
            group = question.group[0]
            yield "group", None, questionnaire.groups[group].get(lang, group), None
        yield "question", number, question.label(lang), question
        for choice in question.choices:
            yield "option", None, choice.label(lang), question


def write_workbook(path: str | Path, questionnaire: Questionnaire, lang: str) -> None:
    """An .xlsx to fill in; boxes take an x and nothing else."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.worksheet.datavalidation import DataValidation

    words = TEXTS[lang]
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = words["questionnaire"]
    sheet.append(["", questionnaire.title, words["how_file"]])
    sheet.append([words["no"], words["question"], words["answer"], words["remark"]])
    cross = DataValidation(type="list", formula1='"x"', allow_blank=True)
    sheet.add_data_validation(cross)
    band = PatternFill("solid", start_color="EAF3FA")
    for kind, number, label, question in rows(questionnaire, lang):
        text = f"   {label}" if kind == "option" else label
        hint = question.hints.get(lang) if kind == "question" else None
        sheet.append([number, text, None, hint])
        place = sheet.max_row
        sheet.cell(place, 2).data_type = "s"
        sheet.cell(place, 2).alignment = Alignment(wrap_text=True, vertical="top")
        if kind == "group":
            for column in range(1, 5):
                sheet.cell(place, column).fill = band
        if kind != "option":
            sheet.cell(place, 2).font = Font(bold=True)
        if kind == "option":
            cross.add(sheet.cell(place, 3))
    for column, width in {"A": 6, "B": 70, "C": 24, "D": 36}.items():
        sheet.column_dimensions[column].width = width
    for cell in sheet[2]:
        cell.font = Font(bold=True)
    sheet["C1"].alignment = Alignment(wrap_text=True, vertical="top")
    sheet.row_dimensions[1].height = 90
    sheet.freeze_panes = "A3"
    workbook.save(path)


def write_document(path: str | Path, questionnaire: Questionnaire, lang: str) -> None:
    """A .docx to fill in, with a box to click at each option."""
    from docx import Document
    from docx.shared import Cm

    words = TEXTS[lang]
    document = Document()
    document.add_heading(questionnaire.title, level=0)
    document.add_paragraph(words["how_file"])
    table = document.add_table(rows=0, cols=4, style="Table Grid")
    for kind, number, label, question in rows(questionnaire, lang):
        cells = table.add_row().cells
        cells[0].text = str(number or "")
        run = cells[1].paragraphs[0].add_run(label)
        run.bold = kind != "option"
        if kind == "option":
            _add_box(cells[2].paragraphs[0])
        elif kind == "question":
            cells[3].text = question.hints.get(lang, "")
        for cell, width in zip(cells, (1.2, 8.5, 3.3, 4), strict=True):
            cell.width = Cm(width)
    document.save(path)


def _add_box(paragraph) -> None:
    """A content control that a click ticks; python-docx has none."""
    from docx.oxml import parse_xml

    paragraph._p.append(
        parse_xml(
            '<w:sdt xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
            'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"><w:sdtPr><w14:checkbox>'
            '<w14:checked w14:val="0"/><w14:checkedState w14:val="2612" w14:font="MS Gothic"/>'
            '<w14:uncheckedState w14:val="2610" w14:font="MS Gothic"/></w14:checkbox></w:sdtPr>'
            "<w:sdtContent><w:r><w:t>☐</w:t></w:r></w:sdtContent></w:sdt>"
        )
    )
