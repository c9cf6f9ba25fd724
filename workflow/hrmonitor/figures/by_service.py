"""A number then and now by type of service: medians as dumbbells, all services first, with the change that a finding tests."""

from __future__ import annotations

import pandas as pd

from hrmonitor.declarations.figures import Figure
from hrmonitor.figures import style
from hrmonitor.figures.data import Data
from hrmonitor.figures.dumbbells import dumbbell, moments_legend, most_of, records
from hrmonitor.figures.headlines import digits_of
from hrmonitor.figures.select import estimates, question
from hrmonitor.figures.sheet import Sheet, nothing
from hrmonitor.figures.tested import add_tests, tests_about, tests_in_words
from hrmonitor.language import capital, number
from hrmonitor.study import within


def table(data: Data, options: dict) -> pd.DataFrame:
    frames = []
    for moment in ("then", "now"):
        found = estimates(data, options["round"], options[moment], "median")
        frames.append(found.assign(moment=moment, unit=question(data, options["round"], options[moment]).unit))
    both = pd.concat(frames, ignore_index=True)
    first = (both["service"] != "all").astype(int).sort_values(kind="stable").index
    both = both.loc[first].reset_index(drop=True)
    both.attrs["tests"] = tests_about(data, options["round"], options["then"], options["now"])
    return both


def _unit(table: pd.DataFrame, options: dict, lang: str) -> str:
    return style.unit_name(table["unit"].iloc[0], lang, options["now"])


def _shown(values: list[float], lang: str) -> list[str]:
    """Numbers that stand beside each other, with the same decimals; or that they are hidden."""
    digits = max((digits_of(value) for value in values if not pd.isna(value)), default=0)
    return [style.words(lang)["suppressed"] if pd.isna(value) else number(value, lang, digits) for value in values]


def draw(table: pd.DataFrame, options: dict, lang: str):
    words = style.words(lang)
    if table.empty:
        return nothing(options, lang)
    sheet = Sheet(options, lang, ends=1.05)
    add_tests(sheet, table.attrs.get("tests", []), lang)
    sheet.text(words["median_of"].format(unit=_unit(table, options, lang)))
    moments_legend(sheet, options, lang)
    most, (left, right) = most_of(table), sheet.lane
    for service, rows in records(table, "service").items():
        shown = _shown([rows[moment]["estimate"] for moment in ("then", "now") if moment in rows], lang)
        n = [one["n"] for one in rows.values() if not pd.isna(one["n"])]
        end = f"{' › '.join(shown)}" + (f" (n\u00a0=\u00a0{number(min(n), lang)})" if n else "")
        sheet.row(
            style.service_label(service, lang),
            end,
            dumbbell(rows, (left, right), most),
            "bold" if service == "all" else "normal",
        )
    ticks = style.mpl.ticker.MaxNLocator(4).tick_values(0, most)
    sheet.axis(
        [
            (left + tick / most * (right - left), number(tick, lang, digits_of(tick)))
            for tick in ticks
            if 0 <= tick <= most
        ]
    )
    census = (table["n"] == table["population"]).any()
    sheet.note(words["interval_note"], *([words["census_note"]] if census else []))
    return sheet.figure()


def _overall(table: pd.DataFrame) -> pd.Series | None:
    """Then and now of all services, or of the only one; None where one of them is hidden or there are several without a total."""
    own = table[table["service"] == "all"] if (table["service"] == "all").any() else table
    if own["service"].nunique() != 1 or len(own) != 2 or own["estimate"].isna().any():
        return None
    return own.set_index("moment")["estimate"]


def headline(table: pd.DataFrame, options: dict, lang: str) -> str:
    value = _overall(table)
    if value is None:
        return ""
    words, shown = style.words(lang), _shown([value["then"], value["now"]], lang)
    way = words["rose" if value["now"] > value["then"] else "fell"]
    told = words["median_same" if shown[0] == shown[1] else "median_headline"]
    return capital(told.format(way=way, then=shown[0], now=shown[1], unit=_unit(table, options, lang)))


def alt_text(table: pd.DataFrame, options: dict, lang: str) -> str:
    words = style.words(lang)
    if table.empty:
        return words["no_rows"]
    value = _overall(table)
    if value is None:
        return words["median_of"].format(unit=_unit(table, options, lang)) + "."
    shown = _shown([value["then"], value["now"]], lang)
    return words["by_service_alt"].format(
        measure=words["median_of"].format(unit=_unit(table, options, lang)), service=style.service_label("all", lang),
        then=shown[0], now=shown[1], year_then=options["year_then"], year_now=options["year_now"],
    )  # fmt: skip


def description(table: pd.DataFrame, options: dict, lang: str) -> list[str]:
    words = style.words(lang)
    rows = [
        style.said(
            f"{style.service_label(one.service, lang)}, {within(words[one.moment], lang)} ({options[f'year_{one.moment}']})",
            one,
            lang,
            share=False,
        )
        for one in table.sort_values("service", kind="stable").itertuples()
    ]
    tests = tests_in_words(table.attrs.get("tests", []), lang)
    return [*tests, words["median_of"].format(unit=_unit(table, options, lang)) + ".", *rows] if rows else tests


FIGURE = Figure(
    name="by_service",
    shows="Dumbbells: the median of a number, then and now, by type of service, with the change that findings test",
    inputs=("indicators", "findings"),
    options=("round", "then", "now", "year_then", "year_now"),
    audit="estimates",
    table=table,
    draw=draw,
    alt_text=alt_text,
    description=description,
    headline=headline,
)
