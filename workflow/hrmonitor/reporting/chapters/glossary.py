"""The glossary: words of the field and of survey statistics, from the engine's `resources/glossary.yaml` and the study's glossary.md."""

from __future__ import annotations

import yaml

from hrmonitor.language import escape_markdown
from hrmonitor.reporting.study_texts import line
from hrmonitor.resources import RESOURCES
from hrmonitor.unit import in_words


def chapter(story) -> str:
    """A table of term and meaning, in the order of the alphabet of the language's terms."""
    words, lang = story.words["glossary"], story.lang
    entries = yaml.safe_load((RESOURCES / "glossary.yaml").read_text(encoding="utf-8"))
    there = story.names_facilities(story.latest)
    meanings = {
        entry["term"][lang]: escape_markdown(in_words(entry["meaning"][lang], lang))
        for entry in entries
        if there or entry.get("of") != "register"
    }
    meanings |= {term: line(story, section, story.latest) for term, section in story.study.glossary.items()}
    rows = [[f"**{escape_markdown(term)}**", meanings[term]] for term in sorted(meanings, key=str.lower)]
    return story._join([
        story._heading(words["title"], "glossary"), words["intro"],
        story._table(words["columns"], rows, [28, 72], words["caption"], "tbl-glossary", "ll"),
    ])  # fmt: skip
