"""Sizes, colours, labels and the few marks that most figures share."""

from __future__ import annotations

import textwrap
from functools import cache
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib import font_manager
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from hrmonitor.language import number, percent, terms

BLUE, VERMILLION, GREEN, ORANGE, SKY, PURPLE, GREY, DARK = (
    "#0072B2", "#D55E00", "#009E73", "#E69F00", "#56B4E9", "#CC79A7", "#9A9A9A", "#333333",
)  # fmt: skip
PALE = "#E6E6E6"
# From "much more" to "much less"; the middle is grey.
DIVERGING = {
    "strong_increase": "#0B5A8A", "increase": "#6FB1DC", "stable": "#D9D9D9", "decrease": "#F2A877", "strong_decrease": "#C4520A",
}  # fmt: skip
SEQUENCE = ["#0B5A8A", "#56A5D8", "#B5D7EF", "#E6E6E6", "#F6D9B8"]
PAGE_WIDTH = 165 / 25.4
FONTS = Path(__file__).resolve().parents[3] / "report" / "fonts"


@cache
def use_style() -> None:
    for font in sorted(FONTS.glob("*.ttf")):
        font_manager.fontManager.addfont(str(font))
    mpl.rc_file(Path(__file__).with_name("matplotlibrc"))


def figure(height: float) -> Figure:
    """An empty figure as wide as the text of the page; `height` in inches."""
    use_style()
    return Figure(figsize=(PAGE_WIDTH, height), layout="constrained")


def wrap(label: str, width: int) -> str:
    return "\n".join(textwrap.wrap(label, width, break_long_words=False)) or label


def words(lang: str) -> dict:
    """The texts inside figures."""
    return terms(lang)["figures"]


def service_label(service: str, lang: str) -> str:
    return terms(lang)["services"].get(service, service)


def percent_axis(axis, lang: str) -> None:
    """Ticks at every 20 per cent within the axis' limits, which must be set before."""
    low, high = axis.get_view_interval()
    axis.set_ticks([tick / 5 for tick in range(6) if low <= tick / 5 <= high])
    axis.set_major_formatter(FuncFormatter(lambda value, _: percent(round(value, 4), lang)))


def number_axis(axis, lang: str) -> None:
    axis.set_major_formatter(FuncFormatter(lambda value, _: number(value, lang)))


def dots(ax, y, estimate, low, high, colour, **marker) -> None:
    """Estimates as dots with their intervals as lines; NaN leaves a place empty."""
    y, estimate, low, high = (np.asarray(part, dtype=float) for part in (y, estimate, low, high))
    ax.hlines(y, low, high, color=colour, linewidth=2.2, alpha=0.45)
    ax.plot(estimate, y, linestyle="none", marker="o", markersize=5.5, color=colour, **marker)


def rows_axis(ax, labels: list[str], width: int = 34) -> None:
    """One row a label, the first on top."""
    ax.set_yticks(range(len(labels)), [wrap(label, width) for label in labels])
    ax.set_ylim(len(labels) - 0.45, -0.55)


def height_for(rows: int, each: float = 0.3, extra: float = 0.75) -> float:
    return max(1.6, extra + each * rows)
