"""A questionnaire out: XLSForm for Kobo and ODK, fillable workbook and document, printed questionnaire and guide."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from hrmonitor.forms.fillable import fielded, write_document, write_workbook
from hrmonitor.forms.words import TEXTS, UNITS, condition
from hrmonitor.questionnaire import SHEETS, Questionnaire, read_questionnaire

TEMPLATE = Path(__file__).resolve().parents[3] / "report" / "questionnaire.typ"


def publish(folder: str | Path, out: str | Path, languages: list[str]) -> list[Path]:
    """Write all forms of the questionnaire in `folder` to `out`; the paths that were written."""
    questionnaire = read_questionnaire(folder)
    out = Path(out)
    out.mkdir(parents=True, exist_ok=True)
    written = [out / f"{questionnaire.form_id}.xlsx"]
    write_xlsform(folder, written[0])
    for lang in languages:
        words = TEXTS[lang]
        name = words["questionnaire"].lower()
        write_workbook(out / f"{name}_{lang}.xlsx", questionnaire, lang)
        write_document(out / f"{name}_{lang}.docx", questionnaire, lang)
        print_questionnaire(out / f"{name}_{lang}.pdf", questionnaire, lang, guide=False)
        guide = f"{words['guide'].lower().replace(' ', '_')}_{lang}.pdf"
        print_questionnaire(out / guide, questionnaire, lang, guide=True)
        written += [out / f"{name}_{lang}{suffix}" for suffix in (".xlsx", ".docx", ".pdf")] + [out / guide]
    return written


def write_xlsform(folder: str | Path, path: str | Path) -> None:
    """The three sheets in one workbook, as KoboToolbox and ODK take it."""
    from openpyxl import Workbook

    workbook = Workbook()
    workbook.remove(workbook.active)
    for name in SHEETS:
        sheet = workbook.create_sheet(name)
        with open(Path(folder) / f"{name}.csv", encoding="utf-8-sig", newline="") as file:
            for row in csv.reader(file):
                sheet.append([cell or None for cell in row])
        for cells in sheet.iter_rows():
            for cell in cells:
                if cell.data_type == "f":  # "=" at the start of a label is no formula
                    cell.data_type = "s"
        sheet.freeze_panes = "A2"
    workbook.save(path)


def print_questionnaire(path: str | Path, questionnaire: Questionnaire, lang: str, guide: bool) -> None:
    """A tagged PDF; `guide` adds codes, hints and room for notes, for the interviewer."""
    import typst

    content = {
        "title": questionnaire.title,
        "lang": lang,
        "guide": guide,
        "words": TEXTS[lang],
        "blocks": _blocks(questionnaire, lang),
    }
    pdf = typst.compile(
        str(TEMPLATE), root=str(TEMPLATE.parent), font_paths=[str(TEMPLATE.parent / "fonts")], ignore_system_fonts=True,
        # Labels travel as data, never as Typst source.
        sys_inputs={"form": json.dumps(content, ensure_ascii=False)}, pdf_standards=["ua-1"], timestamp=0,
    )  # fmt: skip
    Path(path).write_bytes(pdf)


def _blocks(questionnaire: Questionnaire, lang: str) -> list[dict]:
    """Groups with their questions, numbered through the whole form."""
    questions = fielded(questionnaire)
    numbers = {question.name: number for number, question in enumerate(questions, start=1)}
    blocks: list[dict] = []
    for question in questions:
        group = question.group[0] if question.group else ""
        if not blocks or blocks[-1]["name"] != group:
            blocks.append(
                {"name": group, "title": questionnaire.groups.get(group, {}).get(lang, group), "questions": []}
            )
        only_if = condition(question.relevant, questionnaire, numbers, lang) if question.relevant else None
        blocks[-1]["questions"].append(
            {
                "number": numbers[question.name],
                "name": question.name,
                "kind": question.kind,
                "label": question.label(lang),
                "hint": question.hints.get(lang, ""),
                "only_if": only_if or "",
                "unit": UNITS.get(lang, {}).get(question.unit, question.unit),
                "options": [{"name": choice.name, "label": choice.label(lang)} for choice in question.choices],
            }
        )
    return blocks
