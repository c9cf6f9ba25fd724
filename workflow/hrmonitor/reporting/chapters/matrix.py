"""Sensitivity as one table: each finding in each repetition, and whether its verdict stays."""

from __future__ import annotations

import pandas as pd

from hrmonitor.findings.sensitivity import ORGANISATION
from hrmonitor.language import join, number
from hrmonitor.study import within

# What is left out or counted otherwise, in the order of the columns.
ORDER = ("without_mode", "without_organisation", "one_vote", "codes_of_any", "codes_of_all", "worst_case")


def chapter(story) -> str:
    """Nothing where there are no findings."""
    words, again = story.words["matrix"], story.sensitivity
    if story.findings.empty or again.empty:
        return ""
    again = again.assign(column=again["scenario"] + "/" + again["left_out"].fillna("").astype("str"))
    # By what is left out: modes, then the organisations in turn, then the rest.
    heads = again.drop_duplicates("column").assign(rank=lambda own: own["scenario"].map(ORDER.index))
    heads = heads.sort_values("rank", kind="stable")
    rows, others = [], []
    for place, (name, own) in enumerate(story.findings.groupby("finding", sort=False), start=1):
        by = again[again["finding"] == name].set_index("column")
        verdict = story.words["verdicts"][own["verdict"].iloc[0]]
        cells = []
        for head in heads.to_dict("records"):
            if head["column"] not in by.index:
                cells.append("")
                continue
            one = by.loc[head["column"]]
            mark = "untold" if not one["telling"] else "other" if one["changed"] else "same"
            cells.append(words["marks"][mark])
            if mark == "other":
                others.append(_case(story, place, head, one))
        rows.append([f"**{place}** {verdict}", *cells])
    widths = [22, *[max(6, 78 // max(1, len(heads)))] * len(heads)]
    columns = [words["finding"], *[_head(story, head) for head in heads.to_dict("records")]]
    table = story._table(columns, rows, widths, words["caption"], "tbl-sensitivity", "l" * (1 + len(heads)))
    told = words["other"].format(cases=join(others, story.lang)) if others else words["none"]
    return story._join([story._heading(words["title"], "sensitivity"), words["intro"], words["legend"], table, told])


def _case(story, place: int, head: dict, one: pd.Series) -> str:
    """A repetition with another verdict; of organisations only in how many, as which one it was says how many of its facilities answered."""
    words = story.words["matrix"]
    column = within(_head(story, head), story.lang)
    if one["scenario"] == ORGANISATION:
        changed, told = number(one["changed"], story.lang), number(one["telling"], story.lang)
        return words["case_organisations"].format(number=place, changed=changed, n=told)
    return words["case"].format(
        number=place, column=column, verdict=within(story.words["verdicts"][one["verdict"]], story.lang)
    )


def _head(story, head: dict) -> str:
    """The name of a column: a mode by its own, every other repetition by its kind."""
    words = story.words["matrix"]["columns"]
    return words.get(head["scenario"]) or words.get(head["left_out"]) or head["left_out"]
