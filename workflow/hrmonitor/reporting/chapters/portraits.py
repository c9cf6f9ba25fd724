"""Services in portrait: a page a type of service, with what its facilities say on the findings and on changes, and six numbers."""

from __future__ import annotations

import math

from hrmonitor.disclosure.rounded_counts import base_of
from hrmonitor.findings.verdicts import measure_of
from hrmonitor.language import escape_markdown, join, number, share_or_count
from hrmonitor.reporting.chapters.answers import by_service, share_in_words
from hrmonitor.reporting.chapters.services import number_cells, questions_of, rows_of
from hrmonitor.study import within

# What a portrait has where config.yaml names no indicators.
NUMBERS = 6
# So many of its own questions are told, each with so many of its answers.
CHOSEN, MOST = 5, 4
# Of an indicator with several statistics, the one that says most of a type of service.
FIRST = ("median", "total", "mean", "client_mean")
# The answers to a question on change, as the table of changes adds them up.
WAYS = (("increase", "strong_increase"), ("stable",), ("decrease", "strong_decrease"), ("dont_know",))


def chapter(story) -> str:
    words = story.words["portraits"]
    here = story.facilities[story.latest]["service"]
    services = [code for code in story.forms[story.latest]["service"].codes if (here == code).any()]
    if not services:
        return ""
    heading = story._heading(words["title"], "portraits")
    # Each begins a page; the chapter's title stands above the first.
    return story._join([
        part
        for place, service in enumerate(services)
        for part in ("::: {.spread}", "" if place else heading, _portrait(story, service), ":::")
    ])  # fmt: skip


def _portrait(story, service: str) -> str:
    words, lang = story.words["portraits"], story.lang
    flow = story.flow(story.latest).set_index(["service", "step"])["n"]
    response = words["response"][story.mood].format(
        kept=number(flow.get((service, "kept"), 0), lang), register=number(story.in_frame(service), lang)
    )
    told = _on_findings(story, service)
    rows = _numbers(story, service)
    name = f"tbl-portrait-{service}"
    numbers = words["numbers" if len(rows) == NUMBERS else "numbers_fewer"].format(table=f"@{name}")
    columns = story.words["service_chapter"]["columns"]
    label = story.service_label(service)
    see = words["see"].format(annex=story.link("services"))
    chosen = [_chosen(story, question, service) for question in questions_of(story, service)[1]]
    return story._join([
        f"## {label}",
        " ".join([response, *([words["findings"]] if told else [])]),
        "\n".join(f"- {one}" for one in told),
        f"{numbers} {see}" if rows else see,
        story._table(columns, rows, [44, 16, 12, 16, 12], words["caption"].format(service=label), name, "llrrr") if rows else "",
        *[one for one in chosen if one][:CHOSEN],
        *_changes(story, service, label),
    ])  # fmt: skip


def _changes(story, service: str, label: str) -> list[str]:
    """The questions on change as a table: the shares that see more, the same and less; without those of which a part is hidden, or whose
    share stands among the findings."""
    words, lang, rows = story.words["portraits"], story.lang, []
    told = {
        test.question for one in story.config.findings.values() for test in one.tests if measure_of(test) == "share"
    }
    for question in story.forms[story.latest]:
        scale = question.kind == "select_one" and set(WAYS[0]) <= set(question.codes)
        if not (question.indicator and scale) or question.name in told:
            continue
        found = rows_of(story, question, service)
        found = found[found["statistic"] == "share"].set_index("category")
        if found.empty or found["suppressed"].any() or found["estimate"].isna().any() or base_of(found):
            continue
        n = int(found["n"].iloc[0])
        shares = [float(found["estimate"].reindex(list(codes)).fillna(0).sum()) for codes in WAYS]
        rows.append([
            escape_markdown(question.label(lang)), *(share_or_count(share, n, lang) for share in shares), number(n, lang),
        ])  # fmt: skip
    if not rows:
        return []
    name = f"tbl-changes-{service}"
    caption = words["changes_caption"].format(service=label)
    return [
        words["changes"].format(table=f"@{name}"),
        story._table(words["changes_columns"], rows, [48, 12, 15, 10, 9, 6], caption, name, "lrrrrr"),
    ]


def _chosen(story, question, service: str) -> str:
    """The answers given most and least to a question that only this type was asked; empty where a part is hidden or nothing was asked."""
    words, lang = story.words["portraits"], story.lang
    if not question.kind.startswith("select") or len(question.codes) < 3:
        return ""
    rows = rows_of(story, question, service)
    rows = rows[
        (rows["statistic"] == "share") & ~rows["suppressed"] & rows["estimate"].notna() & (rows["estimate"] > 0)
    ]
    rows = rows.sort_values(["estimate", "category"], ascending=[False, True], kind="stable")
    if len(rows) < 2 or base_of(rows):
        return ""
    listed = [
        f"{escape_markdown(within(question.choice(one['category']).label(lang), lang))} {share_or_count(one['estimate'], one['n'], lang)}"
        for one in rows.head(MOST).to_dict("records")
    ]
    return words["chosen"].format(question=escape_markdown(question.label(lang)), most=join(listed, lang))


def _on_findings(story, service: str) -> list[str]:
    """Each finding's shares as facilities of the type gave them, in the sentences that the finding itself has."""
    told = []
    for place, (_, finding) in enumerate(
        sorted(story.config.findings.items(), key=lambda item: item[1].number), start=1
    ):
        sentences = []
        for test in finding.tests:
            if measure_of(test) != "share" or finding.round != story.latest:
                continue
            found = by_service(story, test, finding.round).get(service)
            sentence = share_in_words(story, test, *found) if found else ""
            if sentence and sentence.endswith("."):
                sentences.append(sentence)
        if sentences:
            told.append(story.words["portraits"]["share"].format(place=place, sentence=sentences[0]))
    return told


def _numbers(story, service: str) -> list[list[str]]:
    lang, form = story.lang, story.forms[story.latest]
    named = (story.config.report.portraits or {}).get(service)
    if named:
        questions = [form.by_indicator[name] for name in named if name in form.by_indicator]
    else:
        shared, own = questions_of(story, service)
        questions = [question for question in (*own, *shared) if not question.kind.startswith("select")][:NUMBERS]
    rows = []
    for question in questions:
        found = rows_of(story, question, service)
        found = found[found["statistic"].isin(FIRST)].sort_values("statistic", key=lambda names: names.map(FIRST.index))
        if found.empty:
            continue
        one = found.iloc[0]
        told = number_cells(story, question, one)
        if not one["suppressed"] and math.isnan(one["estimate"]):
            told = [told[0], "–", "–", "–"]
        rows.append([escape_markdown(question.label(lang)), *told])
    return rows
