"""From strings to typed answers of one submission a facility, with every change on record.

`clean` is the way; each step takes and returns frames and adds lines to the audit trail:
`source row facility_id question raw clean rule severity`, where severity is info (notation only), changed
(another value or none), flag (kept, to be looked at) or removed (a whole submission).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from hrmonitor.cleaning.answers import Parsed, parse_choice, parse_date, parse_number
from hrmonitor.cleaning.other_answers import recode_other
from hrmonitor.project.register import OUT_OF_FRAME, Known, frame_of_year
from hrmonitor.questionnaire.expressions import compile_expression
from hrmonitor.questionnaire.model import Question, Questionnaire

AUDIT_COLUMNS = ["source", "row", "facility_id", "question", "raw", "clean", "rule", "severity"]
SEVERITY = {
    "decimal_comma": "info", "thousands_point": "info", "date_day_first": "info", "excel_serial_date": "info",
    "label_matched": "info", "name_matched": "info", "missing_word": "info", "number_with_words": "changed",
    "range_midpoint": "changed", "percent_from_fraction": "changed", "rounded": "changed", "not_understood": "changed",
    "skip_logic": "changed", "constraint": "changed", "masked": "changed", "total_of_parts": "flag",
    "constraint_flag": "flag", "duplicate_disagrees": "flag", "unknown_option": "changed", "later_event": "flag",
    "blank_row": "removed", "no_respondent": "removed", "other_event": "removed",
    "repeat_not_used": "flag", "extra_cell": "flag", "other_recoded": "changed",
}  # fmt: skip
STATUSES = ("kept", "duplicate", "test", "empty", "out_of_frame")
FLOW_STEPS = {
    "duplicates": "duplicate",
    "test": "test",
    "empty": "empty",
    "out_of_frame": "out_of_frame",
    "kept": "kept",
}
# What decides between several submissions of one facility, beside their order.
INTERNAL_COLUMNS = ["answered", "interview"]
# Identifies the facility in the register, and is not part of the answers that go on.
IDENTITY = ("facility_name", "municipality")
TEST_NAME = re.compile(r"\s*(test|proef|asdf|xxx+)\b", re.I)
# A form with answers to fewer than one in twenty of its questions says nothing about a facility.
LEAST_ANSWERED = 0.05


def clean(
    responses: pd.DataFrame,
    notes: pd.DataFrame,
    questionnaire: Questionnaire,
    register: pd.DataFrame,
    contacts: pd.DataFrame | None,
    decisions: pd.DataFrame,
    decisions_path: str,
    year: int,
    other: pd.DataFrame | None = None,
) -> dict[str, pd.DataFrame]:
    """The round's `facilities`, `audit`, `flow` and `submissions`. `other` are decisions on "other, namely" (`cleaning.other`).

    Duplicates: of several submissions for one facility, an interview goes before a returned questionnaire,
    then the more complete one, then the earlier one in the files. What they disagree on is flagged.
    """
    frame = frame_of_year(register, year)
    known = Known(frame, decisions)
    part = clean_each(responses.reset_index(drop=True), questionnaire, known, decisions_path, other)
    submissions, pairs = mark_duplicates(part.submissions)
    part.audit.append(disagreements(pairs, part.answers, part.lead, questionnaire))
    return {
        "facilities": facilities_of(part, submissions, questionnaire).sort_values("facility_id").reset_index(drop=True),
        "audit": sort_trail(audit_trail(part.audit, notes, submissions), questionnaire),
        "flow": response_flow(submissions, frame, contacts, register),
        "submissions": submissions.drop(columns=INTERNAL_COLUMNS),
    }


@dataclass
class Part:
    """Submissions, each processed independently; `submissions` as `clean_each` gives them, all on one index."""

    lead: pd.DataFrame
    submissions: pd.DataFrame
    answers: pd.DataFrame
    missing: pd.DataFrame
    audit: list[pd.DataFrame]


def clean_each(
    responses: pd.DataFrame,
    questionnaire: Questionnaire,
    known: Known,
    decisions_path: str,
    other: pd.DataFrame | None,
) -> Part:
    """What can be said of each submission without looking at the others: its fate, typed answers, what was changed.

    `submissions` has source, row, service, facility_id, status, and what decides between duplicates: answered, interview.
    """
    audit: list[pd.DataFrame] = []
    lead = responses[["_source", "_row", "_mode"]]
    submissions = _submission_status(responses, questionnaire, known, decisions_path, audit)
    answers, missing = _typed(responses, questionnaire, audit)
    if other is not None:
        for question, where, codes in recode_other(answers, missing, questionnaire, other):
            audit.append(_lines(lead, where, question, "(text)", codes, "other_recoded"))
    _apply_constraints(answers, missing, responses, questionnaire, audit)
    _apply_skip_logic(answers, missing, responses, questionnaire, audit)
    _calculate(answers, missing, questionnaire)
    _check_parts(answers, responses, questionnaire, audit)
    return Part(lead, submissions, answers, missing, audit)


# --- which submissions count -------------------------------------------------------------------------------


def submissions_of(responses: pd.DataFrame, questionnaire: Questionnaire) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(source, row, service, status, answered) of each submission, and (source, row, name, service) of those kept.

    Before a facility is known, status is `kept`, `test` or `empty`; `answered` is a number of questions. The second
    frame has the names as they were written, for `register`.
    """
    text = responses.get("facility_name", pd.Series("", index=responses.index)).fillna("").astype("str")
    service = responses["service"].map(
        lambda raw: parse_choice(raw, questionnaire["service"]).value, na_action="ignore"
    )
    submissions = pd.DataFrame(
        {
            "source": responses["_source"],
            "row": responses["_row"],
            "service": service.fillna("unknown").astype("str"),
            "facility_id": "",
            "status": "kept",
            "answered": _number_answered(responses, questionnaire),
        }
    )
    submissions.loc[submissions["answered"] < LEAST_ANSWERED * len(questionnaire.answerable), "status"] = "empty"
    submissions.loc[text.str.match(TEST_NAME) | (responses["_status"] == "test").fillna(False), "status"] = "test"
    written = pd.DataFrame(
        {
            "source": responses["_source"],
            "row": responses["_row"],
            "name": text,
            "service": service.fillna("").astype("str"),
        }
    )
    return submissions, written[submissions["status"] == "kept"]


def _submission_status(responses, questionnaire, known, decisions_path, audit) -> pd.DataFrame:
    """source, row, service, facility_id, status, answered (number of questions), interview of each submission."""
    submissions, written = submissions_of(responses, questionnaire)
    text = responses.get("facility_name", pd.Series("", index=responses.index)).fillna("").astype("str")
    named = submissions["status"] == "kept"
    matches = known.match(written, decisions_path)
    submissions.loc[named, "facility_id"] = matches["facility_id"]
    outside = submissions["facility_id"] == OUT_OF_FRAME
    submissions.loc[outside, ["facility_id", "status"]] = ["", "out_of_frame"]
    other = matches.index[(matches["how"] != "exact") & ~outside.loc[matches.index]]
    if len(other):
        names = known.frame.set_index("facility_id")["name"]
        matched = [names[facility] for facility in submissions.loc[other, "facility_id"]]
        audit.append(_lines(responses, other, "facility_name", text.loc[other], matched, "name_matched"))
    return submissions.assign(interview=responses["_mode"] == "interview")


def _number_answered(responses: pd.DataFrame, questionnaire: Questionnaire) -> pd.Series:
    """How many questions have an answer, those that identify the facility aside."""
    first = next(iter(questionnaire.groups), None)
    count = pd.Series(0, index=responses.index)
    for question in questionnaire.answerable:
        if question.pii or (question.group and question.group[0] == first):
            continue
        if question.kind == "select_multiple":
            boxes = [f"{question.name}/{code}" for code in question.codes]
            count += (responses[boxes] == "1").any(axis=1)
        else:
            count += responses[question.name].notna()
    return count


def mark_duplicates(submissions: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    """The submissions, all but the best of a facility marked as duplicates; and duplicate -> the best one."""
    kept = submissions[submissions["status"] == "kept"]
    order = kept.sort_values(["interview", "answered"], ascending=[False, False], kind="stable")
    again = order["facility_id"].duplicated()
    first = order[~again].reset_index().set_index("facility_id")["index"]
    dropped = order.index[again].sort_values()
    submissions = submissions.copy()
    submissions.loc[dropped, "status"] = "duplicate"
    return submissions, pd.Series(first.loc[submissions.loc[dropped, "facility_id"]].to_numpy(), index=dropped)


def disagreements(
    pairs: pd.Series, answers: pd.DataFrame, lead: pd.DataFrame, questionnaire: Questionnaire
) -> pd.DataFrame:
    """Flags, as lines of the audit trail, of what duplicates say against the submission that counts.

    `answers` and `lead` need to have those submissions only.
    """
    audit = []
    for question in questionnaire.answerable:
        if question.kind in ("text", "select_multiple") or question.name not in answers:
            continue
        theirs, ours = answers.loc[pairs.index, question.name], answers.loc[pairs.to_numpy(), question.name]
        ours.index = pairs.index
        differs = (theirs.notna() & ours.notna() & (theirs != ours).fillna(False)).to_numpy(dtype=bool)
        where = pairs.index[differs]
        audit.append(_lines(lead, where, question.name, theirs[where], ours[where], "duplicate_disagrees"))
    return pd.concat(audit)


def response_flow(submissions, frame, contacts, register) -> pd.DataFrame:
    """service, step, n: from the register to the facilities that are kept; `unknown` where no service was given."""
    services = list(dict.fromkeys([*register["service"], *frame["service"]]))
    approached = None
    if contacts is not None:
        approached = contacts["facility_id"].map(register.set_index("facility_id")["service"])
    rows = []
    for service in [*services, "unknown", "all"]:
        of_service = submissions if service == "all" else submissions[submissions["service"] == service]
        if service != "unknown":
            rows.append((service, "register", _count(frame["service"], service)))
            if approached is not None:
                rows.append((service, "approached", _count(approached, service)))
        rows.append((service, "submissions", len(of_service)))
        rows += [(service, step, int((of_service["status"] == status).sum())) for step, status in FLOW_STEPS.items()]
    return pd.DataFrame(rows, columns=["service", "step", "n"])


def _count(services: pd.Series, service: str) -> int:
    return len(services) if service == "all" else int((services == service).sum())


# --- what answers mean -------------------------------------------------------------------------------------


def _typed(responses, questionnaire, audit) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Typed answers, and beside them why a value is missing (one column a question)."""
    answers: dict[str, pd.Series] = {}
    missing: dict[str, pd.Series] = {}
    for question in questionnaire.answerable:
        if question.pii or question.name in IDENTITY:
            continue
        if question.kind == "select_multiple":
            boxes = responses[[f"{question.name}/{code}" for code in question.codes]]
            seen = boxes.notna().any(axis=1)
            for box in boxes:
                # A blank box beside others that are not: a version of the form that lacked this option.
                answers[box] = (responses[box] == "1").astype("boolean").where(responses[box].notna())
            missing[question.name] = pd.Series("no_answer", index=responses.index, dtype="str").where(~seen)
            continue
        raw = responses[question.name]
        # Each distinct text is parsed once: large rounds repeat themselves. A blank has the place -1, the last.
        place, texts = raw.factorize()
        parsed = [*_parse(texts, question), Parsed(missing="no_answer")]
        values = _as_type(pd.Series([one.value for one in parsed]), question)
        answers[question.name] = values.take(place).set_axis(raw.index)
        reasons = pd.Series([one.missing for one in parsed], dtype="str")
        missing[question.name] = reasons.take(place).set_axis(raw.index)
        _note_rules(raw, place, parsed, question, responses, audit)
    return pd.DataFrame(answers), pd.DataFrame(missing)


def _parse(texts: pd.Index, question: Question) -> list[Parsed]:
    match question.kind:
        case "select_one":
            return [parse_choice(text, question) for text in texts]
        case "integer" | "decimal":
            return [parse_number(text, question.kind == "integer", question.unit == "%") for text in texts]
        case "date":
            return [parse_date(text) for text in texts]
    return [Parsed(text) for text in texts]


def _as_type(values: pd.Series, question: Question) -> pd.Series:
    match question.kind:
        case "integer":
            return pd.to_numeric(values).astype("Float64").astype("Int64")
        case "decimal":
            return pd.to_numeric(values).astype("Float64")
        case "date":
            return pd.to_datetime(values, format="%Y-%m-%d").astype("datetime64[s]")
    return values.astype("str")


def _note_rules(raw, place, parsed, question, responses, audit) -> None:
    for rule in sorted({rule for one in parsed for rule in one.rules}):
        found = np.isin(place, [number for number, one in enumerate(parsed) if rule in one.rules])
        values = pd.Series(_shown([one.value for one in parsed]), dtype="str").take(place[found])
        audit.append(_lines(responses, raw.index[found], question.name, raw[found], values, rule))


def _apply_constraints(answers, missing, responses, questionnaire, audit) -> None:
    """A number, date or choice that breaks the form's constraint is impossible and is taken out; several ticks are flagged."""
    for question in questionnaire.answerable:
        if not question.constraint or question.pii or question.name in IDENTITY:
            continue
        columns = _columns(answers, question)
        present = answers[columns].notna().any(axis=1)
        broken = answers.index[present & ~compile_expression(question.constraint).holds(answers, question.name)]
        if question.kind == "select_multiple":
            audit.append(_lines(responses, broken, question.name, "", "", "constraint_flag"))
            continue
        audit.append(_lines(responses, broken, question.name, responses.loc[broken, question.name], "", "constraint"))
        answers.loc[broken, question.name] = pd.NA
        missing.loc[broken, question.name] = "no_answer"


def _apply_skip_logic(answers, missing, responses, questionnaire, audit) -> None:
    """In form order, as skips depend on answers before: what should not have been asked has no answer."""
    for question in questionnaire.answerable:
        if not question.relevant or question.name not in missing:
            continue
        hidden = ~compile_expression(question.relevant).holds(answers)
        columns = _columns(answers, question)
        # An option "not ticked" under a hidden question is no answer to it.
        several = question.kind == "select_multiple"
        given = answers[columns].fillna(False).any(axis=1) if several else answers[columns[0]].notna()
        where = answers.index[hidden & given.astype(bool)]
        raw = "" if several else responses.loc[where, question.name]
        audit.append(_lines(responses, where, question.name, raw, "", "skip_logic"))
        answers.loc[hidden, columns] = pd.NA
        missing.loc[hidden, question.name] = "not_asked"


def _calculate(answers, missing, questionnaire) -> None:
    for question in questionnaire:
        if question.kind != "calculate":
            continue
        values = pd.to_numeric(compile_expression(question.calculation).evaluate(answers), errors="coerce")
        values = values.astype("Float64").replace([float("inf"), float("-inf")], pd.NA)
        asked = pd.Series(True, index=answers.index)
        if question.relevant:
            asked = compile_expression(question.relevant).holds(answers)
        answers[question.name] = values.where(asked & values.notna())
        reason = pd.Series("no_answer", index=answers.index, dtype="str").where(asked, "not_asked")
        missing[question.name] = reason.mask(answers[question.name].notna())


def _check_parts(answers, responses, questionnaire, audit) -> None:
    """Flag totals that are smaller than their parts together; which of them is wrong, nobody can see."""
    for question in questionnaire:
        if not question.parts:
            continue
        parts = answers[list(question.parts)].astype("Float64").sum(axis=1, min_count=1)
        where = answers.index[(answers[question.name].astype("Float64") < parts).fillna(False)]
        audit.append(
            _lines(responses, where, question.name, answers.loc[where, question.name], parts[where], "total_of_parts")
        )


def _columns(answers: pd.DataFrame, question: Question) -> list[str]:
    if question.kind == "select_multiple":
        return [f"{question.name}/{code}" for code in question.codes]
    return [question.name]


# --- what goes on ------------------------------------------------------------------------------------------


def facilities_of(part: Part, submissions: pd.DataFrame, questionnaire: Questionnaire) -> pd.DataFrame:
    """One row a kept facility: `facility_id service province _mode`, typed answers, `question__missing`.

    `submissions` say which are kept.
    """
    kept = submissions.index[submissions["status"] == "kept"]
    answers, missing = part.answers.loc[kept], part.missing.loc[kept]
    parts = [submissions.loc[kept, ["facility_id", "service"]], answers[["province"]], part.lead.loc[kept, ["_mode"]]]
    for question in questionnaire:
        if question.name not in missing or question.name in ("service", "province"):
            continue
        columns = answers[_columns(answers, question)]
        reason = missing[question.name]
        if question.kind == "select_one":
            # "Don't know" and its like are no values: they are reasons.
            no_value = {choice.name: choice.missing for choice in question.choices if choice.missing}
            for code, why in no_value.items():
                said = (columns[question.name] == code).fillna(False)
                reason = reason.mask(said, why)
                columns = columns.mask(said)
        parts += [columns, reason.astype("str").rename(f"{question.name}__missing")]
    return pd.concat(parts, axis=1)


def _lines(responses, where, question: str, raw, clean, rule: str) -> pd.DataFrame:
    """Audit lines for the submissions `where`; facility_id is filled in at the end."""
    lines = responses.loc[where, ["_source", "_row"]].set_axis(["source", "row"], axis=1)
    return lines.assign(
        question=question, raw=_shown(raw), clean=_shown(clean), rule=rule, severity=SEVERITY[rule], submission=where
    )


def _shown(values):
    if isinstance(values, str):
        return values
    if isinstance(getattr(values, "dtype", None), pd.StringDtype):
        return values.fillna("").array
    return [("" if pd.isna(value) else f"{value:g}" if isinstance(value, float) else str(value)) for value in values]


def audit_trail(audit: list[pd.DataFrame], notes: pd.DataFrame, submissions: pd.DataFrame) -> pd.DataFrame:
    """All lines on these submissions, not sorted. Text that a respondent wrote is not repeated here.

    Notes on rows that are none of the submissions are taken for rows that are no submission at all, such as blank ones.
    """
    columns = ["source", "row", "question", "raw", "clean", "rule", "severity", "submission"]
    found = [part for part in audit if len(part)]
    lines = pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=columns, dtype="str")
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
