"""Readers of survey tools' exports, one module a tool, behind one interface.

A reader takes a path, the questionnaire and the export's entry in config.yaml and gives a frame of
strings with canonical column names. It decides nothing about meaning.

Columns: `_row` (row as a person sees it in a spreadsheet), `_submitted_at` (as it stands in the file,
missing if the form was not sent in), then one column a question; a select-multiple has a column
`question/choice` an option: "1" ticked, "0" not ticked, missing where the file does not say.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from hrmonitor.errors import ReaderError

if TYPE_CHECKING:
    import pandas as pd

    from hrmonitor.questionnaire import Questionnaire

TOOLS = ("limesurvey", "excel_form", "spss")


def read_export(path: str, questionnaire: Questionnaire, entry: dict, source: str) -> pd.DataFrame:
    """One export as *responses*: `_source _row _mode _instrument _submitted_at`, then the questions.

    Raises `ReaderError` naming the file and the place when it cannot be read or does not fit the form.
    """
    import pandas as pd

    # Named one by one, so that a change in a reader reruns the rules that read.
    from hrmonitor.readers import excel_form, limesurvey, spss  # noqa: F401

    reader = import_module(f"hrmonitor.readers.{entry['tool']}")
    if not Path(path).stat().st_size:
        raise ReaderError(f"{path}: the file is empty. Export it again.")
    responses = reader.read(path, questionnaire, entry)
    lead = pd.DataFrame(
        {
            "_source": source,
            "_row": responses["_row"].astype("int64"),
            "_mode": entry["mode"],
            "_instrument": questionnaire.form_id,
            "_submitted_at": responses["_submitted_at"],
        },
        index=responses.index,
    )
    questions = responses.reindex(columns=columns_of(questionnaire)).astype("str")
    return pd.concat([lead, questions], axis=1)


def columns_of(questionnaire: Questionnaire) -> list[str]:
    """The canonical columns of a form's answers, in form order."""
    columns = []
    for question in questionnaire.answerable:
        if question.kind == "select_multiple":
            columns += [f"{question.name}/{code}" for code in question.codes]
        else:
            columns.append(question.name)
    return columns
