"""Trends over three rounds and more: how many can be told, and those that rise or fall beyond chance."""

from __future__ import annotations

from hrmonitor.language import escape_markdown, number, quoted
from hrmonitor.study import within
from hrmonitor.tabulation.trends import LEAST_ROUNDS

CLEAR = ("rises", "falls")


def section(story) -> str:
    """A part of the chapter on changes; "" before there are three rounds that asked the same."""
    words, lang, table = story.words["trends"], story.lang, story.table("trends")
    table = table[table["rounds"] >= LEAST_ROUNDS]
    if table.empty:
        return ""
    # Each indicator once: for all types of service that the rounds asked, which may be a single one.
    services = table.groupby(["indicator", "category"])["service"].transform(
        lambda own: "all" if "all" in set(own) else own.iloc[0]
    )
    own = table[table["service"] == services]
    told = own[own["outcome"].isin([*CLEAR, "no_trend_shown"])]
    clear = told[told["outcome"].isin(CLEAR)]
    parts = [f"## {words['title']} {{#sec-trends}}", words["text"]]
    if told.empty:
        return story._join([*parts, words["too_few"]])
    counts = {name: number(int((told["outcome"] == name).sum()), lang) for name in CLEAR}
    parts.append(words["told"].format(all=number(len(told), lang), **counts))
    if len(clear):
        rows = [_row(story, row) for row in clear.to_dict("records")]
        parts.append(
            story._table(words["columns"], rows, [44, 12, 12, 18, 8, 6], words["caption"], "tbl-trends", "llrrrr")
        )
    return story._join(parts)


def _row(story, row: dict) -> list[str]:
    """Question, rounds, change a year and its interval, the corrected p value and n; shares in percentage points."""
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
        number(row["n"], lang),
    ]
