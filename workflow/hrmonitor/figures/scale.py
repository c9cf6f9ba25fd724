"""Answers on one scale: a stacked bar a type of service, trends around "the same", with the share that a finding tests above."""

from __future__ import annotations

import pandas as pd

from hrmonitor.declarations.figures import Figure
from hrmonitor.figures import style
from hrmonitor.figures.data import Data
from hrmonitor.figures.headlines import sentence, share_in_words
from hrmonitor.figures.select import overall, question, shares
from hrmonitor.figures.sheet import SMALL, Sheet, nothing, swatch
from hrmonitor.figures.tested import add_tests, share_tested, tests_about, tests_in_words
from hrmonitor.language import FEW, capital, count_of, headed, listed, number, percent
from hrmonitor.study import within

UNKNOWN = "dont_know"
MIDDLE = "stable"
# Between an answer on the scale and those that do not know, as a share of facilities.
APART = 0.03
# What a finding tests from dark to light, what it does not in greys; where nothing is tested, one after the other.
TESTED = ("#0B5A8A", "#4E9CCF", "#A9D0EA")
REST = ("#757575", "#ABABAB", "#D6D6D6")
ROWS_OF_ALT = 5


def table(data: Data, options: dict) -> pd.DataFrame:
    """Rows: each question for all services (several questions) or one question by service, all services first."""
    rows = []
    for name in options["questions"]:
        found = shares(data, options["round"], name)
        found = overall(found) if len(options["questions"]) > 1 else found
        first = (found["service"] != "all").astype(int)
        found = found.loc[first.sort_values(kind="stable").index].reset_index(drop=True)
        for lang in data.languages:
            short = options.get("labels", {}).get(name, {}).get(lang)
            found[f"question_{lang}"] = short or question(data, options["round"], name).label(lang)
        rows.append(found.assign(question=name))
    both = pd.concat(rows, ignore_index=True)
    both.attrs["of_some"] = any(question(data, options["round"], name).relevant for name in options["questions"])
    both.attrs["tests"] = tests_about(data, options["round"], *options["questions"]) if len(rows) == 1 else []
    return both


def _groups(table: pd.DataFrame, lang: str) -> list[tuple[str, pd.DataFrame]]:
    several = table["question"].nunique() > 1
    groups = []
    for _, group in table.groupby("question" if several else "service", sort=False):
        first = group.iloc[0]
        label = first[f"question_{lang}"] if several else style.service_label(first["service"], lang)
        groups.append((label, group.set_index("category")))
    return groups


def is_trend(table: pd.DataFrame) -> bool:
    return all(one in style.DIVERGING for one in table["category"] if one != UNKNOWN)


def _order(table: pd.DataFrame) -> list[str]:
    """Answers as they lie side by side: trends from fewer to more; else what is tested first, then as the form has them."""
    own = [one for one in dict.fromkeys(table["category"]) if one != UNKNOWN]
    if is_trend(table):
        return [one for one in reversed(style.DIVERGING) if one in own]
    tested = share_tested(table.attrs.get("tests", []))
    first = tested["categories"] if tested else ()
    return [*(one for one in own if one in first), *(one for one in own if one not in first)]


def _colours(table: pd.DataFrame) -> dict[str, str]:
    order = _order(table)
    if is_trend(table):
        return {**style.DIVERGING, UNKNOWN: style.PALE}
    tested = share_tested(table.attrs.get("tests", []))
    first = [one for one in order if tested and one in tested["categories"]] or order
    rest = [one for one in order if one not in first]
    shades = [
        *(_shade(TESTED, place, len(first)) for place in range(len(first))),
        *(_shade(REST, place, len(rest)) for place in range(len(rest))),
    ]
    return {**dict(zip([*first, *rest], shades, strict=True)), UNKNOWN: style.PALE}


def _shade(shades: tuple[str, ...], place: int, of: int) -> str:
    """The place-th of so many shades, spread from the first to the last."""
    if of <= len(shades):
        return shades[place]
    return style.mpl.colors.to_hex(style.mpl.colors.LinearSegmentedColormap.from_list("", shades)(place / (of - 1)))


def _left(group: pd.DataFrame, order: list[str], trend: bool) -> float:
    """How far a bar reaches to the left of the middle of "the same"."""
    if not trend:
        return 0.0
    estimates = group["estimate"]
    lower = [one for one in ("decrease", "strong_decrease") if one in group.index]
    return float(estimates[lower].sum() + (estimates[MIDDLE] / 2 if MIDDLE in group.index else 0.0))


def _known(group: pd.DataFrame) -> bool:
    """Whether no part of a bar is hidden: where others stand would show how large it is."""
    return bool(group["estimate"].notna().all())


def draw(table: pd.DataFrame, options: dict, lang: str):
    groups, words = _groups(table, lang), style.words(lang)
    if not groups:
        return nothing(options, lang)
    sheet = Sheet(options, lang, ends=0.62)
    add_tests(sheet, table.attrs.get("tests", []), lang)
    order, colours, trend = _order(table), _colours(table), is_trend(table)
    labels = table.drop_duplicates("category").set_index("category")[f"label_{lang}"]
    unsure = UNKNOWN in labels.index
    sheet.gap(0.04)
    sheet.legend([(swatch(colours[one]), labels[one]) for one in [*order, *([UNKNOWN] if unsure else [])]])
    whole = [group for _, group in groups if _known(group)]
    lefts = [_left(group, order, trend) for group in whole] or [0.0]
    rights = [
        float(group["estimate"].drop(UNKNOWN, errors="ignore").sum()) - left
        for group, left in zip(whole, lefts, strict=False)
    ] or [1.0]
    unknown = [float(group["estimate"].get(UNKNOWN, 0.0)) for group in whole] or [0.0]
    left, right = sheet.lane
    reach = max(lefts) + max(rights) + (APART + max(unknown) if max(unknown) > 0 else 0)
    unit = (right - left) / max(reach, 1e-9)
    middle = left + max(lefts) * unit
    for place, (label, group) in enumerate(groups):
        n = group["n"].dropna()
        end = f"n\u00a0=\u00a0{number(n.max(), lang)}" if len(n) else ""
        bold = (
            "bold"
            if place == 0 and group["service"].iloc[0] == "all" and table["question"].nunique() == 1
            else "normal"
        )

        def drawn(ax, y: float, group=group) -> None:
            if not _known(group):
                ax.text(left, y, words["suppressed"], fontsize=SMALL, style="italic", color=style.QUIET, va="center")
                return
            if trend:
                ax.vlines(middle, y - 0.12, y + 0.12, color="#C8C8C8", linewidth=0.6)
            x = middle - _left(group, order, trend) * unit
            for code in order:
                if code in group.index:
                    x = _segment(ax, group.loc[code], (x, y, unit), colours[code], lang)
            if UNKNOWN in group.index:
                _segment(
                    ax, group.loc[UNKNOWN], (middle + (max(rights) + APART) * unit, y, unit), colours[UNKNOWN], lang
                )

        sheet.row(label, end, drawn, bold)
    few = any(_known(group) and (group["n"] < FEW).any() for _, group in groups)
    sheet.note(
        words["stacked_note"], *([words["counts_note"]] if few else []), *([words["centred_note"]] if trend else [])
    )
    return sheet.figure()


def _segment(ax, one, at: tuple[float, float, float], colour: str, lang: str) -> float:
    """A part of a bar from x on, with its share where it is broad enough; the x where it ends."""
    x, y, unit = at
    width = one["estimate"] * unit
    if width > 0:
        ax.add_patch(style.mpl.patches.Rectangle((x, y - 0.085), width, 0.17, fc=colour, ec="white", linewidth=0.5))
        count = count_of(one["estimate"], one["n"]) if one["n"] < FEW else None
        shown = percent(one["estimate"], lang) if count is None else number(count, lang)
        if style.text_width(shown, SMALL) + 0.05 < width:
            ax.text(x + width / 2, y, shown, fontsize=SMALL, ha="center", va="center", color=style.ink_on(colour))
    return x + width


def headline(table: pd.DataFrame, options: dict, lang: str) -> str:
    """The share that is tested in the words of config.yaml, else rises and falls of a trend, else the answer given most."""
    words, tested = style.words(lang), share_tested(table.attrs.get("tests", []))
    if tested and options.get("headline"):
        return sentence(options["headline"][lang], tested["estimate"], tested["n"], lang)
    own = overall(table)
    if table["question"].nunique() != 1 or own["service"].nunique() != 1 or own["estimate"].isna().any() or own.empty:
        return ""
    estimates, n = own.set_index("category")["estimate"], float(own["n"].max())
    if is_trend(table):
        up, down = (
            float(estimates.reindex(codes).fillna(0).sum())
            for codes in (("increase", "strong_increase"), ("decrease", "strong_decrease"))
        )
        told = {
            f"{way}{end}": share_in_words(share, n, lang, noun=not end, of_some=table.attrs.get("of_some", False))
            for way, share in (("up", up), ("down", down))
            for end in ("", "_bare")
        }
        return capital(words["trend_headline"].format(**told)) if all(told.values()) else ""
    most = own.loc[own["estimate"].idxmax()]
    share = share_in_words(most["estimate"], most["n"], lang, of_some=table.attrs.get("of_some", False))
    return capital(words["most_headline"].format(share=share, label=most[f"label_{lang}"])) if share else ""


def alt_text(table: pd.DataFrame, options: dict, lang: str) -> str:
    """One sentence: the answer given most, to each of a few questions, or over all services."""
    words, parts = style.words(lang), []
    for label, group in _groups(table, lang)[: ROWS_OF_ALT if table["question"].nunique() > 1 else 1]:
        known = group.dropna(subset="estimate")
        if len(known):
            most = known.loc[known["estimate"].idxmax()]
            parts.append(
                f"{headed(label, within(most[f'label_{lang}'], lang), lang)} ({percent(most['estimate'], lang)})"
            )
    return words["scale_alt"].format(said=listed(parts, lang)) if parts else words["no_rows"]


def description(table: pd.DataFrame, options: dict, lang: str) -> list[str]:
    return tests_in_words(table.attrs.get("tests", []), lang) + [
        style.said(f"{label}, {within(getattr(one, f'label_{lang}'), lang)}", one, lang)
        for label, group in _groups(table, lang)
        for one in group.itertuples()
    ]


FIGURE = Figure(
    name="scale",
    shows="Stacked bars, a type of service or a question each; trends around `the same`, with what findings test above",
    inputs=("indicators", "findings"),
    options=("round", "questions"),
    optional=("labels", "headline"),
    audit="estimates",
    table=table,
    draw=draw,
    alt_text=alt_text,
    description=description,
    headline=headline,
)
