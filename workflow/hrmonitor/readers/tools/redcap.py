"""REDCap CSV, raw or labelled: `field___code` is a box, repeating instruments and events have rows of their own.

One submission is one record. Rows of a repeating instrument are brought back to it by the form's `aggregate`; of
several events `event:` in config picks one, and without it the first event that has an answer counts.
"""

from __future__ import annotations

import re

import pandas as pd

from hrmonitor.errors import ReaderError
from hrmonitor.files.sheet import Sheet
from hrmonitor.files.sheets import read_sheets
from hrmonitor.questionnaire.model import Questionnaire
from hrmonitor.readers.export import Export, Name, always
from hrmonitor.readers.matching import plain
from hrmonitor.readers.reader import Likeness, Reader, marks
from hrmonitor.readers.repeats import combine
from hrmonitor.readers.sheet_body import SheetBody

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


COMPLETE = re.compile(r"\w+_complete|Complete\?")
DONE = ("2", "Complete")


def recognise(sheet: Sheet) -> Likeness:
    """REDCap's own columns, its boxes, the status of an instrument, or its record number."""
    header = sheet.row(0)
    found = {
        "REDCap's own columns (redcap_event_name and the like)": any(name in SYSTEM for name in header),
        "boxes named field___code or field (choice=label)": any(
            ("___" in name[1:-1] and re.fullmatch(r"\w+", name)) or BOX_LABEL.fullmatch(name) for name in header
        ),
        "the status of an instrument behind its columns (form_complete)": len(header) > 1
        and bool(COMPLETE.fullmatch(header[-1])),
        "a first column record_id": bool(header) and header[0] in ("record_id", "Record ID"),
    }
    has, lacks = marks(found)
    return Likeness(f"it has {has[0]}" if has else "", has, lacks)


def read(path: str, entry: dict, questionnaire: Questionnaire | None) -> Export:
    """One row a record, in file order; `row` is the record's first row."""
    sheets, facts = read_sheets(path, entry)
    sheet = sheets[0]
    header = sheet.row(0)
    body = SheetBody(sheet, 1, entry)
    rows = sheet.body(1)
    rows = rows.mask(rows == "[not completed]")
    event, instrument = _place(header, EVENT), _place(header, INSTRUMENT)
    _check_records(
        path, rows, [place for place in (0, event, instrument, _place(header, INSTANCE)) if place is not None]
    )
    if "event" in entry:
        chosen = _of_event(path, entry["event"], event, rows)
        body.notes += [(row, "other_event", "the row is of another event") for row in rows.index[~chosen]]
        rows = rows[chosen]
    # Rows of a repeating instrument are not the record's own.
    base = pd.Series(True, index=rows.index) if instrument is None else rows[instrument].isna()
    first = rows[0].drop_duplicates()
    root = rows[0].map(pd.Series(range(len(first)), index=first.to_numpy()))
    body.row = first.index.to_series(index=range(len(first)))
    body.cells = _first_of(rows[base], root[base], len(first))
    if body.numbers is not None and sheet.numbers is not None:
        typed = sheet.numbers.loc[rows.index].astype("boolean").where(rows.notna())
        body.numbers = _first_of(typed[base], root[base], len(first)).fillna(False).astype(bool)
    if event is not None and "event" not in entry:
        body.notes += _later_events(rows[base], root[base], header, event)
    _add_columns(path, header, body, rows[~base], root[~base], questionnaire)
    facts.append(f"{len(first)} records in {len(rows)} rows")
    if instrument is not None:
        instances = rows.loc[~base, instrument].value_counts().sort_index()
        facts += [f"repeating instrument {name}: {count} rows" for name, count in instances.items()]
    return body.export("redcap", _submitted(header, body), facts, blank_box_is_no=False, unseen=_unseen(header, body))


def _check_records(path: str, rows: pd.DataFrame, parts: list[int]) -> None:
    record = rows[0]
    if record.isna().any():
        raise ReaderError(f"{path}, row {record.index[record.isna()][0]}: there is no record number. Export it again.")
    again = rows.index[rows.duplicated(parts)]
    if len(again):
        raise ReaderError(
            f"{path}, row {again[0]}: record {record[again[0]]!r} is in an earlier row too. The record number is the first "
            "column and occurs once, or once an event and instance: export it again."
        )


def _first_of(rows: pd.DataFrame, root: pd.Series, count: int) -> pd.DataFrame:
    """The first cell with an answer of each record's rows."""
    return rows.groupby(root).first().reindex(range(count))


def _add_columns(
    path: str, header: list[str], body: SheetBody, repeats: pd.DataFrame, root: pd.Series, questionnaire
) -> None:
    """The columns of `body`; those of a repeating instrument by the form's `aggregate`. `repeats` are its rows, of the records `root`."""
    unused: set[int] = set()
    for place, heading in enumerate(header):
        number = place == 0 and (questionnaire is None or not _asked(heading, questionnaire))
        if heading in SYSTEM or STATUS.fullmatch(heading) or number:
            body.own(place, heading)
            continue
        cells = body.cells[place]
        repeated = repeats[place]
        if place and repeated.notna().any():
            question = _in_repeat(heading, questionnaire)
            if question is not None and question.aggregate:
                cells = combine(repeated, root, question, f"{path}, column {heading!r}").reindex(cells.index)
            else:
                unused.update(repeated.dropna().index)
        body.answer(place, heading, _names(heading), cells=cells)
    note = "answers of a repeating instrument; set `aggregate` in the form"
    body.notes += [(row, "repeat_not_used", note) for row in sorted(unused)]


def _unseen(header: list[str], body: SheetBody) -> pd.DataFrame:
    """Where a box may hold a 0 that nobody chose: in an instrument that is not complete.

    An instrument's status stands behind its columns. Where the file has none, boxes behind a record's last answer were not seen.
    """
    status = [place for place, name in enumerate(header) if COMPLETE.fullmatch(name)]
    boxes = [place for place, name in enumerate(header) if "___" in name or BOX_LABEL.fullmatch(name)]
    answers = [place for place in range(1, len(header)) if place not in boxes and not _own_column(header[place])]
    last = pd.Series(0, index=body.row.index)
    for place in answers:
        last = last.mask(body.cells[place].notna(), place)
    found = []
    for place, heading in enumerate(header):
        if heading in body.system:
            continue
        of_instrument = next((one for one in status if one > place), None)
        if of_instrument is None:
            found.append(last < place)
        else:
            found.append(~body.cells[of_instrument].isin(DONE))
    return pd.concat(found, axis=1, ignore_index=True) if found else pd.DataFrame(index=body.row.index)


def _own_column(heading: str) -> bool:
    return heading in SYSTEM or bool(STATUS.fullmatch(heading))


def _place(header: list[str], names: tuple[str, ...]) -> int | None:
    return next((place for place, heading in enumerate(header) if heading in names), None)


def _names(heading: str) -> list[Name]:
    if "___" in heading:
        question, _, option = heading.partition("___")
        # REDCap writes a negative code with an underscore for the minus.
        return [(question, option), *([(question, f"-{option[1:]}")] if option.startswith("_") else [])]
    if match := BOX_LABEL.fullmatch(heading):
        return [(match.group(1), match.group(2))]
    return [(heading, None)]


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


def _submitted(header: list[str], body: SheetBody) -> pd.Series:
    """A record counts as sent in if one of its instruments is complete (2), or if the file has no status."""
    status = [place for place, name in enumerate(header) if COMPLETE.fullmatch(name)]
    if not status:
        return always("record", body.row.index)
    return always("complete", body.row.index).where(body.cells[status].isin(DONE).any(axis=1))


READER = Reader("redcap", "REDCap", read, recognise)
