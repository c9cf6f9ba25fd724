"""What cleaning changed or flagged, by rule."""

import pandas as pd

from hrmonitor.declarations.figures import Figure
from hrmonitor.figures import style
from hrmonitor.figures.data import Data
from hrmonitor.figures.sheet import Sheet, nothing
from hrmonitor.language import capital, headed, listed, number
from hrmonitor.study import within

# From what touches an answer most to what touches only its notation.
COLOURS = {"removed": style.VERMILLION, "changed": style.BLUE, "flag": style.ORANGE, "info": style.GREY}


def table(data: Data, options: dict) -> pd.DataFrame:
    audit = data["audit"][options["round"]]
    counts = audit.groupby(["severity", "rule"]).size().rename("n").reset_index()
    counts["place"] = counts["severity"].map({name: place for place, name in enumerate(COLOURS)})
    return counts.sort_values(["place", "n", "rule"], ascending=[True, False, True]).reset_index(drop=True)


def draw(table: pd.DataFrame, options: dict, lang: str):
    words = style.words(lang)
    if table.empty:
        return nothing(options, lang)
    sheet = Sheet(options, lang, ends=0.5)
    (left, right), most = sheet.lane, table["n"].max()
    for severity, group in table.groupby("severity", sort=False):
        sheet.gap(0.06)
        sheet.text(
            f"{capital(words['severity'][severity])} ({number(group['n'].sum(), lang)})", 7.8, "bold", style.DARK
        )
        for one in group.itertuples():

            def drawn(ax, y: float, width=one.n / most * (right - left), colour=COLOURS[severity]) -> None:
                ax.add_patch(style.mpl.patches.Rectangle((left, y - 0.06), width, 0.12, fc=colour, ec="none"))

            sheet.row(words["rules"].get(one.rule, one.rule), number(one.n, lang), drawn)
    sheet.note(words["lines_note"])
    return sheet.figure()


def headline(table: pd.DataFrame, options: dict, lang: str) -> str:
    changed = table.loc[table["severity"] == "changed", "n"].sum()
    return style.words(lang)["rules_headline"].format(number(changed, lang)) if len(table) else ""


def alt_text(table: pd.DataFrame, options: dict, lang: str) -> str:
    words = style.words(lang)
    counts = table.groupby("severity", sort=False)["n"].sum()
    parts = [f"{within(words['severity'][name], lang)} {number(n, lang)}" for name, n in counts.items()]
    return (
        words["rules_alt"].format(n=number(table["n"].sum(), lang), said=listed(parts, lang))
        if parts
        else words["no_rows"]
    )


def description(table: pd.DataFrame, options: dict, lang: str) -> list[str]:
    words = style.words(lang)
    return [
        f"{headed(words['severity'][one.severity] + ', ' + within(words['rules'].get(one.rule, one.rule), lang), number(one.n, lang), lang)}."
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
    headline=headline,
)
