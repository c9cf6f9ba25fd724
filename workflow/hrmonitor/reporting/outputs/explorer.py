"""All published estimates, for a reader of the web page to choose a round and a type of service from."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from hrmonitor.disclosure.rounded_counts import base_of
from hrmonitor.language import text
from hrmonitor.questionnaire.model import Questionnaire
from hrmonitor.questionnaire.statistics import REGISTRATIONS
from hrmonitor.study import study

# Columns of a row in the page: places in the lists of names, then numbers as they stand in results/indicators.csv.
ROW = (
    "round",
    "service",
    "indicator",
    "category",
    "statistic",
    "unit",
    "n",
    "population",
    "estimate",
    "ci_low",
    "ci_high",
    "suppressed",
)


def explorer(
    indicators: pd.DataFrame,
    forms: dict[str, Questionnaire],
    titles: dict[str, str],
    lang: str,
    tested: Collection[tuple[str, str]] = (),
) -> dict:
    """What the page embeds: `rounds` and `services` with their names, `questions` and `answers` with their labels,
    `rows` with the columns of ROW, and `tested`, the places of the questions (`tested`: round and question) that findings test, on which it opens.

    `indicators` is results/indicators.csv, in which small numbers are already suppressed; its bounds stay out. The order is
    that of the form.
    """
    words, services = text(lang), study(lang).services(lang)
    table = indicators[indicators["statistic"] != "share_bounds"]
    questions: dict[tuple[str, str], str] = {}
    answers: dict[tuple[str, str, str, str], str] = {}
    rows = []
    bases = {asked: base_of(own) for asked, own in table.groupby(["round", "indicator"])}
    for one in table.to_dict("records"):
        question = forms[one["round"]].by_indicator[one["indicator"]]
        asked = (one["round"], one["indicator"])
        label, base = question.label(lang), bases.get(asked, 0)
        questions[asked] = f"{label} ({words['service_chapter']['rounded_to'].format(base=base)})" if base else label
        answer = (one["round"], one["indicator"], one["category"], one["statistic"])
        names = words["service_chapter"]["registrations" if one["unit"] == REGISTRATIONS else "statistics"]
        statistic = names.get(one["statistic"], one["statistic"])
        answers[answer] = question.choice(one["category"]).label(lang) if one["category"] else statistic
        rows.append([*(_plain(one[name]) for name in ROW)])
    places = {asked: place for place, asked in enumerate(questions)}
    kinds = {answer: place for place, answer in enumerate(answers)}
    for row in rows:
        row[2], row[3] = places[row[0], row[2]], kinds[row[0], row[2], row[3], row[4]]
        row[11] = int(row[11])
    return {
        "rounds": [[name, titles[name]] for name in dict.fromkeys(table["round"])],
        "services": [[name, services.get(name, name)] for name in _in_order(table["service"], forms)],
        "questions": [[name, label] for (_, name), label in questions.items()],
        "answers": [[name, label] for (_, _, name, _), label in answers.items()],
        "rows": rows,
        "tested": [
            places[asked] for asked in places if (asked[0], forms[asked[0]].by_indicator[asked[1]].name) in tested
        ]
        if tested
        else [],
    }


def _in_order(services: pd.Series, forms: dict[str, Questionnaire]) -> list[str]:
    """All services together first, then each in the order of the newest form."""
    newest = list(forms.values())[-1]
    return sorted(dict.fromkeys(services), key=lambda one: (one != "all", newest.place("service", one)))


def _plain(value):
    """A value as JSON has it; numbers as the CSV writes them."""
    if isinstance(value, (str, bool)):
        return value
    if pd.isna(value):
        return None
    return int(value) if float(value).is_integer() else float(f"{value:.10g}")
