"""Answers to one or several questions on one scale, as stacked bars: trends (diverging) or amounts."""

import pandas as pd

from hrmonitor.figures import Data, style
from hrmonitor.figures.select import overall, question, shares
from hrmonitor.language import join, number, percent

KIND = "Stacked bars of the answers to questions on one scale; trends are laid out around the middle"
INPUTS = ("indicators",)
# Where in the column beside the bars the number of facilities stands.
N_AT = 0.78
MIDDLE = "stable"


def table(data: Data, options: dict) -> pd.DataFrame:
    """Rows: each question for all services (several questions) or one question by service."""
    rows = []
    for name in options["questions"]:
        found = shares(data, options["round"], name)
        found = overall(found) if len(options["questions"]) > 1 else found
        for lang in ("en", "nl"):
            short = options.get("labels", {}).get(name, {}).get(lang)
            found[f"question_{lang}"] = short or question(data, options["round"], name).label(lang)
        rows.append(found.assign(question=name))
    return pd.concat(rows, ignore_index=True)


def _groups(table: pd.DataFrame, lang: str) -> list[tuple[str, pd.DataFrame]]:
    several = table["question"].nunique() > 1
    key = ["question"] if several else ["service"]
    groups = []
    for _, group in table.groupby(key, sort=False):
        first = group.iloc[0]
        label = first[f"question_{lang}"] if several else style.service_label(first["service"], lang)
        groups.append((label, group))
    return groups


def draw(table: pd.DataFrame, options: dict, lang: str):
    groups = _groups(table, lang)
    fig = style.figure(style.height_for(len(groups), 0.36, 0.95))
    ax, side = fig.subplots(1, 2, sharey=True, width_ratios=[8, 1.7])
    categories = [code for code in dict.fromkeys(table["category"]) if code != "dont_know"]
    diverging = MIDDLE in categories
    colours = (
        style.DIVERGING
        if diverging
        else dict(
            zip(categories, style.SEQUENCE if len(categories) != 3 else ["#E6E6E6", "#8CC3E8", "#0B5A8A"], strict=False)
        )
    )
    order = categories[::-1] if diverging else categories
    for place, (_, group) in enumerate(groups):
        share = group.set_index("category")["estimate"].fillna(0)
        left = 0.0
        if diverging:
            below = [code for code in order if order.index(code) < order.index(MIDDLE)]
            left = -share.reindex(below).fillna(0).sum() - share.get(MIDDLE, 0) / 2
        for code in order:
            width = share.get(code, 0.0)
            ax.barh(place, width, left=left, color=colours[code], height=0.72, edgecolor="white", linewidth=0.5)
            if width > 0.065:
                dark = colours[code] in ("#0B5A8A", "#C4520A")
                ax.text(left + width / 2, place, percent(width, lang), ha="center", va="center", fontsize=7.5,
                        color="white" if dark else style.DARK)  # fmt: skip
            left += width
        unknown = share.get("dont_know", 0.0)
        n = group["n"].iloc[0]
        hidden = bool(group["suppressed"].any())
        side.text(0.0, place, "–" if hidden else percent(unknown, lang), va="center", fontsize=8)
        side.text(N_AT, place, "–" if hidden else number(n, lang), va="center", fontsize=8)
    style.rows_axis(ax, [label for label, _ in groups], 36)
    words = style.words(lang)
    for at, heading in ((0.0, words["dont_know"]), (N_AT, "n")):
        side.annotate(heading, (at, 1.02), xycoords=("data", "axes fraction"), va="bottom", fontsize=7.5)
    side.axis("off")
    side.set_xlim(0, 1)
    ax.set_xticks([])
    ax.grid(False)
    ax.spines["bottom"].set_visible(False)
    labels = table.drop_duplicates("category").set_index("category")[f"label_{lang}"]
    handles = [style.mpl.patches.Patch(color=colours[code], label=labels[code]) for code in order]
    fig.legend(
        handles=handles, loc="outside upper center", ncols=len(handles), frameon=False, fontsize=7.5, handlelength=1
    )
    return fig


def alt_text(table: pd.DataFrame, options: dict, lang: str) -> str:
    parts = []
    for label, group in _groups(table, lang):
        known = group.dropna(subset="estimate")
        said = [f"{getattr(one, f'label_{lang}').lower()} {percent(one.estimate, lang)}" for one in known.itertuples()]
        n = number(group["n"].iloc[0], lang) if len(known) else "–"
        parts.append(f"{label}: {join(said, lang) or '–'} (n = {n})")
    return "; ".join(parts) + "."
