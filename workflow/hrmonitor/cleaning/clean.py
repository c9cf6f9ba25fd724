"""From strings to typed answers of one submission a facility, with every change on record.

`clean` is the way; each step takes and returns frames and adds lines to the audit trail.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from hrmonitor.cleaning.audit_trail import audit_trail, sort_trail, trail_lines
from hrmonitor.cleaning.losses import answer_losses, losses
from hrmonitor.cleaning.other_answers import recode_other
from hrmonitor.cleaning.rules import apply_constraints, apply_skip_logic, calculate, check_parts, columns_of
from hrmonitor.cleaning.submissions import (
    FROM_REGISTER,
    INTERNAL_COLUMNS,
    LEAST_ANSWERED,
    Decided,
    complete_from_register,
    disagreements,
    flow_of,
    mark_duplicates,
    submission_status,
)
from hrmonitor.cleaning.typed_answers import _typed
from hrmonitor.project.frame import Respondents
from hrmonitor.project.register import Known, frame_of_year
from hrmonitor.questionnaire.model import Questionnaire
from hrmonitor.readers.label_decisions import Labels


# Over 6 parameters: each is a file of the round, or a setting of it, under the name that config.yaml gives it; from a notebook those that
# a round does not have are left out.
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
    labels: Labels | None = None,
    least_answered: float = LEAST_ANSWERED,
    respondents: Respondents | None = None,
) -> dict[str, pd.DataFrame]:
    """The round's `facilities`, `audit`, `flow` and `submissions`, and `losses` (`cleaning.losses`).

    `other` are decisions on "other, namely" (`cleaning.other_answers`), `labels` those on labels (`readers.label_decisions`); `respondents` are
    those of a round without a register, of whom a row of `facilities` is one.

    Duplicates: of several submissions for one facility, an interview goes before a returned questionnaire,
    then the more complete one, then the earlier one in the files. What they disagree on is flagged.
    """
    frame = frame_of_year(register, year)
    known = respondents or Known(frame, decisions)
    decided = Decided(decisions_path, other, labels, least_answered)
    part = clean_each(responses.reset_index(drop=True), questionnaire, known, decided)
    submissions, pairs = mark_duplicates(part.submissions)
    part.audit.append(disagreements(pairs, part.answers, part.lead, questionnaire))
    return {
        "facilities": facilities_of(part, submissions, questionnaire).sort_values("facility_id").reset_index(drop=True),
        "audit": sort_trail(audit_trail(part.audit, notes, submissions), questionnaire),
        "flow": flow_of(submissions, frame, contacts, register, respondents),
        "submissions": submissions.drop(columns=INTERNAL_COLUMNS),
        "losses": losses(part.losses, notes, submissions),
    }


@dataclass
class Part:
    """Submissions, each looked at by itself; `submissions` as `clean_each` gives them, all on one index."""

    lead: pd.DataFrame
    submissions: pd.DataFrame
    answers: pd.DataFrame
    missing: pd.DataFrame
    audit: list[pd.DataFrame]
    losses: pd.DataFrame


def clean_each(
    responses: pd.DataFrame, questionnaire: Questionnaire, known: Known | Respondents, decided: Decided
) -> Part:
    """What can be said of each submission without looking at the others: its fate, typed answers, what was changed.

    `submissions` has source, row, service, facility_id, status, and what decides between duplicates: answered, interview.
    """
    audit: list[pd.DataFrame] = []
    lead = responses[["_source", "_row", "_mode"]]
    submissions = submission_status(responses, questionnaire, known, decided, audit)
    answers, missing = _typed(responses, questionnaire, audit, decided.labels)
    if isinstance(known, Respondents):
        known.complete(submissions, answers, responses)
    else:
        complete_from_register(submissions, answers, known.by_id)
    lost = answer_losses(audit, responses, submissions, questionnaire)
    if decided.other is not None:
        for question, where, codes in recode_other(answers, missing, questionnaire, decided.other):
            audit.append(trail_lines(lead, where, question, "(text)", codes, "other_recoded"))
    apply_constraints(answers, missing, responses, questionnaire, audit)
    apply_skip_logic(answers, missing, responses, questionnaire.answerable, audit)
    calculate(answers, missing, questionnaire)
    check_parts(answers, responses, questionnaire, audit)
    if isinstance(known, Respondents) and known.question:
        # Who answered is known by a number from here on.
        answers, missing = (table.drop(columns=known.question, errors="ignore") for table in (answers, missing))
    return Part(lead, submissions, answers, missing, audit, lost)


def facilities_of(part: Part, submissions: pd.DataFrame, questionnaire: Questionnaire) -> pd.DataFrame:
    """One row a kept facility: `facility_id service province _mode`, typed answers, `question__missing`.

    `submissions` say which are kept.
    """
    kept = submissions.index[submissions["status"] == "kept"]
    answers, missing = part.answers.loc[kept], part.missing.loc[kept]
    parts = [submissions.loc[kept, ["facility_id", "service"]], answers[["province"]], part.lead.loc[kept, ["_mode"]]]
    for question in questionnaire:
        if question.name not in missing or (question.name in FROM_REGISTER and not question.indicator):
            continue
        columns = answers[columns_of(answers, question)]
        reason = missing[question.name]
        if question.name in FROM_REGISTER:
            # The answer leads the row already; as an indicator it needs the reason where there is none, too.
            given = parts[0][question.name] if question.name in parts[0] else parts[1][question.name]
            parts.append(reason.mask(given.notna()).astype("str").rename(f"{question.name}__missing"))
            continue
        if question.kind == "select_one":
            # "Don't know" and its like are no values: they are reasons.
            no_value = {choice.name: choice.missing for choice in question.choices if choice.missing}
            given = columns[question.name]
            for code, why in no_value.items():
                said = (given == code).fillna(False).astype(bool)
                if said.any():
                    reason, given = reason.mask(said, why), given.mask(said)
            columns = given.to_frame()
        parts += [columns, reason.astype("str").rename(f"{question.name}__missing")]
    return pd.concat(parts, axis=1)
