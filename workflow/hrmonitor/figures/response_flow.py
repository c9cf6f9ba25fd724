"""From the register to the facilities that answered, by type of service."""

import pandas as pd

from hrmonitor.figures import Data, style
from hrmonitor.language import join, number

KIND = "Bars from register to kept, by type of service"
INPUTS = ("flow",)
STEPS = ("register", "approached", "submissions", "kept")


def table(data: Data, options: dict) -> pd.DataFrame:
    flow = data.flow[options["round"]]
    return flow[flow["step"].isin(STEPS) & ~flow["service"].isin(["unknown", "all"])].reset_index(drop=True)


def draw(table: pd.DataFrame, options: dict, lang: str):
    services = list(dict.fromkeys(table["service"]))
    words = style.words(lang)["steps"]
    fig = style.figure(2.3)
    axes = fig.subplots(1, len(services), sharey=True)
    for ax, service in zip(axes, services, strict=True):
        counts = table[table["service"] == service].set_index("step")["n"].reindex(STEPS).fillna(0)
        colours = [style.PALE, style.SKY, style.GREY, style.BLUE]
        ax.barh(range(len(STEPS)), counts, color=colours, height=0.7)
        for place, n in enumerate(counts):
            ax.text(n + counts.max() * 0.03, place, number(n, lang), va="center", fontsize=8)
        short = style.words(lang)["services_short"].get(service, service)
        ax.set_title(style.wrap(short, 17), fontsize=8.5)
        style.rows_axis(ax, [words[step] for step in STEPS], 16)
        ax.set_xlim(0, max(counts.max(), 1) * 1.3)
        ax.set_xticks([])
        ax.spines["bottom"].set_visible(False)
        ax.grid(False)
    return fig


def alt_text(table: pd.DataFrame, options: dict, lang: str) -> str:
    words = style.words(lang)
    parts = []
    for service, group in table.groupby("service", sort=False):
        n = group.set_index("step")["n"]
        parts.append(
            words["flow_alt"].format(
                service=style.service_label(service, lang),
                register=number(n["register"], lang),
                kept=number(n["kept"], lang),
            )
        )
    return join(parts, lang) + "."
