"""`crosswalk.csv`: what became of indicators and their categories since an earlier form (docs/methods/comparability.md)."""

from __future__ import annotations

from pathlib import Path

from hrmonitor.errors import QuestionnaireError
from hrmonitor.language import LANGUAGES
from hrmonitor.questionnaire.form import CrosswalkEntry, Question
from hrmonitor.questionnaire.sheets import read_sheet

CROSSWALK_COLUMNS = ("indicator", "form_from", "kind", "category", "category_from")
# And a column a language: note_en, note_nl, ...
NOTE = "note_"
CROSSWALK_KINDS = ("same", "merged", "split", "not_comparable")


def read_crosswalk(path: Path, questions: dict[str, Question]) -> tuple[CrosswalkEntry, ...]:
    """The rows of the sheet, each checked against this form; none if there is no such file."""
    if not path.exists():
        return ()
    rows = read_sheet(path)
    if not rows:
        return ()
    missing = [column for column in CROSSWALK_COLUMNS if column not in rows[0]]
    if missing:
        raise QuestionnaireError(
            f"{path}: the column {missing[0]!r} is missing. It needs: {', '.join(CROSSWALK_COLUMNS)}, and a note in each language."
        )
    languages = [column.removeprefix(NOTE) for column in rows[0] if column.startswith(NOTE)]
    found = {question.indicator: question for question in questions.values() if question.indicator}
    crossings = []
    for number, row in enumerate(rows, start=2):
        place = f"{path}, row {number}"
        if row["indicator"] not in found:
            raise QuestionnaireError(f"{place}, indicator: no question of this form has {row['indicator']!r}.")
        if row["kind"] not in CROSSWALK_KINDS:
            raise QuestionnaireError(f"{place}, kind: {row['kind']!r} is none of {', '.join(CROSSWALK_KINDS)}.")
        if not row["form_from"]:
            raise QuestionnaireError(f"{place}, form_from: write the form_id of the earlier form (its settings.csv).")
        codes = found[row["indicator"]].codes
        if row["category"] and row["category"] not in codes:
            raise QuestionnaireError(
                f"{place}, category: {row['indicator']} has no answer {row['category']!r}. It has: {', '.join(codes)}."
            )
        notes = {lang: row[f"{NOTE}{lang}"] for lang in languages}
        crossing = CrosswalkEntry(
            row=number,
            indicator=row["indicator"],
            form_from=row["form_from"],
            kind=row["kind"],
            category=row["category"],
            category_from=row["category_from"],
            notes=notes,
        )
        if crossing.whole and crossing.kind in ("merged", "split"):
            raise QuestionnaireError(f"{place}: categories are {crossing.kind}; name category and category_from.")
        if crossing.whole and not (notes and all(notes.values())):
            raise QuestionnaireError(
                f"{place}: say in {' and '.join(NOTE + lang for lang in languages or LANGUAGES)} why the question is {crossing.kind}."
            )
        if not crossing.whole and crossing.kind != "not_comparable" and not (row["category"] and row["category_from"]):
            raise QuestionnaireError(f"{place}: {crossing.kind} needs both category and category_from.")
        crossings.append(crossing)
    return tuple(crossings)
