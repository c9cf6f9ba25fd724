"""From the register to the facilities that answered: a flow with what falls away at each step, and why."""

from typing import Any

import pandas as pd

from hrmonitor.declarations.figures import Figure
from hrmonitor.figures import style
from hrmonitor.figures.data import Data
from hrmonitor.figures.sheet import SMALL, Sheet, nothing
from hrmonitor.language import headed, join, number
from hrmonitor.study import study, within

STEPS = ("register", "approached", "submissions", "kept")
# What is set aside between two steps, named by the later one.
ASIDE = {"kept": ("duplicates", "test", "rejected", "no_consent", "empty", "out_of_frame")}
BOX: dict[str, Any] = {"boxstyle": "round,pad=0.01,rounding_size=0.04", "linewidth": 0.9}


def table(data: Data, options: dict) -> pd.DataFrame:
    """service, step, n; submissions whose type of service nobody could tell stand under `unknown`."""
    flow = data["flow"][options["round"]]
    steps = [*STEPS, *ASIDE["kept"]]
    return flow[flow["step"].isin(steps)].reset_index(drop=True)


def _counts(table: pd.DataFrame) -> pd.DataFrame:
    """A row a type of service, a column a step."""
    wide = table.pivot_table(index="service", columns="step", values="n", aggfunc="sum", sort=False)
    # Not every round has submissions that a person rejected or that refused consent.
    steps = [step for step in (*STEPS, *ASIDE["kept"]) if step in wide or step in STEPS]
    return wide.reindex(columns=steps).fillna(0).astype(int)


def _services(counts: pd.DataFrame) -> list[str]:
    return [service for service in counts.index if service not in ("all", "unknown")]


def draw(table: pd.DataFrame, options: dict, lang: str):
    words, counts = style.words(lang), _counts(table)
    if counts.empty:
        return nothing(options, lang)
    sheet, services = Sheet(options, lang), _services(counts)
    # A phone has no room for the types of service beside each other: they are in the description and in the data.
    if sheet.narrow:
        services = []
    box = sheet.width if sheet.narrow else sheet.width * 0.76
    first, last = (1.72, box - 0.12) if services else (box - 0.12, box - 0.12)
    columns = [first + (last - first) * place / max(len(services), 1) for place in range(len(services) + 1)]
    if services:
        headings = [
            *[study(lang).name_of(service, "short") or style.service_label(service, lang) for service in services],
            words["all"],
        ]
        room = (last - first) / len(services) - 0.02
        # Left of the first there is nothing to run into.
        shown = [style.fitted(heading, room if place else 1.5, SMALL) for place, heading in enumerate(headings)]

        def heads(ax, y: float) -> None:
            for x, heading in zip(columns, shown, strict=True):
                ax.text(
                    x,
                    y + 0.12 * max(text.count("\n") + 1 for text in shown),
                    heading,
                    va="bottom",
                    ha="right",
                    fontsize=SMALL,
                    linespacing=1.1,
                )

        sheet.add(0.12 * max(text.count("\n") + 1 for text in shown) + 0.05, heads)
    for place, step in enumerate(STEPS):
        numbers = [*[counts.loc[service, step] for service in services], _total(counts, step)]
        sheet.add(
            0.36, _box(words["steps"][step], list(zip(columns, numbers, strict=True)), box, step == STEPS[-1], lang)
        )
        if place + 1 < len(STEPS):
            aside = _aside(counts, STEPS[place + 1], lang)
            sheet.add(max(0.3, 0.14 * len(aside) + 0.08), _step(aside, 0.75 if sheet.narrow else box + 0.25))
    # Why the types of service do not add up to all of them.
    unknown = int(counts.loc["unknown", "submissions"]) if "unknown" in counts.index else 0
    told = [words["flow_unknown"].format(n=number(unknown, lang), all=words["all"])] if unknown and services else []
    sheet.note(words["flow_note"], *told)
    return sheet.figure()


def _box(label: str, numbers: list[tuple[float, int]], width: float, last: bool, lang: str):
    """Draws a step of the flow: its name and its numbers, each at its place."""

    def drawn(ax, y: float) -> None:
        ax.add_patch(
            style.mpl.patches.FancyBboxPatch(
                (0.04, y + 0.03), width - 0.08, 0.3, fc=style.BLUE if last else "white", ec=style.BLUE, **BOX
            )
        )
        ink = "white" if last else style.DARK
        ax.text(0.14, y + 0.18, label, va="center", fontsize=8.5, weight="bold", color=ink)
        for x, n in numbers:
            ax.text(
                x,
                y + 0.18,
                number(n, lang),
                va="center",
                ha="right",
                fontsize=8.5,
                color=ink,
                weight="bold" if x == numbers[-1][0] else "normal",
            )

    return drawn


def _step(aside: list[str], x: float):
    """Draws the arrow to the next step, and what was set aside on the way."""

    def drawn(ax, y: float) -> None:
        down = max(0.3, 0.14 * len(aside) + 0.08)
        arrow = {"arrowstyle": "-|>", "color": style.GREY, "linewidth": 1.1, "shrinkA": 0, "shrinkB": 0}
        ax.annotate("", (0.5, y + down), (0.5, y), arrowprops=arrow)
        if aside:
            ax.annotate("", (x - 0.05, y + down / 2), (0.5, y + down / 2), arrowprops=arrow)
            ax.text(x, y + down / 2, "\n".join(aside), va="center", fontsize=7.2, linespacing=1.3)

    return drawn


def headline(table: pd.DataFrame, options: dict, lang: str) -> str:
    counts = _counts(table)
    if counts.empty:
        return ""
    kept, register = _total(counts, "kept"), _total(counts, "register")
    return style.words(lang)["flow_headline"].format(kept=number(kept, lang), register=number(register, lang))


def _total(counts: pd.DataFrame, step: str) -> int:
    return int(counts.loc["all", step]) if "all" in counts.index else int(counts[step].sum())


def _aside(counts: pd.DataFrame, step: str, lang: str) -> list[str]:
    words = style.words(lang)
    if step == "approached":
        n = _total(counts, "register") - _total(counts, "approached")
        return [headed(words["not_approached"], number(n, lang), lang)] if n > 0 else []
    return [
        headed(words["steps"][reason], number(_total(counts, reason), lang), lang)
        for reason in ASIDE.get(step, ())
        if reason in counts and _total(counts, reason)
    ]


def alt_text(table: pd.DataFrame, options: dict, lang: str) -> str:
    words, counts = style.words(lang), _counts(table)
    if counts.empty:
        return words["no_rows"]
    return words["flow_alt"].format(
        **{step: number(_total(counts, step), lang) for step in STEPS},
        aside=number(sum(_total(counts, reason) for reason in ASIDE["kept"] if reason in counts), lang),
    )


def description(table: pd.DataFrame, options: dict, lang: str) -> list[str]:
    words, counts = style.words(lang), _counts(table)
    lines = (
        [f"{headed(words['steps'][step], number(_total(counts, step), lang), lang)}." for step in counts]
        if len(counts)
        else []
    )
    for service in _services(counts):
        parts = [f"{within(words['steps'][step], lang)} {number(counts.loc[service, step], lang)}" for step in STEPS]
        lines.append(f"{headed(style.service_label(service, lang), join(parts, lang), lang)}.")
    return lines


FIGURE = Figure(
    name="response_flow",
    shows="Flow diagram from register to analysis, with what was set aside and why, by type of service",
    inputs=("flow",),
    options=("round",),
    no_audit="It speaks of who answered, not of what.",
    table=table,
    draw=draw,
    alt_text=alt_text,
    description=description,
    headline=headline,
)
