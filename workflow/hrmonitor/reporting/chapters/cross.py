"""Appendix: the CROSS checklist for reporting of survey studies, and where the report and its annex cover each item.

The items and their places are in `resources/cross.yaml`; what a study says of an item, such as why it does not apply, is in its checklist.md.
"""

from __future__ import annotations

import yaml

from hrmonitor.language import escape_markdown
from hrmonitor.reporting.chapters import methods
from hrmonitor.reporting.study_texts import line
from hrmonitor.resources import RESOURCES
from hrmonitor.study import Section


def chapter(story) -> str:
    """The appendix in Markdown."""
    words = story.words["cross"]
    items = yaml.safe_load((RESOURCES / "cross.yaml").read_text(encoding="utf-8"))["items"]
    own = {name.partition(", ")[0]: (name.partition(", ")[2], told) for name, told in story.study.checklist.items()}
    rows = [
        [item["item"], escape_markdown(item[story.lang]), _place(story, item, *own.get(item["item"], ("", None)))]
        for item in items
    ]
    table = story._table(words["columns"], rows, [8, 48, 44], words["caption"], "tbl-cross", "lll")
    return story._join([story._heading(words["title"], "cross"), words["intro"], table])


def _place(story, item: dict, status: str, own: Section | None) -> str:
    """Where the item stands, or that it does not; what the engine says of it, and the study."""
    words = story.words["cross"]
    if item.get("of") == "register" and not story.names_facilities(story.latest):
        status = "not applicable"
    parts = []
    if "where" in item and not status and ("needs" not in item or item["needs"] in story.study.report):
        # Without findings there is no overview of them, and nothing to be sensitive.
        absent = {"sensitivity", "overview"} if story.findings.empty else set()
        absent |= set() if methods.limits(story) else {"limits"}
        links = [story.link(name) for name in item["where"] if name not in absent]
        parts.append(f"{', '.join(links)}." if links else "–")
    else:
        parts.append(f"*{words['statuses'][status.replace(' ', '_') or 'not_reported']}.*")
    if "note" in item:
        parts.append(escape_markdown(item["note"][story.lang]))
    if own:
        parts.append(line(story, own, story.latest))
    return " ".join(parts)
