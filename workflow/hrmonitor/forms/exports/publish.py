"""A questionnaire out: XLSForm for Kobo and ODK, fillable workbook and document, printed questionnaire and guide."""

from __future__ import annotations

import json
from pathlib import Path

from hrmonitor.errors import QuestionnaireError
from hrmonitor.forms.exports.fillable import write_document, write_workbook
from hrmonitor.forms.exports.paper_form import ARRAY, Block, condition_of, fielded, numbers_of, outline, text_of
from hrmonitor.language import of_forms, settable_in
from hrmonitor.questionnaire.model import SHEETS, Question, Questionnaire, read_questionnaire, read_sheet
from hrmonitor.resources import RESOURCES
from hrmonitor.study import study

TEMPLATE = RESOURCES / "templates" / "questionnaire.typ"


def publish(folder: str | Path, out: str | Path, languages: list[str]) -> list[Path]:
    """Write all forms of the questionnaire in `folder` to `out`; the paths that were written.

    Raises `QuestionnaireError` when the XLSForm there was changed after it was written: what a person did in it would
    be lost.
    """
    questionnaire = read_questionnaire(folder)
    out = Path(out)
    out.mkdir(parents=True, exist_ok=True)
    written = [out / f"{questionnaire.form_id}.xlsx"]
    _refuse_to_overwrite_work(written[0], folder)
    write_xlsform(folder, written[0])
    for lang in languages:
        words = of_forms(lang)["form"]
        name = words["questionnaire"].lower()
        write_workbook(out / f"{name}_{lang}.xlsx", questionnaire, lang)
        write_document(out / f"{name}_{lang}.docx", questionnaire, lang)
        print_questionnaire(out / f"{name}_{lang}.pdf", questionnaire, lang, guide=False)
        guide = f"{words['guide'].lower().replace(' ', '_')}_{lang}.pdf"
        print_questionnaire(out / guide, questionnaire, lang, guide=True)
        written += [out / f"{name}_{lang}{suffix}" for suffix in (".xlsx", ".docx", ".pdf")] + [out / guide]
    return written


def advice(folder: str | Path) -> list[str]:
    """What the person who sends the forms out should know: one line each."""
    questionnaire = read_questionnaire(folder)
    lines = []
    if not questionnaire.contact:
        lines.append(
            f"{folder}/settings.csv has no column `contact` (or `contact::Nederlands (nl)`): a line to write on is printed."
        )
    numbers = numbers_of(questionnaire)
    for question in fielded(questionnaire):
        if condition_of(question, questionnaire, numbers) is None:
            lines.append(
                f"question {question.name}: its condition cannot be put into words; say in its hint whom it is for."
            )
    notes = {note.name for note in questionnaire.notes}
    missing = [name for name, labels in questionnaire.unanalysed.items() if labels and name not in notes]
    if missing:
        lines.append(f"only in the XLSForm, not on paper: {', '.join(missing)}.")
    return lines


def _refuse_to_overwrite_work(path: Path, folder: str | Path) -> None:
    from hrmonitor.forms import import_form

    sheets = [Path(folder) / f"{sheet}.csv" for sheet in SHEETS]
    if not path.exists() or path.stat().st_mtime <= max(sheet.stat().st_mtime for sheet in sheets):
        return
    there = import_form(path)
    for sheet, rows in (("survey", there.survey), ("choices", there.choices)):
        ours = [{key: cell for key, cell in row.items() if cell} for row in read_sheet(Path(folder) / f"{sheet}.csv")]
        theirs = [{key: cell for key, cell in row.items() if cell} for row in rows]
        if [row for row in ours if row] != [row for row in theirs if row]:
            raise QuestionnaireError(
                f"{path}: its sheet {sheet} was changed, and would be overwritten. Take the changes over first: "
                f".venv/bin/hrmonitor import-form {path} {folder} --replace (or delete the workbook)."
            )


def write_xlsform(folder: str | Path, path: str | Path) -> None:
    """The three sheets in one workbook, as KoboToolbox and ODK take it."""
    from openpyxl import Workbook
    from openpyxl.styles import Font

    workbook = Workbook()
    workbook.remove(workbook.active)
    for name in SHEETS:
        sheet = workbook.create_sheet(name)
        rows = read_sheet(Path(folder) / f"{name}.csv")
        sheet.append(list(rows[0]))
        for row in rows:
            sheet.append([cell or None for cell in row.values()])
        for cells in sheet.iter_rows():
            for cell in cells:
                if cell.data_type == "f":  # "=" at the start of a label is no formula
                    cell.data_type = "s"
        for cell in sheet[1]:
            cell.font = Font(bold=True)
            words = cell.value.startswith(("label", "hint", "constraint_message", "form_title", "printed_title"))
            sheet.column_dimensions[cell.column_letter].width = 48 if words else 18
        sheet.freeze_panes = "A2"
    workbook.save(path)


def print_questionnaire(path: str | Path, questionnaire: Questionnaire, lang: str, guide: bool) -> None:
    """A tagged PDF; `guide` adds codes, hints and room for notes, for the interviewer."""
    Path(path).write_bytes(typeset(questionnaire, lang, guide, pdf_standards=["ua-1"], timestamp=0))  # type: ignore[arg-type]  # a PDF is one file; typst gives a list only of images, one a page


def typeset(questionnaire: Questionnaire, lang: str, guide: bool, **options) -> bytes | list[bytes]:
    """What Typst makes of the questionnaire. `options` are those of `typst.compile`."""
    import typst

    numbers = numbers_of(questionnaire)
    content = {
        "title": questionnaire.title_in(lang),
        "contact": questionnaire.contact_in(lang),
        "lang": lang,
        "guide": guide,
        "words": of_forms(lang)["form"],
        "blocks": [_block(block, lang, numbers) for block in outline(questionnaire, lang, guide)],
    }
    return typst.compile(
        str(TEMPLATE), root=str(TEMPLATE.parent), font_paths=[str(RESOURCES / "fonts")], ignore_system_fonts=True,
        # Labels travel as data, never as Typst source.
        sys_inputs={"form": json.dumps(settable_in(content), ensure_ascii=False)}, **options,
    )  # fmt: skip


def _block(block: Block, lang: str, numbers: dict[str, int]) -> dict:
    items = [
        {"note": item.note} if item.note else {"when": item.when, **_item(item.questions, lang, numbers)}
        for item in block.items
    ]
    return {"title": block.title, "when": block.when, "items": items}


def _item(part: list[Question], lang: str, numbers: dict[str, int]) -> dict:
    first = part[0]
    item = {
        "number": numbers[first.name],
        "name": first.name,
        "kind": first.kind,
        "label": text_of(first.labels, lang, numbers) or first.name,
        "hint": text_of(first.hints, lang, numbers),
        "long": "multiline" in first.appearance or first.coded,
        "unit": study(lang).units(of_forms(lang)["units"]).get(first.unit, first.unit),
        "options": [{"name": choice.name, "label": choice.label(lang)} for choice in first.choices],
        "rows": [],
    }
    if len(part) > 1:
        item["label"] = ARRAY.fullmatch(first.label(lang))["stem"] + ":"  # type: ignore[index]  # `outline` joins only questions whose labels match ARRAY
        item["rows"] = [
            {"number": numbers[one.name], "name": one.name, "label": ARRAY.fullmatch(one.label(lang))["row"]}  # type: ignore[index]  # `outline` joins only questions whose labels match ARRAY
            for one in part
        ]
    return item
