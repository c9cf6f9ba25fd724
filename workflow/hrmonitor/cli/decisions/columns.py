"""Which question a column of an export answers, where its heading does not say so; and which questions no column answers."""

from __future__ import annotations

from collections.abc import Iterable

from hrmonitor.cli.decisions.reading import ExportReading, RoundReading
from hrmonitor.cli.decisions.records import Record
from hrmonitor.cli.decisions.sheet import Item, Option, Sheet, Words, option
from hrmonitor.project.rounds import NAME
from hrmonitor.questionnaire.model import Questionnaire
from hrmonitor.readers.export import Column
from hrmonitor.readers.matching import nearest
from hrmonitor.readers.round_decisions import NOT_ASKED, read_lines

KEY = ("source", "column", "letter")
# Of the sources of a heading, so many are named.
SOURCES = 3


def items(reading: RoundReading, record: Record, words: Words) -> list[Item]:
    """Columns without a question: a heading that exports of one tool share is one case. Then those on record."""
    targets = _targets(reading.questionnaire, words["language"])
    groups: dict[tuple, list[tuple[ExportReading, Column]]] = {}
    for export in reading.exports:
        for column in export.unmatched:
            _, heading, letter = key_of(export, column)
            groups.setdefault((export.export.tool, heading, letter), []).append((export, column))
    elsewhere = {(row.get("column"), row.get("letter")): row.get("question", "") for row in record.rows}
    made = []
    for (_, heading, letter), columns in groups.items():
        options = _free(targets, (export for export, _ in columns), words)
        suggestion = elsewhere.get((heading, letter)) or nearest(columns[0][1], reading.questionnaire)
        filled = sum(int(export.export.data.iloc[:, export.export.columns.index(column)].notna().sum()) for export, column in columns)  # fmt: skip
        made.append(
            Item(
                keys=tuple(key_of(export, column) for export, column in columns),
                shown=(heading, columns[0][1].letter, filled, _sources(export.source for export, _ in columns)),
                options=options,
                suggestion=suggestion if suggestion in {one.value for one in options} else "",
                blocks=True,
            )
        )  # fmt: skip
    return made + _on_record(reading, record, targets, words)


def key_of(export: ExportReading, column: Column) -> tuple[str, str, str]:
    """By heading, as long as it is the only one: letters change when a column is added to the export."""
    heading = column.heading.strip()
    same = sum(one.heading.strip() == heading for one in export.export.columns)
    return export.source, heading, "" if heading and same == 1 else column.letter


def _on_record(reading: RoundReading, record: Record, targets: dict[str, Option], words: Words) -> list[Item]:
    groups: dict[tuple[str, ...], list[dict[str, str]]] = {}
    for row in record.rows:
        same = tuple(row.get(name, "") for name in ("column", "letter", "question", "reason", "who", "when"))
        groups.setdefault(same, []).append(row)
    by_source = {export.source: export for export in reading.exports}
    made = []
    for (heading, letter, question, reason, who, when), rows in groups.items():
        exports = [by_source[row["source"]] for row in rows if row.get("source") in by_source]
        options = _free(targets, exports, words, but=question)
        found = [
            (export, place, column)
            for export in exports
            for place, column in enumerate(export.export.columns)
            if key_of(export, column)[1:] == (heading, letter)
        ]
        filled = sum(int(export.export.data.iloc[:, place].notna().sum()) for export, place, _ in found)
        shown_letter = letter or next((column.letter for *_, column in found), "")
        made.append(
            Item(
                keys=tuple((row.get("source", ""), heading, letter) for row in rows),
                shown=(heading, shown_letter, filled, _sources(row.get("source", "") for row in rows)),
                options=options, present=question, reason=reason, who=who, when=when, blocks=True,
            )
        )  # fmt: skip
    return made


def _targets(form: Questionnaire, lang: str) -> dict[str, Option]:
    """question, or question/option for a box, by what the record says."""
    found = {}
    for question in form.answerable:
        found[question.name] = option(question.name, question.label(lang))
        if question.kind == "select_multiple":
            for choice in question.choices:
                value = f"{question.name}/{choice.name}"
                found[value] = option(value, choice.label(lang))
    return found


def _free(
    targets: dict[str, Option], exports: Iterable[ExportReading], words: Words, but: str = ""
) -> tuple[Option, ...]:
    """What no other column of these exports answers, and that the column is left out."""
    taken = {"/".join(filter(None, target)) for export in exports for target in export.targets if target} - {but}
    left = (one for value, one in targets.items() if value not in taken)
    return (Option("", words["options"]["left_out"]), *left)


def _sources(sources: Iterable[str]) -> str:
    names = list(dict.fromkeys(sources))
    return ", ".join(names[:SOURCES]) + (f" + {len(names) - SOURCES}" if len(names) > SOURCES else "")


SHEET = Sheet(
    name="columns",
    record="columns.csv",
    key=KEY,
    value="question",
    headings={"column": 44, "letter": 9, "times": 9, "where": 34},
    items=items,
    verify=lambda path, reading: read_lines("columns", path),
    unique=True,
)


def missing_items(reading: RoundReading, record: Record, words: Words) -> list[Item]:
    """Questions that no column of an export answers, each once for all its exports of one tool. Then those on record."""
    form, lang = reading.questionnaire, words["language"]
    options = (Option(NOT_ASKED, words["options"][NOT_ASKED]),)
    groups: dict[tuple[str, str], list[str]] = {}
    for export in reading.exports:
        # Without the facility's name nothing counts: `check` says what to do, and no drop-down does.
        for name in (name for name in export.missing if name != NAME):
            groups.setdefault((export.export.tool, name), []).append(export.source)
    made = [
        Item(tuple((source, name) for source in sources), (name, form[name].label(lang), _sources(sources)), options, blocks=True)
        for (_, name), sources in groups.items()
    ]  # fmt: skip
    for row in record.rows:
        name, source = row.get("question", ""), row.get("source", "")
        label = form[name].label(lang) if name in form.questions else ""
        made.append(
            Item(((source, name),), (name, label, source), options, blocks=True).on_record(row.get("decision", ""), row)
        )
    return made


MISSING_SHEET = Sheet(
    name="absent",
    record="absent.csv",
    key=("source", "question"),
    value="decision",
    headings={"question": 22, "label": 50, "where": 40},
    items=missing_items,
    verify=lambda path, reading: read_lines("absent", path),
)
