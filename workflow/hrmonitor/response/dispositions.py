"""What became of every facility: the fieldwork's contacts and the submissions, as final dispositions of AAPOR.

The terms, their codes and the rule for complete and partial answers are those of AAPOR, Standard Definitions, 10th edition
(2023), for establishment surveys with a list of named establishments; docs/methods/response.md shows the mapping.
"""

from __future__ import annotations

import pandas as pd

from hrmonitor.errors import RegisterError
from hrmonitor.project.register import frame_of_year
from hrmonitor.questionnaire.model import Question, Questionnaire

COLUMNS = ["facility_id", "service", "province", "mode", "outcome", "answered", "disposition", "code", "remarks"]
CODES = {
    "complete": "1.1", "partial": "1.2", "refusal": "2.11", "break_off": "2.12", "non_contact": "2.2", "other": "2.3",
    "not_attempted": "3.11", "unknown": "3.9", "not_eligible": "4",
}  # fmt: skip
# What contacts.csv can say, and the disposition of a facility that gave no usable answers. The most telling one comes first:
# it counts when a facility was approached more than once.
OUTCOMES = {
    "interviewed": "other", "returned": "other", "broke_off": "break_off", "refused": "refusal", "other": "other",
    "not_eligible": "not_eligible", "no_contact": "non_contact", "unknown": "unknown",
}  # fmt: skip
ANSWERING = {"interviewed": "interview", "returned": "questionnaire"}
# Complete: more than 80 % of the questions that applied are answered; partial: from 50 % on; less is a break-off.
COMPLETE_ABOVE, PARTIAL_FROM = 0.8, 0.5


# Over 6 parameters: a disposition is what the register, the fieldwork and the answers say of a case, all as they came in.
def dispositions(
    register: pd.DataFrame,
    year: int,
    contacts: pd.DataFrame | None,
    contacts_path: str,
    submissions: pd.DataFrame,
    facilities: pd.DataFrame,
    questionnaire: Questionnaire,
) -> pd.DataFrame:
    """One row a facility, in `COLUMNS`, for all facilities that the round is about.

    Those are the facilities open in `year` of the types of service that were approached or answered, with any other that was
    approached. `answered` is the share of applicable closed questions that was answered (missing without a usable
    submission); `remarks` names disagreement between contacts and submissions, `|` between several. Without contacts every
    facility that did not answer is of unknown eligibility. Raises `RegisterError` on an outcome that is not in `OUTCOMES`.
    """
    outcomes = _outcomes(contacts, contacts_path)
    kept = submissions[submissions["status"] == "kept"]
    services = register.set_index("facility_id")["service"]
    about = set(kept["service"]) | set(services.reindex(outcomes.index).dropna())
    frame = frame_of_year(register, year)
    inside = frame.loc[frame["service"].isin(about), "facility_id"]
    ids = pd.Index(sorted({*inside, *outcomes.index, *kept["facility_id"]}), name="facility_id")
    cases = register.set_index("facility_id").reindex(ids)[["service", "province"]]
    own = facilities.set_index("facility_id")
    cases["mode"] = own["_mode"].reindex(ids).fillna("").astype("str")
    cases["outcome"] = outcomes.reindex(ids).fillna("").astype("str")
    cases["answered"] = answered_share(facilities, questionnaire).set_axis(own.index).reindex(ids)
    in_frame = ids.isin(inside)
    cases["disposition"] = [
        _disposition(share, outcome, known, contacts is not None)
        for share, outcome, known in zip(cases["answered"], cases["outcome"], in_frame, strict=True)
    ]
    cases["code"] = cases["disposition"].map(CODES)
    cases["remarks"] = [
        "|".join(_remarks(mode, outcome, known, contacts is not None))
        for mode, outcome, known in zip(cases["mode"], cases["outcome"], in_frame, strict=True)
    ]
    return cases.reset_index()[COLUMNS]


def answered_share(facilities: pd.DataFrame, questionnaire: Questionnaire) -> pd.Series:
    """Share of the applicable questions that each facility answered; "don't know" is an answer, as in AAPOR's rule.

    Open questions do not count: an empty one may mean that there was nothing to say.
    """
    reasons = [
        facilities[f"{question.name}__missing"].fillna("")
        for question in questionnaire.answerable
        if is_closed(question) and f"{question.name}__missing" in facilities
    ]
    table = pd.concat(reasons, axis=1) if reasons else pd.DataFrame(index=facilities.index)
    applicable = (~table.isin(["not_asked", "not_applicable"])).sum(axis=1)
    silent = table.isin(["no_answer", "refused"]).sum(axis=1)
    return (1 - silent / applicable).where(applicable > 0, 1.0)


def is_closed(question: Question) -> bool:
    """Whether a person answers it with a choice, a number or a date."""
    return question.kind not in ("text", "calculate") and not question.pii


def _outcomes(contacts: pd.DataFrame | None, path: str) -> pd.Series:
    """facility_id -> outcome, the most telling one of several."""
    if contacts is None:
        return pd.Series([], dtype="str", index=pd.Index([], dtype="str"))
    wrong = contacts.index[~contacts["outcome"].isin(list(OUTCOMES))]
    if len(wrong):
        raise RegisterError(
            f"{path}, row {wrong[0] + 2}, outcome: {contacts['outcome'][wrong[0]]!r} is not known. "
            f"It can be: {', '.join(OUTCOMES)}."
        )
    order = {outcome: place for place, outcome in enumerate(OUTCOMES)}
    best = contacts.sort_values("outcome", key=lambda column: column.map(order), kind="stable")
    return best.drop_duplicates("facility_id").set_index("facility_id")["outcome"]


def _disposition(answered: float, outcome: str, in_frame: bool, contacts_known: bool) -> str:
    """What the answers say goes before what the fieldwork noted; the register comes last."""
    if answered > COMPLETE_ABOVE:
        return "complete"
    if answered >= PARTIAL_FROM:
        return "partial"
    if pd.notna(answered):
        return "break_off"
    if not in_frame:
        return "not_eligible"
    if outcome:
        return OUTCOMES[outcome]
    return "not_attempted" if contacts_known else "unknown"


def _remarks(mode: str, outcome: str, in_frame: bool, contacts_known: bool):
    if not in_frame:
        yield "not_open_that_year"
    if not contacts_known:
        return
    if outcome in ANSWERING and not mode:
        yield "no_submission"
    elif outcome in ANSWERING and ANSWERING[outcome] != mode:
        yield "other_mode"
    elif mode and not outcome:
        yield "never_approached"
    elif mode and outcome not in ANSWERING and outcome != "broke_off":
        yield f"answered_although_{outcome}"
