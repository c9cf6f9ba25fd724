"""`clean` for a round that is too large to be held: one part of the submissions after another, with the same outcome.

Only where submissions meet (several of one facility; the order of the tables) are all of them looked at, by their keys.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from hrmonitor.cleaning.audit_trail import audit_trail, sort_trail
from hrmonitor.cleaning.clean import clean_each, facilities_of
from hrmonitor.cleaning.losses import losses
from hrmonitor.cleaning.submissions import (
    INTERNAL_COLUMNS,
    LEAST_ANSWERED,
    Decided,
    disagreements,
    flow_of,
    mark_duplicates,
)
from hrmonitor.files.chunked import FrameSpool, Piles
from hrmonitor.project.frame import Respondents
from hrmonitor.project.register import Known, frame_of_year
from hrmonitor.questionnaire.model import Questionnaire
from hrmonitor.readers.label_decisions import Labels

Write = Callable[[Iterable[pd.DataFrame]], None]


# Over 6 parameters: those of `clean`, so that the two are called alike, and the two writers of what is not held in memory.
def clean_in_parts(
    responses: Iterable[pd.DataFrame],
    notes: pd.DataFrame,
    questionnaire: Questionnaire,
    register: pd.DataFrame,
    contacts: pd.DataFrame | None,
    decisions: pd.DataFrame,
    decisions_path: str,
    year: int,
    other: pd.DataFrame | None,
    write_facilities: Write,
    write_audit: Write,
    labels: Labels | None = None,
    least_answered: float = LEAST_ANSWERED,
    respondents: Respondents | None = None,
) -> dict[str, pd.DataFrame]:
    """As `clean`; `responses` are parts on one index. Gives `flow` and `submissions`, and hands pieces of the other two to the writers."""
    frame = frame_of_year(register, year)
    known = respondents or Known(frame, decisions)
    decided = Decided(decisions_path, other, labels, least_answered)
    with tempfile.TemporaryDirectory() as folder:
        pile, fates, lost = FrameSpool(Path(folder, "parts")), [], []
        for one in responses:
            part = clean_each(one, questionnaire, known, decided)
            fates.append(part.submissions)
            lost.append(part.losses)
            pile.put(part)
        submissions, pairs = mark_duplicates(pd.concat(fates))
        number = len(fates)
        del known, fates
        differing = _disagreements(pile, pairs, questionnaire)
        notes = notes.merge(_places(submissions), how="left", on=["source", "row"])

        kept = submissions.loc[submissions["status"] == "kept", "facility_id"].sort_values()
        order = pd.Series(range(len(kept)), index=kept.index)
        facilities = Piles(Path(folder), "facilities", _ends(order, number))
        sources = sorted({*submissions["source"].unique(), *notes["source"].unique()})
        trail = Piles(Path(folder), "audit", _ends(_order_in_trail(submissions, sources), number))
        for part in pile:
            its = submissions.loc[part.submissions.index]
            table = facilities_of(part, its, questionnaire)
            facilities.put(table, order.loc[table.index])
            audit = [*part.audit, differing[differing["submission"].isin(its.index)]]
            lines = audit_trail(audit, notes[notes["submission"].isin(its.index)], its)
            trail.put(lines, _order_in_trail(lines, sources))
        lines = audit_trail([], notes[notes["submission"].isna()], submissions[:0])
        trail.put(lines, _order_in_trail(lines, sources))

        write_facilities(piece.sort_values("facility_id") for piece in facilities)
        write_audit(sort_trail(piece, questionnaire) for piece in trail)
    return {
        "flow": flow_of(submissions, frame, contacts, register, respondents),
        "submissions": submissions.drop(columns=INTERNAL_COLUMNS),
        "losses": losses(pd.concat(lost), notes, submissions),
    }


def _disagreements(pile: FrameSpool, pairs: pd.Series, questionnaire: Questionnaire) -> pd.DataFrame:
    """What duplicates say against the submission that counts, which may stand in another part."""
    meeting = pairs.index.union(pd.Index(pairs.unique()))
    found = []
    for part in pile:
        where = part.answers.index.intersection(meeting)
        found.append((part.answers.loc[where], part.lead.loc[where]))
    answers, lead = (pd.concat(frames) for frames in zip(*found, strict=True))
    return disagreements(pairs, answers, lead, questionnaire)


def _places(submissions: pd.DataFrame) -> pd.DataFrame:
    return submissions[["source", "row"]].assign(submission=submissions.index)


def _order_in_trail(lines: pd.DataFrame, sources: list[str]) -> pd.Series:
    """A number that grows with source and row."""
    places = lines["source"].map({source: number for number, source in enumerate(sources)}).astype("int64")
    return places * 2**40 + lines["row"].astype("int64")


def _ends(order: pd.Series, parts: int) -> np.ndarray:
    """Where to cut the order into so many ranges of equal length."""
    ordered = order.sort_values().to_numpy()
    return ordered[[len(ordered) * number // parts for number in range(1, parts)]] if len(ordered) else ordered
