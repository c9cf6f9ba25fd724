"""Options of a question by how many facilities name them, as dots with intervals, the one named most on top."""

from __future__ import annotations

import pandas as pd

from hrmonitor.declarations.figures import Figure
from hrmonitor.figures import style
from hrmonitor.figures.data import Data
from hrmonitor.figures.headlines import share_in_words
from hrmonitor.figures.select import overall, question, shares
from hrmonitor.figures.sheet import Sheet, nothing
from hrmonitor.figures.tested import add_tests, tests_about, tests_in_words
from hrmonitor.language import capital, number, percent, share_or_count


def table(data: Data, options: dict) -> pd.DataFrame:
    found = overall(shares(data, options["round"], options["question"]))
    found = found.sort_values(["estimate", "category"], ascending=[False, True], kind="stable").reset_index(drop=True)
    found.attrs["of_some"] = bool(question(data, options["round"], options["question"]).relevant)
    # Tests of `questions` stand above too: of one that says who was asked this one, for instance.
    asked = (options["question"], *(options.get("questions") or ()))
    found.attrs["tests"] = [one for name in asked for one in tests_about(data, options["round"], name)]
    for one in found.attrs["tests"]:
        one["alone"] = (
            one["asks"] == (options["question"],) and one["measure"] == "share" and len(one["categories"]) == 1
        )
    return found


def _alone(table: pd.DataFrame) -> dict[str, float]:
    """Thresholds of tests on a single option, which stand on its own line."""
    return {one["categories"][0]: one["threshold"] for one in table.attrs.get("tests", []) if one["alone"]}


def _joined(table: pd.DataFrame) -> list[dict]:
    """The other tests: of several options together, of something else than a share, or of another question."""
    return [one for one in table.attrs.get("tests", []) if not one["alone"]]


def draw(table: pd.DataFrame, options: dict, lang: str):
    words = style.words(lang)
    if table.empty:
        return nothing(options, lang)
    sheet = Sheet(options, lang, ends=0.85)
    add_tests(sheet, _joined(table), lang)
    n, thresholds = table["n"].dropna(), _alone(table)
    left, right = sheet.lane
    sheet.text(f"{words['share_of_facilities']} (n = {number(n.max() if len(n) else 0, lang)})")
    for one in table.to_dict("records"):
        sheet.row(
            one[f"label_{lang}"], share_shown(one, lang), dot_of(one, (left, right), thresholds.get(one["category"]))
        )
    sheet.axis([(left + tick * (right - left), percent(tick, lang)) for tick in (0, 0.25, 0.5, 0.75, 1)])
    sheet.note(words["interval_note"], *([words["tick_note"]] if thresholds else []))
    return sheet.figure()


def share_shown(one: dict, lang: str) -> str:
    """A share as a number beside its dot; a count where few facilities answered, and that it is hidden where it is."""
    words = style.words(lang)
    if one.get("suppressed") or pd.isna(one["estimate"]):
        return words["suppressed"]
    return share_or_count(one["estimate"], one["n"], lang)


def dot_of(one: dict, ends: tuple[float, float], threshold: float | None = None):
    """Draws a share with its interval between `ends`, and a tick at a threshold."""
    left, right = ends

    def drawn(ax, y: float) -> None:
        ax.hlines(y, left, right, color="#E3E3E3", linewidth=0.7)
        if threshold is not None:
            ax.vlines(left + threshold * (right - left), y - 0.07, y + 0.07, color=style.DARK, linewidth=1.1)
        if one.get("suppressed") or pd.isna(one["estimate"]):
            return
        x = [left + one[key] * (right - left) for key in ("estimate", "ci_low", "ci_high")]
        style.dots(ax, [y], [x[0]], [x[1]], [x[2]], style.BLUE)

    return drawn


def headline(table: pd.DataFrame, options: dict, lang: str) -> str:
    known = table.dropna(subset="estimate")
    if known.empty or known["estimate"].iloc[0] <= 0:
        return ""
    most = known.iloc[0]
    told = share_in_words(most["estimate"], most["n"], lang, of_some=table.attrs.get("of_some", False))
    return capital(style.words(lang)["named_headline"].format(share=told, label=most[f"label_{lang}"])) if told else ""


def alt_text(table: pd.DataFrame, options: dict, lang: str) -> str:
    known = table.dropna(subset="estimate")
    if known.empty:
        return style.words(lang)["no_rows"]
    most, least = known.iloc[0], known.iloc[-1]
    return style.words(lang)["ranked_alt"].format(
        most=most[f"label_{lang}"], high=share_or_count(most["estimate"], most["n"], lang),
        least=least[f"label_{lang}"], low=share_or_count(least["estimate"], least["n"], lang), options=number(len(table), lang),
    )  # fmt: skip


def description(table: pd.DataFrame, options: dict, lang: str) -> list[str]:
    rows = [style.said(getattr(one, f"label_{lang}"), one, lang) for one in table.itertuples()]
    return tests_in_words(table.attrs.get("tests", []), lang) + rows


FIGURE = Figure(
    name="barriers",
    shows="Ranked dots with intervals: the options of one question, with what findings test on it and on `questions`",
    inputs=("indicators", "findings"),
    options=("round", "question"),
    optional=("questions",),
    audit="estimates",
    table=table,
    draw=draw,
    alt_text=alt_text,
    description=description,
    headline=headline,
)
