"""How an export writes numbers and dates: decided over all its answers, as one cell alone often cannot tell."""

from __future__ import annotations

import pandas as pd

from hrmonitor.questionnaire.model import Questionnaire
from hrmonitor.readers.dialect import Habits

POINT_DECIMAL = r"-?(?:\d{1,3}(?:,\d{3})+|\d+)\.\d{1,2}"
COMMA_DECIMAL = r"-?(?:\d{1,3}(?:\.\d{3})+|\d+),\d{1,2}"
GROUPED_BY_COMMA = r"-?\d{1,3}(?:,\d{3})+(?:\.\d+)?"
# As sheets of some countries write it.
YEAR_FIRST = r"^\s*(\d{4})/(\d{1,2})/(\d{1,2})(?!\d)"
SLASHED = r"\s*(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(.*)"


def settle_notation(
    answers: pd.DataFrame, questionnaire: Questionnaire, entry: dict, habits: Habits | None = None
) -> list[str]:
    """Write thousands and dates of the American kind as cleaning reads them; say what was decided and why.

    Changes `answers` in place. Config's `decimal:` and `dates:` overrule what the cells suggest.
    """
    habits = habits or Habits()
    numbers = [q.name for q in questionnaire.answerable if q.kind in ("integer", "decimal") and q.name in answers]
    dates = [q.name for q in questionnaire.answerable if q.kind == "date" and q.name in answers]
    return [
        *_settle_numbers(answers, numbers, entry.get("decimal"), habits),
        *_settle_dates(answers, dates, entry.get("dates"), habits),
    ]


def _settle_numbers(answers: pd.DataFrame, names: list[str], said: str | None, habits: Habits) -> list[str]:
    points = sum(int(answers[name].str.fullmatch(POINT_DECIMAL).fillna(False).sum()) for name in names)
    commas = sum(int(answers[name].str.fullmatch(COMMA_DECIMAL).fillna(False).sum()) for name in names)
    points, commas = habits.over_file(("decimal",), (points, commas))
    sign = said or ("." if points and not commas else "," if commas and not points else None)
    if sign == ".":
        for name in names:
            grouped = answers[name].str.fullmatch(GROUPED_BY_COMMA).fillna(False).astype(bool)
            answers[name] = answers[name].mask(grouped, answers[name].str.replace(",", "", regex=False))
    if said:
        return [f"decimal sign {said!r}, as config says"]
    if sign:
        return [f"decimal sign {sign!r} ({points or commas} numbers show it)"]
    return [f"decimal points in {points} numbers and commas in {commas}: each read by itself"] if points else []


def _settle_dates(answers: pd.DataFrame, names: list[str], said: str | None, habits: Habits) -> list[str]:
    for name in names:
        answers[name] = answers[name].str.replace(YEAR_FIRST, r"\1-\2-\3", regex=True)
    parts = {name: answers[name].str.extract(SLASHED) for name in names}
    first = sum(int((pd.to_numeric(part[0]) > 12).sum()) for part in parts.values())
    second = sum(int((pd.to_numeric(part[1]) > 12).sum()) for part in parts.values())
    first, second = habits.over_file(("dates",), (first, second))
    order = said or ("month_first" if second and not first else "day_first")
    if order == "month_first":
        for name, part in parts.items():
            rewritten = part[2] + "-" + part[0].str.zfill(2) + "-" + part[1].str.zfill(2)
            answers[name] = answers[name].where(rewritten.isna(), rewritten)
    slashed = sum(int(part[0].notna().sum()) for part in parts.values())
    if not slashed:
        return []
    why = (
        "as config says"
        if said
        else f"{first or second} dates show it"
        if first or second
        else "no date tells; set `dates:` if wrong"
    )
    return [f"dates {order.replace('_', ' ')} ({why})"]


def settle_timestamps(stamps: pd.Series, said: str | None, habits: Habits | None = None) -> pd.Series:
    """Times of submission with the date in ISO 8601 where it was written with a day or month first."""
    frame = pd.DataFrame({"stamp": stamps.astype("str")})
    parts = frame["stamp"].str.extract(SLASHED)
    first, second = pd.to_numeric(parts[0]), pd.to_numeric(parts[1])
    late = (int((first > 12).sum()), int((second > 12).sum()))
    first_late, second_late = (habits or Habits()).over_file(("timestamps",), late)
    month_first = said == "month_first" or (said is None and second_late and not first_late)
    day, month = (1, 0) if month_first else (0, 1)
    iso = parts[2] + "-" + parts[month].str.zfill(2) + "-" + parts[day].str.zfill(2) + parts[3].fillna("")
    return frame["stamp"].where(iso.isna(), iso).str.replace(YEAR_FIRST, r"\1-\2-\3", regex=True)
