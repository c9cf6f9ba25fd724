"""The kinds of decisions, in the order of the workbook. One more kind is one more module with a `SHEET`, and its texts."""

from __future__ import annotations

from hrmonitor.cli.decisions import columns, facility_names, labels, notations, other_answers
from hrmonitor.cli.decisions.sheet import Sheet

SHEETS: tuple[Sheet, ...] = (
    facility_names.SHEET,
    columns.SHEET,
    columns.MISSING_SHEET,
    labels.SHEET,
    notations.SHEET,
    other_answers.SHEET,
)
