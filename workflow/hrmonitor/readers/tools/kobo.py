"""KoboToolbox and ODK Central: headings are XML names or labels, behind their groups' or not.

A select-multiple is a cell that joins its answers, a column an option, or both; repeats stand in sheets (Kobo) or
CSV files in the zip (ODK) of their own and are brought back to their submission by the form's `aggregate`. Where the
form's versions differ, an option that a version did not have is blank, which is not a no.
"""

from __future__ import annotations

import re

import pandas as pd

from hrmonitor.errors import ReaderError
from hrmonitor.files.sheets import Sheet, read_sheets
from hrmonitor.questionnaire.model import Questionnaire
from hrmonitor.readers.export import Column, Export, names_of, never
from hrmonitor.readers.repeats import aggregate

KOBO = {
    "_id", "_uuid", "_submission_time", "_index", "_validation_status", "_notes", "_status", "_submitted_by", "__version__",
    "_tags", "_parent_table_name", "_parent_index", "_attachments", "_geolocation", "_xform_id_string", "formhub/uuid",
    "meta/instanceID", "meta/instanceName", "meta/rootUuid", "meta/deprecatedID", "_version_", "start", "end", "today",
    "deviceid", "username", "simserial", "subscriberid", "phonenumber", "audit", "_bamboo_dataset_id",
}  # fmt: skip
ODK = {
    "SubmissionDate", "KEY", "PARENT_KEY", "meta-instanceID", "meta-instanceName", "meta-audit", "SubmitterID", "SubmitterName",
    "AttachmentsPresent", "AttachmentsExpected", "Status", "ReviewState", "DeviceID", "Edits", "FormVersion", "instanceID",
}  # fmt: skip
# What Kobo adds beside a question of its own accord: split GPS columns, links to media, record of the parent.
COMPANION = re.compile(
    r"_.*_(latitude|longitude|altitude|precision)|.*_URL|_submission__\w+|.*-(Latitude|Longitude|Altitude|Accuracy)"
)


def recognise(sheet: Sheet) -> str | None:
    """Why the sheet is Kobo's or ODK's, if it is."""
    headings = set(sheet.row(0))
    if {"_uuid", "_submission_time"} <= headings or {"_uuid", "_index"} <= headings:
        return "it has KoboToolbox's columns _uuid and _index"
    if {"SubmissionDate", "KEY"} <= headings:
        return "it has ODK Central's columns SubmissionDate and KEY"
    return None


def read(path: str, entry: dict, questionnaire: Questionnaire | None) -> Export:
    """One row a submission, of the first sheet or the one that `sheet:` names; repeats aggregated to it."""
    sheets, facts = read_sheets(path, {**entry, "long_rows": True})
    main = _main_sheet(path, sheets, entry)
    header = main.row(0)
    body = main.body(1)
    # Header-only files and sheets without a question are right: nobody answered, or all is in repeats.
    index = pd.RangeIndex(len(body))
    rows = body.index.to_series(index=index)
    body = body.set_axis(index)
    joiner = "-" if "KEY" in header else "/"
    when = next((place for place, name in enumerate(header) if name in ("_submission_time", "SubmissionDate")), None)
    columns, kept, system = [], [], []
    notes = [(row, "blank_row", "the row has no cell with text") for row in main.blank_rows]
    for place, heading in enumerate(header):
        if not heading:
            beyond = rows[body[place].notna()]
            notes += [
                (row, "extra_cell", "a cell beyond the headings, of another version of the form") for row in beyond
            ]
        elif heading in KOBO | ODK or COMPANION.fullmatch(heading.rsplit("/", 1)[-1]):
            system.append(heading)
        else:
            columns.append(Column(heading, _names(heading, joiner)))
            kept.append(place)
    data = body[kept].set_axis(range(len(kept)), axis=1)
    submitted = body[when] if when is not None else never(index)
    if when is None:
        submitted = pd.Series("in the export", index=index, dtype="str")
    facts.append(f"{len(data)} submissions")
    parents = {main.name: (header, body)}
    for sheet in sheets:
        if sheet is main:
            continue
        table, found, told = aggregate(path, sheet, parents, questionnaire, joiner)
        facts.append(told)
        for column, values in zip(found, table, strict=True):
            data[data.shape[1]] = values.reindex(index)
            columns.append(column)
    return Export(
        "kobo", data, columns, rows, submitted, blank_box_is_no=False, system=system, facts=facts, notes=notes
    )


def _main_sheet(path: str, sheets: list[Sheet], entry: dict) -> Sheet:
    if "sheet" in entry:
        for sheet in sheets:
            if sheet.name == entry["sheet"]:
                return sheet
        raise ReaderError(f"{path}: there is no sheet {entry['sheet']!r}. Sheets: {', '.join(s.name for s in sheets)}.")
    roots = [sheet for sheet in sheets if not {"_parent_index", "PARENT_KEY"} & set(sheet.row(0)) and sheet.row(0)]
    if not roots:
        raise ReaderError(f"{path}: no sheet holds the submissions. Export the whole project again.")
    return roots[0]


def _names(heading: str, joiner: str):
    names = list(names_of(heading, "/"))
    if joiner == "-":  # ODK Central: group-question/option
        names += names_of(heading, "-")[1:]
    # A version of the form may have had the question in another group: its own name is what counts.
    parts = heading.split("/")
    if len(parts) > 1:
        names.append((parts[-1], None))
    if len(parts) > 2:
        names.append((parts[-2], parts[-1]))
    return tuple(names)
