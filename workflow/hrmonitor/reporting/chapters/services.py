"""Results by type of service: every number and share of each, as tables."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from hrmonitor.disclosure.rounded_counts import base_of
from hrmonitor.language import escape_markdown, interval, number, share_or_count
from hrmonitor.questionnaire.model import Question
from hrmonitor.questionnaire.statistics import REGISTRATIONS
from hrmonitor.survey import asked


def chapter(story) -> str:
    words = story.words["service_chapter"]
    parts = [story._heading(words["title"], "services"), f"{words['intro']}{story.of_registrations}"]
    for service in [
        s for s in story.forms[story.latest]["service"].codes if (story.facilities[story.latest]["service"] == s).any()
    ]:
        parts.append(_service(story, service))
    return story._join(parts)


def _service(story, service: str) -> str:
    words = story.words["service_chapter"]
    flow = story.flow(story.latest).set_index(["service", "step"])["n"]
    label = story.service_label(service)
    parts = [f"## {label}"]
    parts.append(words["response"].format(kept=number(flow.get((service, "kept"), 0), story.lang),
                                          register=number(story.in_frame(service), story.lang)))  # fmt: skip
    shared, own = questions_of(story, service)
    parts.append(_number_table(story, [*own, *shared], service, words["numbers"].format(service=label)))
    for question in own:
        if question.kind == "select_multiple" or (question.kind == "select_one" and len(question.codes) > 2):
            parts.append(_share_table(story, [question], service))
    simple = [question for question in own if question.kind == "select_one" and len(question.codes) <= 2]
    if simple:
        parts.append(_share_table(story, simple, service))
    parts.append(story._figures(service))
    return story._join(parts)


def questions_of(story, service: str) -> tuple[list[Question], list[Question]]:
    """(shared number questions, questions that only this type of service was asked)."""
    facilities = story.facilities[story.latest]
    own, shared = [], []
    for question in story.forms[story.latest]:
        if not question.indicator:
            continue
        services = set(facilities.loc[asked(facilities, question.name), "service"])
        if services == {service}:
            own.append(question)
        elif service in services and not question.kind.startswith("select"):
            shared.append(question)
    return shared, own


def rows_of(story, question: Question, service: str) -> pd.DataFrame:
    table = story.indicators
    chosen = (
        (table["round"] == story.latest) & (table["service"] == service) & (table["indicator"] == question.indicator)
    )
    return table[chosen & (table["statistic"] != "share_bounds")]


def number_cells(story, question: Question, one: Mapping) -> list[str]:
    """The statistic, the estimate, its interval and the facilities behind it, of a row of `rows_of`."""
    words, lang = story.words["service_chapter"], story.lang
    statistic = words["registrations" if one["unit"] == REGISTRATIONS else "statistics"][one["statistic"]]
    if one["suppressed"]:
        return [statistic, words["suppressed"], "–", "–"]
    digits = 1 if one["statistic"] != "total" and question.kind != "integer" else 0
    census = bool(pd.notna(one["population"]) and one["n"] == one["population"])
    return [
        statistic, number(one["estimate"], lang, digits),
        "–" if census else interval(one["ci_low"], one["ci_high"], lang, digits, share=False),
        _of_all(words, one, lang),
    ]  # fmt: skip


def _of_all(words: dict, one: Mapping, lang: str) -> str:
    """`17 of 24`, or `17` where nobody knows of how many."""
    n = number(one["n"], lang)
    return n if pd.isna(one["population"]) else words["n_of"].format(n=n, total=number(one["population"], lang))


def _number_table(story, questions: list[Question], service: str, caption: str) -> str:
    words = story.words["service_chapter"]
    rows = []
    for question in questions:
        if question.kind.startswith("select"):
            continue
        # The question stands once, before the first of its statistics.
        label = escape_markdown(question.label(story.lang))
        for one in rows_of(story, question, service).to_dict("records"):
            rows.append([label, *number_cells(story, question, one)])
            label = ""
    if not rows:
        return ""
    return story._table(words["columns"], rows, [44, 16, 12, 16, 12], caption, f"tbl-numbers-{service}", "llrrr")


def _share_table(story, questions: list[Question], service: str) -> str:
    words = story.words["service_chapter"]
    rows = []
    for question in questions:
        own = rows_of(story, question, service)
        base = base_of(own)
        for one in own.to_dict("records"):
            label = question.choice(one["category"]).label(story.lang)
            if len(questions) > 1:
                if one["category"] not in ("yes",):
                    continue
                label = question.label(story.lang)
            census = bool(pd.notna(one["population"]) and one["n"] == one["population"])
            rows.append([
                escape_markdown(label),
                words["suppressed"] if one["suppressed"] else share_or_count(one["estimate"], one["n"], story.lang),
                "–" if one["suppressed"] or census else interval(one["ci_low"], one["ci_high"], story.lang),
                "–" if one["suppressed"] else words["rounded_to"].format(base=base) if base else _of_all(words, one, story.lang),
            ])  # fmt: skip
    if not rows:
        return ""
    title = questions[0].label(story.lang) if len(questions) == 1 else words["yes_questions"]
    name = questions[0].name.replace("_", "-")
    return story._table(
        words["share_columns"], rows, [52, 14, 18, 16], escape_markdown(title), f"tbl-{service}-{name}", "lrrr"
    )
