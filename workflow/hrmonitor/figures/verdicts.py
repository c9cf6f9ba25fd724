"""The findings at a glance: each test as a mark, passed or not, with the verdict."""

import pandas as pd

from hrmonitor.declarations.figures import Figure
from hrmonitor.figures import style
from hrmonitor.figures.data import Data
from hrmonitor.language import join, number, terms


def table(data: Data, options: dict) -> pd.DataFrame:
    findings = data["findings"].copy()
    findings["number"] = pd.factorize(findings["finding"])[0] + 1
    findings["test_number"] = findings.groupby("finding").cumcount() + 1
    statements = [f"statement_{lang}" for lang in data.languages]
    return findings[["number", "finding", *statements, "test_number", "passed", "n", "verdict"]]


def draw(table: pd.DataFrame, options: dict, lang: str):
    rows, words = list(table.groupby("number")), style.words(lang)
    fig = style.figure(style.height_for(len(rows), 0.46, 0.3))
    ax = fig.add_subplot()
    colours = {
        "supported": style.BLUE,
        "partly_supported": style.SKY,
        "not_supported": style.VERMILLION,
        "contradicted": "#5B1A00",
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
        ax.text(8.6, place, number(group["n"].min(), lang), va="center", ha="right", fontsize=8)
    labels = [f"{place}. {group[f'statement_{lang}'].iloc[0]}" for place, group in rows]
    style.rows_axis(ax, labels, 62)
    for at, heading in ((1, words["tests"]), (5.2, words["verdict"]), (8.6, words["least_n"])):
        ax.annotate(heading, (at, 1.01), xycoords=("data", "axes fraction"), fontsize=7.5, va="bottom",
                    ha="right" if at > 8 else "left", color="#555555")  # fmt: skip
    ax.set_xlim(0.5, 8.7)
    ax.set_xticks([])
    ax.grid(False)
    ax.spines["bottom"].set_visible(False)
    style.note(fig, options, lang, words["verdict_note"])
    return fig


def alt_text(table: pd.DataFrame, options: dict, lang: str) -> str:
    first = table.drop_duplicates("number")
    counts = first["verdict"].value_counts()
    said = [f"{terms(lang)['verdicts'][name].lower()} {number(n, lang)}" for name, n in counts.items()]
    return style.words(lang)["verdicts_alt"].format(n=number(len(first), lang), said=join(said, lang))


def description(table: pd.DataFrame, options: dict, lang: str) -> list[str]:
    return [
        style.words(lang)["verdict_line"].format(
            number=place, statement=group[f"statement_{lang}"].iloc[0], passed=number(group["passed"].sum(), lang), tests=number(len(group), lang),
            verdict=terms(lang)["verdicts"][group["verdict"].iloc[0]].lower(), n=number(group["n"].min(), lang),
        )
        for place, group in table.groupby("number")
    ]  # fmt: skip


FIGURE = Figure(
    name="verdicts",
    shows="A row a finding: a mark a test, filled when it passed, and the verdict",
    inputs=("findings",),
    numbers=("number", "test_number"),
    no_audit="It has verdicts and numbers of facilities, and no number that was answered.",
    table=table,
    draw=draw,
    alt_text=alt_text,
    description=description,
)
