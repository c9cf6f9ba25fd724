"""Rows of the indicators table, with labels, as figures want them."""

from __future__ import annotations

import pandas as pd

from hrmonitor.figures.data import Data
from hrmonitor.questionnaire.model import Question


def question(data: Data, round_: str, name: str) -> Question:
    return data.questionnaires[round_][name]


def estimates(data: Data, round_: str, name: str, statistic: str) -> pd.DataFrame:
    """service category n population estimate ci_low ci_high suppressed of one question."""
    table = data["indicators"]
    indicator = question(data, round_, name).indicator
    chosen = (table["round"] == round_) & (table["indicator"] == indicator) & (table["statistic"] == statistic)
    # Services as the form lists them, all of them together last.
    order = {code: place for place, code in enumerate([*question(data, round_, "service").codes, "all"])}
    return (
        table[chosen].sort_values("service", key=lambda names: names.map(order), kind="stable").reset_index(drop=True)
    )


def shares(data: Data, round_: str, name: str) -> pd.DataFrame:
    """`estimates` of shares with the categories' labels (`label_{lang}`)."""
    one = question(data, round_, name)
    table = estimates(data, round_, name, "share")
    for lang in data.languages:
        table[f"label_{lang}"] = [one.choice(code).label(lang) for code in table["category"]]
    return table


def overall(table: pd.DataFrame) -> pd.DataFrame:
    """The rows for all services; for a question of one service, that one's."""
    found = table[table["service"] == "all"]
    return found if len(found) else table
