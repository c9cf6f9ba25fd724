"""What cleaning changed or flagged, by rule."""

import pandas as pd

from hrmonitor.declarations.figures import Figure
from hrmonitor.figures import style
from hrmonitor.figures.data import Data
from hrmonitor.language import number

# From what touches an answer most to what touches only its notation.
COLOURS = {"removed": style.VERMILLION, "changed": style.BLUE, "flag": style.ORANGE, "info": style.GREY}


def table(data: Data, options: dict) -> pd.DataFrame:
    audit = data["audit"][options["round"]]
    counts = audit.groupby(["severity", "rule"]).size().rename("n").reset_index()
    counts["place"] = counts["severity"].map({name: place for place, name in enumerate(COLOURS)})
    return counts.sort_values(["place", "n", "rule"], ascending=[True, False, True]).reset_index(drop=True)


def draw(table: pd.DataFrame, options: dict, lang: str):
    words = style.words(lang)
    groups = list(table.groupby("severity", sort=False))
    fig = style.figure(style.height_for(len(table), 0.2, 0.6 + 0.3 * len(groups)))
    if not groups:
        style.no_rows(fig, lang)
        return fig
    axes = fig.subplots(len(groups), 1, sharex=True, squeeze=False, height_ratios=[len(group) for _, group in groups])[
        :, 0
    ]
    for ax, (severity, group) in zip(axes, groups, strict=True):
        ax.barh(range(len(group)), group["n"], color=COLOURS[severity], height=0.7)
        for place, n in enumerate(group["n"]):
            ax.annotate(number(n, lang), (n, place), xytext=(4, 0), textcoords="offset points", va="center", fontsize=8)
        style.rows_axis(ax, [words["rules"].get(rule, rule) for rule in group["rule"]], 60)
        ax.set_title(f"{words['severity'][severity]} ({number(group['n'].sum(), lang)})", fontsize=8)
        ax.set_xlim(0, table["n"].max() * 1.12)
        ax.set_xticks([])
        ax.grid(False)
        ax.spines["bottom"].set_visible(False)
    style.note(fig, options, lang, words["lines_note"])
    return fig


def alt_text(table: pd.DataFrame, options: dict, lang: str) -> str:
    words = style.words(lang)
    counts = table.groupby("severity", sort=False)["n"].sum()
    parts = [f"{words['severity'][name].lower()} {number(n, lang)}" for name, n in counts.items()]
    return (
        words["rules_alt"].format(n=number(table["n"].sum(), lang), said="; ".join(parts))
        if parts
        else words["no_rows"]
    )


def description(table: pd.DataFrame, options: dict, lang: str) -> list[str]:
    words = style.words(lang)
    return [
        f"{words['severity'][one.severity]}, {words['rules'].get(one.rule, one.rule).lower()}: {number(one.n, lang)}."
        for one in table.itertuples()
    ]


FIGURE = Figure(
    name="cleaning_rules",
    shows="Bars: number of lines in the audit trail, by what was done and by rule",
    inputs=("audit",),
    options=("round",),
    numbers=("place",),
    no_audit="It counts lines of the audit trail, not answers.",
    table=table,
    draw=draw,
    alt_text=alt_text,
    description=description,
)
