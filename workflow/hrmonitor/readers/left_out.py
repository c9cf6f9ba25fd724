"""Submissions that are left out before anything of them is written: rejected by a person in the tool, or without consent."""

from __future__ import annotations

import pandas as pd

from hrmonitor.questionnaire.model import Questionnaire
from hrmonitor.readers.export import Export, never
from hrmonitor.readers.matching import plain

REJECTED, NO_CONSENT = "rejected", "no_consent"
# What is kept of them: that there was a submission, and where.
KEPT = ["_source", "_row", "_mode", "_instrument", "_status"]


def status_of(export: Export, answers: pd.DataFrame, questionnaire: Questionnaire) -> pd.Series:
    """`test`, `rejected` or `no_consent` by submission, missing for the others."""
    status = never(answers.index)
    if export.test is not None:
        status = status.mask(export.test, "test")
    refused = _refused(answers, questionnaire)
    status = status.mask(refused, NO_CONSENT)
    if export.rejected is not None:
        status = status.mask(export.rejected, REJECTED)
    return status


def _refused(answers: pd.DataFrame, questionnaire: Questionnaire) -> pd.Series:
    """Whether a question that asks for consent has another answer than yes. A question without an answer refuses nothing."""
    refused = pd.Series(False, index=answers.index)
    for question in questionnaire.answerable:
        if not question.consent:
            continue
        if question.kind == "select_multiple":
            box = answers.get(f"{question.name}/{question.codes[0]}", never(answers.index))
            refused |= (box == "0").fillna(False)
        elif question.name in answers:
            yes = {plain(text) for text in (question.consent, *question.choice(question.consent).labels.values())}
            given = answers[question.name]
            refused |= given.notna() & ~given.map(lambda text, yes=yes: plain(text) in yes, na_action="ignore").eq(True)
    return refused.astype(bool)


def blank_left_out(responses: pd.DataFrame, notes: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Responses with nothing in the rows of those submissions but that they are there, and no notes on them."""
    out = responses["_status"].isin([REJECTED, NO_CONSENT])
    if not out.any():
        return responses, notes
    wiped = [column for column in responses.columns if column not in KEPT]
    responses[wiped] = responses[wiped].mask(out)
    return responses, notes[~notes["row"].isin(responses.loc[out, "_row"])]
