"""Questions that were put and not answered, and why, by type of service."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from hrmonitor.disclosure.small_groups import suppress
from hrmonitor.questionnaire.model import Questionnaire

COLUMNS = ["round", "question", "kind", "service", "reason", "n", "population", "estimate", "suppressed"]
# In the order of `question__missing`; "not applicable" is an answer to a question that does not fit, not a silence.
SILENT = ("dont_know", "refused", "no_answer")
REASONS = ("not_asked", "not_applicable", *SILENT)


def item_nonresponse(
    round_: str,
    facilities: pd.DataFrame,
    questionnaire: Questionnaire,
    minimum_cell: int,
    hidden: Collection[str] = (),
) -> pd.DataFrame:
    """One row a question, type of service (and `all`) and reason, in `COLUMNS`.

    `not_asked`: of all facilities that answered the questionnaire; `not_applicable`: of those that were asked;
    `dont_know`, `refused` and `no_answer`, and `any` for the three together: of those to which it applied. Counts that rest on
    fewer than `minimum_cell` facilities are blank, as in the
    indicators, and so is every count of a question in `hidden`, of which answers are confidential. Answers that were filled in must have been taken out before.
    """
    services = [code for code in questionnaire["service"].codes if (facilities["service"] == code).any()]
    rows = []
    for question in questionnaire.answerable:
        column = f"{question.name}__missing"
        if column not in facilities:
            continue
        for service in [*services, *(["all"] if len(services) > 1 else [])]:
            reasons = (
                facilities[column] if service == "all" else facilities.loc[facilities["service"] == service, column]
            )
            counts = {reason: int((reasons == reason).sum()) for reason in REASONS}
            asked = len(reasons) - counts["not_asked"]
            applied = asked - counts["not_applicable"]
            bases = {"not_asked": len(reasons), "not_applicable": asked, **dict.fromkeys((*SILENT, "any"), applied)}
            counts["any"] = sum(counts[reason] for reason in SILENT)
            for reason, base in bases.items():
                share = counts[reason] / base if base else float("nan")
                rows.append((round_, question.name, question.kind, service, reason, counts[reason], base, share))
    table = pd.DataFrame(rows, columns=COLUMNS[:-1])
    shown = _hide_small(table, minimum_cell)[COLUMNS]
    told = shown["question"].isin(list(hidden))
    shown["suppressed"] |= told
    shown[["n", "population"]] = shown[["n", "population"]].mask(told)
    shown["estimate"] = shown["estimate"].mask(told)
    return shown


def _hide_small(table: pd.DataFrame, minimum_cell: int) -> pd.DataFrame:
    """What `disclosure.suppress` hides of a table whose base is called `n`."""
    based = table.rename(columns={"question": "indicator", "reason": "category", "n": "count", "population": "n"})
    based = based.assign(statistic="item_nonresponse", ci_low=float("nan"), ci_high=float("nan"))
    hidden = suppress(based, minimum_cell)
    shown = hidden.rename(columns={"indicator": "question", "category": "reason", "n": "population", "count": "n"})
    shown["n"] = shown["n"].astype("Int64").mask(shown["suppressed"])
    return shown
