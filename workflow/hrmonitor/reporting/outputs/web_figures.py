"""Figures on a web page: SVG that stands inside the page, and the data behind it as a table in words."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass

import pandas as pd
from lxml import etree

from hrmonitor.language import LANGUAGES, hundredfold, interval, number, per_cent, percent, terms, text
from hrmonitor.study import study

SVG = "{http://www.w3.org/2000/svg}"
XLINK = "{http://www.w3.org/1999/xlink}"
# Columns of a figure's table in the order in which a reader wants them; what is not named here is in the CSV only.
SHOWN = (
    "number", "statement", "test_number", "outcome", "verdict", "round", "service", "question", "label", "year", "step", "rule",
    "severity", "moment", "statistic", "then", "now", "answers", "threshold", "estimate", "value", "interval", "share", "answered", "dont_know",
    "no_answer", "asked", "registered", "complete", "themes", "unit", "n", "population", "agreement", "basis", "source", "note",
)  # fmt: skip
SHARES = ("share", "answered", "dont_know", "no_answer", "complete")
# What is said once, above the table, when it is the same in all rows.
ONCE = ("round", "service", "question", "statistic", "unit", "basis")
NUMBERS = (
    "then",
    "now",
    "answers",
    "threshold",
    "estimate",
    "value",
    "interval",
    *SHARES,
    "asked",
    "registered",
    "themes",
    "n",
    "population",
    "agreement",
)
# What a table that is about too few facilities hides.
HIDDEN = ("estimate", "interval", "n")


def inline_svg(content: bytes, name: str, alt: str, described_by: str) -> etree._Element:
    """matplotlib's SVG as an element of a page: an image with `alt` as its name.

    Ids that are used get a new one after `name`, so that figures on one page do not take each other's shapes; the rest go. Style attributes become
    attributes of their own, because the page allows no inline style; coordinates keep two decimals.
    """
    root = etree.fromstring(content, etree.XMLParser(remove_comments=True, remove_blank_text=True))
    for unwanted in [*root.iter(f"{SVG}metadata"), *root.iter(f"{SVG}style")]:
        unwanted.getparent().remove(unwanted)
    used: dict[str, str] = {}

    def new(own: str) -> str:
        return used.setdefault(own, f"{name}-{len(used) + 1}")

    for one in root.iter():
        for attribute, value in _own_attributes(one).items():
            one.set(attribute, value)
        target = one.attrib.pop(f"{XLINK}href", None)
        if target is not None:
            one.set("href", f"#{new(target[1:])}")
        clip = re.fullmatch(r"url\(#(.+)\)", one.get("clip-path", ""))
        if clip:
            one.set("clip-path", f"url(#{new(clip[1])})")
        if "d" in one.attrib:
            one.set("d", re.sub(r"(?<!\d)\d+\.\d{3,}", _two_decimals, " ".join(one.get("d").split())))
    for one in root.iter():
        own = one.attrib.pop("id", None)
        if own in used:
            one.set("id", used[own])
    for attribute in ("width", "height", "version"):
        root.attrib.pop(attribute, None)
    # matplotlib sets these for all marks that do not say otherwise.
    root.set("stroke-linejoin", "round")
    root.set("stroke-linecap", "butt")
    root.set("role", "img")
    root.set("aria-label", alt)
    if described_by:
        root.set("aria-describedby", described_by)
    etree.cleanup_namespaces(root)
    return root


def _own_attributes(element: etree._Element) -> dict[str, str]:
    style = element.attrib.pop("style", "")
    pairs = (part.split(":", 1) for part in style.split(";") if part.strip())
    return {key.strip(): value.strip() for key, value in pairs}


def _two_decimals(found: re.Match) -> str:
    return f"{float(found[0]):.2f}".rstrip("0").rstrip(".")


@dataclass(frozen=True)
class DataTable:
    """A figure's data in words: `columns` are (heading, whether it holds numbers), `once` is what holds of all rows."""

    columns: list[tuple[str, bool]]
    rows: list[list[str]]
    once: list[str]


def data_table(table: pd.DataFrame, lang: str) -> DataTable:
    """A figure's data as a reader of `lang` would write it.

    Labels take the place of codes, shares are percentages, and what is suppressed says so.
    """
    words = text(lang)
    shown = _in_language(table, lang)
    # Tables of themes have shares, and no unit.
    unit = shown.get("unit", pd.Series("share" if "estimate" in shown else "", index=shown.index))
    # Beside the facilities in the register stands how many of them answered.
    shares = set(SHARES) - ({"answered"} if "registered" in shown else set())
    columns = {}
    if {"ci_low", "ci_high"} <= set(shown) or {"low", "high"} <= set(shown):
        low, high = ("ci_low", "ci_high") if "ci_low" in shown else ("low", "high")
        columns["interval"] = [
            "–" if census else _interval(least, most, one, lang)
            for least, most, one, census in zip(shown[low], shown[high], unit, _census(shown), strict=True)
        ]
    for name in shown:
        if name in ("threshold", "estimate", "value"):
            columns[name] = [_value(value, one, lang) for value, one in zip(shown[name], unit, strict=True)]
        elif name in shares and pd.api.types.is_float_dtype(shown[name]):
            columns[name] = [percent(value, lang) for value in shown[name]]
        elif name == "unit":
            if not set(shown[name]) <= {"share", "%"}:
                units = study(lang).units(words["published"]["units"]) | {"share": "%", "share_change": "%"}
                columns[name] = [units.get(value, value) for value in shown[name]]
        elif name == "statistic":
            if set(shown[name]) != {"share"}:
                columns[name] = [words["national"]["beside"]["statistics"].get(value, value) for value in shown[name]]
        elif name in ("year", "round", "number", "test_number"):
            columns[name] = [_place(value) for value in shown[name]]
        elif pd.api.types.is_bool_dtype(shown[name]):
            columns[name] = [words["web"]["yes" if value else "no"] for value in shown[name]]
        elif pd.api.types.is_numeric_dtype(shown[name]):
            digits = 2 if name == "agreement" else None
            columns[name] = [_number(value, lang, digits) for value in shown[name]]
        else:
            labels = _labels(name, words, lang)
            columns[name] = ["" if pd.isna(value) else labels.get(value, str(value)) for value in shown[name]]
    if "suppressed" in shown:
        for name in HIDDEN:
            if name in columns:
                cells = zip(columns[name], shown["suppressed"], strict=True)
                columns[name] = [words["figures"]["suppressed"] if hidden else cell for cell, hidden in cells]
    order = [name for name in SHOWN if name in columns and any(columns[name])]
    once = [name for name in ONCE if name in order and len(shown) > 1 and len(set(columns[name])) == 1]
    order = [name for name in order if name not in once]
    return DataTable(
        columns=[(words["web"]["columns"][name], name in NUMBERS) for name in order],
        rows=[list(row) for row in zip(*(columns[name] for name in order), strict=True)],
        once=[columns[name][0] for name in once],
    )


def _in_language(table: pd.DataFrame, lang: str) -> pd.DataFrame:
    """The table with the texts of one language under the bare name of their column."""
    found = {}
    for name in table:
        bare, _, language = name.rpartition("_")
        if language == lang and bare:
            found[bare] = table[name]
        elif language not in LANGUAGES:
            found.setdefault(name, table[name])
    shown = pd.DataFrame(found)
    if "label" not in shown:
        for code in ("category", "theme", "province", "group", "series"):
            if code in shown and shown[code].notna().any():
                return shown.assign(label=shown[code])
    return shown


def _labels(name: str, words: dict, lang: str) -> dict[str, str]:
    figures = words["figures"]
    return {
        "service": study(lang).services(lang),
        "moment": {"then": figures["then"], "now": figures["now"]},
        "step": figures["steps"],
        "rule": figures["rules"],
        "severity": figures["severity"],
        "verdict": words["verdicts"],
        "outcome": figures["outcomes"],
    }.get(name, {})


def _census(table: pd.DataFrame) -> list[bool]:
    if not {"n", "population"} <= set(table):
        return [False] * len(table)
    return list((table["n"] == table["population"]).fillna(False))


def _place(value) -> str:
    """A year, a round or a place in a list, which has no marks of thousands; none where there is none."""
    if isinstance(value, str):
        return value
    return "" if pd.isna(value) else str(int(value))


def _value(value: float, unit: str, lang: str) -> str:
    if pd.isna(value):
        return ""
    if unit == "share":
        return percent(value, lang)
    if unit == "share_change":
        return hundredfold(value, lang)
    if unit == "ratio":
        return _number(value, lang, 2)
    return per_cent(_number(value, lang), lang) if unit == "%" else _number(value, lang)


def _interval(low: float, high: float, unit: str, lang: str) -> str:
    if pd.isna(low) or pd.isna(high):
        return ""
    if unit == "share":
        return interval(low, high, lang)
    if unit in ("share_change", "ratio"):
        return f"{_value(low, unit, lang)} {terms(lang)['language']['to']} {_value(high, unit, lang)}"
    ends = f"{_number(low, lang)}–{_number(high, lang)}"
    return per_cent(ends, lang) if unit == "%" else ends


def _number(value: float, lang: str, digits: int | None = None) -> str:
    if pd.isna(value):
        return ""
    if digits is None:
        digits = 0 if float(value).is_integer() else 1
    return number(float(value), lang, digits)


def csv_link(content: bytes) -> str:
    """The address of a download that is inside the page."""
    return "data:text/csv;charset=utf-8;base64," + base64.b64encode(content).decode("ascii")
