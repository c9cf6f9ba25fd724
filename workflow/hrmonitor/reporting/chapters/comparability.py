"""Which indicators of the rounds may be set side by side, and why others may not."""

from __future__ import annotations

from hrmonitor.declarations.csv_files import read_table
from hrmonitor.language import escape_markdown, join, number
from hrmonitor.reporting.markdown import none
from hrmonitor.study import within


def chapter(story) -> str:
    """The chapter in Markdown; nothing when no indicator occurs in more than one round."""
    words = story.words["comparability"]
    table = read_table("comparability", story.results / "comparability.csv")
    if table.empty:
        return ""
    parts = [story._heading(words["title"], "comparability"), words["intro"]]
    for (earlier, later), pair in table.groupby(["round_from", "round"], sort=False):
        counts = pair["status"].value_counts()
        facts = {
            status: number(int(counts[status]), story.lang) if status in counts else none(story.lang)
            for status in words["statuses"]
        }
        names = [escape_markdown(story.config.rounds[name].title[story.lang]) for name in (earlier, later)]
        sentences = [words["sentence"].format(pair=join(names, story.lang), all=number(len(pair), story.lang), **facts)]
        joined = pair.loc[pair["status"] != "not_comparable", "services"].unique()
        if len(joined) == 1 and joined[0]:
            sentences.append(_only(story, joined[0]))
        parts.append(" ".join(sentences))
        rows = [_row(story, row, later, len(joined) > 1) for row in pair.to_dict("records")]
        name = f"tbl-comparability-{earlier}-{later}".lower().replace("_", "-")
        caption = words["caption"].format(earlier=escape_markdown(earlier), later=escape_markdown(later))
        parts.append(story._table(words["columns"], rows, [44, 16, 40], caption, name, "lll"))
    return story._join(parts)


def _only(story, services: str) -> str:
    labels = [within(story.service_label(service), story.lang) for service in services.split()]
    return story.words["comparability"]["only"].format(services=join(labels, story.lang))


def _row(story, row: dict, later: str, with_services: bool) -> list[str]:
    words = story.words["comparability"]
    why = []
    if row["reason"]:
        detail = f" ({escape_markdown(row['detail'])})" if row["detail"] else ""
        why.append(f"{words['reasons'][row['reason']]}{detail}.")
    if with_services and row["services"]:
        why.append(_only(story, row["services"]))
    if row[f"note_{story.lang}"]:
        why.append(escape_markdown(row[f"note_{story.lang}"]))
    label = story.forms[later].by_indicator[row["indicator"]].label(story.lang)
    return [escape_markdown(label), words["statuses"][row["status"]], " ".join(why) or "–"]
