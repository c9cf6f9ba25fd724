"""The tests of findings as figures draw them: which tests a figure is about, and their lines above what it shows."""

from __future__ import annotations

import pandas as pd

from hrmonitor.figures import style
from hrmonitor.figures.data import Data
from hrmonitor.figures.sheet import LINE, SMALL, TEXT, Sheet
from hrmonitor.figures.track import draw_track, estimate_in_words, interval_in_words, scale_of
from hrmonitor.project.config import FindingTest
from hrmonitor.project.keys import build
from hrmonitor.project.test_kinds import kind_of


def rows_of_tests(data: Data, name: str, group: pd.DataFrame) -> list[dict]:
    """The tests of a finding, `group` being its rows of findings.csv, with what figures say of them.

    `label_{lang}` is the question in a few words; `unit` says how estimates are written (share, share_change, ratio, %, or that of the
    question); `asks` are the questions that the test reads.
    """
    claim, rows = data.claims[name], []
    for at, (one, keys) in enumerate(zip(group.to_dict("records"), claim["tests"], strict=True), start=1):
        test = build(FindingTest, keys)
        kind = kind_of(test)
        told = test.short or test.why
        rows.append({
            "finding": name, "round": claim["round"], "test_number": at, "measure": kind.measure, "direction": kind.direction,
            "threshold": kind.threshold_of(test), "unit": unit_of(data, claim["round"], test, kind.measure),
            **{key: one[key] for key in ("estimate", "ci_low", "ci_high")}, "n": _base(one, kind.measure), "outcome": "passed" if one["passed"] else "failed",
            **{f"label_{lang}": told if isinstance(told, str) else told[lang] for lang in data.languages},
            "asks": tuple(asked for asked in (test.question, test.now, test.then) if asked),
            "categories": tuple(test.categories or ()), "theme": test.theme, "limited": bool(test.services),
        })  # fmt: skip
    return rows


def _base(one: dict, measure: str):
    """How many the share is of: of rises against falls, those that report either."""
    return one["changers"] if measure == "rises" and pd.notna(one.get("changers")) else one["n"]


def unit_of(data: Data, round_: str, test: FindingTest, measure: str) -> str:
    if measure in ("share", "theme", "rises"):
        return "share"
    if measure == "net" or (measure in ("change", "difference") and test.categories):
        return "share_change"
    if measure == "ratio":
        return "ratio"
    name = test.now or test.question
    unit = data.questionnaires[round_][name].unit if name else ""
    return "%" if unit == "%" and measure != "median" else unit


def tests_about(data: Data, round_: str, *questions: str) -> list[dict]:
    """The tests of all findings that read nothing but these questions of a round, of all services."""
    found: list[dict] = []
    for name, group in data["findings"].groupby("finding", sort=False):
        found += rows_of_tests(data, name, group)
    return [
        one
        for one in found
        if one["round"] == round_ and one["asks"] and set(one["asks"]) <= set(questions) and not one["limited"]
    ]


def share_tested(tests: list[dict]) -> dict | None:
    """The first test of a share among them that has an estimate."""
    return next((one for one in tests if one["measure"] == "share" and not pd.isna(one["estimate"])), None)


def add_tests(sheet: Sheet, tests: list[dict], lang: str) -> None:
    """A line for each test: what it asks, the threshold, estimate and interval."""
    if not tests:
        return
    table = pd.DataFrame(tests)
    track = (0.06, 1.5) if sheet.narrow else (2.12, 3.55)
    numbers = track[1] + 0.14
    sheet.text(style.words(lang)["tested"])
    for _, rows in table.groupby("finding", sort=False):
        scales = {measure: scale_of(part) for measure, part in rows.groupby("measure")}
        for one in rows.itertuples():
            label = style.fitted(getattr(one, f"label_{lang}"), sheet.width if sheet.narrow else 2.0, TEXT)
            lines = (label.count("\n") + 1) * LINE[TEXT]
            height = lines + 0.34 if sheet.narrow else max(0.25, lines + 0.03)

            def drawn(ax, y: float, one=one, label=label, height=height, scale=scales[one.measure]) -> None:
                middle = y + height - 0.16 if sheet.narrow else y + height / 2
                ax.text(
                    0,
                    y if sheet.narrow else middle,
                    label,
                    fontsize=TEXT,
                    va="top" if sheet.narrow else "center",
                    linespacing=1.15,
                )
                draw_track(ax, one, track, middle, scale, style.BLUE, lang)
                add_numbers(ax, one, (numbers, sheet.width), middle, lang)

            sheet.add(height, drawn)
    sheet.gap(0.03)
    sheet.add(0.1, lambda ax, y: ax.hlines(y, 0, sheet.width, color="#C8C8C8", linewidth=0.6))


def add_numbers(ax, one, room: tuple[float, float], y: float, lang: str) -> None:
    """The estimate with its interval and n behind it, or below it where the line is too short for them."""
    x, shown = room[0], estimate_in_words(one, lang)
    between = "" if pd.isna(one.estimate) else interval_in_words(one, lang)
    right = x + style.text_width(shown, TEXT, "bold") + 0.06
    below = right + style.text_width(between, SMALL) > room[1] - 0.02
    ax.text(x, y - 0.06 * below, shown, fontsize=TEXT, weight="bold", va="center")
    if between:
        ax.text(x if below else right, y + 0.07 * below, between, fontsize=SMALL, color=style.QUIET, va="center")


def tests_in_words(tests: list[dict], lang: str) -> list[str]:
    """A line a test: what it asks, what was found, and whether it passed."""
    lines = []
    for one in pd.DataFrame(tests).itertuples():
        found = estimate_in_words(one, lang)
        if not pd.isna(one.estimate):
            found = f"{found} {interval_in_words(one, lang)}"
        said = "test_passed" if one.outcome == "passed" else "test_failed"
        lines.append(style.words(lang)[said].format(label=getattr(one, f"label_{lang}").rstrip("."), found=found))
    return lines
