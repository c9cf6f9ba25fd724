"""The audit trail: a line for every change and flag, in the order of the files and of the form.

Columns: `source row facility_id question raw clean rule severity`, where severity is info (notation only), changed
(another value or none), flag (kept, to be looked at) or removed (a whole submission).
"""

from __future__ import annotations

import pandas as pd

from hrmonitor.questionnaire.model import Questionnaire

AUDIT_COLUMNS = ["source", "row", "facility_id", "question", "raw", "clean", "rule", "severity"]
SEVERITY = {
    "decimal_comma": "info", "thousands_point": "info", "date_day_first": "info", "excel_serial_date": "info",
    "label_matched": "info", "thousands_comma": "info", "thousands_space": "info", "date_in_words": "info", "label_decided": "changed", "name_matched": "info", "missing_word": "info", "number_with_words": "changed",
    "range_midpoint": "changed", "percent_from_fraction": "changed", "rounded": "changed", "not_understood": "changed",
    "skip_logic": "changed", "constraint": "changed", "masked": "changed", "characters": "flag", "total_of_parts": "flag",
    "constraint_flag": "flag", "duplicate_disagrees": "flag", "unknown_option": "changed", "later_event": "flag",
    "blank_row": "removed", "no_respondent": "removed", "other_event": "removed",
    "repeat_not_used": "flag", "extra_cell": "flag", "other_recoded": "changed",
}  # fmt: skip


COLUMNS = ["source", "row", "question", "raw", "clean", "rule", "severity", "submission"]
NO_LINES = pd.DataFrame(columns=COLUMNS, dtype="str")


def joined(audit: list[pd.DataFrame], ignore_index: bool = False) -> pd.DataFrame:
    """All lines as one table."""
    found = [part for part in audit if len(part)]
    return pd.concat(found, ignore_index=ignore_index) if found else NO_LINES


def trail_lines(responses, where, question: str, raw, clean, rule: str) -> pd.DataFrame:
    """Audit lines for the submissions `where`; facility_id is filled in at the end."""
    if not len(where):
        return NO_LINES
    place = responses.index.get_indexer(where)
    lines = {name[1:]: responses[name].take(place).array for name in ("_source", "_row")}
    texts = {"raw": shown(raw), "clean": shown(clean)}
    return pd.DataFrame(
        {**lines, "question": question, **texts, "rule": rule, "severity": SEVERITY[rule], "submission": where},
        index=where,
    )


def shown(values):
    if isinstance(values, str):
        return values
    if isinstance(getattr(values, "dtype", None), pd.StringDtype):
        return values.fillna("").array
    return [("" if pd.isna(value) else f"{value:g}" if isinstance(value, float) else str(value)) for value in values]


def audit_trail(audit: list[pd.DataFrame], notes: pd.DataFrame, submissions: pd.DataFrame) -> pd.DataFrame:
    """All lines on these submissions, not sorted. Text that a respondent wrote is not repeated here.

    Notes on rows that are none of the submissions are taken for rows that are no submission at all, such as blank ones.
    """
    lines = joined(audit, ignore_index=True)
    noted = notes[["source", "row", "question", "rule"]].fillna({"question": ""})
    noted = noted.assign(raw="", clean="", severity=noted["rule"].map(SEVERITY).astype("str"))
    noted.loc[noted["rule"] == "masked", ["raw", "clean"]] = "(text)"
    place = submissions[["source", "row"]].assign(submission=submissions.index)
    noted = noted.merge(place, how="left", on=["source", "row"]).fillna({"submission": -1}).astype({"submission": int})
    lines = pd.concat([lines, noted[noted["submission"] >= 0]], ignore_index=True)
    no_submission = noted[noted["submission"] < 0]
    status = submissions["status"]
    # Within a submission that does not count, only what it says against the one that does is of use.
    of_kept = (
        lines["submission"].map(status).eq("kept")
        | lines["rule"].eq("duplicate_disagrees")
        | lines["question"].eq("facility_name")
    )
    removed = submissions[status != "kept"]
    removed = removed[["source", "row"]].assign(
        question="", raw="", clean="", rule=removed["status"], severity="removed", submission=removed.index
    )
    lines = pd.concat([lines[of_kept], removed, no_submission], ignore_index=True)
    lines["facility_id"] = lines["submission"].map(submissions["facility_id"]).astype("str").fillna("")
    return lines[AUDIT_COLUMNS].astype({**dict.fromkeys(AUDIT_COLUMNS, "str"), "row": "int64"})


def sort_trail(lines: pd.DataFrame, questionnaire: Questionnaire) -> pd.DataFrame:
    """The audit trail in the order of the files and of the form."""
    order = {name: number for number, name in enumerate(["", *questionnaire.questions])}
    lines = lines.assign(order=lines["question"].map(order))
    return lines.sort_values(["source", "row", "order", "rule"], kind="stable", ignore_index=True)[AUDIT_COLUMNS]
