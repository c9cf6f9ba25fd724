"""Which share of the registered facilities answered, by province, on a map of tiles."""

import numpy as np
import pandas as pd
from matplotlib.colors import LinearSegmentedColormap

from hrmonitor.declarations.figures import Figure
from hrmonitor.figures import style
from hrmonitor.figures.data import Data
from hrmonitor.language import number, percent
from hrmonitor.project.register import frame_of_year
from hrmonitor.response.nonresponse import classes_of

# Pale enough for dark text on each.
TINTS = ["#EEF5FA", "#6FAFDB"]
# Column and row of each province's tile: where it lies, roughly.
TILES = {
    "friesland": (2, 0), "groningen": (3, 0), "noord_holland": (1, 1), "flevoland": (2, 1), "drenthe": (3, 1),
    "zuid_holland": (0, 2), "utrecht": (1, 2), "gelderland": (2, 2), "overijssel": (3, 2), "zeeland": (0, 3),
    "noord_brabant": (1, 3), "limburg": (2, 3),
}  # fmt: skip


def table(data: Data, options: dict) -> pd.DataFrame:
    round_ = options["round"]
    facilities = data["facilities"][round_]
    frame = frame_of_year(data["register"], data.years[round_])
    frame = frame[frame["service"].isin(facilities["service"].unique())]
    registered = frame.groupby("province").size()
    answered = frame[frame["facility_id"].isin(facilities["facility_id"])].groupby("province").size()
    form = data.questionnaires[round_]
    names = {choice.name: choice for choice in form["province"].choices} if "province" in form.questions else {}
    rows = pd.DataFrame({"registered": registered, "answered": answered}).reindex(TILES).fillna(0).astype(int)
    # The provinces that the table of response rates joins, so that nobody sees of a facility whether it answered.
    cases = frame[["facility_id"]].assign(
        mode=np.where(frame["facility_id"].isin(facilities["facility_id"]), "any", "")
    )
    classes = classes_of(data["register"], cases, data.years[round_], data.rules.minimum_cell)
    few = frame.loc[(classes["province"] != frame["province"]).to_numpy(), "province"].unique()
    rows["share"] = (rows["answered"] / rows["registered"]).where(rows["registered"] > 0)
    rows = rows.astype({"registered": "Int64", "answered": "Int64"})
    rows.loc[rows.index.isin(few), ["answered", "share"]] = pd.NA
    for lang in data.languages:
        rows[f"label_{lang}"] = [
            names[province].label(lang) if province in names else province for province in rows.index
        ]
    return rows.rename_axis("province").reset_index()


def draw(table: pd.DataFrame, options: dict, lang: str):
    fig = style.figure(3.6)
    ax = fig.add_subplot()
    colours = LinearSegmentedColormap.from_list("blues", TINTS)
    for one in table.itertuples():
        x, y = TILES[one.province]
        known = not pd.isna(one.share)
        ax.add_patch(
            style.mpl.patches.Rectangle(
                (x + 0.03, y + 0.03),
                0.94,
                0.94,
                fc=colours(one.share) if known else "white",
                ec="white" if known else style.GREY,
                linestyle="-" if known else ":",
            )
        )
        ink = style.ink_on(colours(one.share)) if known else style.DARK
        ax.text(x + 0.5, y + 0.27, getattr(one, f"label_{lang}"), ha="center", va="center", fontsize=8, color=ink)
        ax.text(
            x + 0.5, y + 0.56, percent(one.share, lang), ha="center", va="center", fontsize=13, weight="bold", color=ink
        )
        ax.text(x + 0.5, y + 0.8, _counts(one, lang), ha="center", va="center", fontsize=7.5, color=ink)
    ax.set(xlim=(0, 4), ylim=(4, 0), aspect=0.62)
    ax.axis("off")
    style.note(fig, options, lang, style.words(lang)["coverage_note"])
    return fig


def _counts(one, lang: str) -> str:
    """`4 of 6`, or that it is not shown."""
    words = style.words(lang)
    if pd.isna(one.answered):
        return words["suppressed"]
    return words["n_of"].format(n=number(one.answered, lang), total=number(one.registered, lang))


def alt_text(table: pd.DataFrame, options: dict, lang: str) -> str:
    words = style.words(lang)
    known = table.dropna(subset="share").sort_values("share", ascending=False, kind="stable")
    if known.empty:
        return words["no_rows"]
    first, last = known.iloc[0], known.iloc[-1]
    return words["coverage_alt"].format(
        most=first[f"label_{lang}"], high=percent(first["share"], lang),
        least=last[f"label_{lang}"], low=percent(last["share"], lang),
    )  # fmt: skip


def description(table: pd.DataFrame, options: dict, lang: str) -> list[str]:
    return [
        f"{getattr(one, f'label_{lang}')}: {percent(one.share, lang)} ({_counts(one, lang)})."
        for one in table.itertuples()
    ]


FIGURE = Figure(
    name="coverage_map",
    shows="Tile map of the provinces: share of registered facilities that answered",
    inputs=("facilities", "register"),
    options=("round",),
    numbers=("registered", "answered", "share"),
    no_audit="It speaks of who answered, not of what; small groups are taken together.",
    table=table,
    draw=draw,
    alt_text=alt_text,
    description=description,
)
