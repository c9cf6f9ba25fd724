"""How many persons there are, from lists that overlap: the estimate, what it assumes, and the other models beside it."""

from __future__ import annotations

import pandas as pd

from hrmonitor.language import escape_markdown, headed, interval, listed, number
from hrmonitor.tabulation.persons import INDEPENDENT


def section(story) -> str:
    """A part of the chapter on national figures; "" where no round has counts of persons on several lists."""
    table, words = story.table("persons"), story.words["persons"]
    if table.empty:
        return ""
    parts = [f"## {words['title']} {{#sec-persons}}", words["text"], words["assumptions"]]
    for _, study in table.groupby(["round", "study"], sort=False):
        parts += _study(story, study)
    return story._join(parts)


def _study(story, study: pd.DataFrame) -> list[str]:
    words, lang = story.words["persons"], story.lang
    chosen, anybody = (study[rows].iloc[0] for rows in (study["chosen"], study["statistic"] == "any_list"))
    title = escape_markdown(chosen[f"label_{lang}"])
    if chosen["suppressed"]:
        return [words["hidden"].format(title=title)]
    lists = study[study["statistic"] == "list"].set_index("lists")[f"label_{lang}"]
    told = "none" if pd.isna(chosen["estimate"]) else "estimate" if pd.notna(chosen["ci_low"]) else "no_interval"
    facts = {
        "title": title,
        "estimate": number(chosen["estimate"], lang),
        "interval": interval(chosen["ci_low"], chosen["ci_high"], lang, share=False),
        "seen": number(anybody["estimate"], lang),
        "model": _model(story, chosen, lists),
    }
    counted = study["statistic"].isin(["list", "overlap", "any_list"])
    rows = [_row(story, row, lists) for row in study[counted].to_dict("records")]
    rows += [_row(story, row, lists) for row in study[~counted].to_dict("records")]
    name = f"tbl-persons-{chosen['round']}-{chosen['study']}".replace("_", "-")
    return [
        words[told].format(**facts),
        story._table(words["columns"], rows, [44, 12, 18, 10, 16], words["caption"].format(title=title), name, "lrrrl"),
    ]


def _row(story, row: dict, lists: pd.Series) -> list[str]:
    words, lang = story.words["persons"], story.lang
    kind = row["statistic"]
    if kind in ("list", "overlap"):
        what = escape_markdown(row[f"label_{lang}"])
    elif kind == "any_list":
        what = words["any_list"]
    else:
        what = headed(words[kind], _model(story, row, lists), lang)
    return [
        f"**{what}**" if row["chosen"] else what,
        number(row["estimate"], lang),
        interval(row["ci_low"], row["ci_high"], lang, share=False) if pd.notna(row["ci_low"]) else "–",
        number(row["aic"], lang, 1) if pd.notna(row["aic"]) else "–",
        escape_markdown(row["source"]) or "–",
    ]


def _model(story, row, lists: pd.Series) -> str:
    """Which lists depend on each other, by their labels."""
    words = story.words["persons"]
    if row["lists"] == INDEPENDENT:
        return words["independent"]
    pairs = [
        " × ".join(escape_markdown(lists[name]) for name in pair.split(" & ")) for pair in row["lists"].split("; ")
    ]
    return words["dependent"].format(pairs=listed(pairs, story.lang))
