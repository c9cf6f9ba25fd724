"""What stands in cells where there is no answer: invisible characters, R's NA, codes that the tool or the project declares."""

from __future__ import annotations

import pandas as pd

from hrmonitor.questionnaire.missing_words import WORD_FOR
from hrmonitor.questionnaire.model import Questionnaire
from hrmonitor.questionnaire.typography import INVISIBLE, typographic, visible
from hrmonitor.readers.choice_columns import texts_of_options
from hrmonitor.readers.export import Export
from hrmonitor.readers.matching import Target


def take_out_no_answers(
    export: Export, targets: list[Target | None], questionnaire: Questionnaire, entry: dict
) -> None:
    """Takes out what is no answer: invisible characters, R's NA, codes for no answer that the tool or the project declares."""
    for place in export.data.columns:
        cells = export.data[place]
        if cells.str.contains(INVISIBLE.pattern).any():
            cells = cells.map(visible, na_action="ignore").str.strip()
            export.data[place] = cells.mask(cells == "").astype("str")
    if export.unanswered:
        _drop_unanswered(export, targets, questionnaire)
    if export.tool == "table":
        _drop_na_of_r(export, targets, questionnaire)
    if "missing_codes" in entry:
        _declared_missing(export, targets, questionnaire, entry["missing_codes"])


def _drop_unanswered(export: Export, targets: list[Target | None], questionnaire: Questionnaire) -> None:
    count = 0
    for place, target in enumerate(targets):
        if target and export.unanswered not in questionnaire[target[0]].codes:
            found = export.data[place] == export.unanswered
            export.data[place] = export.data[place].mask(found)
            count += int(found.sum())
    if count:
        export.facts.append(f"{export.unanswered} in {count} cells: seen and not answered")


def _drop_na_of_r(export: Export, targets: list[Target | None], questionnaire: Questionnaire) -> None:
    """R and its like write NA for a blank cell, unless NA is an option of the question."""
    count = 0
    for place, target in enumerate(targets):
        found = export.data[place] == "NA"
        if not target or not found.any() or "na" in texts_of_options(questionnaire[target[0]]):
            continue
        export.data[place] = export.data[place].mask(found).astype("str")
        count += int(found.sum())
    if count:
        export.facts.append(f"NA in {count} cells: blank, as R writes it")


def _declared_missing(
    export: Export, targets: list[Target | None], questionnaire: Questionnaire, declared: dict[str, dict[str, str]]
) -> None:
    """Words for the codes for no answer that the project uses in all questions of a type; an option of the question goes before."""
    for place, target in enumerate(targets):
        if not target or target[0] not in questionnaire.questions:
            continue
        question = questionnaire[target[0]]
        codes = {**declared.get("all", {}), **declared.get(question.kind, {})}
        codes = {
            str(code): reason
            for code, reason in codes.items()
            if typographic(str(code)) not in texts_of_options(question)
        }
        known = codes.keys() & set(export.data[place].dropna().unique())
        if not known:
            continue
        # Among boxes, in text and in a joined cell there is no telling why: the cell is blank.
        tells = question.kind in ("integer", "decimal", "date", "select_one") and target[1] is None
        words = {code: WORD_FOR[codes[code]] if tells else pd.NA for code in known}
        export.data[place] = export.data[place].map(lambda cell, words=words: words.get(cell, cell)).astype("str")
