"""Trends over three rounds and more: how many can be told, and those that rise or fall beyond chance."""

from __future__ import annotations

from collections import Counter

import pandas as pd

from hrmonitor.language import escape_markdown, number, quoted
from hrmonitor.study import within
from hrmonitor.tabulation.trends import LEAST_ROUNDS

CLEAR, FEW = ("rises", "falls"), "too_few_facilities"


def section(story) -> str:
    """A part of the chapter on changes: trends that can be told, and of how many questions none can be told yet, and why; "" of a single round."""
    words, lang, table = story.words["trends"], story.lang, story.table("trends")
    if table.empty:
        return ""
    parts = [f"## {words['title']} {{#sec-trends}}"]
    if max(Counter(_groups(story).values()).values()) < LEAST_ROUNDS:
        return story._join([*parts, words["two_rounds"]])
    # Each indicator once: for all types of service that the rounds asked, which may be a single one.
    services = table.groupby(["indicator", "category", "round_from", "round"])["service"].transform(
        lambda own: "all" if "all" in set(own) else own.iloc[0]
    )
    own = table[table["service"] == services]
    told = own[own["outcome"].isin([*CLEAR, "no_trend_shown"])]
    clear = told[told["outcome"].isin(CLEAR)]
    reasons = _reasons(story, own)
    if told.empty:
        return story._join([*parts, " ".join([words["none"], *reasons])])
    parts.append(words["text"])
    counts = {name: number(int((told["outcome"] == name).sum()), lang) for name in CLEAR}
    said = [words["told"].format(all=number(len(told), lang), **counts)]
    if len(clear) < len(told):
        said.append(words["unclear"])
    parts.append(" ".join(said))
    if len(clear):
        rows = [_row(story, row) for row in clear.to_dict("records")]
        parts.append(
            story._table(words["columns"], rows, [40, 12, 12, 18, 8, 8, 6], words["caption"], "tbl-trends", "llrrrrr")
        )
    if reasons:
        parts.append(" ".join([words["not_yet"], *reasons]))
    return story._join(parts)


def _groups(story) -> dict[str, str]:
    """The group of each round, "" where the study has none: only rounds of one are a series."""
    return {name: story.config.rounds[name].group or "" for name in story.forms}


def _reasons(story, own) -> list[str]:
    """Of how many questions no trend can be told yet, by reason; of those that are hidden nothing is said."""
    words = story.words["trends"]
    groups = _groups(story)
    asked = Counter((groups[name], indicator) for name, form in story.forms.items() for indicator in form.by_indicator)
    many = own[own["rounds"] >= LEAST_ROUNDS]
    alike = {
        place: set(outcomes) for place, outcomes in many.groupby([many["round"].map(groups), "indicator"])["outcome"]
    }
    counts = {
        "twice": sum(times == LEAST_ROUNDS - 1 for times in asked.values()),
        "changed": sum(times >= LEAST_ROUNDS and place not in alike for place, times in asked.items()),
        "few": sum(outcomes == {FEW} for outcomes in alike.values()),
    }
    return [words["reasons"][name].format(n=number(n, story.lang)) for name, n in counts.items() if n]


def _row(story, row: dict) -> list[str]:
    """Question, rounds, change a year and its interval, the corrected p value, that without a line, and n; shares in percentage points."""
    words, lang = story.words["changes"], story.lang
    question = story.forms[row["round"]].by_indicator[row["indicator"]]
    label = escape_markdown(question.label(lang))
    if row["category"]:
        label += f" {quoted(escape_markdown(within(question.choice(row['category']).label(lang), lang)), lang)}"
    scale = 100 if row["unit"] == "share" else 1
    estimate, low, high = (number(scale * row[key], lang, 2) for key in ("estimate", "ci_low", "ci_high"))
    return [
        label,
        f"{escape_markdown(row['round_from'])} – {escape_markdown(row['round'])}",
        estimate,
        words["range"].format(low=low, high=high),
        number(row["p_holm"], lang, 3),
        "–" if pd.isna(row["p_monotone"]) else number(row["p_monotone"], lang, 3),
        number(row["n"], lang),
    ]
