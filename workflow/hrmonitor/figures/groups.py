"""An indicator of several groups of rounds (countries, for instance) as dots with intervals, a row a group, in the order of config.yaml."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from hrmonitor.declarations.figures import Figure
from hrmonitor.figures import style
from hrmonitor.figures.barriers import dot_of, share_shown
from hrmonitor.figures.data import Data
from hrmonitor.figures.dumbbells import most_of
from hrmonitor.figures.headlines import digits_of
from hrmonitor.figures.sheet import TEXT, Sheet, nothing
from hrmonitor.language import headed, number, percent, share_or_count

SHARE = "share"
ENDS = ("estimate", "ci_low", "ci_high")


def table(data: Data, options: dict) -> pd.DataFrame:
    """The rows of groups.csv that are shown, with `label_{lang}` of their answer; blank for numbers."""
    rows = data["groups"]
    own = rows[(rows["indicator"] == options["indicator"]) & (rows["of"] == options.get("service", "all"))]
    if own.empty and "service" not in options:
        # A question of one type of service has no row for all.
        own = rows[rows["indicator"] == options["indicator"]]
        own = own[own["of"] == own["of"].iloc[0]] if len(own) else own
    statistic = options.get("statistic") or (own["statistic"].iloc[0] if len(own) else "")
    own = own[own["statistic"] == statistic]
    compared = data["group_comparability"]
    measure = compared[(compared["indicator"] == options["indicator"]) & (compared["status"] == "reference")]
    form = data.questionnaires[measure["round"].iloc[0]] if len(measure) else None
    question = form.by_indicator[options["indicator"]] if form else None
    codes = list(options.get("answers") or (question.codes if question else ()))
    if (own["answer"] != "").any():
        own = own[own["answer"].isin(codes)]
    places = {code: place for place, code in enumerate(codes)}
    # Of one answer the rows stay in the order of the table, which is that of config.yaml and tells nothing.
    own = own.sort_values("answer", key=lambda names: names.map(places), kind="stable").reset_index(drop=True)
    for lang in data.languages:
        own[f"label_{lang}"] = [
            question.choice(code).label(lang) if code and question else "" for code in own["answer"]
        ]
    return own


def _answers(table: pd.DataFrame, lang: str) -> list[tuple[str, pd.DataFrame]]:
    """(words of the answer, its rows); one without words for numbers."""
    return [(rows[f"label_{lang}"].iloc[0], rows) for _, rows in table.groupby("answer", sort=False)]


def _is_share(table: pd.DataFrame) -> bool:
    return bool((table["unit"] == SHARE).all())


def draw(table: pd.DataFrame, options: dict, lang: str):
    words = style.words(lang)
    if table.empty:
        return nothing(options, lang)
    shares = _is_share(table)
    sheet = Sheet(options, lang, ends=0.95)
    most, (left, right) = 1.0 if shares else most_of(table), sheet.lane
    sheet.text(words["share_of_facilities"] if shares else _measure(table, lang))
    for label, rows in _answers(table, lang):
        if label:
            sheet.text(label, TEXT, "bold", style.DARK)
        for one in rows.to_dict("records"):
            sheet.row(one[f"group_{lang}"], _shown(one, shares, lang), _dot(one, (left, right), most))
    ticks = (0, 0.25, 0.5, 0.75, 1) if shares else style.mpl.ticker.MaxNLocator(4).tick_values(0, most)
    sheet.axis([
        (left + tick / most * (right - left), percent(tick, lang) if shares else number(tick, lang, digits_of(tick)))
        for tick in ticks if 0 <= tick <= most
    ])  # fmt: skip
    bare = (table["estimate"].notna() & table["ci_low"].isna()).any()
    sheet.note(words["interval_note"], *([words["bare_note"]] if bare else []))
    return sheet.figure()


def _measure(table: pd.DataFrame, lang: str) -> str:
    """The statistic of a number with its unit."""
    one = table.iloc[0]
    return style.words(lang)["groups_statistics"][one["statistic"]].format(unit=style.unit_name(one["unit"], lang))


def _shown(one: dict, shares: bool, lang: str) -> str:
    """The estimate with its n beside the dot, or that it is hidden."""
    if one["suppressed"] or pd.isna(one["estimate"]):
        return style.words(lang)["suppressed"]
    value = share_shown(one, lang) if shares else number(one["estimate"], lang, digits_of(one["estimate"]))
    return f"{value} (n\u00a0=\u00a0{number(one['n'], lang)})"


def _dot(one: dict, ends: tuple[float, float], most: float) -> Callable:
    return dot_of({**one, **{key: one[key] / most for key in ENDS}}, ends)


def alt_text(table: pd.DataFrame, options: dict, lang: str) -> str:
    words, known = style.words(lang), table.dropna(subset="estimate")
    if known.empty:
        return words["no_rows"]
    # Of the answers the first: of all at once nobody listens to the end.
    label, rows = _answers(known, lang)[0]
    high, low = (rows.loc[rows["estimate"].idxmax()], rows.loc[rows["estimate"].idxmin()])
    said = words["groups_alt"].format(
        n=number(rows["group"].nunique(), lang), all=number(table["group"].nunique(), lang),
        most=high[f"group_{lang}"], high=_value(high, lang), least=low[f"group_{lang}"], low=_value(low, lang),
    )  # fmt: skip
    return headed(label, said, lang) if label else said


def _value(one, lang: str) -> str:
    if one["unit"] == SHARE:
        return share_or_count(one["estimate"], one["n"], lang)
    return number(one["estimate"], lang, digits_of(one["estimate"]))


def description(table: pd.DataFrame, options: dict, lang: str) -> list[str]:
    shares, lines = _is_share(table), []
    for one in table.itertuples():
        label, group = getattr(one, f"label_{lang}"), getattr(one, f"group_{lang}")
        lines.append(style.said(f"{label}, {group}" if label else group, one, lang, shares))
    return lines


def headline(table: pd.DataFrame, options: dict, lang: str) -> str:
    # Which group is highest is no finding: intervals overlap, and the title says what is shown.
    return ""


FIGURE = Figure(
    name="groups",
    shows="Dots with intervals, a row a group of rounds: one indicator of several countries, regions or cities",
    inputs=("groups", "group_comparability"),
    options=("indicator",),
    optional=("answers", "statistic", "service"),
    audit="estimates",
    table=table,
    draw=draw,
    alt_text=alt_text,
    description=description,
    headline=headline,
)
