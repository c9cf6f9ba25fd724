"""Appendix: the CROSS checklist for reporting of survey studies, and where the report and its annex cover each item.

The items and their places are in report/cross.yaml; a place is a chapter of one of the volumes, or the item is said to be not applicable or not reported, with the reason.
"""

from __future__ import annotations

import yaml

from hrmonitor.language import escape_markdown


def chapter(story) -> str:
    """The appendix in Markdown."""
    words = story.words["cross"]
    items = yaml.safe_load((story.root / "report/cross.yaml").read_text(encoding="utf-8"))["items"]
    rows = [[item["item"], escape_markdown(item[story.lang]), _place(story, item)] for item in items]
    table = story._table(words["columns"], rows, [8, 48, 44], words["caption"], "tbl-cross", "lll")
    return story._join([story._heading(words["title"], "cross"), words["intro"], table])


def _place(story, item: dict) -> str:
    words = story.words["cross"]
    parts = []
    if "where" in item:
        # Without findings there is nothing to be sensitive.
        absent = {"sensitivity"} if story.findings.empty else set()
        links = [story.link(name) for name in item["where"] if name not in absent]
        parts.append(f"{', '.join(links)}." if links else "–")
    else:
        parts.append(f"*{words['statuses'][item['status']]}.*")
    if "note" in item:
        parts.append(escape_markdown(item["note"][story.lang]))
    return " ".join(parts)
