"""A test of a finding as a line: its scale, the threshold, the side that the interval must keep to, estimate and interval."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from hrmonitor.figures import style
from hrmonitor.language import interval, listed, number, per_cent, percent, share_or_count, terms
from hrmonitor.project.test_kinds import ABOVE


@dataclass(frozen=True)
class Scale:
    """What lies at the left and the right end of a line."""

    low: float
    high: float

    def place(self, value: float, ends: tuple[float, float]) -> float:
        """Where on a line between `ends` a value lies; what is beyond an end lies on it."""
        share = (value - self.low) / (self.high - self.low)
        return ends[0] + min(1.0, max(0.0, share)) * (ends[1] - ends[0])


def scale_of(rows: pd.DataFrame) -> Scale:
    """One scale for the tests of a measure: shares from nothing to all, others as far as they reach on either side of no change."""
    if (rows["unit"] == "share").all():
        return Scale(0.0, 1.0)
    middle = 1.0 if (rows["unit"] == "ratio").all() else 0.0
    ends = pd.concat([rows[key] for key in ("estimate", "ci_low", "ci_high", "threshold")]).astype(float).dropna()
    reach = max((ends - middle).abs().max() * 1.15, 1e-6)
    return Scale(middle - reach, middle + reach)


# Over 6 parameters: what is drawn, where, and in which look, as for Matplotlib's own marks.
def draw_track(ax, one, ends: tuple[float, float], y: float, scale: Scale, colour: str, lang: str) -> None:
    threshold = scale.place(one.threshold, ends)
    side = (threshold, ends[1]) if one.direction == ABOVE else (ends[0], threshold)
    ax.add_patch(style.mpl.patches.Rectangle((side[0], y - 0.045), side[1] - side[0], 0.09, fc="#E4EEF5", ec="none"))
    ax.hlines(y, *ends, color="#B0B0B0", linewidth=0.6)
    ax.vlines(threshold, y - 0.055, y + 0.055, color=style.DARK, linewidth=1.1)
    ax.text(threshold, y - 0.056, in_unit(one.threshold, one.unit, lang, signed=True), fontsize=5.8, color=style.QUIET, ha="center", va="bottom")  # fmt: skip
    if pd.isna(one.estimate):
        return
    if not pd.isna(one.ci_low) and not pd.isna(one.ci_high):
        ax.hlines(
            y, scale.place(one.ci_low, ends), scale.place(one.ci_high, ends), color=colour, linewidth=2.6, alpha=0.55
        )
    ax.plot(scale.place(one.estimate, ends), y, marker="o", markersize=4.6, color=colour, markeredgewidth=1.2,
            markerfacecolor=colour if one.outcome == "passed" else "white")  # fmt: skip


def in_unit(value: float, unit: str, lang: str, signed: bool = False) -> str:
    """A number as the reader of the figure writes it: changes with their sign, a ratio as a change in per cent."""
    words = style.words(lang)
    if unit == "share":
        return percent(value, lang)
    if unit == "ratio":
        return per_cent(_signed(100 * (value - 1), lang, 0), lang)
    if unit in ("share_change", "%"):
        points = 100 * value if unit == "share_change" else value
        shown = _signed(points, lang, 0 if unit == "share_change" or float(points).is_integer() else 1)
        return shown if signed else words["points_short"].format(shown)
    return number(value, lang, 0 if float(value).is_integer() else 1)


def _signed(value: float, lang: str, digits: int) -> str:
    shown = number(value, lang, digits)
    return f"+{shown}" if value > 0 and shown.strip("0.,") else shown


def estimate_in_words(one, lang: str) -> str:
    """The estimate, or that there is none; a share of a few facilities as a count where it is one."""
    words = style.words(lang)
    if pd.isna(one.estimate):
        return words["no_answer_short"] if not one.n else words["suppressed"]
    if one.measure in ("share", "theme"):
        return share_or_count(one.estimate, one.n, lang)
    return in_unit(one.estimate, one.unit, lang)


def interval_in_words(one, lang: str) -> str:
    """`(54–70%; n = 40)`; changes with `to` between their ends, which have signs."""
    n = f"n = {number(one.n, lang)}"
    if pd.isna(one.ci_low) or pd.isna(one.ci_high):
        return f"({n})"
    if one.unit == "share":
        return f"({listed((interval(one.ci_low, one.ci_high, lang), n), lang)})"
    low, high = (in_unit(end, one.unit, lang, signed=True) for end in (one.ci_low, one.ci_high))
    between = f"{low} {terms(lang)['language']['to']} {high}"
    return f"({listed((between, n), lang)})"
