"""A number then and now by type of service: medians with intervals."""

import pandas as pd

from hrmonitor.declarations.figures import Figure
from hrmonitor.figures import style
from hrmonitor.figures.data import Data
from hrmonitor.figures.select import estimates, question
from hrmonitor.language import number


def table(data: Data, options: dict) -> pd.DataFrame:
    frames = []
    for moment in ("then", "now"):
        found = estimates(data, options["round"], options[moment], "median")
        frames.append(found.assign(moment=moment, unit=question(data, options["round"], options[moment]).unit))
    return pd.concat(frames, ignore_index=True)


def _unit(table: pd.DataFrame, lang: str) -> str:
    return style.words(lang)["units"].get(table["unit"].iloc[0], table["unit"].iloc[0])


def draw(table: pd.DataFrame, options: dict, lang: str):
    services = list(dict.fromkeys(table["service"]))
    words = style.words(lang)
    fig = style.figure(style.height_for(len(services), 0.42, 1.0))
    if not services:
        style.no_rows(fig, lang)
        return fig
    ax = fig.add_subplot()
    for moment, shift in (("then", -0.17), ("now", 0.17)):
        part = table[table["moment"] == moment].set_index("service").reindex(services)
        places = [place + shift for place in range(len(services))]
        style.dots(ax, places, part["estimate"], part["ci_low"], part["ci_high"], **style.MOMENTS[moment])
        for place, one in zip(places, part.itertuples(), strict=True):
            hidden = pd.isna(one.estimate)
            label = words["suppressed"] if hidden else f"{number(one.estimate, lang)}  (n = {number(one.n, lang)})"
            at = 0 if hidden else max(one.estimate, one.ci_high if pd.notna(one.ci_high) else 0)
            ax.annotate(label, (at, place), xytext=(6, 0), textcoords="offset points", va="center", fontsize=7)
    style.rows_axis(ax, [style.service_label(service, lang) for service in services])
    top = table[["ci_high", "estimate"]].max().max()
    ax.set_xlim(0, (top if pd.notna(top) and top > 0 else 1) * 1.22)
    style.number_axis(ax.xaxis, lang)
    ax.set_xlabel(words["median_of"].format(unit=_unit(table, lang)))
    style.moments_legend(fig, options, lang)
    census = (table["n"] == table["population"]).any()
    style.note(fig, options, lang, words["interval_note"], *([words["census_note"]] if census else []))
    return fig


def alt_text(table: pd.DataFrame, options: dict, lang: str) -> str:
    words = style.words(lang)
    last = table[table["service"] == table["service"].iloc[-1]] if len(table) else table
    if last["estimate"].isna().any() or last.empty:
        return words["median_of"].format(unit=_unit(table, lang)) if len(table) else words["no_rows"]
    value = last.set_index("moment")["estimate"]
    return words["by_service_alt"].format(
        measure=words["median_of"].format(unit=_unit(table, lang)),
        service=style.service_label(last["service"].iloc[0], lang),
        then=number(value["then"], lang, 1), now=number(value["now"], lang, 1),
        year_then=options["year_then"], year_now=options["year_now"],
    )  # fmt: skip


def description(table: pd.DataFrame, options: dict, lang: str) -> list[str]:
    words = style.words(lang)
    rows = [
        style.said(
            f"{style.service_label(one.service, lang)}, {words[one.moment].lower()} ({options[f'year_{one.moment}']})",
            one,
            lang,
            share=False,
        )
        for one in table.sort_values("service", kind="stable").itertuples()
    ]
    return [words["median_of"].format(unit=_unit(table, lang)) + ".", *rows] if rows else []


FIGURE = Figure(
    name="by_service",
    shows="Dots with intervals: the median of a number, then and now, by type of service",
    inputs=("indicators",),
    options=("round", "then", "now", "year_then", "year_now"),
    audit="estimates",
    table=table,
    draw=draw,
    alt_text=alt_text,
    description=description,
)
