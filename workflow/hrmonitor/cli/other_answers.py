"""A sheet of what people wrote under "other, namely", for a person to decide on: `cleaning.other` reads it back."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pandas as pd
from rapidfuzz import fuzz, process

from hrmonitor.cleaning.other_answers import OTHER, STAYS, other_questions, same
from hrmonitor.files.atomic import whole
from hrmonitor.language import of_forms
from hrmonitor.questionnaire.model import Question, Questionnaire

COLUMNS = ["question", "written", "times", "suggestion", "likeness", "decision", "reason", "asked", "suggested"]
# Below this likeness (0 to 100) a suggestion would be a guess.
ALIKE = 70


def list_other(
    responses: pd.DataFrame, submissions: pd.DataFrame, form: Questionnaire, decisions: pd.DataFrame, lang: str
) -> pd.DataFrame:
    """`COLUMNS`, one row a question and text: how often it was written in submissions that count, the option that its label is
    most like (`suggestion`, with `likeness` from 0 to 100) and the decision that there is already. `asked` and `suggested` are labels.
    """
    kept = responses.merge(submissions, left_on=["_source", "_row"], right_on=["source", "row"])
    kept = kept[kept["status"] == "kept"]
    decided = decisions.set_index(["question", "written"])[["decision", "reason"]].to_dict("index")
    rows = []
    for name in other_questions(form):
        question, texts = form[name], [text for text in kept[f"{name}_{OTHER}"].dropna() if text.strip()]
        shown = {same(text): " ".join(text.split()) for text in reversed(texts)}
        for written, times in sorted(Counter(map(same, texts)).items(), key=lambda pair: (-pair[1], pair[0])):
            code, likeness = suggest(written, question)
            before = decided.get((name, written), {"decision": "", "reason": ""})
            suggested = question.choice(code).label(lang) if code else ""
            rows.append(
                (name, shown[written], times, code, likeness, *before.values(), question.label(lang), suggested)
            )
    return pd.DataFrame(rows, columns=COLUMNS)


def suggest(written: str, question: Question) -> tuple[str, int]:
    """The option whose label, in any language, is most like the text, and how alike; ("", 0) if none is."""
    labels = {
        (choice.name, lang): same(label)
        for choice in question.choices
        if choice.name != OTHER and not choice.missing
        for lang, label in choice.labels.items()
    }
    best = process.extractOne(same(written), labels, scorer=fuzz.token_sort_ratio, score_cutoff=ALIKE)
    return (best[2][0], round(best[1])) if best else ("", 0)


def write_other(path: str | Path, table: pd.DataFrame, form: Questionnaire, lang: str) -> None:
    """The workbook to decide in; its first sheet is the file that `other:` in config.yaml may name."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    from hrmonitor.themes.coding_sheets import write_text

    workbook = Workbook()
    sheet, options = workbook.active, workbook.create_sheet("options")
    sheet.title = "decisions"
    for column, heading in enumerate(COLUMNS, start=1):
        write_text(sheet.cell(1, column), heading)
        sheet.cell(1, column).font = Font(bold=True)
    place = {}
    for column, name in enumerate(dict.fromkeys(table["question"]), start=1):
        codes = [code for code in form[name].codes if code != OTHER]
        for row, text in enumerate([name, *STAYS, *codes], start=1):
            write_text(options.cell(row, column), text)
        letter = get_column_letter(column)
        place[name] = DataValidation(
            "list", formula1=f"options!${letter}$2:${letter}${len(codes) + 3}", allow_blank=True
        )
        # Several options apart by | are not in the list, so the list helps and does not forbid.
        place[name].showErrorMessage = False
        sheet.add_data_validation(place[name])
    for row, one in enumerate(table.itertuples(index=False), start=2):
        for column, value in enumerate(one, start=1):
            cell = sheet.cell(row, column)
            if isinstance(value, str):
                write_text(cell, value)
            else:
                cell.value = value
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        place[one.question].add(sheet.cell(row, COLUMNS.index("decision") + 1))
    guide = workbook.create_sheet("how to")
    write_text(guide.cell(1, 1), of_forms(lang)["other_answers"])
    guide["A1"].alignment, guide.column_dimensions["A"].width = Alignment(wrap_text=True, vertical="top"), 90
    for column, width in enumerate([22, 46, 8, 20, 9, 22, 40, 46, 34], start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "C2"
    with whole(path) as beside:
        workbook.save(beside)
