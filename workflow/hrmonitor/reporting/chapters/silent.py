"""How different facilities that did not answer would have to be for a verdict to fall."""

from __future__ import annotations

import pandas as pd

from hrmonitor.language import escape_markdown, number, percent
from hrmonitor.reporting.chapters.findings import SHARES, shown

OF_SHARES = (*SHARES, "rises")


def chapter(story) -> str:
    """A row a test of `tipping_points`, and the figure; "" without findings."""
    words, lang = story.words["silent"], story.lang
    points = story.tipping_points
    if points.empty:
        return ""
    rows = []
    tests = story.findings.assign(place=story.findings.groupby("finding").cumcount())
    points = points.merge(tests[["finding", "test", "place"]], on=["finding", "test"])
    for one in points.to_dict("records"):
        finding = story.config.findings[one["finding"]]
        test = finding.tests[one["place"]]
        why = test.why if isinstance(test.why, str) else test.why[lang]

        def in_unit(value: float, test=test, measure=one["measure"]) -> str:
            return percent(value, lang) if measure in OF_SHARES else shown(story, value, test)

        if pd.isna(one["delta"]):
            needed, then = words["nobody"], "–"
        elif not one["possible"]:
            needed, then = words["beyond"], story.words["verdicts"][one["verdict"]]
        else:
            needed, then = in_unit(one["silent_estimate"]), story.words["verdicts"][one["verdict_then"]]
        rows.append([
            f"**{finding.number}.{one['place'] + 1}** {escape_markdown(why)}", number(one["silent"], lang),
            in_unit(one["estimate"]), in_unit(one["threshold"]), needed, then,
        ])  # fmt: skip
    return story._join([
        f"## {words['title']} {{#sec-silent}}",
        words["text"],
        story._table(words["columns"], rows, [40, 8, 11, 11, 14, 16], words["caption"], "tbl-silent", "lrrrrl"),
        story._figures("silent"),
    ])  # fmt: skip
