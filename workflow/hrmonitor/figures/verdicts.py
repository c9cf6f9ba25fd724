"""The findings at a glance: each test as a mark, passed or not, with the verdict."""

import pandas as pd

from hrmonitor.figures import Data, style
from hrmonitor.language import terms

KIND = "A row a finding: a mark a test, filled when it passed, and the verdict"
INPUTS = ("findings",)


def table(data: Data, options: dict) -> pd.DataFrame:
    findings = data.findings.copy()
    findings["number"] = pd.factorize(findings["finding"])[0] + 1
    findings["test_number"] = findings.groupby("finding").cumcount() + 1
    return findings[["number", "finding", "statement_en", "statement_nl", "test_number", "passed", "verdict"]]


def draw(table: pd.DataFrame, options: dict, lang: str):
    rows = list(table.groupby("number"))
    fig = style.figure(style.height_for(len(rows), 0.46, 0.3))
    ax = fig.add_subplot()
    colours = {
        "supported": style.BLUE,
        "partly_supported": style.SKY,
        "not_supported": style.VERMILLION,
        "not_assessable": style.GREY,
    }
    for place, (_, group) in enumerate(rows):
        verdict = group["verdict"].iloc[0]
        for one in group.itertuples():
            ax.plot(
                one.test_number,
                place,
                marker="o",
                markersize=8,
                color=colours[verdict],
                markerfacecolor=colours[verdict] if one.passed else "white",
            )
        ax.text(
            5.2,
            place,
            terms(lang)["verdicts"][verdict],
            va="center",
            fontsize=8.5,
            weight="bold",
            color=colours[verdict],
        )
    labels = [f"{number}. {group[f'statement_{lang}'].iloc[0]}" for number, group in rows]
    style.rows_axis(ax, labels, 62)
    ax.set_xlim(0.5, 7.4)
    ax.set_xticks([])
    ax.grid(False)
    ax.spines["bottom"].set_visible(False)
    return fig


def alt_text(table: pd.DataFrame, options: dict, lang: str) -> str:
    words = style.words(lang)
    parts = []
    for number_, group in table.groupby("number"):
        parts.append(words["verdict_alt"].format(
            number=number_, passed=int(group["passed"].sum()), tests=len(group), verdict=terms(lang)["verdicts"][group["verdict"].iloc[0]].lower()))  # fmt: skip
    return "; ".join(parts) + "."
