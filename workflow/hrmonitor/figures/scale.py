"""Answers to one or several questions on one scale: a column an answer, each with its interval."""

import pandas as pd

from hrmonitor.declarations.figures import Figure
from hrmonitor.figures import style
from hrmonitor.figures.data import Data
from hrmonitor.figures.select import overall, question, shares
from hrmonitor.language import number, percent

UNKNOWN = "dont_know"
ROOM_FOR_LABELS = 1.3


def table(data: Data, options: dict) -> pd.DataFrame:
    """Rows: each question for all services (several questions) or one question by service."""
    rows = []
    for name in options["questions"]:
        found = shares(data, options["round"], name)
        found = overall(found) if len(options["questions"]) > 1 else found
        for lang in data.languages:
            short = options.get("labels", {}).get(name, {}).get(lang)
            found[f"question_{lang}"] = short or question(data, options["round"], name).label(lang)
        rows.append(found.assign(question=name))
    return pd.concat(rows, ignore_index=True)


def _groups(table: pd.DataFrame, lang: str) -> list[tuple[str, pd.DataFrame]]:
    several = table["question"].nunique() > 1
    key = ["question"] if several else ["service"]
    groups = []
    for _, group in table.groupby(key, sort=False):
        first = group.iloc[0]
        label = first[f"question_{lang}"] if several else style.service_label(first["service"], lang)
        groups.append((label, group.set_index("category")))
    return groups


def _colour(code: str, categories: list[str]) -> str:
    """Trends from blue (more) to orange (less); other scales in one colour, as each answer has its own column."""
    if code == UNKNOWN:
        return style.GREY
    trend = all(one in style.DIVERGING for one in categories if one != UNKNOWN)
    return style.DIVERGING[code] if trend else style.BLUE


def draw(table: pd.DataFrame, options: dict, lang: str):
    groups, words = _groups(table, lang), style.words(lang)
    fig = style.figure(style.height_for(len(groups), 0.36, 1.0))
    if not groups:
        style.no_rows(fig, lang)
        return fig
    categories = list(dict.fromkeys(table["category"]))
    labels = table.drop_duplicates("category").set_index("category")[f"label_{lang}"]
    axes = fig.subplots(1, len(categories), sharey=True, squeeze=False)[0]
    widest = table[["ci_high", "estimate"]].max().max()
    for ax, code in zip(axes, categories, strict=True):
        for place, (_, group) in enumerate(groups):
            if code not in group.index:
                continue
            one = group.loc[code]
            if pd.isna(one["estimate"]):
                ax.text(0, place, words["suppressed"], va="center", fontsize=6.5, style="italic", color="#555555")
                continue
            ax.barh(place, one["estimate"], color=_colour(code, categories), height=0.62)
            ax.hlines(place, one["ci_low"], one["ci_high"], color=style.DARK, linewidth=0.9)
            end = max(one["estimate"], one["ci_high"] if pd.notna(one["ci_high"]) else 0)
            ax.annotate(percent(one["estimate"], lang), (end, place), xytext=(3, 0), textcoords="offset points",
                        va="center", fontsize=7.5)  # fmt: skip
        ax.set_title(style.wrap(labels[code], 11), fontsize=7)
        ax.set_xlim(0, (widest if pd.notna(widest) and widest > 0 else 1) * ROOM_FOR_LABELS)
        ax.set_xticks([])
        ax.axvline(0, color="#888888", linewidth=0.6)
        ax.grid(False)
        ax.spines["bottom"].set_visible(False)
    counted = [(label, group["n"].dropna()) for label, group in groups]
    style.rows_axis(
        axes[0], [f"{label} (n\u00a0=\u00a0{number(n.max() if len(n) else None, lang)})" for label, n in counted], 36
    )
    style.note(fig, options, lang, words["share_note"], words["interval_note"])
    return fig


def alt_text(table: pd.DataFrame, options: dict, lang: str) -> str:
    """The most frequent answer to each of up to five questions, or that of the last row: all services."""
    if len(table) and table["question"].nunique() == 1:
        table = table[table["service"] == table["service"].iloc[-1]]
    parts = []
    for label, group in _groups(table, lang)[:5]:
        known = group.dropna(subset="estimate")
        if len(known):
            most = known.loc[known["estimate"].idxmax()]
            parts.append(f"{label}: {most[f'label_{lang}'].lower()} ({percent(most['estimate'], lang)})")
    words = style.words(lang)
    return words["scale_alt"].format(said="; ".join(parts)) if parts else words["no_rows"]


def description(table: pd.DataFrame, options: dict, lang: str) -> list[str]:
    return [
        style.said(f"{label}, {getattr(one, f'label_{lang}').lower()}", one, lang)
        for label, group in _groups(table, lang)
        for one in group.itertuples()
    ]


FIGURE = Figure(
    name="scale",
    shows="Bars with intervals, a column an answer: questions on one scale (trends, amounts, opinions)",
    inputs=("indicators",),
    options=("round", "questions"),
    optional=("labels",),
    audit="estimates",
    table=table,
    draw=draw,
    alt_text=alt_text,
    description=description,
)
