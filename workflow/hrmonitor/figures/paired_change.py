"""The same facilities then and now: a mark a few facilities of like size, above the line is more, below is fewer."""

import numpy as np
import pandas as pd

from hrmonitor.declarations.figures import Figure
from hrmonitor.disclosure.rounding import averaged
from hrmonitor.disclosure.rules import Rules, dominance, too_few
from hrmonitor.figures import style
from hrmonitor.figures.data import Data
from hrmonitor.language import number, percent

COLUMNS = ["service", "then", "now", "facilities", "rounded_to"]
# Means of a mark are multiples of one of these, the first that keeps what a single facility answered from following from them
# and a total.
STEPS = (5.0, 10.0, 20.0, 50.0, 100.0)


def table(data: Data, options: dict) -> pd.DataFrame:
    """`COLUMNS`: means of neighbouring facilities in each type of service, rounded, as nobody's own answer is shown.

    A type of service of which the sum then or now is hidden is left out, as is one whose marks would tell too much at any rounding.
    """
    facilities = data["facilities"][options["round"]]
    columns = ["service", options["then"], options["now"]]
    answers = facilities[columns].set_axis(["service", "then", "now"], axis=1)
    owners = facilities["facility_id"].map(data["register"].set_index("facility_id")["organisation"]).fillna("")
    answers = answers.astype({"then": float, "now": float}).assign(organisation=owners)
    answers = answers[~answers["service"].isin(_hidden(data, options))]

    def safe(run: pd.DataFrame) -> bool:
        return not too_few(run["organisation"], data.rules) and all(
            dominance(run[moment], run["organisation"], data.rules) == 0 for moment in ("then", "now")
        )

    found = [pd.DataFrame(columns=COLUMNS)]
    for _, own in answers.groupby("service"):
        for step in STEPS:
            marks = averaged(own.dropna(), "service", ["then", "now"], step, safe).assign(rounded_to=step)
            # A mark at nothing would not be on the figure.
            if len(marks) and (marks[["then", "now"]] > 0).all(axis=None) and _rest_kept(own, marks, step, data.rules):
                found.append(marks)
                break
    return pd.concat(found[1:] or found, ignore_index=True)


def _rest_kept(own: pd.DataFrame, marks: pd.DataFrame, step: float, rules: Rules) -> bool:
    """Whether the rounding of a service's marks leaves enough doubt about those that answered one of the two questions only.

    What these said is the total less all marks, up to half a step a facility.
    """
    pairs = own.dropna()
    for moment in ("then", "now"):
        rest = own[own[moment].notna() & ~own.index.isin(pairs.index)]
        few = rules.protection / 100 * rest[moment].sum() if too_few(rest["organisation"], rules) else 0.0
        needed = max(few, dominance(rest[moment], rest["organisation"], rules))
        off = abs(pairs[moment].sum() - (marks[moment] * marks["facilities"]).sum())
        if needed and off + needed > len(pairs) * step / 2:
            return False
    return True


def _hidden(data: Data, options: dict) -> set[str]:
    form = data.questionnaires[options["round"]]
    indicators = [form[options[moment]].indicator for moment in ("then", "now")]
    pattern = data["suppressions"]
    own = (pattern["table"] == "indicators") & (pattern["round"] == options["round"]) & (pattern["statistic"] == "sum")
    return set(pattern.loc[own & pattern["indicator"].isin(indicators), "service"])


def draw(table: pd.DataFrame, options: dict, lang: str):
    fig = style.figure(3.5)
    ax = fig.add_subplot()
    words = style.words(lang)
    low, high = (table[["then", "now"]].min().min(), table[["then", "now"]].max().max()) if len(table) else (1, 10)
    low, high = max(low * 0.8, 0.5), high * 1.25
    ax.plot([low, high], [low, high], color=style.GREY, linewidth=1, zorder=1)
    markers = ["o", "s", "^", "D", "v", "P"]
    colours = [style.BLUE, style.ORANGE, style.GREEN, style.VERMILLION, style.SKY, style.DARK]
    for place, (service, group) in enumerate(table.groupby("service", sort=False)):
        ax.plot(group["then"], group["now"], linestyle="none", marker=markers[place % 6], markersize=4.5, alpha=0.75, color=colours[place % 6],
                label=f"{style.service_label(service, lang)} (n = {number(group['facilities'].sum(), lang)})")  # fmt: skip
    ax.set(xscale="log", yscale="log", xlim=(low, high), ylim=(low, high))
    ax.minorticks_off()
    ticks = [tick for tick in (1, 3, 10, 30, 100, 300, 1000, 3000) if low <= tick <= high]
    ax.set_xticks(ticks, [number(tick, lang) for tick in ticks])
    ax.set_yticks(ticks, [number(tick, lang) for tick in ticks])
    ax.grid(True, axis="both")
    ax.set_xlabel(f"{words['then']} ({options['year_then']})")
    ax.set_ylabel(f"{words['now']} ({options['year_now']})")
    ax.text(0.03, 0.96, words["more"], transform=ax.transAxes, fontsize=8, color="#555555", va="top")
    ax.text(0.97, 0.04, words["fewer"], transform=ax.transAxes, fontsize=8, color="#555555", ha="right")
    if len(table):
        fig.legend(loc="outside right center", frameon=False, fontsize=8)
    style.note(fig, options, lang, words["marks_note"])
    return fig


def alt_text(table: pd.DataFrame, options: dict, lang: str) -> str:
    up, down = int((table["now"] > table["then"]).sum()), int((table["now"] < table["then"]).sum())
    then, now = ((table[moment] * table["facilities"]).sum() for moment in ("then", "now"))
    return style.words(lang)["paired_alt"].format(
        marks=number(len(table), lang),
        least=number(table["facilities"].min() if len(table) else 0, lang),
        n=number(table["facilities"].sum(), lang),
        up=number(up, lang),
        down=number(down, lang),
        change=percent(now / then - 1 if then else np.nan, lang),
    )


def description(table: pd.DataFrame, options: dict, lang: str) -> list[str]:
    words, lines = style.words(lang), []
    for service, group in table.groupby("service", sort=False):
        marks = [f"{number(one.then, lang)} → {number(one.now, lang)}" for one in group.itertuples()]
        n = number(group["facilities"].sum(), lang)
        lines.append(
            f"{style.service_label(service, lang)} (n = {n}), {words['then'].lower()} → {words['now'].lower()}: {'; '.join(marks)}."
        )
    return lines


FIGURE = Figure(
    name="paired_change",
    shows="Scatter of now against then, a mark for a few facilities of like size, with the line of no change",
    inputs=("facilities", "register", "suppressions"),
    options=("round", "then", "now", "year_then", "year_now"),
    numbers=("then", "now", "rounded_to"),
    audit="marks",
    table=table,
    draw=draw,
    alt_text=alt_text,
    description=description,
)
