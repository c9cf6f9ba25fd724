"""Which submissions count: kept, duplicate, test, empty or out of frame; and the response flow."""

from __future__ import annotations

import re

import pandas as pd

from hrmonitor.cleaning.answers import parse_choice
from hrmonitor.cleaning.audit_trail import trail_lines
from hrmonitor.project.register import OUT_OF_FRAME
from hrmonitor.questionnaire.model import Questionnaire

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
TEST_NAME = re.compile(r"\s*(test|proef|asdf|xxx+)\b", re.I)
# A form with answers to fewer than one in twenty of its questions says nothing about a facility.
LEAST_ANSWERED = 0.05


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


def submission_status(responses, questionnaire, known, decisions_path, audit) -> pd.DataFrame:
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
        audit.append(trail_lines(responses, other, "facility_name", text.loc[other], matched, "name_matched"))
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
        audit.append(trail_lines(lead, where, question.name, theirs[where], ours[where], "duplicate_disagrees"))
    return pd.concat(audit)


def response_flow(submissions, frame, contacts, register) -> pd.DataFrame:
    """service, step, n: from the register to the facilities that are kept; `unknown` where no service was given."""
    services = list(dict.fromkeys(["dcr", "oat", "hat", "nsp", *sorted(frame["service"].unique())]))
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
