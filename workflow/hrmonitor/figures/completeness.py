"""How complete the answers are, by part of the questionnaire."""

import pandas as pd

from hrmonitor.declarations.figures import Figure
from hrmonitor.disclosure.suppressions import questions_with_hidden_counts
from hrmonitor.figures import style
from hrmonitor.figures.data import Data
from hrmonitor.figures.sheet import Sheet, nothing, swatch
from hrmonitor.language import capital, headed, number, percent
from hrmonitor.study import within

PARTS = {"answered": style.BLUE, "dont_know": style.ORANGE, "no_answer": style.PALE}


def table(data: Data, options: dict) -> pd.DataFrame:
    """group, label_{lang}, answered, dont_know, no_answer: shares of what was asked; questions: number asked."""
    facilities, form = data["facilities"][options["round"]], data.questionnaires[options["round"]]
    # How many were asked a follow-up would tell how many gave a hidden answer.
    hidden = questions_with_hidden_counts(data["suppressions"], options["round"])
    counts: dict[str, pd.Series] = {}
    for question in form:
        column = f"{question.name}__missing"
        if column not in facilities or question.kind == "calculate" or not question.group or question.name in hidden:
            continue
        reason = facilities[column].fillna("answered").replace({"refused": "no_answer", "not_applicable": "answered"})
        counts[question.group[0]] = counts.get(question.group[0], 0) + reason.value_counts().reindex(
            ["answered", "dont_know", "no_answer"], fill_value=0
        )
    rows = []
    for group, count in counts.items():
        total = count.sum()
        labels = form.groups[group]
        rows.append(
            {
                "group": group,
                **{f"label_{lang}": labels[lang] for lang in data.languages},
                **(count / total if total else count).to_dict(),
                "asked": int(total),
            }
        )
    return pd.DataFrame(rows)


def draw(table: pd.DataFrame, options: dict, lang: str):
    words = style.words(lang)
    if table.empty:
        return nothing(options, lang)
    sheet = Sheet(options, lang, ends=0.75)
    sheet.legend([(swatch(colour), capital(words[name])) for name, colour in PARTS.items()])
    left, right = sheet.lane
    for one in table.to_dict("records"):

        def drawn(ax, y: float, one=one) -> None:
            x = left
            for name, colour in PARTS.items():
                width = one[name] * (right - left)
                ax.add_patch(style.mpl.patches.Rectangle((x, y - 0.075), width, 0.15, fc=colour, ec="none"))
                x += width
            if one["answered"] > 0.2:
                ax.text(
                    left + 0.06,
                    y,
                    percent(one["answered"], lang),
                    va="center",
                    fontsize=7,
                    color="white",
                    weight="bold",
                )

        sheet.row(one[f"label_{lang}"], f"n\u00a0=\u00a0{number(one['asked'], lang)}", drawn)
    sheet.note(words["completeness_note"])
    return sheet.figure()


def _answered(table: pd.DataFrame) -> float:
    return (table["answered"] * table["asked"]).sum() / max(table["asked"].sum(), 1)


def headline(table: pd.DataFrame, options: dict, lang: str) -> str:
    return "" if table.empty else style.words(lang)["completeness_headline"].format(percent(_answered(table), lang))


def alt_text(table: pd.DataFrame, options: dict, lang: str) -> str:
    words = style.words(lang)
    if table.empty:
        return words["no_rows"]
    least = table.loc[table["answered"].idxmin()]
    return words["completeness_alt"].format(
        share=percent(_answered(table), lang), least=least[f"label_{lang}"], low=percent(least["answered"], lang)
    )


def description(table: pd.DataFrame, options: dict, lang: str) -> list[str]:
    words = style.words(lang)
    return [
        f"{headed(getattr(one, f'label_{lang}'), percent(one.answered, lang, 1), lang)} {within(words['answered'], lang)},"
        f" {percent(one.dont_know, lang, 1)} {words['dont_know']}, {percent(one.no_answer, lang, 1)}"
        f" {within(words['no_answer'], lang)} (n = {number(one.asked, lang)})."
        for one in table.itertuples()
    ]


FIGURE = Figure(
    name="completeness",
    shows="Bars: answered, don't know and no answer, by module of the questionnaire",
    inputs=("facilities", "suppressions"),
    options=("round",),
    numbers=("answered", "dont_know", "no_answer", "asked"),
    no_audit="It leaves out questions with hidden cells and is not split by type of service.",
    table=table,
    draw=draw,
    alt_text=alt_text,
    description=description,
    headline=headline,
)
