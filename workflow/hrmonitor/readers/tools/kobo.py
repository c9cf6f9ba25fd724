"""KoboToolbox and ODK Central: headings are XML names or labels, behind their groups' or not.

A select-multiple is a cell that joins its answers, a column an option, or both; repeats stand in sheets (Kobo) or
CSV files in the zip (ODK) of their own and are brought back to their submission by the form's `aggregate`. Where the
form's versions differ, an option that a version did not have is blank, which is not a no.
"""

from __future__ import annotations

import re

import pandas as pd

from hrmonitor.errors import ReaderError
from hrmonitor.files.sheet import Sheet
from hrmonitor.files.sheets import read_sheets
from hrmonitor.questionnaire.model import Questionnaire
from hrmonitor.readers.export import Export, Name, always, names_of
from hrmonitor.readers.matching import plain
from hrmonitor.readers.reader import Likeness, Reader, marks
from hrmonitor.readers.repeats import aggregate
from hrmonitor.readers.sheet_body import SheetBody

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


# Headings that nobody but Kobo and ODK Central gives a column.
KOBO_MARKS = {
    "_uuid",
    "_submission_time",
    "_index",
    "_id",
    "__version__",
    "_validation_status",
    "_submitted_by",
    "formhub/uuid",
    "meta/instanceID",
}
ODK_MARKS = {
    "SubmissionDate",
    "KEY",
    "PARENT_KEY",
    "meta-instanceID",
    "ReviewState",
    "SubmitterID",
    "AttachmentsPresent",
}
# Where a person judged the submission, and what says that it is not to be used.
REVIEWS = ("_validation_status", "ReviewState")
REJECTED = {
    "validationstatusnotapproved",
    "notapproved",
    "nietgoedgekeurd",
    "rejected",
    "afgewezen",
    "afgekeurd",
    "nonapprouvé",
    "noaprobado",
}


def recognise(sheet: Sheet) -> Likeness:
    """Columns that Kobo or ODK Central adds."""
    headings = set(sheet.row(0))
    has, lacks = marks(
        {
            "KoboToolbox's columns _uuid and _index": {"_uuid", "_index"} <= headings,
            "ODK Central's columns SubmissionDate and KEY": {"SubmissionDate", "KEY"} <= headings,
        }
    )
    if len(headings & KOBO_MARKS) > 1:
        return Likeness(f"it has KoboToolbox's columns {' and '.join(sorted(headings & KOBO_MARKS)[:2])}", has, lacks)
    if len(headings & ODK_MARKS) > 1:
        return Likeness(f"it has ODK Central's columns {' and '.join(sorted(headings & ODK_MARKS)[:2])}", has, lacks)
    return Likeness("", has, lacks)


def read(path: str, entry: dict, questionnaire: Questionnaire | None) -> Export:
    """One row a submission, of the first sheet or the one that `sheet:` names; repeats aggregated to it."""
    sheets, facts = read_sheets(path, {**entry, "long_rows": True})
    main = _main_sheet(path, sheets, entry)
    header = main.row(0)
    # Header-only files and sheets without a question are right: nobody answered, or all is in repeats.
    body = SheetBody(main, 1, entry)
    joiner = "-" if "KEY" in header else "/"
    for place, heading in enumerate(header):
        if not heading:
            beyond = body.row[body.cells[place].notna()]
            if not body.left_out(place, ""):
                note = "a cell beyond the headings, of another version of the form"
                body.notes += [(row, "extra_cell", note) for row in beyond]
        elif heading in KOBO | ODK or COMPANION.fullmatch(heading.rsplit("/", 1)[-1]):
            body.own(place, heading)
        else:
            body.answer(place, heading, _names(heading, joiner))
    when = next((place for place, name in enumerate(header) if name in ("_submission_time", "SubmissionDate")), None)
    submitted = always("in the export", body.row.index) if when is None else body.cells[when]
    facts.append(f"{len(body.row)} submissions")
    rejected = _rejected(header, body)
    if rejected.any():
        facts.append(f"{int(rejected.sum())} of them rejected by a person in the tool: left out")
    parents = {main.name: (header, main.body(1), body.row.index.to_series())}
    for sheet in sheets:
        if sheet is main:
            continue
        table, found, told = aggregate(path, sheet, parents, questionnaire, joiner)
        facts.append(told)
        for column, values in zip(found, table, strict=True):
            body.beside(column, values)
    # A select-multiple that a person left open has zeros in its boxes, as has one that nobody saw.
    return body.export("kobo", submitted, facts, rejected=rejected, unseen=True, blank_box_is_no=False)


def _rejected(header: list[str], body: SheetBody) -> pd.Series:
    found = pd.Series(False, index=body.row.index)
    for place, heading in enumerate(header):
        if heading.rsplit("/", 1)[0] in REVIEWS:
            found |= body.cells[place].map(lambda text: plain(text) in REJECTED, na_action="ignore").eq(True)
    return found


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


def _names(heading: str, joiner: str) -> tuple[Name, ...]:
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


READER = Reader("kobo", "KoboToolbox or ODK Central", read, recognise)
