"""From the register to the facilities that answered: a flow with what falls away at each step, and why."""

from typing import Any

import pandas as pd

from hrmonitor.declarations.figures import Figure
from hrmonitor.figures import style
from hrmonitor.figures.data import Data
from hrmonitor.language import join, number

STEPS = ("register", "approached", "submissions", "kept")
# What is set aside between two steps, named by the later one.
ASIDE = {"kept": ("duplicates", "test", "rejected", "no_consent", "empty", "out_of_frame")}
BOX: dict[str, Any] = {"boxstyle": "round,pad=0.02,rounding_size=0.06", "linewidth": 0.9}


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
    fig = style.figure(3.5)
    if counts.empty:
        style.no_rows(fig, lang)
        return fig
    ax = fig.add_subplot()
    ax.set(xlim=(0, 10), ylim=(len(STEPS) * 1.2 + 0.3, -0.1))
    ax.axis("off")
    services = _services(counts)
    # Where in a box the number of each type of service stands, and that of all.
    columns = [2.3 + 4.2 * place / max(len(services), 1) for place in range(len(services) + 1)]
    headings = [*[words["services_short"].get(service, service) for service in services], words["all"]]
    for x, heading in zip(columns, headings, strict=True):
        ax.text(x, 0.45, style.wrap(heading, 12), va="bottom", ha="right", fontsize=6.5, linespacing=1.1)
    for place, step in enumerate(STEPS):
        top = place * 1.2 + 0.6
        last = step == STEPS[-1]
        ax.add_patch(
            style.mpl.patches.FancyBboxPatch(
                (0.1, top), 6.6, 0.6, fc=style.BLUE if last else "white", ec=style.BLUE, **BOX
            )
        )
        ink = "white" if last else style.DARK
        ax.text(0.3, top + 0.3, words["steps"][step], va="center", fontsize=9, weight="bold", color=ink)
        numbers = [*[counts.loc[service, step] for service in services], _total(counts, step)]
        for x, n in zip(columns, numbers, strict=True):
            ax.text(x, top + 0.3, number(n, lang), va="center", ha="right", fontsize=9, color=ink,
                    weight="bold" if x == columns[-1] else "normal")  # fmt: skip
        if place + 1 < len(STEPS):
            arrow = {"arrowstyle": "-|>", "color": style.GREY, "linewidth": 1.2, "shrinkA": 0, "shrinkB": 0}
            ax.annotate("", (1.0, top + 1.19), (1.0, top + 0.62), arrowprops=arrow)
            aside = _aside(counts, STEPS[place + 1], lang)
            if aside:
                ax.annotate("", (7.0, top + 0.9), (1.0, top + 0.9), arrowprops=arrow)
                ax.text(7.1, top + 0.9, "\n".join(aside), va="center", fontsize=7.5, linespacing=1.3)
    style.note(fig, options, lang)
    return fig


def _total(counts: pd.DataFrame, step: str) -> int:
    return int(counts.loc["all", step]) if "all" in counts.index else int(counts[step].sum())


def _aside(counts: pd.DataFrame, step: str, lang: str) -> list[str]:
    words = style.words(lang)
    if step == "approached":
        n = _total(counts, "register") - _total(counts, "approached")
        return [f"{words['not_approached']}: {number(n, lang)}"] if n > 0 else []
    return [
        f"{words['steps'][reason]}: {number(_total(counts, reason), lang)}"
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
    lines = [f"{words['steps'][step]}: {number(_total(counts, step), lang)}." for step in counts] if len(counts) else []
    for service in _services(counts):
        parts = [f"{words['steps'][step].lower()} {number(counts.loc[service, step], lang)}" for step in STEPS]
        lines.append(f"{style.service_label(service, lang)}: {join(parts, lang)}.")
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
)
