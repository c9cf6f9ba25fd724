"""The data of a figure as a chart that PowerPoint draws and people can edit; what disclosure control hides stays blank in it."""

from __future__ import annotations

import pandas as pd

from hrmonitor.figures import style
from hrmonitor.language import text

UNKNOWN = "dont_know"
# Answers that are none of a trend: from dark to light.
SHADES = ("#0B5A8A", "#4E9CCF", "#A9D0EA", "#8F8F8F", "#BDBDBD", "#DEDEDE")
# More bars than these nobody reads off a slide.
MOST_BARS = 10


def chart_of(kind: str, table: pd.DataFrame, options: dict, lang: str) -> dict | None:
    """`stacked`, `percent`, `categories` and `series` (name, values, colour) of a figure's data; None for a kind that is no bar chart.

    `table` is the CSV of the figure, `options` its block in config.yaml. Values are as in the CSV; a hidden one is None.
    """
    make = {"scale": _stacked, "barriers": _ranked, "by_service": _then_and_now, "then_now": _then_and_now}.get(kind)
    if make is None or table.empty or table["estimate"].isna().all():
        return None
    return make(table, options, lang)


def _stacked(table: pd.DataFrame, options: dict, lang: str) -> dict:
    """A bar a type of service, or a question; one of which a part is hidden has no bar."""
    several = table["question"].nunique() > 1
    groups = list(table.groupby("question" if several else "service", sort=False))
    own = [code for code in dict.fromkeys(table["category"]) if code != UNKNOWN]
    trend = all(code in style.DIVERGING for code in own)
    order = [code for code in reversed(style.DIVERGING) if code in own] if trend else own
    order += [UNKNOWN] if UNKNOWN in set(table["category"]) else []
    labels = table.drop_duplicates("category").set_index("category")[f"label_{lang}"]
    whole = {name: group.set_index("category")["estimate"] for name, group in groups}
    whole = {name: one if one.notna().all() else one * float("nan") for name, one in whole.items()}
    colours = (
        style.DIVERGING | {UNKNOWN: style.PALE}
        if trend
        else {UNKNOWN: style.PALE} | dict(zip(own, _spread(len(own)), strict=True))
    )
    names = [group[f"question_{lang}"].iloc[0] if several else _service(name, lang) for name, group in groups]
    series = [_series(labels[code], [one.get(code) for one in whole.values()], colours[code]) for code in order]
    return {"stacked": True, "percent": True, "categories": names, "series": series}


def _spread(n: int) -> list[str]:
    if n <= len(SHADES):
        return list(SHADES[:n])
    scale = style.mpl.colors.LinearSegmentedColormap.from_list("", SHADES)
    return [style.mpl.colors.to_hex(scale(place / (n - 1))) for place in range(n)]


def _ranked(table: pd.DataFrame, options: dict, lang: str) -> dict:
    shown = table.head(MOST_BARS)
    name = text(lang)["figures"]["share_of_facilities"]
    series = [_series(name, list(shown["estimate"]), style.BLUE)]
    return {"stacked": False, "percent": True, "categories": list(shown[f"label_{lang}"]), "series": series}


def _then_and_now(table: pd.DataFrame, options: dict, lang: str) -> dict:
    by = "category" if "order" in table else "service"
    shown = list(dict.fromkeys(table[by]))[:MOST_BARS]
    labels = table.drop_duplicates(by).set_index(by)
    names = [labels.loc[code, f"label_{lang}"] if by == "category" else _service(code, lang) for code in shown]
    series = []
    for moment in ("then", "now"):
        values = table[table["moment"] == moment].set_index(by)["estimate"].reindex(shown)
        series.append(_series(str(options[f"year_{moment}"]), list(values), style.MOMENTS[moment]["color"]))
    return {"stacked": False, "percent": by == "category", "categories": names, "series": series}


def _service(service: str, lang: str) -> str:
    return style.service_label(service, lang)


def _series(name: str, values: list, colour: str) -> dict:
    known = [None if value is None or pd.isna(value) else round(float(value), 6) for value in values]
    return {"name": str(name), "values": known, "colour": colour.lstrip("#")}
