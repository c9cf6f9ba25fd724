"""What cleaning changed or flagged, by rule."""

import pandas as pd

from hrmonitor.figures import Data, style
from hrmonitor.language import number

KIND = "Bars: number of lines in the audit trail, by rule"
INPUTS = ("audit",)


def table(data: Data, options: dict) -> pd.DataFrame:
    audit = data.audit[options["round"]]
    counts = audit.groupby(["rule", "severity"]).size().rename("n").reset_index()
    return counts.sort_values(["n", "rule"], ascending=[False, True]).reset_index(drop=True)


def draw(table: pd.DataFrame, options: dict, lang: str):
    words = style.words(lang)
    colours = {"info": style.PALE, "changed": style.SKY, "flag": style.ORANGE, "removed": style.VERMILLION}
    fig = style.figure(style.height_for(len(table), 0.24, 0.7))
    ax = fig.add_subplot()
    ax.barh(table.index, table["n"], color=[colours[severity] for severity in table["severity"]], height=0.7)
    for place, n in enumerate(table["n"]):
        ax.annotate(number(n, lang), (n, place), xytext=(4, 0), textcoords="offset points", va="center", fontsize=8)
    style.rows_axis(ax, [words["rules"].get(rule, rule) for rule in table["rule"]], 52)
    ax.set_xlim(0, max(table["n"].max() if len(table) else 1, 1) * 1.12)
    handles = [style.mpl.patches.Patch(color=colour, label=words["severity"][name]) for name, colour in colours.items()]
    fig.legend(handles=handles, loc="outside upper right", ncols=4, frameon=False, fontsize=8, handlelength=1)
    return fig


def alt_text(table: pd.DataFrame, options: dict, lang: str) -> str:
    words = style.words(lang)["rules"]
    return "; ".join(f"{words.get(one.rule, one.rule)}: {number(one.n, lang)}" for one in table.itertuples()) + "."
