"""Which share of the registered facilities answered, by province, on a map of tiles."""

import bisect
import math

import numpy as np
import pandas as pd
from matplotlib.colors import LinearSegmentedColormap

from hrmonitor.declarations.figures import Figure
from hrmonitor.errors import ConfigError
from hrmonitor.figures import style
from hrmonitor.figures.data import Data
from hrmonitor.figures.sheet import Sheet, swatch
from hrmonitor.language import FEW, headed, hundredfold, number, percent
from hrmonitor.project.register import frame_of_year, of_group
from hrmonitor.response.nonresponse import classes_of

# The palest and the darkest class, pale enough for dark text on each; more classes than these nobody tells apart.
TINTS = ["#E6F0F7", "#5FA5D6"]
MOST_CLASSES = 5


def table(data: Data, options: dict) -> pd.DataFrame:
    round_ = options["round"]
    facilities = data["facilities"][round_]
    register = of_group(data["register"], data.groups.get(round_))
    frame = frame_of_year(register, data.years[round_])
    frame = frame[frame["service"].isin(facilities["service"].unique())]
    registered = frame.groupby("province").size()
    answered = frame[frame["facility_id"].isin(facilities["facility_id"])].groupby("province").size()
    form = data.questionnaires[round_]
    tiles = _tiles(options, frame)
    names = {choice.name: choice for choice in form["province"].choices} if "province" in form.questions else {}
    rows = pd.DataFrame({"registered": registered, "answered": answered}).reindex(tiles).fillna(0).astype(int)
    # The provinces that the table of response rates joins, so that nobody sees of a facility whether it answered.
    cases = frame[["facility_id"]].assign(
        mode=np.where(frame["facility_id"].isin(facilities["facility_id"]), "any", "")
    )
    classes = classes_of(register, cases, data.years[round_], data.rules.minimum_cell)
    few = frame.loc[classes["province"].to_numpy() != frame["province"].to_numpy(), "province"].unique()
    rows["share"] = (rows["answered"] / rows["registered"]).where(rows["registered"] > 0)
    rows = rows.astype({"registered": "Int64", "answered": "Int64"})
    rows.loc[rows.index.isin(few), ["answered", "share"]] = pd.NA
    for lang in data.languages:
        rows[f"label_{lang}"] = [
            names[province].label(lang) if province in names else province for province in rows.index
        ]
    return rows.rename_axis("province").reset_index()


def _tiles(options: dict, frame: pd.DataFrame) -> dict[str, list[int]]:
    """Column and row of each province's tile, as config.yaml lays them out. Raises `ConfigError` for a province without a place."""
    tiles = options["tiles"]
    for province, place in tiles.items():
        if len(place) != 2 or min(place) < 0:
            raise ConfigError(
                f"config.yaml, tiles of the figure of kind coverage_map: that of {province!r} is {list(place)}. Write its column and its row, each from 0."
            )
    if missing := sorted(set(frame["province"]) - set(tiles)):
        raise ConfigError(
            f"config.yaml, tiles of the figure of kind coverage_map: the register has a province {missing[0]!r}, which has no tile. Give it one."
        )
    return tiles


def _classes(table: pd.DataFrame) -> list[float]:
    """Limits of the classes in which shares are coloured: as fine as the shares differ, at most five."""
    known = table["share"].dropna().astype(float)
    if known.empty:
        return [0.0, 1.0]
    for step in (0.05, 0.1, 0.2, 0.25):
        first, last = math.floor(known.min() / step + 1e-9), max(math.ceil(known.max() / step - 1e-9), 1)
        if last - first <= MOST_CLASSES:
            break
    first = min(first, last - 1)
    return [place * step for place in range(first, last + 1)]


def class_of(share: float, limits: list[float]) -> int:
    """The class of a share as it is printed, in whole per cents: each has its lower limit in it, the last its upper one too."""
    return max(0, min(bisect.bisect_right([limit - 1e-9 for limit in limits], round(share, 2)) - 1, len(limits) - 2))


def colours_of(limits: list[float]) -> list[str]:
    scale = LinearSegmentedColormap.from_list("blues", TINTS)
    steps = len(limits) - 1
    return [style.mpl.colors.to_hex(scale(place / (steps - 1) if steps > 1 else 0.5)) for place in range(steps)]


def draw(table: pd.DataFrame, options: dict, lang: str):
    words, limits = style.words(lang), _classes(table)
    colours = colours_of(limits)
    sheet = Sheet(options, lang)
    tops = [*(limit - 0.01 for limit in limits[1:-1]), limits[-1]]
    legend = [
        (swatch(colour), words["n_to"].format(low=hundredfold(low, lang), high=percent(high, lang)))
        for colour, low, high in zip(colours, limits, tops, strict=False)
    ]
    if table["share"].isna().any():
        legend.append((swatch("white", edge=style.GREY), words["suppressed"]))
    sheet.legend(legend)
    columns, rows = (max(place[way] for place in options["tiles"].values()) + 1 for way in (0, 1))
    width, height = sheet.width / columns, 0.62 if sheet.narrow else 0.78

    def tiles(ax, top: float) -> None:
        for one in table.itertuples():
            column, line = options["tiles"][one.province]
            x, y, known = column * width, top + line * height, not pd.isna(one.share)
            colour = colours[class_of(one.share, limits)] if known else "white"
            ax.add_patch(style.mpl.patches.Rectangle(
                (x + 0.02, y + 0.02), width - 0.04, height - 0.04, fc=colour, ec="white" if known else style.GREY, linestyle="-" if known else ":"))  # fmt: skip
            ink = style.ink_on(colour)
            name = style.fitted(getattr(one, f"label_{lang}"), width - 0.06, 6.2 if sheet.narrow else 7.8)
            for text, at, size in ((name, 0.22, 6.2 if sheet.narrow else 7.8), (_share(one, lang), 0.55, 10 if sheet.narrow else 13),
                                   ("" if not pd.isna(one.share) and one.registered < FEW else _counts(one, lang), 0.82, 6.2 if sheet.narrow else 7.2)):  # fmt: skip
                ax.text(x + width / 2, y + at * height, text, ha="center", va="center", fontsize=size, color=ink,
                        weight="bold" if at == 0.55 else "normal", linespacing=1)  # fmt: skip

    sheet.add(rows * height, tiles)
    sheet.note(words["coverage_note"])
    return sheet.figure()


def _share(one, lang: str) -> str:
    """A share in per cent; of few facilities their number."""
    return _counts(one, lang) if not pd.isna(one.share) and one.registered < FEW else percent(one.share, lang)


def _counts(one, lang: str) -> str:
    """`4 of 6`, or that it is not shown."""
    words = style.words(lang)
    if pd.isna(one.answered):
        return words["suppressed"]
    return words["n_of"].format(n=number(one.answered, lang), total=number(one.registered, lang))


def headline(table: pd.DataFrame, options: dict, lang: str) -> str:
    known = table.dropna(subset="share").sort_values("share", kind="stable")
    if known.empty:
        return ""
    least, most = known.iloc[0], known.iloc[-1]
    words = style.words(lang)["coverage_headline_some" if table["share"].isna().any() else "coverage_headline"]
    return words.format(
        low=_share(least, lang), least=least[f"label_{lang}"], high=_share(most, lang), most=most[f"label_{lang}"])  # fmt: skip


def alt_text(table: pd.DataFrame, options: dict, lang: str) -> str:
    words = style.words(lang)
    known = table.dropna(subset="share").sort_values("share", ascending=False, kind="stable")
    if known.empty:
        return words["no_rows"]
    first, last = known.iloc[0], known.iloc[-1]
    return words["coverage_alt"].format(
        most=first[f"label_{lang}"], high=_share(first, lang),
        least=last[f"label_{lang}"], low=_share(last, lang),
    )  # fmt: skip


def description(table: pd.DataFrame, options: dict, lang: str) -> list[str]:
    return [
        f"{headed(getattr(one, f'label_{lang}'), percent(one.share, lang), lang)} ({_counts(one, lang)})."
        for one in table.itertuples()
    ]


FIGURE = Figure(
    name="coverage_map",
    shows="Tile map of the provinces: share of registered facilities that answered",
    inputs=("facilities", "register"),
    options=("round", "tiles"),
    numbers=("registered", "answered", "share"),
    no_audit="It speaks of who answered, not of what; small groups are taken together.",
    table=table,
    draw=draw,
    alt_text=alt_text,
    description=description,
    headline=headline,
)
