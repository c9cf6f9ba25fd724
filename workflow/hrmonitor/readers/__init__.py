"""The export of a survey tool comes in, with its entry in config.yaml and the questionnaire.

Out go *responses*, strings under the form's own column names, and notes on every row or answer that did not get through. No reader
decides what an answer means (types, skip logic and duplicates belong to `cleaning`), and personal data does not leave this room.

Columns of responses: `_row` (row as a person sees it in a spreadsheet), `_submitted_at` (as in the file; missing if the form was not
submitted), `_status` ("test" if the tool marks it so, "rejected" if a person rejected it there, "no_consent" if the person refused to
take part; of the last two nothing else is kept), then one column a question; a select-multiple has a column `question/choice` for each
option: "1" ticked, "0" not ticked, missing where the file does not say.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from hrmonitor.errors import ReaderError

if TYPE_CHECKING:
    import pandas as pd

    from hrmonitor.questionnaire.model import Questionnaire
    from hrmonitor.readers.dialect import Habits
    from hrmonitor.readers.export import Export

# Bytes of a large export that are read together. Reading and cleaning them takes some ten times as much memory.
PART = 16 << 20
# Letters of one cell: what a text of a database holds, and twice what a cell of Excel does. Nobody types more into a questionnaire.
LONGEST = 65_535


def read_export(
    path: str,
    questionnaire: Questionnaire,
    entry: dict,
    source: str,
    refuse: bool = True,
    export: Export | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame, Export]:
    """One export as *responses*: `_source _row _mode _instrument _submitted_at _status`, then the questions.

    Beside it notes (`source row question rule note`) on rows and answers that did not get through, and the
    export as it was read. Raises `ReaderError` naming the file and the place when it cannot be read, does not
    fit the form, or has a column whose notation a person must decide; without `refuse`, such a column is left as it stands, and
    `notations` of the export has it. An `export` that `open_export` has opened is read on, and changed.
    """
    from hrmonitor.readers.column_notation import refuse_open
    from hrmonitor.readers.dialect import Habits

    export = export or open_export(path, entry, questionnaire)
    responses, notes = _responses(path, export, questionnaire, entry, source, Habits())
    if refuse:
        refuse_open(path, export.notations)
    return responses, notes, export


def read_in_parts(
    path: str, questionnaire: Questionnaire, entry: dict, source: str, habits: Habits, size: int | None = None
) -> Iterator[tuple[pd.DataFrame, pd.DataFrame]]:
    """Responses and notes as `read_export` gives them, of one part of some `size` bytes after another.

    Only for exports that are `large`. When `habits.doubtful` is true at the end, the parts must be read again, with
    `habits.settled` set. Raises `ReaderError` as `read_export` does, at the end for a notation that is open.
    """
    from hrmonitor.files.text_sheets import text_in_parts
    from hrmonitor.readers.column_notation import refuse_open
    from hrmonitor.readers.registry import READERS

    for sheet, facts in text_in_parts(path, entry, size or PART):
        export = READERS[entry["tool"]].read_part(path, sheet, entry, facts, habits)  # type: ignore[misc]  # `large` is true only of tools whose reader has it
        part = _responses(path, export, questionnaire, entry, source, habits)
        habits.keep(export.notations)
        yield part
    if habits.settled or not habits.doubtful:
        refuse_open(path, list(habits.notations.values()))


def large(path: str, entry: dict) -> bool:
    """Whether an export is to be read in parts: several parts long, each row a submission, a text that can be cut at line ends."""
    if Path(path).suffix.lower() != ".csv" or Path(path).stat().st_size <= PART:
        return False
    from hrmonitor.readers.registry import READERS

    wide = entry.get("encoding", "utf-8").lower().replace("_", "-").startswith(("utf-16", "utf-32"))
    plain = not wide and not {"skip_rows", "headings", "heading_rows"} & set(entry)
    return plain and entry["tool"] in READERS and READERS[entry["tool"]].read_part is not None


def _responses(
    path: str, export: Export, questionnaire: Questionnaire, entry: dict, source: str, habits: Habits
) -> tuple[pd.DataFrame, pd.DataFrame]:
    import pandas as pd

    from hrmonitor.readers.answers import canonical
    from hrmonitor.readers.characters import show_characters
    from hrmonitor.readers.date_columns import settle_timestamps
    from hrmonitor.readers.label_decisions import read_labels
    from hrmonitor.readers.left_out import blank_left_out, status_of
    from hrmonitor.readers.matching import find_targets
    from hrmonitor.readers.missing_codes import name_missing
    from hrmonitor.readers.unseen import blank_unseen

    _refuse_long_cells(path, export)
    labels = read_labels(entry["labels"], questionnaire) if "labels" in entry else {}
    targets = find_targets(path, export, questionnaire, entry)
    name_missing(export, targets, questionnaire, entry)
    blank_unseen(export, targets, questionnaire)
    answers, notes = canonical(path, export, questionnaire, entry, habits, labels)
    status = status_of(export, answers, questionnaire)
    lead = pd.DataFrame(
        {
            "_source": source,
            "_row": export.row.astype("int64"),
            "_mode": entry["mode"],
            "_instrument": questionnaire.form_id,
            "_submitted_at": settle_timestamps(export.submitted, entry.get("dates"), habits),
            "_status": status,
        },
        index=answers.index,
    )
    questions, told = show_characters(
        answers.reindex(columns=canonical_columns(questionnaire)).astype("str"), export, questionnaire
    )
    notes = pd.concat([notes, told], ignore_index=True)
    return blank_left_out(pd.concat([lead, questions], axis=1), notes.assign(source=source)[NOTES])


def _refuse_long_cells(path: str, export: Export) -> None:
    """Raises `ReaderError` for the first cell that nobody can have typed."""
    from hrmonitor.files.distinct import longest

    for column, place in zip(export.columns, export.data.columns, strict=True):
        if longest(export.data[place]) <= LONGEST:
            continue
        lengths = export.data[place].str.len()
        if lengths.max() > LONGEST:
            row = export.row[lengths.idxmax()]
            raise ReaderError(
                f"{path}, row {row}, column {column.heading!r}: a cell of {int(lengths.max()):,} letters, and {LONGEST:,} is the most. "
                "Shorten it in the tool, or leave the question out, and export again."
            )


NOTES = ["source", "row", "question", "rule", "note"]


def open_export(path: str, entry: dict, questionnaire: Questionnaire | None) -> Export:
    """The export as its tool wrote it; `tool: auto` looks for itself and says in `facts` what it found.

    Without a questionnaire, all but the tools `excel_form` and `word_form` (which cannot do without) can be opened.
    """
    from hrmonitor.readers.detect import ANY, detect
    from hrmonitor.readers.registry import READERS

    if not Path(path).is_file():
        raise ReaderError(f"{path}: there is no such file.")
    if not Path(path).stat().st_size:
        raise ReaderError(f"{path}: the file is empty. Export it again.")
    tool, found = entry["tool"], []
    if tool == "auto":
        tool, why = detect(path, entry)
        found = [f"read as {tool}: {why}"]
    reader = READERS[tool]
    if reader.needs_form and questionnaire is None:
        raise ReaderError(
            f"{path}: this is {reader.title}, which can be read only with the form that was handed out. Name it under the exports of a "
            "round in config.yaml, and run `check` on the round."
        )
    if entry.get("heading_rows", 1) > 1 and not reader.heading_rows:
        raise ReaderError(
            f"{path}: exports of {reader.title} have one row of headings. Drop `heading_rows:`; rows to leave out go under `skip_rows:`."
        )
    try:
        export = reader.read(path, entry, questionnaire)
    except ReaderError as error:
        if entry["tool"] == "auto" and tool == ANY:
            raise ReaderError(f"{error} (`tool: auto` took it for a table: {why}.)") from error
        raise
    if "joiner" in entry:
        export.joiner = entry["joiner"]
    # A table has its own rule, column by column (`no_answers`).
    if not export.unanswered and tool != ANY and _of_r(export.data):
        export.unanswered = "NA"
    export.facts = [*found, *export.facts]
    return export


def _of_r(data: pd.DataFrame) -> bool:
    """Whether NA stands for a blank, as R and pandas write it: it is in the cells, and no cell is blank."""
    return not bool(data.isna().any(axis=None)) and bool((data == "NA").any(axis=None))


def canonical_columns(questionnaire: Questionnaire) -> list[str]:
    """The canonical columns of a form's answers, in form order."""
    columns = []
    for question in questionnaire.answerable:
        if question.kind == "select_multiple":
            columns += [f"{question.name}/{code}" for code in question.codes]
        else:
            columns.append(question.name)
    return columns
