"""How it was done: the methods in full for the annex, and one page of them for the report."""

from __future__ import annotations

from hrmonitor.forms.exports.paper_form import numbers_of
from hrmonitor.language import FEW, number, percent
from hrmonitor.project.config import SAMPLE
from hrmonitor.reporting.clusters import on_clusters
from hrmonitor.reporting.markdown import in_words
from hrmonitor.reporting.registered import told
from hrmonitor.reporting.study_texts import told as told_by_study

# The study's own sections at the head of the page on methods, and the words that lead them in.
OWN = (("why", "background"), ("aims", "aims"))
# What a survey must have for each part of the chapter to be about it.
NEEDS = ("", "", "", "findings", "coding")
NEEDS_OF_PAGE = ("", "", "", "findings", "findings", "")


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
    facts = _facts(story) | {"registered": f"{told(story)} ".lstrip()}
    if story.config.framed_by == SAMPLE:
        facts["clusters"] = on_clusters(story)
    own = [f"{words[lead]} {text}" for lead, name in OWN if (text := told_by_study(story, name))]
    paragraphs = [
        paragraph.format(**facts)
        for paragraph, needs in zip(words["paragraphs"], NEEDS_OF_PAGE, strict=True)
        if story.config.findings or needs != "findings"
    ]
    see = words["see"].format(annex=story.link("methods"))
    return story._join([story._heading(words["title"], "how"), *own, *paragraphs, see])


def recommendations(story) -> str:
    """What the study's makers advise; nothing where they do not."""
    text = told_by_study(story, "recommendations")
    return (
        story._join([story._heading(story.words["recommendations"]["title"], "recommendations"), text]) if text else ""
    )


def limits(story) -> str:
    """That the answers are made up, the limits that the study names, and those that follow from how it was held; nothing where there are none."""
    words, rehearsal = story.words["limits"], story.config.synthetic
    made_up, silent, modes = words["items"]
    flow, there = story.flow(story.latest), story.in_frame()
    kept = flow.set_index(["service", "step"])["n"]["all", "kept"]
    listed = [
        (told_by_study(story, "limits in a rehearsal") or _limit(made_up)) if rehearsal else "",
        told_by_study(story, "limits"),
        _limit(silent) if there is None or kept < there else "",
        _limit(modes) if len({export.mode for export in story.config.rounds[story.latest].exports}) > 1 else "",
    ]
    told = "\n".join(one for one in listed if one)
    return story._join([story._heading(words["title"], "limits"), told]) if told else ""


def _limit(item: dict) -> str:
    return f"- **{item['title']}** {item['text']}"


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
