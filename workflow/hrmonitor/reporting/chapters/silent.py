"""How different facilities that did not answer would have to be for a verdict to fall."""

from __future__ import annotations

import pandas as pd

from hrmonitor.language import escape_markdown, number, percent
from hrmonitor.reporting.chapters.findings import SHARES, in_unit, shown

OF_SHARES = (*SHARES, "rises")


def chapter(story) -> str:
    """A row a test of `tipping_points`, and the figure; "" without findings."""
    words, lang = story.words["silent"], story.lang
    points = story.table("tipping_points")
    if points.empty:
        return ""
    rows = []
    tests = story.findings.assign(place=story.findings.groupby("finding").cumcount())
    points = points.merge(tests[["finding", "test", "place"]], on=["finding", "test"])
    for one in points.to_dict("records"):
        finding = story.config.findings[one["finding"]]
        test = finding.tests[one["place"]]
        why = test.why if isinstance(test.why, str) else test.why[lang]

        def as_shown(value: float, test=test, measure=one["measure"]) -> str:
            return percent(value, lang) if measure in OF_SHARES else shown(story, value, test)

        if pd.isna(one["delta"]):
            needed, then = words["nobody"], "–"
        elif not one["possible"]:
            needed, then = words["beyond"], story.words["verdicts"][one["verdict"]]
        else:
            needed, then = as_shown(one["silent_estimate"]), story.words["verdicts"][one["verdict_then"]]
        rows.append([
            f"**{finding.number}.{one['place'] + 1}** {escape_markdown(why)}", number(one["silent"], lang),
            as_shown(one["estimate"]), as_shown(one["threshold"]), needed, then,
        ])  # fmt: skip
    return story._join([
        f"## {words['title']} {{#sec-silent}}",
        words["text"],
        story._table(words["columns"], rows, [40, 8, 11, 11, 14, 16], words["caption"], "tbl-silent", "lrrrrl"),
        story._figures("silent"),
        _imputed(story, words),
    ])  # fmt: skip


def _imputed(story, words: dict) -> str:
    """The tests on completed answers, a row each; "" where config does not ask for them."""
    table, lang = story.table("imputed_tests"), story.lang
    if table.empty:
        return ""
    rows, place = [], table.groupby("finding").cumcount()
    for one, at in zip(table.to_dict("records"), place, strict=True):
        finding = story.config.findings[one["finding"]]
        test = finding.tests[at]
        why = test.why if isinstance(test.why, str) else test.why[lang]
        numbers = ["–"] * 3
        if not pd.isna(one["estimate"]):
            numbers = [*in_unit(story, one, test), percent(one["missing_information"], lang)]
        outcome = story.words["findings"]["passed" if one["passed"] else "failed"]
        rows.append(
            [
                f"**{finding.number}.{at + 1}** {escape_markdown(why)}",
                *numbers,
                outcome,
                story.words["verdicts"][one["verdict"]],
            ]
        )
    sets = number(table["sets"].max(), lang)
    return story._join([
        words["imputed"].format(sets=sets),
        story._table(words["imputed_columns"], rows, [38, 10, 14, 12, 12, 14], words["imputed_caption"], "tbl-imputed", "lrrrll"),
    ])  # fmt: skip
