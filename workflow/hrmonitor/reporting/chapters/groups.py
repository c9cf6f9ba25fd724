"""Groups of rounds (countries, regions, cities) side by side: figures, what of them can be compared, and all estimates in the annex."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from hrmonitor.language import capital, escape_markdown, headed, interval, join, listed, number, share_or_count
from hrmonitor.questionnaire.side_by_side import ABSENT, APART
from hrmonitor.study import within

SECTION = "groups"
# So many groups fit on a page as columns.
COLUMNS = 5


def chapter(story) -> str:
    """The report's chapter; "" for a study without groups, or where fewer than two have answers."""
    if len(story.config.latest_rounds) < 2:
        return ""
    words, compared = story.words["groups"], story.table("group_comparability")
    kind = escape_markdown(within(story.config.groups.kind[story.lang], story.lang))
    return story._join([
        story._heading(words["title"], SECTION),
        " ".join([words["intro"].format(kind=kind), words["not_pooled"], words["hidden"], words["chance"]]),
        _rounds(story),
        story._figures(SECTION),
        words["measure"] if len(compared) else words["nothing"],
        _comparability(story, compared),
        words["see"].format(annex=story.link("side-by-side")) if len(compared) else "",
    ])  # fmt: skip


def tables(story) -> str:
    """The annex's chapter: every indicator that groups asked alike, a column a group; "" as `chapter`."""
    if len(story.config.latest_rounds) < 2:
        return ""
    words, table = story.words["groups"], story.table("groups")
    if table.empty:
        return ""
    codes, parts = list(story.config.latest_rounds), []
    for start in range(0, len(codes), COLUMNS):
        some = codes[start : start + COLUMNS]
        own = table[table["group"].isin(some)]
        names = [_name(story, code) for code in some]
        rows = _rows(story, own, some)
        if rows:
            caption = words["caption"].format(groups=join(names, story.lang))
            widths, align = [40, *[60 // len(some)] * len(some)], "l" + "r" * len(some)
            name = f"tbl-groups-{start // COLUMNS + 1}"
            parts.append(story._table([words["question"], *names], rows, widths, caption, name, align))
    return story._join([story._heading(words["tables_title"], "side-by-side"), words["tables_text"], *parts])


def whose(story, round_: str) -> str:
    """Which group a finding of the round speaks of, as a sentence; "" for a study without groups."""
    block = story.config.rounds[round_]
    if not block.group:
        return ""
    return story.words["groups"]["whose"].format(
        group=_name(story, block.group), round=escape_markdown(block.title[story.lang])
    )


def _name(story, code: str) -> str:
    return escape_markdown(story.config.groups.names[code][story.lang])


def _rounds(story) -> str:
    """Which round of each group is shown, with its year and how many answered."""
    words, rows = story.words["groups"], []
    for code, name in story.config.latest_rounds.items():
        block = story.config.rounds[name]
        n = story._count(len(story.facilities[name]))
        rows.append([_name(story, code), escape_markdown(block.title[story.lang]), str(block.year), n])
    kind = capital(escape_markdown(story.config.groups.kind[story.lang]))
    return story._table([kind, *words["rounds"]], rows, [26, 46, 12, 16], words["rounds_caption"], "tbl-groups", "llrr")


def _comparability(story, compared: pd.DataFrame) -> str:
    """A row an indicator: which groups asked it alike, which otherwise and why, and which not."""
    words, lang = story.words["groups"], story.lang
    groups, rows = list(story.config.latest_rounds), []
    for indicator, own in compared.groupby("indicator", sort=False):
        alike = own[~own["status"].isin([APART, ABSENT])]
        question = story.forms[alike["round"].iloc[0]].by_indicator[indicator]
        others = [_why(story, row) for row in own.to_dict("records") if row["status"] == APART]
        absent = [_name(story, code) for code in own.loc[own["status"] == ABSENT, "group"]]
        if absent:
            others.append(words["absent"].format(groups=join(absent, lang)))
        if alike["services"].nunique() > 1 and story.config.groups.services == "types":
            others.append(words["other_types"])
        said = (
            words["all"] if len(alike) == len(groups) else join([_name(story, code) for code in alike["group"]], lang)
        )
        rows.append([escape_markdown(question.label(lang)), said if len(alike) > 1 else "–", " ".join(others) or "–"])
    if not rows:
        return ""
    header = [words["question"], *words["compared"]]
    return story._table(header, rows, [40, 24, 36], words["comparability_caption"], "tbl-group-comparability", "lll")


def _why(story, row: Mapping) -> str:
    reasons = story.words["comparability"]["reasons"]
    detail = f" ({escape_markdown(row['detail'])})" if row["detail"] else ""
    return headed(_name(story, row["group"]), f"{within(reasons[row['reason']], story.lang)}{detail}.", story.lang)


def _rows(story, table: pd.DataFrame, codes: list[str]) -> list[list[str]]:
    """A row an answer or statistic, below its question and the type of service that it is of."""
    lang, rows = story.lang, []
    compared = story.table("group_comparability")
    measures = compared[compared["status"] == "reference"].set_index("indicator")["round"]
    for (indicator, of), own in table.groupby(["indicator", "of"], sort=False):
        question = story.forms[measures[indicator]].by_indicator[indicator]
        label = escape_markdown(question.label(lang))
        rows.append([f"**{label}** ({within(story.service_label(of), lang)})", *[""] * len(codes)])
        for (answer, statistic), cells in own.groupby(["answer", "statistic"], sort=False):
            by = cells.set_index("group")
            said = question.choice(answer).label(lang) if answer else _statistic(story, statistic)
            shown = [_cell(story, by.loc[code]) if code in by.index else "–" for code in codes]
            rows.append([f"– {escape_markdown(within(said, lang))}", *shown])
    return rows


def _statistic(story, statistic: str) -> str:
    return str(story.words["service_chapter"]["statistics"][statistic])


def _cell(story, one: pd.Series) -> str:
    lang = story.lang
    if one["suppressed"] or pd.isna(one["estimate"]):
        return str(story.words["groups"]["suppressed"])
    share = one["unit"] == "share"
    value = share_or_count(one["estimate"], one["n"], lang) if share else number(one["estimate"], lang, 1)
    between = (
        f" ({interval(one['ci_low'], one['ci_high'], lang, 0 if share else 1, share)})"
        if pd.notna(one["ci_low"])
        else ""
    )
    return listed([f"{value}{between}", number(one["n"], lang)], lang)
