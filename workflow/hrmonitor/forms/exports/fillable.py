"""A questionnaire for a person to fill in and return: as a workbook or a Word document.

Both have rows of number, label, answer and remark; `readers.returned` reads them back.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from hrmonitor.forms.exports.paper_form import numbers_of, outline
from hrmonitor.language import of_forms
from hrmonitor.questionnaire.model import Question, Questionnaire
from hrmonitor.study import study

# Of the document's columns, in cm.
WIDTHS = (1.2, 8.5, 3.3, 4)
Row = tuple[str, int | None, str, Question | None]


def rows(questionnaire: Questionnaire, lang: str) -> Iterator[Row]:
    """(`group`, `told`, `question` or `option`, number, label, question) in form order; `told` is text to read."""
    numbers = numbers_of(questionnaire)
    for block in outline(questionnaire, lang):
        if block.title:
            yield "group", None, block.title, None
        if block.when:
            yield "told", None, block.when, None
        for item in block.items:
            if item.note or item.when:
                yield "told", None, item.note or item.when, None
            for question in item.questions:
                yield "question", numbers[question.name], question.label(lang), question
                for choice in question.choices:
                    yield "option", None, choice.label(lang), question


def write_workbook(path: str | Path, questionnaire: Questionnaire, lang: str) -> None:
    """An .xlsx to fill in; boxes take an x and nothing else, and only answers and remarks can be changed."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
    from openpyxl.worksheet.datavalidation import DataValidation

    words = of_forms(lang)["form"]
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = words["questionnaire"]
    sheet.append(["", questionnaire.title_in(lang), _how(words["how_file"], questionnaire, lang)])
    sheet.append([words["no"], words["question"], words["answer"], words["remark"]])
    cross = DataValidation(type="list", formula1='"x"', allow_blank=True)
    sheet.add_data_validation(cross)
    ink, band = "0B4A72", PatternFill("solid", start_color="EAF3FA")
    to_fill = Border(**dict.fromkeys(("left", "right", "top", "bottom"), Side("thin", color="999999")))
    fonts = {
        "group": Font(bold=True, size=12, color=ink),
        "told": Font(color=ink),
        "question": Font(bold=True),
        "option": Font(),
    }
    for kind, number, label, question in rows(questionnaire, lang):
        aside = _aside(kind, question, lang) or ""
        sheet.append([number, f"   {label}" if kind == "option" else label, None, aside or None])
        place = sheet.max_row
        # Not every program finds the height of wrapped text by itself. Bold letters: some 68 to a line of column B.
        sheet.row_dimensions[place].height = 15 * max(-(-len(label) // 68), -(-len(aside) // 34), 1)
        for cell in sheet[place]:
            cell.alignment = Alignment(horizontal="left", wrap_text=True, vertical="top")
            if cell.data_type == "f":  # "=" at the start of a label is no formula
                cell.data_type = "s"
            if kind == "group":
                cell.fill = band
        sheet.cell(place, 2).font = fonts[kind]
        sheet.cell(place, 4).font = Font(italic=True, color="666666")
        for column in (3, 4):
            sheet.cell(place, column).protection = Protection(locked=kind in ("group", "told"))
        if kind == "option":
            cross.add(sheet.cell(place, 3))
            sheet.cell(place, 3).alignment = Alignment(horizontal="center")
        if kind == "option" or (question and not question.choices):
            sheet.cell(place, 3).border = to_fill
    for letter, width in {"A": 6, "B": 70, "C": 24, "D": 36}.items():
        sheet.column_dimensions[letter].width = width
    sheet["B1"].font = Font(bold=True, size=16, color=ink)
    sheet["B1"].alignment = sheet["C1"].alignment = Alignment(wrap_text=True, vertical="top")
    for cell in sheet[2]:
        cell.font = Font(bold=True)
    sheet.merge_cells("C1:D1")
    sheet.row_dimensions[1].height = 90
    sheet.freeze_panes = "A3"
    # Against slips, not against people: there is no password.
    sheet.protection.sheet = True
    sheet.protection.formatRows = sheet.protection.formatColumns = False
    sheet.print_title_rows = "2:2"
    sheet.page_setup.paperSize, sheet.page_setup.orientation = sheet.PAPERSIZE_A4, "portrait"
    sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage = 0, True
    sheet.oddFooter.right.text = f"{words['page']} &P / &N"
    workbook.save(path)


def write_document(path: str | Path, questionnaire: Questionnaire, lang: str) -> None:
    """A .docx to fill in, with a box to click at each option."""
    from docx import Document
    from docx.shared import Cm, Pt, RGBColor

    words = of_forms(lang)["form"]
    document = Document()
    document.core_properties.title, document.core_properties.language = questionnaire.title_in(lang), lang
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(2)
    document.styles["Normal"].font.size = Pt(10)
    document.add_heading(questionnaire.title_in(lang), level=0)
    document.add_paragraph(_how(words["how_document"], questionnaire, lang))
    _add_page_number(section.footer.paragraphs[0], words["page"])
    table = document.add_table(rows=1, cols=4, style="Table Grid")
    table.autofit = False
    for cell, key in zip(table.rows[0].cells, ("no", "question", "answer", "remark"), strict=True):
        cell.paragraphs[0].add_run(words[key]).bold = True
    _mark_row(table.rows[0], "tblHeader")
    for kind, number, label, question in rows(questionnaire, lang):
        row = table.add_row()
        _mark_row(row, "cantSplit")
        cells = row.cells
        for cell, width in zip(cells, WIDTHS, strict=True):
            cell.width = Cm(width)
        cells[0].text = str(number or "")
        run = cells[1].paragraphs[0].add_run(label)
        run.bold = kind in ("group", "question")
        if kind in ("group", "told"):
            run.font.color.rgb = RGBColor(0x0B, 0x4A, 0x72)
        if kind == "group":
            for cell in cells:
                _shade(cell, "EAF3FA")
        if kind == "option":
            _add_box(cells[2].paragraphs[0])
        # A question stays with its first answer, a heading with its first question.
        cells[1].paragraphs[0].paragraph_format.keep_with_next = kind != "option"
        cells[3].paragraphs[0].add_run(_aside(kind, question, lang) or "").italic = True
    # Word goes by the cells, LibreOffice by the grid.
    for column, width in zip(table.columns, WIDTHS, strict=True):
        column.width = Cm(width)
    document.save(str(path))


def _how(text: str, questionnaire: Questionnaire, lang: str) -> str:
    contact = questionnaire.contact_in(lang)
    return f"{text} {of_forms(lang)['form']['contact']}: {contact}" if contact else text


def _aside(kind: str, question: Question | None, lang: str) -> str | None:
    """What stands beside a question: its hint, and the unit of a number."""
    if kind != "question" or question is None:
        return None
    unit = study(lang).units(of_forms(lang)["units"]).get(question.unit, question.unit)
    hint = question.hints.get(lang) or question.hints.get("", "")
    several = (
        of_forms(lang)["form"]["several"].capitalize() + "." if question.kind == "select_multiple" and not hint else ""
    )
    return " ".join(filter(None, (hint, several, unit))) or None


def _mark_row(row, mark: str) -> None:
    """`tblHeader`: repeated on each page; `cantSplit`: not broken over two."""
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement(f"w:{mark}"))


def _shade(cell, colour: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    shade = OxmlElement("w:shd")
    shade.set(qn("w:val"), "clear")
    shade.set(qn("w:fill"), colour)
    cell._tc.get_or_add_tcPr().append(shade)


def _add_page_number(paragraph, word: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    paragraph.add_run(f"{word} ")
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)


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
