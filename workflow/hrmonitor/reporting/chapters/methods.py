"""How it was done: the methods in full for the annex, and one page of them for the report."""

from __future__ import annotations

from hrmonitor.forms.exports.paper_form import numbers_of
from hrmonitor.language import FEW, number, percent
from hrmonitor.reporting.clusters import on_clusters
from hrmonitor.reporting.markdown import in_words
from hrmonitor.reporting.registered import told

# What a survey must have for each part of the chapter to be about it.
NEEDS = ("", "", "", "findings", "coding")


def chapter(story) -> str:
    """The methods in full."""
    words = story.words["methods"]
    blocks = [story._heading(words["title"], "methods")]
    facts = _facts(story)
    facts["dont_know"] = words["dont_know_in" if story.config.dont_know_in_base else "dont_know_out"]
    for choice in ("share_interval", "variance", "quantile_interval", "strata", "weights"):
        facts[choice] = words[choice][getattr(story.config.estimation, choice)].format(**facts)
    facts |= {"registered": f"{told(story)} ".lstrip(), "clusters": on_clusters(story)}
    facts["share_of_all"] = words["share_of_all"][story.config.estimation.share_interval]
    there = {
        "findings": bool(story.config.findings),
        "coding": bool(story.config.coded),
    }
    for part, needs in zip(words["parts"], NEEDS, strict=True):
        if not there.get(needs, True):
            continue
        blocks += [f"## {part['title']}", *[paragraph.format(**facts) for paragraph in part["text"]]]
    return story._join(blocks)


def in_short(story) -> str:
    """One page: why, who was asked, from answers to verdicts."""
    words = story.words["how"]
    facts = _facts(story) | {"registered": f"{told(story)} ".lstrip(), "clusters": on_clusters(story)}
    paragraphs = [paragraph.format(**facts) for paragraph in words["paragraphs"]]
    see = words["see"].format(annex=story.link("methods"))
    return story._join([story._heading(words["title"], "how"), *paragraphs, see])


def limits(story) -> str:
    words = story.words["limits"]
    items = [item for item in words["items"] if story.config.synthetic or not item.get("synthetic")]
    listed = "\n".join(f"- **{item['title']}** {item['text']}" for item in items)
    return story._join([story._heading(words["title"], "limits"), listed])


def _facts(story) -> dict[str, str]:
    config, lang = story.config, story.lang
    return {
        "confidence": percent(config.confidence, lang),
        "minimum_facilities": number(config.minimum_facilities, lang),
        "minimum_organisations": number(config.minimum_organisations, lang),
        "minimum_cell": number(config.disclosure.minimum_cell, lang),
        "few": in_words(FEW, lang),
        # As the codebook numbers them.
        "questions": number(max(numbers_of(story.forms[story.latest]).values(), default=0), lang),
        "year": str(config.rounds[story.latest].year),
    }
