"""Saturation: how many of the themes have been seen after so many answers, over all random orders."""

import pandas as pd

from hrmonitor.declarations.figures import Figure
from hrmonitor.figures import style
from hrmonitor.figures.data import Data
from hrmonitor.language import number


def table(data: Data, options: dict) -> pd.DataFrame:
    found = data["theme_saturation"][data["theme_saturation"]["round"] == options["round"]].copy()
    order = {question: place for place, question in enumerate(options["labels"])}
    found = found[found["question"].isin(list(order))]
    for lang in data.languages:
        found[f"question_{lang}"] = [options["labels"][question][lang] for question in found["question"]]
    found["place"] = found["question"].map(order)
    return found.sort_values(["place", "answers"], kind="stable").reset_index(drop=True)


def draw(table: pd.DataFrame, options: dict, lang: str):
    words = style.words(lang)
    questions = list(dict.fromkeys(table["question"]))
    fig = style.figure(2.45)
    if not questions:
        style.no_rows(fig, lang)
        return fig
    axes = fig.subplots(1, len(questions), sharey=True, squeeze=False)[0]
    for ax, question in zip(axes, questions, strict=True):
        part = table[table["question"] == question]
        ax.fill_between(
            part["answers"], part["low"], part["high"], step="mid", color=style.GREEN, alpha=0.2, linewidth=0
        )
        ax.plot(part["answers"], part["themes"], color=style.GREEN, linewidth=1.8)
        ax.set_title(style.wrap(part[f"question_{lang}"].iloc[0], 26))
        ax.set_xlabel(words["answers_read"])
        ax.set_xlim(0, part["answers"].max())
        ax.set_xticks(_whole(part["answers"].max()))
    axes[0].set_ylabel(words["themes_seen"])
    most = int(table["high"].max())
    axes[0].set_ylim(0, most * 1.05)
    axes[0].set_yticks(_whole(most))
    style.note(fig, options, lang, words["band_note"])
    return fig


def _whole(most: int) -> range:
    """Round numbers from 0 up to `most`, no more than six."""
    step = next(step for power in range(9) for step in (10**power, 2 * 10**power, 5 * 10**power) if most // step <= 5)
    return range(0, most + 1, step)


def alt_text(table: pd.DataFrame, options: dict, lang: str) -> str:
    lines = description(table, options, lang)
    return " ".join(lines) if lines else style.words(lang)["no_rows"]


def description(table: pd.DataFrame, options: dict, lang: str) -> list[str]:
    words, lines = style.words(lang), []
    for _, group in table.groupby("place"):
        sure = group[group["complete"] >= 0.95].iloc[0]
        lines.append(
            words["saturation_alt"].format(
                question=sure[f"question_{lang}"],
                themes=number(int(group["high"].max()), lang),
                sure=number(int(sure["answers"]), lang),
                n=number(int(group["answers"].max()), lang),
            )
            + "."
        )
    return lines


FIGURE = Figure(
    name="saturation",
    shows="Lines with bands: share of the themes seen after so many answers, in random orders of the answers",
    inputs=("theme_saturation",),
    options=("round", "labels"),
    numbers=("answers", "themes", "complete", "place"),
    no_audit="It counts themes, not the facilities that bring them up.",
    table=table,
    draw=draw,
    alt_text=alt_text,
    description=description,
)
