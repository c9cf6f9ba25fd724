"""Sensitivity as one table: each finding in each repetition, and whether its verdict stays."""

from __future__ import annotations

import pandas as pd

from hrmonitor.findings.verdicts import telling
from hrmonitor.language import join

# What is left out or counted otherwise, in the order of the columns.
ORDER = ("without_mode", "without_organisation", "one_vote", "codes_of_any", "codes_of_all", "worst_case")


def chapter(story) -> str:
    """Nothing where there are no findings."""
    words, again = story.words["matrix"], story.sensitivity
    if story.findings.empty or again.empty:
        return ""
    again = again.assign(
        telling=telling(again),
        column=again["scenario"] + "/" + again.groupby(["finding", "scenario"]).cumcount().astype("str"),
    )
    # By what is left out: modes, then organisations from the largest on, then the worst case.
    heads = again.drop_duplicates("column")
    size = pd.to_numeric(heads["left_out"], errors="coerce").fillna(0)
    heads = heads.assign(rank=heads["scenario"].map(ORDER.index), size=-size).sort_values(
        ["rank", "size"], kind="stable"
    )
    rows, others = [], []
    for place, (name, own) in enumerate(story.findings.groupby("finding", sort=False), start=1):
        by = again[again["finding"] == name].set_index("column")
        verdict = story.words["verdicts"][own["verdict"].iloc[0]]
        cells = []
        for head in heads.to_dict("records"):
            one = by.loc[head["column"]] if head["column"] in by.index else None
            if one is None:
                cells.append("")
                continue
            mark = "untold" if not one["telling"] else "same" if one["as_before"] else "other"
            cells.append(words["marks"][mark])
            if mark == "other":
                others.append(words["case"].format(
                    number=place, column=_head(story, head).lower(), verdict=story.words["verdicts"][one["verdict"]].lower()))  # fmt: skip
        rows.append([f"**{place}** {verdict}", *cells])
    widths = [22, *[max(6, 78 // max(1, len(heads)))] * len(heads)]
    columns = [words["finding"], *[_head(story, head) for head in heads.to_dict("records")]]
    table = story._table(columns, rows, widths, words["caption"], "tbl-sensitivity", "l" * (1 + len(heads)))
    told = words["other"].format(cases=join(others, story.lang)) if others else words["none"]
    return story._join([story._heading(words["title"], "sensitivity"), words["intro"], words["legend"], table, told])


def _head(story, head: dict) -> str:
    words = story.words["matrix"]["columns"]
    if head["scenario"] == "worst_case":
        return words["worst"]
    return (
        words.get(head["scenario"]) or words.get(head["left_out"]) or words["organisation"].format(n=head["left_out"])
    )
