"""The study's own texts in the report: sections of `report/study/{lang}/` with their numbers filled in.

They are Markdown of the study's makers, which `project.study_checks` has seen; what is filled in is escaped.
"""

from __future__ import annotations

from collections.abc import Callable

from hrmonitor.language import escape_markdown, number, percent
from hrmonitor.project.result_fields import FIELD, Field, field_of
from hrmonitor.reporting.markdown import in_words
from hrmonitor.study import Section


def told(story, name: str) -> str:
    """A section of report.md, with its paragraphs and lists as they were written; empty where the study has none."""
    section = story.study.report.get(name)
    return filled(story, section.text, story.latest) if section else ""


def line(story, section: Section | None, round_: str) -> str:
    """A section that stands in a paragraph of the report, on one line; empty where there is none."""
    return " ".join(filled(story, section.text, round_).split()) if section else ""


def filled(story, text: str, round_: str) -> str:
    """The text with shares of answers of the round and facts of the survey."""
    return replaced(text, lambda field: _number(story, round_, field))


def replaced(text: str, number_of: Callable[[Field], str | None]) -> str:
    """The text with what `number_of` gives for its braces; one for which that is None stays as it is."""

    def one(found) -> str:
        field = field_of(found.group(1))
        given = number_of(field) if field else None
        return found.group() if given is None else given

    return FIELD.sub(one, text)


def facts(story) -> dict[str, str]:
    """What every study can name; `approached` where contacts were noted, `total` where there are findings."""
    lang, flow = story.lang, story.flow(story.latest)
    everyone = flow[flow["service"] == "all"].set_index("step")["n"]
    kept, frame = int(everyone["kept"]), story.in_frame()
    register = kept if frame is None else frame
    known = {
        "year": str(story.config.rounds[story.latest].year),
        "kept": number(kept, lang),
        "register": number(register, lang),
        "rest": number(register - kept, lang),
        "share": percent(kept / register, lang),
        "confidence": percent(story.config.confidence, lang),
    }
    if "approached" in everyone:
        known["approached"] = number(int(everyone["approached"]), lang)
    if story.config.findings:
        known["total"] = in_words(len(story.config.findings), lang)
    return known


def share_of(story, round_: str, field: Field) -> str:
    """The share of facilities of all types that gave one of the answers, as the table of indicators shows it."""
    indicator = story.forms[round_][field.question].indicator
    table = story.indicators
    rows = table[
        (table["round"] == round_) & (table["service"] == "all") & (table["indicator"] == indicator)
        & (table["statistic"] == "share") & table["category"].isin(field.categories)
    ]  # fmt: skip
    if not indicator or len(rows) != len(field.categories) or rows["suppressed"].any():
        return story.words["service_chapter"]["suppressed"]
    return percent(float(rows["estimate"].sum()), story.lang)


def _number(story, round_: str, field: Field) -> str | None:
    if field.what == "share":
        return escape_markdown(share_of(story, round_, field))
    return escape_markdown(facts(story)[field.name]) if field.what == "fact" else None
