"""Which submissions count: kept, duplicate, test, rejected, without consent, empty or out of frame; and the response flow."""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass

import pandas as pd

from hrmonitor.cleaning.answers import Options
from hrmonitor.cleaning.audit_trail import joined, trail_lines
from hrmonitor.cleaning.rules import apply_skip_logic, calculate
from hrmonitor.cleaning.typed_answers import typed_questions
from hrmonitor.project.config import RoundConfig
from hrmonitor.project.frame import Respondents
from hrmonitor.project.register import OUT_OF_FRAME, Known, normal
from hrmonitor.questionnaire.expressions import compile_expression
from hrmonitor.questionnaire.model import Question, Questionnaire
from hrmonitor.readers.label_decisions import Labels

# Of these the readers keep nothing but that they are there.
LEFT_OUT = ("rejected", "no_consent")
STATUSES = ("kept", "duplicate", "test", *LEFT_OUT, "empty", "out_of_frame")
FLOW_STEPS = {
    "duplicates": "duplicate",
    "test": "test",
    "rejected": "rejected",
    "no_consent": "no_consent",
    "empty": "empty",
    "out_of_frame": "out_of_frame",
    "kept": "kept",
}
# Of a facility the register knows these too.
FROM_REGISTER = ("service", "province")
# What decides between several submissions of one facility, beside their order.
INTERNAL_COLUMNS = ["answered", "interview"]
TEST_NAME = re.compile(r"\s{0,9}(test|proef|asdf|xxx+)\b", re.I)
# Who answered fewer than one in twenty of the questions that were asked says nothing about a facility.
LEAST_ANSWERED = RoundConfig.least_answered


def submissions_of(
    responses: pd.DataFrame,
    questionnaire: Questionnaire,
    labels: Labels | None = None,
    least_answered: float = LEAST_ANSWERED,
    real_names: Container[str] = (),
    respondents: Respondents | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(source, row, service, status, answered) of each submission, and (source, row, name, service) of those kept.

    Before a facility is known, status is `kept`, `test`, `rejected`, `no_consent` or `empty`; `answered` is a number of questions.
    The second frame has the names as they were written, for `register`. A submission is empty when it answers fewer than the share
    `least_answered` of the questions that its own answers let it be asked. `real_names`, of facilities that the register or a person
    knows (`Known.names_known`), are no test, whatever they begin with. `respondents` are those of a round without a register.
    """
    text = _written(responses, respondents)
    service = _services(responses, questionnaire, labels)
    aside = respondents.of.aside if respondents else ()
    answered, asked = _answered_and_asked(responses, questionnaire, labels, aside)
    submissions = pd.DataFrame(
        {
            "source": responses["_source"],
            "row": responses["_row"],
            "service": service.fillna("unknown").astype("str"),
            "facility_id": "",
            "status": "kept",
            "answered": answered,
        }
    )
    submissions.loc[(answered == 0) | (answered < least_answered * asked), "status"] = "empty"
    like_test = text.str.match(TEST_NAME) & (respondents is None)
    like_test[[place for place, name in text[like_test].items() if normal(name) in real_names]] = False
    submissions.loc[like_test | (responses["_status"] == "test").fillna(False), "status"] = "test"
    for status in LEFT_OUT:
        submissions.loc[(responses["_status"] == status).fillna(False), "status"] = status
    written = pd.DataFrame(
        {
            "source": responses["_source"],
            "row": responses["_row"],
            "name": text,
            "service": service.fillna("").astype("str"),
        }
    )
    return submissions, written[submissions["status"] == "kept"]


def _written(responses: pd.DataFrame, respondents: Respondents | None) -> pd.Series:
    """What says who answered, as it was written."""
    question = respondents.question if respondents else "facility_name"
    return responses.get(question, pd.Series("", index=responses.index)).fillna("").astype("str")


def _services(responses: pd.DataFrame, questionnaire: Questionnaire, labels: Labels | None) -> pd.Series:
    if "service" not in responses:
        return pd.Series(pd.NA, index=responses.index, dtype="str")
    options = Options(questionnaire["service"], labels)
    known = {text: options.parse(text).value for text in responses["service"].dropna().unique()}
    return responses["service"].map(known).astype("str")


@dataclass(frozen=True)
class Decided:
    """What people decided about a round's answers: where their decisions on names are kept, those on "other, namely" and on labels, and
    the share of its questions that a submission must answer."""

    names_path: str
    other: pd.DataFrame | None = None
    labels: Labels | None = None
    least_answered: float = LEAST_ANSWERED


def submission_status(
    responses: pd.DataFrame,
    questionnaire: Questionnaire,
    known: Known | Respondents,
    decided: Decided,
    audit: list[pd.DataFrame],
) -> pd.DataFrame:
    """source, row, service, facility_id, status, answered (number of questions), interview of each submission."""
    if isinstance(known, Respondents):
        submissions, written = submissions_of(
            responses, questionnaire, decided.labels, decided.least_answered, respondents=known
        )
        submissions.loc[written.index, "facility_id"] = known.match(written)
        return submissions.assign(interview=responses["_mode"] == "interview")
    submissions, written = submissions_of(
        responses, questionnaire, decided.labels, decided.least_answered, known.names_known
    )
    text = _written(responses, None)
    named = submissions["status"] == "kept"
    matches = known.match(written, decided.names_path)
    submissions.loc[named, "facility_id"] = matches["facility_id"]
    outside = submissions["facility_id"] == OUT_OF_FRAME
    submissions.loc[outside, ["facility_id", "status"]] = ["", "out_of_frame"]
    other = matches.index[(matches["how"] != "exact") & ~outside.loc[matches.index]]
    if len(other):
        matched = known.by_id["name"].loc[submissions.loc[other, "facility_id"]]
        audit.append(trail_lines(responses, other, "facility_name", text.loc[other], matched, "name_matched"))
    return submissions.assign(interview=responses["_mode"] == "interview")


def complete_from_register(submissions: pd.DataFrame, answers: pd.DataFrame, register: pd.DataFrame) -> None:
    """What a tool did not ask and the register knows of a facility, filled in: its type of service, and the province.

    `register` is indexed by facility. A province that others gave and this facility did not stays open.
    """
    kept = submissions["status"] == "kept"
    unknown = kept & (submissions["service"] == "unknown")
    if unknown.any():
        submissions.loc[unknown, "service"] = submissions.loc[unknown, "facility_id"].map(register["service"])
    if "province" not in answers or answers["province"].isna().all():
        answers["province"] = submissions["facility_id"].map(register["province"]).where(kept).astype("str")


def _answered_and_asked(
    responses: pd.DataFrame, questionnaire: Questionnaire, labels: Labels | None, aside: Container[str] = ()
) -> tuple[pd.Series, pd.Series]:
    """How many questions have an answer, and how many were asked, those that identify the facility aside, as are those of `aside`."""
    # The first group of a form asks which facility it is, if that is where its name is asked.
    name = questionnaire.questions.get("facility_name")
    first = next(iter(questionnaire.groups), None)
    identity = first if name is not None and name.group and name.group[0] == first else None
    counted = [
        question
        for question in questionnaire.answerable
        if not question.pii
        and question.name not in aside
        and not (identity and question.group and question.group[0] == identity)
    ]
    gates = _gates(responses, questionnaire, counted, labels)
    answered, asked = pd.Series(0, index=responses.index), pd.Series(0, index=responses.index)
    for question in counted:
        if question.kind == "select_multiple":
            boxes = [f"{question.name}/{code}" for code in question.codes]
            given = (responses[boxes] == "1").any(axis=1)
        else:
            given = responses[question.name].notna()
        answered += given
        asked += compile_expression(question.relevant).holds(gates) | given if question.relevant else 1
    return answered, asked


def _gates(
    responses: pd.DataFrame, questionnaire: Questionnaire, counted: list[Question], labels: Labels | None
) -> pd.DataFrame:
    """Typed answers to the questions on which it depends whether others are asked."""
    wanted: set[str] = set()
    todo = [question.relevant for question in counted if question.relevant]
    while todo:
        for name in compile_expression(todo.pop()).questions - wanted:
            wanted.add(name)
            todo += filter(None, (questionnaire[name].relevant, questionnaire[name].calculation))
    of_form = [question for question in questionnaire if question.name in wanted]
    answers, missing = typed_questions(responses, of_form, [], labels)
    apply_skip_logic(answers, missing, responses, of_form, [])
    calculate(answers, missing, of_form)
    return answers


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
    names = [
        question.name
        for question in questionnaire.answerable
        if question.kind not in ("text", "select_multiple") and question.name in answers
    ]
    of_these, of_others = (answers.loc[where, names] for where in (pairs.index, pairs.to_numpy()))
    of_others = of_others.set_axis(pairs.index)
    for name in names:
        theirs, ours = of_these[name], of_others[name]
        differs = (theirs.notna() & ours.notna() & (theirs != ours).fillna(False)).to_numpy(dtype=bool)
        where = pairs.index[differs]
        audit.append(trail_lines(lead, where, name, theirs[differs], ours[differs], "duplicate_disagrees"))
    return joined(audit)


def flow_of(submissions, frame, contacts, register, respondents: Respondents | None) -> pd.DataFrame:
    """`response_flow` of facilities of a register, or of respondents."""
    if respondents is None:
        return response_flow(submissions, frame, contacts, register)
    return response_flow(submissions, None, contacts, register, respondents.of.sizes)


def response_flow(submissions, frame, contacts, register, sizes=None) -> pd.DataFrame:
    """service, step, n: from the register to the facilities that are kept; `unknown` where no service was given.

    Without a `frame` of facilities it begins with the population, of which `sizes` are by service, or with the submissions. `rejected` and `no_consent` are steps only of rounds that have such submissions.
    """
    named = frame is not None
    answered = sorted({*submissions["service"].unique()} - {"unknown"})
    known = [*register["service"].unique(), *frame["service"].unique()] if named else [*(sizes or ()), *answered]
    services = list(dict.fromkeys(known))
    approached = None
    if contacts is not None:
        approached = contacts["facility_id"].map(register.set_index("facility_id")["service"])
    steps = {
        step: status
        for step, status in FLOW_STEPS.items()
        if (status not in LEFT_OUT or (submissions["status"] == status).any()) and (named or step != OUT_OF_FRAME)
    }
    rows = []
    for service in [*services, "unknown", "all"]:
        of_service = submissions if service == "all" else submissions[submissions["service"] == service]
        if service != "unknown" and named:
            rows.append((service, "register", _count(frame["service"], service)))
            if approached is not None:
                rows.append((service, "approached", _count(approached, service)))
        if service != "unknown" and sizes:
            rows.append((service, "population", sum(sizes.values()) if service == "all" else sizes.get(service, 0)))
        rows.append((service, "submissions", len(of_service)))
        rows += [(service, step, int((of_service["status"] == status).sum())) for step, status in steps.items()]
    return pd.DataFrame(rows, columns=["service", "step", "n"])


def _count(services: pd.Series, service: str) -> int:
    return len(services) if service == "all" else int((services == service).sum())
