"""Characters in answers that nothing may act on, or that no font of the report has: seen, said, and harmless.

Control characters are replaced here by their number (`[U+001B]`), because files of the office and pages of the web may not hold them.
Letters without a font stay as they are for whoever codes the answers; the report shows a placeholder (`language.settable`).
"""

from __future__ import annotations

import pandas as pd

from hrmonitor.files.distinct import distinct, replaced, whole_match
from hrmonitor.language import not_settable, without_controls
from hrmonitor.questionnaire.model import Questionnaire
from hrmonitor.readers.export import NOTE_COLUMNS, Export

# So many characters of an answer are named.
NAMED = 5


def show_characters(
    answers: pd.DataFrame, export: Export, questionnaire: Questionnaire
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The answers without control characters, and a note on each text with characters that the report cannot show."""
    notes = []
    for column in answers:
        question = questionnaire[column.split("/")[0]]
        if question.kind == "select_multiple":
            continue
        cells = answers[column]
        odd = {
            text: found
            for text in distinct(cells, but=lambda texts: whole_match(texts, "[ -~]*"))
            if (found := not_settable(text))
        }
        if not odd:
            continue
        answers[column] = replaced(cells, {text: without_controls(text) for text in odd})
        if question.kind == "text" and not question.pii:
            where = cells.index[cells.isin(list(odd))]
            said = [
                ", ".join(odd[text][:NAMED]) + (" and others" if len(odd[text]) > NAMED else "")
                for text in cells[where]
            ]
            notes.append(
                pd.DataFrame({"row": export.row[where], "question": column, "rule": "characters", "note": said})
            )
    return answers, pd.concat([pd.DataFrame(columns=NOTE_COLUMNS), *notes], ignore_index=True)
