"""Published national series over the years; series with different bases are never joined by a line."""

import pandas as pd

from hrmonitor.declarations.figures import Figure
from hrmonitor.figures import style
from hrmonitor.figures.data import Data
from hrmonitor.language import join, number


def table(data: Data, options: dict) -> pd.DataFrame:
    found = data["reference"][data["reference"]["series"].isin(options["series"]) & data["reference"]["value"].notna()]
    return found.sort_values(["series", "year", "edition"], kind="stable").reset_index(drop=True)


def draw(table: pd.DataFrame, options: dict, lang: str):
    names = list(dict.fromkeys(table["series"]))
    columns = 2 if len(names) > 1 else 1
    rows = -(-len(names) // columns)
    fig = style.figure(0.4 + 1.75 * rows)
    axes = fig.subplots(rows, columns, squeeze=False).ravel()
    for ax, name in zip(axes, names, strict=False):
        part = table[table["series"] == name]
        ax.set_title(style.wrap(part[f"label_{lang}"].iloc[0], 46), fontsize=8)
        for _, counted_alike in part.groupby("run", sort=False):
            # A gap of more than three years is shown as a gap.
            breaks = counted_alike["year"].diff().gt(3).cumsum()
            for _, run in counted_alike.groupby(breaks):
                ax.plot(run["year"], run["value"], marker="o", markersize=3.5, color=style.BLUE)
        ranged = part.dropna(subset=["low", "high"])
        ax.vlines(ranged["year"], ranged["low"], ranged["high"], color=style.BLUE, alpha=0.4, linewidth=2)
        ends = part.sort_values("year").iloc[[0, -1]] if len(part) > 1 else part
        for place, one in enumerate(ends.itertuples()):
            # A last point that a line falls to has its number below, clear of the line.
            falls = place == 1 and one.value < part.sort_values("year")["value"].iloc[-2]
            ax.annotate(
                number(one.value, lang),
                (one.year, one.value),
                xytext=(0, -6 if falls else 6),
                textcoords="offset points",
                ha="center",
                va="top" if falls else "bottom",
                fontsize=7.5,
            )
        ax.set_ylim(0, max(part["high"].max() if len(ranged) else 0, part["value"].max()) * 1.25)
        years = sorted({int(year) for year in (part["year"].min(), part["year"].max())})
        ax.set_xticks(years)
        ax.set_xlim(years[0] - 2, years[-1] + 2)
        ax.grid(True, axis="y")
        ax.grid(False, axis="x")
        style.number_axis(ax.yaxis, lang)
    for ax in axes[len(names) :]:
        ax.axis("off")
    # Published figures are real in a synthetic round as well.
    style.note(fig, options | {"synthetic": False}, lang, style.words(lang)["published_note"])
    return fig


def alt_text(table: pd.DataFrame, options: dict, lang: str) -> str:
    words, parts = style.words(lang), []
    for _, part in table.groupby("series", sort=False):
        part = part.sort_values("year", kind="stable")
        first, last = part.iloc[[0, -1]].itertuples()
        parts.append(
            f"{getattr(first, f'label_{lang}')} {number(first.value, lang)} ({first.year}) → {number(last.value, lang)} ({last.year})"
        )
    return "; ".join(parts) + "." if parts else words["no_rows"]


def description(table: pd.DataFrame, options: dict, lang: str) -> list[str]:
    lines = []
    for _, part in table.groupby("series", sort=False):
        values = [f"{number(one.value, lang)} ({one.year})" for one in part.itertuples()]
        lines.append(f"{part[f'label_{lang}'].iloc[0]}: {join(values, lang)}.")
    return lines


FIGURE = Figure(
    name="national_series",
    shows="Lines of published national series, each value a point; breaks stay open",
    inputs=("reference",),
    options=("series",),
    no_audit="Others published these numbers.",
    table=table,
    draw=draw,
    alt_text=alt_text,
    description=description,
)
