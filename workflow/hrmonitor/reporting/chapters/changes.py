"""What changed between rounds, at all facilities and at those that answered both: in full, and in short what changed clearly."""

from __future__ import annotations

import pandas as pd

from hrmonitor.language import escape_markdown, join, number, quoted
from hrmonitor.reporting.chapters import trends
from hrmonitor.study import within

# The changes between all facilities that answered, and those at facilities that answered both.
SHOWN = ("change", "paired_change")
# So many of the changes that are beyond chance stand in the report, those that are clearest.
CLEAREST = 12


def chapter(story) -> str:
    """A table for each pair of rounds, an indicator a row; nothing when no two rounds asked the same."""
    words, lang = story.words["changes"], story.lang
    changes = story.changes
    if changes.empty:
        why = words["one_round" if len(story.config.rounds) == 1 else "none"]
        # Samples, which nothing links, may have trends.
        return story._join([story._heading(words["title"], "changes"), why, trends.section(story)])
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
                unit = own["unit"].iloc[0]
                said = story.study.units(story.words["web"]["script"]["units"]).get(unit, unit)
                name = (
                    f"– {escape_markdown(within(question.choice(category).label(lang), lang))}"
                    if category
                    else f"{label} ({escape_markdown(said)})"
                )
                by = own.set_index("statistic")
                rows.append([name, *(cell for statistic in SHOWN for cell in _cells(story, by, statistic))])
        titles = {name: escape_markdown(story.config.rounds[name].title[lang]) for name in (earlier, later)}
        caption = words["caption"].format(earlier=titles[earlier], later=titles[later])
        parts.append(
            story._table(
                words["columns"], rows, [40, 11, 17, 11, 17, 5], caption, f"tbl-changes-{earlier}-{later}", "lrrrrr"
            )
        )
    return story._join([*parts, trends.section(story)])


def in_short(story) -> str:
    """The numbers that changed beyond chance at facilities that answered both of the last two rounds; nothing without two rounds."""
    words, lang, changes = story.words["since"], story.lang, story.changes
    # Of several groups of rounds that which the report is about; the annex has the changes of all.
    group = story.config.rounds[story.latest].group
    changes = changes[[story.config.rounds[name].group == group for name in changes["round"]]]
    if changes.empty:
        return ""
    (earlier, later), pair = list(changes.groupby(["round_from", "round"], sort=False))[-1]
    form = story.forms[later]
    own = pair[(pair["statistic"] == SHOWN[1]) & ~pair["suppressed"] & pair["ci_low"].notna()]
    services = own.groupby(["indicator", "category"])["service"].transform(
        lambda of: "all" if "all" in set(of) else of.iloc[0]
    )
    own = own[own["service"] == services]
    if own.empty:
        return ""
    titles = {name: escape_markdown(story.config.rounds[name].title[lang]) for name in (earlier, later)}
    clear = own[(own["ci_low"] > 0) | (own["ci_high"] < 0)]
    facts = {
        "services": join(sorted({within(story.service_label(name), lang) for name in own["service"]}), lang),
        "all": number(len(own), lang), "n": number(int(own["n"].max()), lang),
    }  # fmt: skip
    told = [words["intro"].format(**facts)]
    chance = {
        "shown": number(min(len(clear), CLEAREST), lang),
        "all": facts["all"],
        "chance": number(len(own) * (1 - story.config.confidence), lang),
        "n": number(len(clear), lang),
    }
    told.append(words["unclear" if clear.empty else "clear_one" if len(clear) == 1 else "clear"].format(**chance))
    rows = []
    shown = clear.assign(clarity=(clear["estimate"] / clear["se"]).abs()).nlargest(CLEAREST, "clarity").sort_index()
    for one in shown.to_dict("records"):
        question = form.by_indicator[one["indicator"]]
        label = escape_markdown(question.label(lang))
        if one["category"]:
            label += f" {quoted(escape_markdown(within(question.choice(one['category']).label(lang), lang)), lang)}"
        rows.append([label, *_cells(story, pd.DataFrame([one]).set_index("statistic"), SHOWN[1])])
    caption = words["caption"].format(earlier=titles[earlier], later=titles[later])
    return story._join([
        story._heading(words["title"].format(earlier=story.config.rounds[earlier].year), "since"), " ".join(told),
        story._table(words["columns"], rows, [56, 14, 20, 8], caption, "tbl-since", "lrrr") if rows else "",
        words["see"].format(annex=story.link("changes")),
    ])  # fmt: skip


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
