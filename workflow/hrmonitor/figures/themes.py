"""Themes in open answers: how many facilities bring them up; how well coders agree is in the data and in the annex."""

import pandas as pd

from hrmonitor.declarations.figures import Figure
from hrmonitor.figures import style
from hrmonitor.figures.barriers import dot_of, share_shown
from hrmonitor.figures.data import Data
from hrmonitor.figures.headlines import share_in_words
from hrmonitor.figures.sheet import Sheet, nothing
from hrmonitor.figures.tested import add_tests, tests_about, tests_in_words
from hrmonitor.language import capital, headed, interval, listed, number, percent
from hrmonitor.study import within


def table(data: Data, options: dict) -> pd.DataFrame:
    themes = data["themes"]
    chosen = themes[(themes["round"] == options["round"]) & (themes["service"] == "all")]
    found = chosen.merge(data["theme_books"], on=["question", "theme"])
    for lang in data.languages:
        found[f"question_{lang}"] = [options["labels"][question][lang] for question in found["question"]]
    order = {question: place for place, question in enumerate(options["labels"])}
    found["place"] = found["question"].map(order)
    found = found.sort_values(["place", "estimate"], ascending=[True, False], kind="stable").reset_index(drop=True)
    about = tests_about(data, options["round"], *options["labels"])
    found.attrs["tests"] = [one for one in about if one["measure"] == "theme"]
    return found


def draw(table: pd.DataFrame, options: dict, lang: str):
    words = style.words(lang)
    if table.empty:
        return nothing(options, lang)
    sheet = Sheet(options, lang, ends=0.6)
    add_tests(sheet, table.attrs.get("tests", []), lang)
    left, right = sheet.lane
    widest = table[["ci_high", "estimate"]].max().max()
    most = min(1.0, float(widest) * 1.08) if pd.notna(widest) and widest > 0 else 1.0
    for _, part in table.groupby("question", sort=False):
        n = part["n"].dropna()
        sheet.text(
            f"{part[f'question_{lang}'].iloc[0]} (n = {number(n.max() if len(n) else 0, lang)})",
            7.8,
            "bold",
            style.DARK,
        )
        for one in part.to_dict("records"):
            scaled = one | {key: one[key] / most for key in ("estimate", "ci_low", "ci_high")}
            sheet.row(one[f"label_{lang}"], share_shown(one, lang), dot_of(scaled, (left, right)))
        sheet.gap(0.04)
    ticks = [tick for tick in style.mpl.ticker.MaxNLocator(4).tick_values(0, most) if 0 <= tick <= most]
    sheet.axis([(left + tick / most * (right - left), percent(tick, lang)) for tick in ticks])
    bare = (table["estimate"].notna() & table["ci_low"].isna()).any()
    sheet.note(words["interval_note"], *([words["bare_note"]] if bare else []))
    return sheet.figure()


def headline(table: pd.DataFrame, options: dict, lang: str) -> str:
    """The theme that most facilities bring up, in the first question."""
    first = table[table["place"] == table["place"].min()].dropna(subset="estimate")
    if first.empty:
        return ""
    most = first.loc[first["estimate"].idxmax()]
    told = share_in_words(most["estimate"], most["n"], lang)
    return (
        capital(style.words(lang)["theme_headline"].format(share=told, label=within(most[f"label_{lang}"], lang)))
        if told
        else ""
    )


def alt_text(table: pd.DataFrame, options: dict, lang: str) -> str:
    parts = []
    for _, part in table.dropna(subset="estimate").groupby("place", sort=True):
        most = part.iloc[0]
        parts.append(
            f"{headed(most[f'question_{lang}'], within(most[f'label_{lang}'], lang), lang)} ({percent(most['estimate'], lang)})"
        )
    words = style.words(lang)
    return words["largest_theme_alt"].format(said=listed(parts, lang)) if parts else words["no_rows"]


def description(table: pd.DataFrame, options: dict, lang: str) -> list[str]:
    lines = tests_in_words(table.attrs.get("tests", []), lang)
    for one in table.itertuples():
        label = f"{getattr(one, f'question_{lang}')}, {within(getattr(one, f'label_{lang}'), lang)}"
        if pd.isna(one.estimate):
            lines.append(f"{headed(label, style.words(lang)['suppressed'], lang)}.")
            continue
        between = interval(one.ci_low, one.ci_high, lang)
        said = style.words(lang)["said"].format(
            label=label, value=percent(one.estimate, lang), interval=between, n=number(one.n, lang)
        )
        lines.append(f"{said} α = {number(one.agreement, lang, 2)}.")
    return lines


FIGURE = Figure(
    name="themes",
    shows="Ranked dots with intervals: themes in the open answers, with what findings test",
    inputs=("themes", "theme_books", "findings"),
    options=("round", "labels"),
    numbers=("place",),
    audit="themes",
    table=table,
    draw=draw,
    alt_text=alt_text,
    description=description,
    headline=headline,
)
