"""What changed between rounds, at all facilities and at those that answered both."""

from __future__ import annotations

import pandas as pd

from hrmonitor.language import escape_markdown, number
from hrmonitor.reporting.markdown import within

# The changes between all facilities that answered, and those at facilities that answered both.
SHOWN = ("change", "paired_change")


def chapter(story) -> str:
    """A table for each pair of rounds, an indicator a row; nothing when no two rounds asked the same."""
    words, lang = story.words["changes"], story.lang
    changes = story.changes
    if changes.empty:
        why = words["one_round" if len(story.config.rounds) == 1 else "none"]
        return story._join([story._heading(words["title"], "changes"), why])
    parts = [story._heading(words["title"], "changes"), *words["text"]]
    for (earlier, later), pair in changes.groupby(["round_from", "round"], sort=False):
        form = story.forms[later]
        rows = []
        # Each indicator once: for all types of service that both rounds asked, which may be a single one.
        services = pair.groupby(["indicator", "category"])["service"].transform(
            lambda own: "all" if "all" in set(own) else own.iloc[0]
        )
        for indicator, of_question in pair[pair["service"] == services].groupby("indicator", sort=False):
            question = form.by_indicator[indicator]
            label = escape_markdown(question.label(lang))
            for category, own in of_question.groupby("category", sort=False):
                if category:
                    if label:
                        rows.append([label, *[""] * 5])
                    label = ""
                name = f"– {escape_markdown(within(question.choice(category).label(lang)))}" if category else label
                by = own.set_index("statistic")
                rows.append([name, *(cell for statistic in SHOWN for cell in _cells(story, by, statistic))])
        titles = {name: escape_markdown(story.config.rounds[name].title[lang]) for name in (earlier, later)}
        caption = words["caption"].format(earlier=titles[earlier], later=titles[later])
        parts.append(
            story._table(
                words["columns"], rows, [40, 11, 17, 11, 17, 5], caption, f"tbl-changes-{earlier}-{later}", "lrrrrr"
            )
        )
    return story._join(parts)


def _cells(story, by: pd.DataFrame, statistic: str) -> list[str]:
    """Estimate and interval, and for the paired change the number of pairs; shares in percentage points."""
    lang, words = story.lang, story.words["changes"]
    paired = statistic == SHOWN[1]
    if statistic not in by.index:
        return ["–"] * (3 if paired else 2)
    one = by.loc[statistic]
    if one["suppressed"]:
        return [words["suppressed"], "–", *(["–"] if paired else [])]
    scale = 100 if one["unit"] == "share" else 1
    estimate, low, high = (number(scale * one[key], lang, 1) for key in ("estimate", "ci_low", "ci_high"))
    known = not pd.isna(one["ci_low"])
    return [
        estimate,
        words["range"].format(low=low, high=high) if known else "–",
        *([number(one["n"], lang)] if paired else []),
    ]
