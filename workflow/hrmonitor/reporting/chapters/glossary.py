"""The glossary: words of the field and of survey statistics, from `report/glossary.yaml`."""

from __future__ import annotations

import yaml

from hrmonitor.language import escape_markdown


def chapter(story) -> str:
    """A table of term and meaning, in the order of the alphabet of the language's terms."""
    words, lang = story.words["glossary"], story.lang
    entries = yaml.safe_load((story.root / "report" / "glossary.yaml").read_text(encoding="utf-8"))
    rows = [
        [f"**{escape_markdown(entry['term'][lang])}**", escape_markdown(entry["meaning"][lang])]
        for entry in sorted(entries, key=lambda entry: entry["term"][lang].lower())
    ]
    return story._join([
        story._heading(words["title"], "glossary"), words["intro"],
        story._table(words["columns"], rows, [28, 72], words["caption"], "tbl-glossary", "ll"),
    ])  # fmt: skip
