"""Who made the report, whom to write to, how to cite it, under which licence, and who paid."""

from __future__ import annotations

from importlib import metadata

from hrmonitor.language import escape_markdown
from hrmonitor.reporting.study_texts import told


def chapter(story) -> str:
    words, report = story.words["colophon"], story.config.report
    facts = {
        "authors": ", ".join(escape_markdown(author) for author in report.authors),
        "contact": escape_markdown(report.contact),
        "title": escape_markdown(report.title[story.lang]),
        "subtitle": escape_markdown(report.subtitle[story.lang]),
        "year": str(story.config.newest_year),
        "made_up": words["made_up"] if story.config.synthetic else "",
        "version": metadata.version("hrmonitor"),
        "annex": story.link("provenance"),
    }
    facts["funding"] = told(story, "funding")
    rows = [line.format(**facts) for name, line in words["rows"].items() if facts.get(name, name)]
    return story._join([story._heading(words["title"], "colophon"), *rows])
