"""The export of a survey tool comes in, with its entry in config.yaml and the questionnaire.

Out go *responses*, strings under the form's own column names, and notes on every row or answer that did not get through. No reader
decides what an answer means (types, skip logic and duplicates belong to `cleaning`), and personal data does not leave this room.

Columns of responses: `_row` (row as a person sees it in a spreadsheet), `_submitted_at` (as in the file; missing if the form was not
submitted), `_status` ("test" if the tool marks it so), then one column a question; a select-multiple has a column `question/choice`
for each option: "1" ticked, "0" not ticked, missing where the file does not say.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from hrmonitor.errors import ReaderError

if TYPE_CHECKING:
    import pandas as pd

    from hrmonitor.questionnaire.model import Questionnaire
    from hrmonitor.readers.dialect import Habits
    from hrmonitor.readers.export import Export

TOOLS = (
    "limesurvey", "kobo", "redcap", "qualtrics", "surveymonkey", "google_forms", "microsoft_forms",
    "spss", "stata", "sas", "excel_form", "word_form", "table",
)  # fmt: skip

# Bytes of a large export that are read together. Reading and cleaning them takes some ten times as much memory.
PART = 16 << 20


def read_export(
    path: str, questionnaire: Questionnaire, entry: dict, source: str
) -> tuple[pd.DataFrame, pd.DataFrame, Export]:
    """One export as *responses*: `_source _row _mode _instrument _submitted_at _status`, then the questions.

    Beside it notes (`source row question rule note`) on rows and answers that did not get through, and the
    export as it was read. Raises `ReaderError` naming the file and the place when it cannot be read or does not
    fit the form.
    """
    from hrmonitor.readers.dialect import Habits

    export = open_export(path, entry, questionnaire)
    return *_responses(path, export, questionnaire, entry, source, Habits()), export


def read_in_parts(
    path: str, questionnaire: Questionnaire, entry: dict, source: str, habits: Habits, size: int | None = None
) -> Iterator[tuple[pd.DataFrame, pd.DataFrame]]:
    """Responses and notes as `read_export` gives them, of one part of some `size` bytes after another.

    Only for exports that are `large`. When `habits.doubtful` is true at the end, the parts must be read again, with
    `habits.settled` set.
    """
    from hrmonitor.files.sheets import text_in_parts
    from hrmonitor.readers.tools import limesurvey

    for sheet, facts in text_in_parts(path, entry, size or PART):
        export = limesurvey.read_sheet(path, sheet, facts, habits)
        yield _responses(path, export, questionnaire, entry, source, habits)


def large(path: str, entry: dict) -> bool:
    """Whether an export is to be read in parts: several parts long, each row a submission, a text that can be cut at line ends."""
    wide = entry.get("encoding", "utf-8").lower().replace("_", "-").startswith(("utf-16", "utf-32"))
    a_row_each = entry["tool"] == "limesurvey" and Path(path).suffix.lower() == ".csv" and not wide
    return a_row_each and Path(path).stat().st_size > PART


def _responses(
    path: str, export: Export, questionnaire: Questionnaire, entry: dict, source: str, habits: Habits
) -> tuple[pd.DataFrame, pd.DataFrame]:
    import pandas as pd

    from hrmonitor.readers.answers import canonical
    from hrmonitor.readers.number_formats import settle_timestamps

    answers, notes = canonical(path, export, questionnaire, entry, habits)
    lead = pd.DataFrame(
        {
            "_source": source,
            "_row": export.row.astype("int64"),
            "_mode": entry["mode"],
            "_instrument": questionnaire.form_id,
            "_submitted_at": settle_timestamps(export.submitted, entry.get("dates"), habits),
            "_status": _status(export),
        },
        index=answers.index,
    )
    questions = answers.reindex(columns=canonical_columns(questionnaire)).astype("str")
    return pd.concat([lead, questions], axis=1), notes.assign(source=source)[NOTES]


NOTES = ["source", "row", "question", "rule", "note"]


def open_export(path: str, entry: dict, questionnaire: Questionnaire | None) -> Export:
    """The export as its tool wrote it; `tool: auto` looks for itself and says in `facts` what it found.

    Without a questionnaire, all but the tools `excel_form` and `word_form` (which cannot do without) can be opened.
    """
    # Named one by one, so that a change in a reader reruns the rules that read.
    from hrmonitor.readers.tools import (  # noqa: F401
        excel_form,
        google_forms,
        kobo,
        limesurvey,
        microsoft_forms,
        qualtrics,
        redcap,
        sas,
        spss,
        stata,
        surveymonkey,
        table,
        word_form,
    )  # fmt: skip

    if not Path(path).is_file():
        raise ReaderError(f"{path}: there is no such file.")
    if not Path(path).stat().st_size:
        raise ReaderError(f"{path}: the file is empty. Export it again.")
    tool, found = entry["tool"], []
    if tool == "auto":
        from hrmonitor.readers.detect import detect

        tool, why = detect(path, entry)
        found = [f"read as {tool}: {why}"]
    export = import_module(f"hrmonitor.readers.tools.{tool}").read(path, entry, questionnaire)
    if "joiner" in entry:
        export.joiner = entry["joiner"]
    export.facts = [*found, *export.facts]
    return export


def _status(export: Export) -> pd.Series:
    from hrmonitor.readers.export import always, never

    if export.test is None:
        return never(export.data.index)
    return always("test", export.data.index).where(export.test)


def canonical_columns(questionnaire: Questionnaire) -> list[str]:
    """The canonical columns of a form's answers, in form order."""
    columns = []
    for question in questionnaire.answerable:
        if question.kind == "select_multiple":
            columns += [f"{question.name}/{code}" for code in question.codes]
        else:
            columns.append(question.name)
    return columns
