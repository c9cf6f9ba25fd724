"""Sizes, colours, labels and the few marks that most figures share."""

from __future__ import annotations

import bisect
import textwrap
from functools import cache
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib import font_manager
from matplotlib.figure import Figure
from matplotlib.ft2font import LoadFlags
from matplotlib.ticker import FuncFormatter

from hrmonitor.language import headed, interval, number, percent, share_or_count, terms
from hrmonitor.resources import RESOURCES
from hrmonitor.study import study

# Okabe and Ito (2008), which readers with any colour vision tell apart.
BLUE, VERMILLION, GREEN, ORANGE, SKY, GREY, DARK = (
    "#0072B2", "#D55E00", "#009E73", "#E69F00", "#56B4E9", "#767676", "#333333",
)  # fmt: skip
PALE = "#E6E6E6"
# From "much more" to "much less"; the middle is grey.
DIVERGING = {
    "strong_increase": "#0B5A8A", "increase": "#4E9CCF", "stable": "#A6A6A6", "decrease": "#E08E55", "strong_decrease": "#B34A08",
}  # fmt: skip
# Told apart by shape as well, for who prints in grey: a ring for then, a dot for now.
MOMENTS: dict[str, dict[str, Any]] = {"then": {"color": VERMILLION, "markerfacecolor": "white"}, "now": {"color": BLUE}}
# What says how to read a figure, beside what it shows.
QUIET = "#555555"
VERDICTS = {
    "supported": BLUE, "partly_supported": "#8A5A00", "not_supported": "#8C2D04", "contradicted": "#5B1A00", "not_assessable": GREY,
}  # fmt: skip
# Millimetres in inches: the text of the report's page, which a slide shows at twice its size; and a phone, which shows it at 1.4 times.
PAGE_WIDTH, NARROW_WIDTH = 165 / 25.4, 80 / 25.4
FONTS = RESOURCES / "fonts"


@cache
def use_style() -> None:
    # Matplotlib's own fonts and ours: another edition of ours on the machine would be taken before it.
    font_manager.fontManager.ttflist = [
        font for font in font_manager.fontManager.ttflist if Path(font.fname).is_relative_to(mpl.get_data_path())
    ]
    for font in sorted(FONTS.glob("*.ttf")):
        font_manager.fontManager.addfont(str(font))
    mpl.rc_file(RESOURCES / "matplotlibrc")


def is_narrow(options: dict) -> bool:
    """Whether the figure is drawn for a phone."""
    return bool(options.get("narrow"))


def width_of(options: dict) -> float:
    """How wide a figure is, in inches: as the text of the page, or as a phone."""
    return NARROW_WIDTH if is_narrow(options) else PAGE_WIDTH


def figure(height: float, options: dict | None = None, layout: Any = "constrained") -> Figure:
    """An empty figure as wide as the text of the page or as a phone; `height` in inches."""
    use_style()
    return Figure(figsize=(width_of(options or {}), height), layout=layout)


@cache
def _font(weight: str):
    use_style()
    wanted = font_manager.FontProperties(family=mpl.rcParams["font.family"][0], weight=weight)
    return font_manager.get_font(font_manager.findfont(wanted))


@cache
def _advance(letter: str, weight: str) -> float:
    """How far a letter takes the line, at a size of 1 point; one that the font lacks as far as a broad one."""
    font = _font(weight)
    font.set_size(100, 72)
    known = font.get_char_index(ord(letter))
    return font.load_char(ord(letter if known else "W"), flags=LoadFlags.NO_HINTING).linearHoriAdvance / 65536 / 100


def text_width(text: str, size: float, weight: str = "normal") -> float:
    """How wide a line of text is at the most, in inches: pictures of dots round the places of letters."""
    return sum(_advance(letter, weight) for letter in text) * size / 72 * 1.03


def fitted(text: str, width: float, size: float, weight: str = "normal") -> str:
    """The text in lines that are no wider than `width` inches; a word that is longer is taken apart."""
    lines, line = [], ""
    for word in text.split():
        while len(word) > 1 and text_width(word, size, weight) > width:
            cut = bisect.bisect(range(1, len(word)), width, key=lambda n: text_width(word[:n], size, weight)) or 1
            lines += [line, word[:cut]] if line else [word[:cut]]
            line, word = "", word[cut:]
        longer = f"{line} {word}" if line else word
        if line and text_width(longer, size, weight) > width:
            lines.append(line)
            longer = word
        line = longer
    return "\n".join([*lines, line])


def wrap(label: str, width: int) -> str:
    return "\n".join(textwrap.wrap(label, width, break_long_words=False)) or label


def words(lang: str) -> dict:
    """The texts inside figures."""
    return terms(lang)["figures"]


def service_label(service: str, lang: str) -> str:
    return study(lang).services(lang).get(service, service)


def unit_name(unit: str, lang: str, question: str = "") -> str:
    """A unit of numbers in words: the study's, else the engine's, else as the questionnaire has it; of per cents, of what if the study says it."""
    if unit == "%" and (counts := study(lang).names.get("counted", {}).get(question)):
        return words(lang)["percent_of"].format(counts)
    return study(lang).units(words(lang)["units"]).get(unit, unit)


def counted_by(question: str, lang: str) -> str:
    """What the numbers of a question count, with a space before it; nothing where the study does not say."""
    counts = study(lang).names.get("counted", {}).get(question)
    return f" {counts}" if counts else ""


def percent_axis(axis, lang: str) -> None:
    """Ticks at every 20 per cent within the axis' limits, which must be set before."""
    low, high = axis.get_view_interval()
    axis.set_ticks([tick / 5 for tick in range(6) if low <= tick / 5 <= high])
    axis.set_major_formatter(FuncFormatter(lambda value, _: percent(round(value, 4), lang)))


# Over 6 parameters: the arguments are the arrays that Matplotlib's own drawing functions take, and what else its markers take.
def dots(ax, y, estimate, low, high, color, **marker) -> None:
    """Estimates as dots with their intervals as lines; NaN leaves a place empty."""
    y, estimate, low, high = (np.asarray(part, dtype=float) for part in (y, estimate, low, high))
    ax.hlines(y, low, high, color=color, linewidth=2.2, alpha=0.45)
    ax.plot(estimate, y, linestyle="none", marker="o", markersize=5.5, color=color, **marker)


def note_text(options: dict, lang: str, *parts: str) -> str:
    """How to read a figure, and that its data are synthetic, wherever the figure travels."""
    said = [part.format(confidence=percent(options["confidence"], lang)) for part in parts]
    if options["synthetic"]:
        said.append(words(lang)["synthetic_note"])
    return "  ".join(said)


def note(fig, options: dict, lang: str, *parts: str) -> None:
    """`note_text` below a figure, in lines that fit."""
    said = note_text(options, lang, *parts)
    if said:
        said = fitted(said, fig.get_figwidth() - 0.12, 7)
        fig.supxlabel(said, x=0.01, ha="left", fontsize=7, color=QUIET)


def no_rows(fig, lang: str, why: str = "no_rows") -> None:
    """What a figure shows that has nothing to show."""
    ax = fig.add_subplot()
    ax.axis("off")
    said = fitted(words(lang)[why], fig.get_figwidth() - 0.4, 8.5)
    ax.text(0.5, 0.5, said, ha="center", va="center", color=QUIET)


def said(label: str, one, lang: str, share: bool = True) -> str:
    """`label: 62% (interval 54–70%; n = 40)`, for who reads a figure in words; hidden cells say that they are."""
    if one.suppressed or np.isnan(one.estimate):
        return headed(label, words(lang)["suppressed"], lang)
    value = share_or_count(one.estimate, one.n, lang) if share else number(one.estimate, lang, 1)
    between = interval(one.ci_low, one.ci_high, lang, 0 if share else 1, share)
    return words(lang)["said"].format(label=label, value=value, interval=between, n=number(one.n, lang))


def luminance(colour) -> float:
    """Relative luminance of a colour, 0 (black) to 1 (white), by WCAG 2.1."""
    parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in mpl.colors.to_rgb(colour)]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one, other) -> float:
    """Contrast ratio of two colours, 1 to 21, by WCAG 2.1."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def ink_on(colour) -> str:
    """White or dark text, whichever reads better on the colour."""
    return max("white", DARK, key=lambda ink: contrast(ink, colour))


def rows_axis(ax, labels: list[str], width: int = 34) -> None:
    """One row a label, the first on top."""
    ax.set_yticks(range(len(labels)), [wrap(label, width) for label in labels])
    ax.set_ylim(len(labels) - 0.45, -0.55)


def height_for(rows: int, each: float = 0.3, extra: float = 0.75) -> float:
    return max(1.6, extra + each * rows)
