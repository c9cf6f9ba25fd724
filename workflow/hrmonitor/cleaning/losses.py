"""How much a round lost on the way: answers that nobody could read, submissions that do not count.

More than a tenth, of the answers to a question or of the submissions for one reason, stops the build until `accept:` of the round in
config.yaml says that it is meant.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from hrmonitor.cleaning.audit_trail import joined
from hrmonitor.errors import CleaningError
from hrmonitor.project.config import AcceptedLoss
from hrmonitor.questionnaire.model import Questionnaire
from hrmonitor.readers.export import GLUED, NO_PART, TWO_WAYS

# The share of a question's answers, or of a round's submissions, that may be lost without a word.
MOST_LOST = 0.1
COLUMNS = ["kind", "name", "lost", "n"]
QUESTION, SUBMISSIONS = "question", "submissions"
# Rules in the audit trail and in readers' notes by which an answer is lost for not being understood.
NOT_READ = ("not_understood", "unknown_option")


def answer_losses(
    audit: list[pd.DataFrame], responses: pd.DataFrame, submissions: pd.DataFrame, questionnaire: Questionnaire
) -> pd.DataFrame:
    """kind, name, lost, n: for each question how many of its answers were not understood, in submissions that may count.

    `audit` has the lines of typing these responses.
    """
    kept = submissions["status"] == "kept"
    trail = joined(audit)
    unread = trail[(trail["rule"] == "not_understood") & trail["submission"].isin(submissions.index[kept])]
    lost = unread["question"].value_counts()
    rows = []
    for question in questionnaire.answerable:
        if question.kind == "select_multiple":
            boxes = responses[[f"{question.name}/{code}" for code in question.codes]]
            given = int((boxes.notna().any(axis=1) & kept).sum())
        elif question.name in responses:
            given = int((responses[question.name].notna() & kept).sum())
        else:
            continue
        rows.append((QUESTION, question.name, int(lost.get(question.name, 0)), given))
    return pd.DataFrame(rows, columns=COLUMNS)


def losses(of_answers: pd.DataFrame, notes: pd.DataFrame, submissions: pd.DataFrame) -> pd.DataFrame:
    """kind, name, lost, n of all that was lost: the parts of `answer_losses` added up, what readers noted, and submissions by status."""
    # Options that are none of the question stand in joined cells; the readers met them.
    noted = notes[notes["rule"] == "unknown_option"]
    # Of some an option was read as well; the others have left no answer that `answer_losses` could have counted.
    nothing = noted[noted["note"].isin([NO_PART, TWO_WAYS, GLUED])]
    found = of_answers.groupby(["kind", "name"], sort=False, as_index=False)[["lost", "n"]].sum()
    for column, of in (("lost", noted), ("n", nothing)):
        found[column] += found["name"].map(of["question"].value_counts()).fillna(0).astype(int)
    status = submissions["status"].value_counts()
    rows = [(SUBMISSIONS, name, int(status[name]), len(submissions)) for name in sorted(status.index) if name != "kept"]
    table = pd.concat([found[found["lost"] > 0], pd.DataFrame(rows, columns=COLUMNS)], ignore_index=True)
    return table.astype({"kind": "str", "name": "str", "lost": "int64", "n": "int64"})


def too_much(lost: pd.DataFrame, accept: Sequence[AcceptedLoss]) -> pd.DataFrame:
    """The lines of `losses` that nobody accepted."""
    accepted = {(kind, getattr(loss, kind)) for loss in accept for kind in (QUESTION, SUBMISSIONS)}
    many = lost[lost["lost"] > MOST_LOST * lost["n"]]
    return many[[(row.kind, row.name_) not in accepted for row in many.rename(columns={"name": "name_"}).itertuples()]]


def sentence(kind: str, name: str, lost: int, n: int) -> str:
    """What was lost, for messages."""
    if kind == QUESTION:
        return f"question {name!r}: {lost} of {n} answers are not understood"
    return f"{lost} of {n} submissions do not count, as {name}"


def refuse_losses(round_name: str, lost: pd.DataFrame, accept: Sequence[AcceptedLoss]) -> None:
    """Raises `CleaningError` that names what the round lost too much of."""
    left = too_much(lost, accept)
    if left.empty:
        return
    sentences = [sentence(*row) for row in left.itertuples(index=False)]
    lines = [f"          - {row.kind}: {row[2]}\n            reason: why that is right" for row in left.itertuples()]
    raise CleaningError(
        f"round {round_name}: {'; '.join(sentences)}. That is more than one in ten. `hrmonitor check {round_name}` lists them with their "
        "rows; correct what can be, or say under the round in config.yaml that it is meant:\n        accept:\n"
        + "\n".join(lines)
    )
