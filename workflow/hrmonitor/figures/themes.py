"""Themes in open answers: how many facilities bring them up, and how well the coders agree."""

import pandas as pd

from hrmonitor.declarations.figures import Figure
from hrmonitor.figures import style
from hrmonitor.figures.data import Data
from hrmonitor.language import interval, number, percent


def table(data: Data, options: dict) -> pd.DataFrame:
    themes = data["themes"]
    chosen = themes[(themes["round"] == options["round"]) & (themes["service"] == "all")]
    found = chosen.merge(data["theme_books"], on=["question", "theme"])
    for lang in data.languages:
        found[f"question_{lang}"] = [options["labels"][question][lang] for question in found["question"]]
    order = {question: place for place, question in enumerate(options["labels"])}
    found["place"] = found["question"].map(order)
    return found.sort_values(["place", "estimate"], ascending=[True, False], kind="stable").reset_index(drop=True)


def draw(table: pd.DataFrame, options: dict, lang: str):
    questions = list(dict.fromkeys(table["question"]))
    sizes = [int((table["question"] == question).sum()) for question in questions]
    fig = style.figure(style.height_for(len(table), 0.3, 0.6 + 0.35 * len(questions)))
    if not questions:
        style.no_rows(fig, lang)
        return fig
    axes = fig.subplots(len(questions), 1, sharex=True, height_ratios=sizes, squeeze=False)[:, 0]
    words = style.words(lang)
    widest = table[["ci_high", "estimate"]].max().max()
    for ax, question in zip(axes, questions, strict=True):
        part = table[table["question"] == question].reset_index(drop=True)
        style.dots(ax, range(len(part)), part["estimate"], part["ci_low"], part["ci_high"], style.GREEN)
        for place, one in enumerate(part.itertuples()):
            hidden = pd.isna(one.estimate)
            shown = (
                words["suppressed"]
                if hidden
                else f"{percent(one.estimate, lang)}   α = {number(one.agreement, lang, 2)}"
            )
            at = 0 if hidden else max(one.estimate, one.ci_high if pd.notna(one.ci_high) else 0)
            ax.annotate(shown, (at, place), xytext=(6, 0), textcoords="offset points", va="center", fontsize=7.5)
        style.rows_axis(ax, list(part[f"label_{lang}"]))
        ax.set_title(f"{part[f'question_{lang}'][0]} (n = {number(part['n'].max(), lang)})")
        ax.set_xlim(0, (widest if pd.notna(widest) and widest > 0 else 1) * 1.3)
    style.percent_axis(axes[-1].xaxis, lang)
    axes[-1].set_xlabel(words["share_of_facilities"])
    style.note(fig, options, lang, words["interval_note"], words["alpha_note"])
    return fig


def alt_text(table: pd.DataFrame, options: dict, lang: str) -> str:
    parts = []
    for _, part in table.dropna(subset="estimate").groupby("place", sort=True):
        most = part.iloc[0]
        parts.append(f"{most[f'question_{lang}']}: {most[f'label_{lang}'].lower()} ({percent(most['estimate'], lang)})")
    words = style.words(lang)
    return words["largest_theme_alt"].format(said="; ".join(parts)) if parts else words["no_rows"]


def description(table: pd.DataFrame, options: dict, lang: str) -> list[str]:
    lines = []
    for one in table.itertuples():
        label = f"{getattr(one, f'question_{lang}')}, {getattr(one, f'label_{lang}').lower()}"
        if pd.isna(one.estimate):
            lines.append(f"{label}: {style.words(lang)['suppressed']}.")
            continue
        between = interval(one.ci_low, one.ci_high, lang)
        said = style.words(lang)["said"].format(
            label=label, value=percent(one.estimate, lang), interval=between, n=number(one.n, lang)
        )
        lines.append(f"{said} α = {number(one.agreement, lang, 2)}.")
    return lines


FIGURE = Figure(
    name="themes",
    shows="Ranked dots with intervals: themes in the open answers, with Krippendorff's alpha",
    inputs=("themes", "theme_books"),
    options=("round", "labels"),
    numbers=("place",),
    audit="themes",
    table=table,
    draw=draw,
    alt_text=alt_text,
    description=description,
)
