"""A figure as rows on paper: what is written and drawn, in inches, from the top down; on a phone labels stand above what they name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from hrmonitor.figures import style

TEXT, SMALL = 7.8, 6.8
LINE = {TEXT: 0.14, SMALL: 0.122}
LABELS, ENDS = 2.02, 1.25
# Draws a part of a figure: axes, and where its top or the middle of its row is.
Draw = Callable[[Any, float], None]


@dataclass
class Sheet:
    """Parts of a figure with the height of each; `figure()` draws them. `ends` is the room at the right for numbers."""

    options: dict
    lang: str
    ends: float = ENDS
    parts: list[tuple[float, Draw]] = field(default_factory=list)

    @property
    def width(self) -> float:
        return style.width_of(self.options) - 0.02

    @property
    def narrow(self) -> bool:
        return style.is_narrow(self.options)

    @property
    def lane(self) -> tuple[float, float]:
        """From where to where rows draw."""
        return (0.12 if self.narrow else LABELS + 0.1, self.width - self.ends - 0.08)

    def add(self, height: float, draw: Draw) -> None:
        self.parts.append((height, draw))

    def gap(self, height: float) -> None:
        self.add(height, lambda ax, y: None)

    def text(self, text: str, size: float = SMALL, weight: str = "normal", colour: str = style.QUIET) -> None:
        """A paragraph over the whole width."""
        shown = style.fitted(text, self.width, size, weight)
        line = LINE.get(size, size / 72 * 1.35)
        self.add(
            (shown.count("\n") + 1) * line + 0.03,
            lambda ax, y: ax.text(0, y, shown, fontsize=size, weight=weight, color=colour, va="top", linespacing=1.2),
        )

    def row(self, label: str, end: str, draw: Draw, weight: str = "normal") -> None:
        """A label, what `draw` puts on the lane around the middle of the row, and a number at the right."""
        shown = style.fitted(label, self.width if self.narrow else LABELS, TEXT, weight)
        lines = (shown.count("\n") + 1) * LINE[TEXT]
        end = style.fitted(end, self.ends, SMALL)
        room = max(0.22, (end.count("\n") + 1) * LINE[SMALL] + 0.03)
        height = lines + room + 0.06 if self.narrow else max(room, lines + 0.06)

        def drawn(ax, y: float) -> None:
            middle = y + lines + room / 2 if self.narrow else y + height / 2
            at, va = (y, "top") if self.narrow else (middle, "center")
            ax.text(0, at, shown, fontsize=TEXT, weight=weight, va=va, linespacing=1.15)
            draw(ax, middle)
            ax.text(self.width - self.ends, middle, end, fontsize=SMALL, va="center", linespacing=1.15)

        self.add(height, drawn)

    def legend(self, entries: list[tuple[Callable[[Any, float, float], None], str]]) -> None:
        """Marks with what they stand for, in as many lines as they need; a mark is drawn by function(axes, x, y)."""
        lines: list[list[tuple[float, int]]] = [[]]
        x = 0.0
        labels = [style.fitted(label, self.width - 0.2, SMALL).replace("\n", " ") for _, label in entries]
        for place, label in enumerate(labels):
            needed = 0.2 + style.text_width(label, SMALL) + 0.14
            if lines[-1] and x + needed > self.width + 0.14:
                lines.append([])
                x = 0.0
            lines[-1].append((x, place))
            x += needed
        for line in lines:

            def drawn(ax, y: float, line=line) -> None:
                for x, place in line:
                    entries[place][0](ax, x, y + 0.07)
                    ax.text(x + 0.2, y + 0.07, labels[place], fontsize=SMALL, va="center")

            self.add(0.16, drawn)
        self.gap(0.05)

    def axis(self, ticks: list[tuple[float, str]]) -> None:
        """Ticks of the lane with their labels, below its rows."""
        left, right = self.lane

        def drawn(ax, y: float) -> None:
            ax.hlines(y, left, right, color="#888888", linewidth=0.6)
            for x, label in ticks:
                ax.vlines(x, y, y + 0.03, color="#888888", linewidth=0.6)
                ax.text(x, y + 0.045, label, fontsize=SMALL, color=style.QUIET, ha="center", va="top")

        self.add(0.2, drawn)

    def note(self, *parts: str) -> None:
        said = style.note_text(self.options, self.lang, *parts)
        if said:
            self.gap(0.05)
            self.text(said)

    def figure(self):
        """The figure; its axes count inches from the top left."""
        height = sum(height for height, _ in self.parts) + 0.06
        fig = style.figure(height, self.options, "none")
        ax = fig.add_axes((0, 0, 1, 1))
        ax.set(xlim=(0, style.width_of(self.options)), ylim=(height, 0))
        ax.axis("off")
        y = 0.03
        for own, draw in self.parts:
            draw(ax, y)
            y += own
        return fig


def nothing(options: dict, lang: str):
    """A figure that has nothing to show, and says so."""
    fig = style.figure(0.8, options)
    style.no_rows(fig, lang)
    return fig


def swatch(colour: str, edge: str = "none"):
    """A legend's mark: a small box of the colour, with a dotted edge if wanted."""

    def drawn(ax, x: float, y: float) -> None:
        ax.add_patch(style.mpl.patches.Rectangle((x, y - 0.045), 0.14, 0.09, fc=colour, ec=edge, linestyle=":"))

    return drawn


def mark(moment: str):
    """A legend's mark: that of then or of now."""
    look = style.MOMENTS[moment]

    def drawn(ax, x: float, y: float) -> None:
        ax.plot(x + 0.07, y, marker="o", markersize=5, linestyle="none", **look)

    return drawn
