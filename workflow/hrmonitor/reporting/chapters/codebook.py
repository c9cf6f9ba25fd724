"""The questionnaire as it was asked and the codebook with frequencies, in one: each question with the condition under which it
is asked, all its answers, how many gave each, and why the others gave none."""

from __future__ import annotations

import pandas as pd

from hrmonitor.forms.exports.paper_form import numbers_of, outline
from hrmonitor.language import FEW, escape_markdown, listed, number, percent
from hrmonitor.questionnaire.model import Question
from hrmonitor.reporting.markdown import in_words

# Why a facility that was asked has no answer, beside the options for it in the questionnaire.
REASONS = ("dont_know", "refused", "not_applicable", "no_answer")
WIDTHS = [39, 41, 9, 11]


def chapter(story) -> str:
    """One table: the round that the report is about in full, then what only other rounds asked."""
    words = story.words["codebook"]
    blocks = _blocks(story, story.latest)
    main = story.forms[story.latest]
    for round_, form in story.forms.items():
        own = {question.name for question in form if question.name not in main.questions}
        if round_ != story.latest and own:
            title = words["only_in"].format(round=story.config.rounds[round_].title[story.lang])
            blocks.append((title, "", [row for _, _, rows in _blocks(story, round_, own) for row in rows]))
    rows = []
    for title, when, lines in blocks:
        if lines:
            head = f"**{escape_markdown(title or words['no_group'])}**"
            rows += [[f"{head} *{escape_markdown(when)}*" if when else head, "", "", ""], *lines]
    title = escape_markdown(story.config.rounds[story.latest].title[story.lang])
    table = story._table(words["columns"], rows, WIDTHS, words["caption"].format(group=title), "tbl-book", "llrr")
    return story._join(
        [story._heading(words["title"], "codebook"), words["intro"].format(few=in_words(FEW, story.lang)), table]
    )


def questionnaire(story, round_: str, name: str) -> list[str]:
    """Every part of a round's questionnaire as a section with a table; `name` begins the names of the tables."""
    parts = []
    for place, (title, when, rows) in enumerate(_blocks(story, round_), start=1):
        title = escape_markdown(title) if title else story.words["codebook"]["no_group"]
        parts += _table(story, title, when, rows, f"tbl-{name}-{place}")
    return parts


def _slug(name: str) -> str:
    return name.lower().replace("_", "-")


def _table(story, title: str, when: str, rows: list[list[str]], name: str) -> list[str]:
    if not rows:
        return []
    words = story.words["codebook"]
    caption = words["caption"].format(group=title)
    return [
        f"## {title}",
        f"*{escape_markdown(when)}*" if when else "",
        story._table(words["columns"], rows, WIDTHS, caption, name, "llrr"),
    ]


def _blocks(story, round_: str, only: set[str] | None = None) -> list[tuple[str, str, list[list[str]]]]:
    """(title, condition, rows) of each part of the questionnaire, in its order; `only` limits the questions."""
    form, facilities, lang = story.forms[round_], story.facilities[round_], story.lang
    numbers, hidden = numbers_of(form), story.questions_with_hidden_counts(round_)
    medians = _medians(story.indicators, round_)
    blocks = []
    for block in outline(form, lang, guide=True):
        rows = []
        for item in block.items:
            when = item.when
            for question in item.questions:
                if only is None or question.name in only:
                    rows.append(_row(story, question, facilities, hidden, medians, str(numbers[question.name]), when))
                    when = ""
        blocks.append((block.title, block.when, rows))
    computed = [
        question for question in form if question.kind == "calculate" and (only is None or question.name in only)
    ]
    rows = [
        _row(story, question, facilities, hidden, medians, "", "")
        for question in computed
        if f"{question.name}__missing" in facilities
    ]
    return [*blocks, (story.words["codebook"]["computed"], "", rows)]


def _medians(indicators: pd.DataFrame, round_: str) -> dict[str, float]:
    """indicator -> its published median over all services, or of the only one that was asked; not a number where it is hidden.

    It ends where its standard error ends. The median of an odd number of facilities is what one of them said, to the last digit: one that no
    table has is not printed.
    """
    own = indicators[(indicators["round"] == round_) & (indicators["statistic"] == "median")]
    found = {}
    for indicator, rows in own.groupby("indicator"):
        rows = rows[rows["service"] == "all"] if (rows["service"] == "all").any() else rows
        if len(rows) == 1:
            found[indicator] = float(rows["estimate"].iloc[0])
    return found


# Over 6 parameters: a row of the questionnaire, and what may be said beside it.
def _row(
    story,
    question: Question,
    facilities: pd.DataFrame,
    hidden: set[str],
    medians: dict[str, float],
    place: str,
    when: str,
) -> list[str]:
    # A name may be broken after its underscores.
    name = escape_markdown(question.name).replace("\\_", "\\_\u200b")
    asked = f"**{place}** {escape_markdown(question.label(story.lang))} \\[{name}\\]".strip().removeprefix("**** ")
    if when:
        asked += f" *{escape_markdown(when)}*"
    return [asked, *_frequencies(story, question, facilities, question.name in hidden, medians)]


def _frequencies(
    story, question: Question, facilities: pd.DataFrame, hidden: bool, medians: dict[str, float]
) -> list[str]:
    """(answers, number asked, number answered) of a question; open text is never shown."""
    words, lang = story.words["codebook"], story.lang
    if hidden:
        return [story.words["service_chapter"]["suppressed"], "–", "–"]
    if f"{question.name}__missing" not in facilities:
        # Who it is, and what the facility is, is no answer to count.
        labels = listed((escape_markdown(choice.label(lang)) for choice in question.choices), lang)
        return [labels or words["not_kept"], "–", "–"]
    reason = facilities[f"{question.name}__missing"]
    asked, answered = int((reason.fillna("") != "not_asked").sum()), int(reason.isna().sum())
    counts = [story._count(asked), story._count(answered)]
    if 0 < answered < story.config.disclosure.minimum_cell:
        return [story.words["service_chapter"]["suppressed"], *counts]
    parts = []
    if question.kind.startswith("select"):
        for choice in question.choices:
            if question.kind == "select_multiple":
                n = int(facilities[f"{question.name}/{choice.name}"].fillna(False).sum())
            else:
                said = reason == choice.missing if choice.missing else facilities[question.name] == choice.name
                n = int(said.fillna(False).sum())
            parts.append(f"{escape_markdown(choice.label(lang))} {_share(story, n, asked)}")
        told = {choice.missing for choice in question.choices if choice.missing}
    else:
        told = set()
        parts.append(words["kinds"].get(question.kind, question.kind))
        if question.indicator in medians and answered:
            median = medians[question.indicator]
            shown = words["median"].format(value=number(median, lang, int(median % 1 != 0)))
            parts = [story.words["service_chapter"]["suppressed"] if pd.isna(median) else shown]
    for name in REASONS:
        n = int((reason == name).sum())
        if n and name not in told:
            parts.append(f"*{words['missing'][name]}* {story._count(n)}")
    return [listed(parts, story.lang), *counts]


def _share(story, n: int, asked: int) -> str:
    """`13 (11%)`; without a percentage where few were asked, where there are none, or where the number is not shown."""
    shown = story._count(n)
    least = story.config.disclosure.minimum_cell
    return shown if n < least or asked < FEW else f"{shown} ({percent(n / asked, story.lang)})"
