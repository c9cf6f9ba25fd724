"""The first two pages: what this is, key facts, and the findings at a glance."""

from __future__ import annotations

import pandas as pd

from hrmonitor.language import join, number, percent
from hrmonitor.project.config import OF_FRAME
from hrmonitor.reporting.chapters import answers, beside
from hrmonitor.reporting.markdown import in_words, synthetic_note

# The figure of the second page: the first of this section.
SECTION = "summary"


def opening(story) -> str:
    """Page one."""
    words, lang, kept = story.words["front"], story.lang, story._kept()
    parts = [story._heading(words["title"], "summary")]
    if story.config.synthetic:
        parts.append(synthetic_note(story.words, story.study))
    n = len(story.config.findings)
    facts = {
        "year": story.config.rounds[story.latest].year,
        "services": story._services_sentence(kept),
        "kept": number(sum(kept.values()), lang),
        "findings": words["findings"]["one" if n == 1 else "many"].format(n=in_words(n, lang)),
    }
    what = (words["what"] if n else words["bare"])[story.mood].format(**facts)
    about = story.cited(story.config.report.about)
    parts += [f"## {words['what_title']}", " ".join(one for one in (what, about if n else "", words["volume"]) if one)]
    parts += [f"## {words['facts_title']}", "\n".join(f"- {fact}" for fact in _facts(story, sum(kept.values())))]
    return story._join([*parts, "::: {.contents}\n:::"])


def annex(story) -> str:
    """The head of the second volume: that the answers are made up, what it is, and its contents."""
    note = synthetic_note(story.words, story.study) if story.config.synthetic else ""
    return story._join([note, story.words["annex"]["intro"], "::: {.contents}\n:::"])


def overview(story) -> str:
    """Page two: the findings with all their tests in one figure; where none is declared, in a table. Nothing without findings."""
    words = story.words["front"]
    if story.findings.empty:
        return ""
    figures = story.figures(SECTION)
    called = join([f"@{story.figure_id(name)}" for name in figures], story.lang)
    told = words["overview"].format(figure=called) if figures else words["overview_bare"]
    return story._join([
        "::: {.spread}", story._heading(words["overview_title"], "overview"), f"{told} {answers.firmness(story)}",
        *(map(story.figure, figures) if figures else [_table(story)]), ":::",
    ])  # fmt: skip


def _table(story) -> str:
    words, lang, rows = story.words["front"], story.lang, []
    for place, (name, group) in enumerate(story.findings.groupby("finding", sort=False), start=1):
        first = group.iloc[0]
        rows.append([
            f"[{place}](#sec-{name.replace('_', '-')})", answers.headline(story, name, group), f"**{story.words['verdicts'][first['verdict']]}**",
            words["strengths"][first["strength"]],
            story.words["service_chapter"]["n_of"].format(n=number(group["passed"].sum(), lang), total=number(len(group), lang)),
        ])  # fmt: skip
    return story._table(words["columns"], rows, [6, 52, 16, 14, 12], words["caption"], "tbl-findings", "llllr")


def _facts(story, kept: int) -> list[str]:
    words, lang = story.words["front"]["facts"], story.lang
    flow, register = story.flow(story.latest), story.in_frame()
    response = words["response_made_up" if story.config.synthetic else "response"]
    told = [
        response.format(
            kept=number(kept, lang),
            register=number(register, lang),
            share=percent(kept / register if register else None, lang),
        ),
        *_silent(story, flow),
    ]
    if story.findings.empty:
        return told
    each = story.findings.drop_duplicates("finding")
    counts = each["strength"].value_counts()
    of = story.words["front"]["of_strength"]
    strengths = join([of[name].format(n=in_words(int(counts[name]), lang)) for name in of if name in counts], lang)
    told += [answers.verdicts(story), words["strength"].format(strengths=strengths)]
    for place, name in enumerate(each["finding"], start=1):
        if published := beside.first(story, name):
            told.append(words["published"].format(number=place, published=published))
            break
    return told


def _silent(story, flow: pd.DataFrame) -> list[str]:
    """A sentence on the types of service of the frame of which nobody answered."""
    about = story.forms[story.latest].services
    n = {step: own.set_index("service")["n"] for step, own in flow[flow["service"] != "all"].groupby("step")}
    known = next((n[step] for step in OF_FRAME if step in n), pd.Series(dtype=int))
    registered = [service for service, size in known.items() if size and (not about or service in about)]
    silent = [service for service in registered if not n["kept"].get(service, 0)]
    if not silent:
        return []
    services = join([story.service_label(one) for one in silent], story.lang)
    return [story.words["front"]["silent"].format(services=services)]
