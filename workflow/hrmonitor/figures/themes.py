"""Themes in open answers: how many facilities bring them up, and how well the coders agree."""

import pandas as pd

from hrmonitor.figures import Data, style
from hrmonitor.language import number, percent

KIND = "Ranked dots with intervals: themes in the open answers, with Krippendorff's alpha"
INPUTS = ("themes",)


def table(data: Data, options: dict) -> pd.DataFrame:
    themes = data.themes
    chosen = themes[(themes["round"] == options["round"]) & (themes["service"] == "all")]
    found = chosen.merge(data.theme_labels, on=["question", "theme"])
    for lang in ("en", "nl"):
        found[f"question_{lang}"] = [options["labels"][question][lang] for question in found["question"]]
    order = {question: place for place, question in enumerate(options["labels"])}
    found["place"] = found["question"].map(order)
    return found.sort_values(["place", "estimate"], ascending=[True, False], kind="stable").reset_index(drop=True)


def draw(table: pd.DataFrame, options: dict, lang: str):
    questions = list(dict.fromkeys(table["question"]))
    sizes = [int((table["question"] == question).sum()) for question in questions]
    fig = style.figure(style.height_for(len(table), 0.3, 0.5 + 0.35 * len(questions)))
    axes = fig.subplots(len(questions), 1, sharex=True, height_ratios=sizes, squeeze=False)[:, 0]
    words = style.words(lang)
    for ax, question in zip(axes, questions, strict=True):
        part = table[table["question"] == question].reset_index(drop=True)
        style.dots(ax, range(len(part)), part["estimate"], part["ci_low"], part["ci_high"], style.GREEN)
        for place, one in enumerate(part.itertuples()):
            ax.annotate(f"{percent(one.estimate, lang)}   α = {number(one.agreement, lang, 2)}", (one.ci_high, place), xytext=(6, 0),
                        textcoords="offset points", va="center", fontsize=7.5)  # fmt: skip
        style.rows_axis(ax, list(part[f"label_{lang}"]))
        ax.set_title(f"{part[f'question_{lang}'][0]} (n = {number(part['n'].max(), lang)})")
        ax.set_xlim(0, 0.8)
    style.percent_axis(axes[-1].xaxis, lang)
    axes[-1].set_xlabel(words["share_of_facilities"])
    return fig


def alt_text(table: pd.DataFrame, options: dict, lang: str) -> str:
    return (
        "; ".join(
            f"{getattr(one, f'label_{lang}')} {percent(one.estimate, lang)} (α = {number(one.agreement, lang, 2)})"
            for one in table.itertuples()
        )
        + "."
    )
