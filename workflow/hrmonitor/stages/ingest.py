"""All exports of a round as one table of strings, without personal data."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

import pandas as pd

from hrmonitor.questionnaire.model import Questionnaire
from hrmonitor.readers import large, read_export, read_in_parts
from hrmonitor.readers.dialect import Habits
from hrmonitor.readers.privacy import check_file_names, names_in, protect

# Path, name of the source, and the entry of config.yaml that says how to read it (`readers.round_decisions.exports_to_read`).
ExportToRead = tuple[str, str, dict]
Pieces = Iterator[tuple[pd.DataFrame, pd.DataFrame]]


def ingest(
    exports: Sequence[ExportToRead],
    questionnaire: Questionnaire,
    identifiers: Collection[str],
    write: Callable[[Iterable[pd.DataFrame]], None],
) -> pd.DataFrame:
    """Hand the responses to `write`, piece by piece, and return the notes of reading: `source row question rule note`.

    Large exports are read in parts, and a second time where the first reading left a notation in doubt: `write` then gets all pieces
    again. `identifiers` are the names by which the register finds a facility, which are not masked. Raises `ReaderError` and `PrivacyError`.
    """
    habits = {source: Habits() for _, source, _ in exports}
    notes: list[pd.DataFrame] = []

    def without_personal_data(pieces: Pieces) -> Iterator[pd.DataFrame]:
        notes.clear()
        for responses, told in pieces:
            check_file_names(list(habits), names_in(responses, questionnaire))
            responses, masked = protect(responses, questionnaire, identifiers)
            notes.extend([told, masked])
            yield responses

    # A name in a contact question is masked wherever it occurs, so that all of its round must be looked at together.
    contacts = any(question.pii for question in questionnaire)
    if contacts or not any(large(path, entry) for path, _, entry in exports):
        write(without_personal_data(_at_once(exports, questionnaire)))
    else:
        write(without_personal_data(_in_parts(exports, questionnaire, habits)))
        if any(one.doubtful for one in habits.values()):
            for one in habits.values():
                one.settled = True
            write(without_personal_data(_in_parts(exports, questionnaire, habits)))
    return pd.concat(notes, ignore_index=True)


def _at_once(exports: Sequence[ExportToRead], questionnaire: Questionnaire) -> Pieces:
    read = [read_export(path, questionnaire, entry, source)[:2] for path, source, entry in exports]
    frames, notes = zip(*read, strict=True)
    yield pd.concat(frames, ignore_index=True), pd.concat(notes, ignore_index=True)


def _in_parts(exports: Sequence[ExportToRead], questionnaire: Questionnaire, habits: dict[str, Habits]) -> Pieces:
    for path, source, entry in exports:
        if large(path, entry):
            yield from read_in_parts(path, questionnaire, entry, source, habits[source])
        else:
            yield read_export(path, questionnaire, entry, source)[:2]
