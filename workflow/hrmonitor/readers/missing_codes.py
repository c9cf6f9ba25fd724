"""Codes that a project declares to mean "no answer" in all questions, or in all of a type (`missing_codes:` of an export)."""

from __future__ import annotations

from hrmonitor.questionnaire.missing_words import WORD_FOR
from hrmonitor.questionnaire.model import Questionnaire
from hrmonitor.readers.export import Export
from hrmonitor.readers.matching import Target


def name_missing(export: Export, targets: list[Target | None], questionnaire: Questionnaire, entry: dict) -> None:
    """Put the word for its reason in place of each such code in `export.data`; texts and joined cells are emptied. A form's own option goes before."""
    count = 0
    for declared in entry.get("missing_codes", []):
        code = str(declared["code"])
        for place, target in enumerate(targets):
            question = questionnaire.questions.get(target[0]) if target is not None else None
            if (
                target is None
                or question is None
                or question.kind not in declared.get("types", [question.kind])
                or code in question.codes
            ):
                continue
            found = (export.data[place] == code).fillna(False)
            if not found.any():
                continue
            # In a text the word would be an answer, and a joined cell has no place for it.
            blank = question.kind == "text" or (question.kind == "select_multiple" and target[1] is None)
            export.data[place] = export.data[place].mask(found, None if blank else WORD_FOR[declared["means"]])
            if export.numbers is not None:
                export.numbers[place] = export.numbers[place] & ~found
            count += int(found.sum())
    if count:
        codes = ", ".join(str(declared["code"]) for declared in entry["missing_codes"])
        export.facts.append(f"{codes} in {count} cells: no answer, as config says")
