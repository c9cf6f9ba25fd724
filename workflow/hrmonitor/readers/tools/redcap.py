"""REDCap CSV, raw or labelled: `field___code` is a box, repeating instruments and events have rows of their own.

One submission is one record. Rows of a repeating instrument are brought back to it by the form's `aggregate`; of
several events `event:` in config picks one, and without it the first event that has an answer counts.
"""

from __future__ import annotations

import re

import pandas as pd

from hrmonitor.errors import ReaderError
from hrmonitor.files.sheets import Sheet, read_sheets
from hrmonitor.questionnaire.model import Questionnaire
from hrmonitor.readers.export import Column, Export, Name, always, names_of
from hrmonitor.readers.matching import plain
from hrmonitor.readers.repeats import combine

EVENT = ("redcap_event_name", "Event Name")
INSTRUMENT = ("redcap_repeat_instrument", "Repeat Instrument")
INSTANCE = ("redcap_repeat_instance", "Repeat Instance")
SYSTEM = {
    *EVENT,
    *INSTRUMENT,
    *INSTANCE,
    "redcap_data_access_group",
    "Data Access Group",
    "redcap_survey_identifier",
    "Survey Identifier",
}
STATUS = re.compile(r"\w+_complete|Complete\?|\w+_timestamp|Survey Timestamp|\w+_return_code")
BOX_LABEL = re.compile(r"(.*) \(choice=(.*)\)", re.S)


def recognise(sheet: Sheet) -> str | None:
    """Why the sheet is REDCap's, if it is."""
    header = sheet.row(0)
    if any(name in SYSTEM for name in header):
        return "it has REDCap's own columns"
    if any(re.fullmatch(r"\w+___\w+", name) or BOX_LABEL.fullmatch(name) for name in header):
        return "it has boxes named as REDCap names them"
    if len(header) > 1 and re.fullmatch(r"\w+_complete|Complete\?", header[-1]):
        return "its last column is the status of a REDCap instrument"
    return None


def read(path: str, entry: dict, questionnaire: Questionnaire | None) -> Export:
    """One row a record, in file order; `row` is the record's first row."""
    sheets, facts = read_sheets(path, entry)
    sheet = sheets[0]
    header, body = sheet.row(0), sheet.body(1)
    body = body.mask(body == "[not completed]")
    record = body[0]
    if record.isna().any():
        raise ReaderError(f"{path}, row {record.index[record.isna()][0]}: there is no record number. Export it again.")
    event, instrument = _place(header, EVENT), _place(header, INSTRUMENT)
    parts = [place for place in (0, event, instrument, _place(header, INSTANCE)) if place is not None]
    again = body.index[body.duplicated(parts)]
    if len(again):
        raise ReaderError(
            f"{path}, row {again[0]}: record {record[again[0]]!r} is in an earlier row too. The record number is the first "
            "column and occurs once, or once an event and instance: export it again."
        )
    base = pd.Series(True, index=body.index) if instrument is None else body[instrument].isna()
    notes = [(row, "blank_row", "the row has no cell with text") for row in sheet.blank_rows]
    if "event" in entry:
        chosen = _of_event(path, entry["event"], event, body)
        notes += [(row, "other_event", "the row is of another event") for row in body.index[~chosen]]
        body, record, base = body[chosen], record[chosen], base[chosen]
    first = record.drop_duplicates()
    records = pd.Series(range(len(first)), index=first.to_numpy())
    root = record.map(records)
    per_record = body[base].groupby(root[base]).first().reindex(range(len(first)))
    if event is not None and "event" not in entry:
        notes += _later_events(body[base], root[base], header, event)
    columns, data, system = [], {}, []
    unused: set[int] = set()
    for place, heading in enumerate(header):
        if heading in SYSTEM or STATUS.fullmatch(heading):
            system.append(heading)
            continue
        if place == 0 and (questionnaire is None or not _asked(heading, questionnaire)):
            system.append(heading)
            continue
        column = Column(heading, tuple(_names(heading)))
        cells = per_record[place]
        repeated = body.loc[~base, place]
        if place and repeated.notna().any():
            question = _in_repeat(heading, questionnaire)
            if question is not None and question.aggregate:
                cells = combine(repeated, root[~base], question, f"{path}, column {heading!r}").reindex(
                    range(len(first))
                )
            else:
                unused.update(repeated.dropna().index)
        data[len(columns)] = cells.reset_index(drop=True)
        columns.append(column)
    notes += [
        (row, "repeat_not_used", "answers of a repeating instrument; set `aggregate` in the form")
        for row in sorted(unused)
    ]
    rows = first.index.to_series(index=range(len(first)))
    index = pd.RangeIndex(len(first))
    facts.append(f"{len(first)} records in {len(body)} rows")
    if instrument is not None:
        instances = body.loc[~base, instrument].value_counts().sort_index()
        facts += [f"repeating instrument {name}: {count} rows" for name, count in instances.items()]
    submitted = _submitted(header, per_record, index)
    frame = pd.DataFrame(data, index=index).astype("str")
    return Export(
        "redcap", frame, columns, rows, submitted, blank_box_is_no=False, system=system, facts=facts, notes=notes
    )


def _place(header: list[str], names: tuple[str, ...]) -> int | None:
    return next((place for place, heading in enumerate(header) if heading in names), None)


def _names(heading: str) -> list[Name]:
    if "___" in heading:
        question, _, option = heading.partition("___")
        # REDCap writes a negative code with an underscore for the minus.
        return [(question, option), *([(question, f"-{option[1:]}")] if option.startswith("_") else [])]
    if match := BOX_LABEL.fullmatch(heading):
        return [match.groups()]
    return list(names_of(heading, "\x00"))


def _asked(heading: str, questionnaire: Questionnaire) -> bool:
    wanted = plain(heading)
    return any(
        wanted == plain(text) for question in questionnaire for text in (question.name, *question.labels.values())
    )


def _in_repeat(heading: str, questionnaire: Questionnaire | None):
    if questionnaire is None:
        return None
    return next(
        (q for q in questionnaire.in_repeats if plain(heading) in map(plain, (q.name, *q.labels.values()))), None
    )


def _of_event(path: str, wanted: str, event: int | None, body: pd.DataFrame) -> pd.Series:
    if event is None:
        raise ReaderError(f"{path}: config asks for event {wanted!r}, and the file has no events. Drop `event:`.")
    chosen = body[event] == wanted
    if not chosen.any():
        known = ", ".join(sorted(body[event].dropna().unique()))
        raise ReaderError(f"{path}: there is no event {wanted!r}. Events: {known}.")
    return chosen


def _later_events(body: pd.DataFrame, root: pd.Series, header: list[str], event: int) -> list[tuple[int, str, str]]:
    """Rows with answers that an earlier event of the record already gave otherwise."""
    answers = [
        p for p, name in enumerate(header) if p not in (0, event) and not STATUS.fullmatch(name) and name not in SYSTEM
    ]
    first = body[answers].groupby(root).transform("first")
    differs = (body[answers].notna() & (body[answers] != first)).any(axis=1)
    return [
        (row, "later_event", "answers that differ from an earlier event are not used; set `event:`")
        for row in body.index[differs]
    ]


def _submitted(header: list[str], records: pd.DataFrame, index: pd.Index) -> pd.Series:
    """A record counts as sent in if one of its instruments is complete (2), or if the file has no status."""
    status = [place for place, name in enumerate(header) if re.fullmatch(r"\w+_complete|Complete\?", name)]
    if not status:
        return always("record", index)
    done = records[status].isin(["2", "Complete"]).any(axis=1).reset_index(drop=True)
    return always("complete", index).where(done)
