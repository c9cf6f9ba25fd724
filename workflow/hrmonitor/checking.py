"""`check`: what a researcher needs to know of a round's files before the first build, in seconds.

The result is a list of tables, each with a title, headings and rows; nothing in it repeats what a respondent wrote,
except for an answer to a choice or number question that was not understood.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from hrmonitor.cleaning.values import parse_choice, parse_date, parse_number
from hrmonitor.errors import UserError
from hrmonitor.privacy import mask, names_in
from hrmonitor.questionnaire import Question, Questionnaire, read_questionnaire
from hrmonitor.readers import open_export, read_export
from hrmonitor.readers.matching import find_targets, left_out, map_line, nearest, without_column
from hrmonitor.register import open_in, read_register
from hrmonitor.rounds import exports_of

# More lines than this are counted, not shown.
SHOWN = 40


@dataclass
class Table:
    title: str
    headings: list[str]
    rows: list[list[str]] = field(default_factory=list)
    empty: str = "Nothing."


def check_round(name: str, config: dict) -> tuple[list[Table], bool]:
    """(tables, whether the round can be built). `config` is what `config.check_config` gives."""
    round_ = config["rounds"][name]
    questionnaire = read_questionnaire(round_["questionnaire"])
    files = Table("Files", ["file", "read as", "submissions", "what was found"])
    columns = Table("Columns without a question, and questions without a column", ["file", "what", "line for `columns:` or what to do"],
                    empty="Every column has its question, every question its column.")  # fmt: skip
    frames, fine = [], True
    for path, source, entry in exports_of(round_):
        try:
            export = open_export(path, entry, questionnaire)
            targets = find_targets(path, export, questionnaire, entry)
            known = left_out(entry, questionnaire)
            strange = [
                c.heading for c, t in zip(export.columns, targets, strict=True) if t is None and c.heading not in known
            ]
            absent = without_column(targets, questionnaire, entry)
            for heading in strange:
                columns.rows.append([source, f"column {heading}", map_line(heading, nearest(heading, questionnaire))])
            for question in absent:
                columns.rows.append([source, f"question {question}", "export it, or list it under `absent:`"])
            fine &= not strange and not absent
            files.rows.append([source, export.tool, str(len(export.data)), "; ".join(export.facts)])
            # The rest of the check is of use even when columns are still to be settled.
            settled = {**entry, "ignore": [*known, *strange], "absent": [*entry.get("absent", []), *absent]}
            responses, _, _ = read_export(path, questionnaire, settled, source)
            frames.append(responses)
        except UserError as error:
            fine = False
            if not files.rows or files.rows[-1][0] != source:
                files.rows.append([source, entry["tool"], "", str(error).split("\n")[0]])
    tables = [files, columns]
    if frames:
        responses = pd.concat(frames, ignore_index=True)
        register = open_in(read_register(config["register"]), round_["year"])
        tables += [
            _by_service(responses, questionnaire, register),
            _not_understood(responses, questionnaire),
            _personal(responses, questionnaire),
        ]
    others = {
        other: read_questionnaire(block["questionnaire"]) for other, block in config["rounds"].items() if other != name
    }
    tables.append(_against_earlier(questionnaire, others))
    return tables, fine


def _by_service(responses: pd.DataFrame, questionnaire: Questionnaire, register: pd.DataFrame) -> Table:
    table = Table(
        "Submissions by service and mode, against the register",
        ["service", "interview", "questionnaire", "in the register"],
    )
    if "service" not in questionnaire.questions:
        table.empty = "The form has no question `service`."
        return table
    question = questionnaire["service"]
    service = (
        responses["service"]
        .map(lambda text: parse_choice(text, question).value, na_action="ignore")
        .fillna("not given")
    )
    for code in [*question.codes, *(["not given"] if (service == "not given").any() else [])]:
        modes = responses.loc[service == code, "_mode"].value_counts()
        known = int((register["service"] == code).sum())
        if len(modes) or known:
            table.rows.append([code, str(modes.get("interview", 0)), str(modes.get("questionnaire", 0)), str(known)])
    return table


def _not_understood(responses: pd.DataFrame, questionnaire: Questionnaire) -> Table:
    table = Table(
        "Answers that are not understood",
        ["file", "row", "question", "answer", "nearest option"],
        empty="Every answer is understood.",
    )
    names = names_in(responses, questionnaire)
    for question in questionnaire.answerable:
        if question.pii or question.kind in ("text", "select_multiple"):
            continue
        cells = responses[question.name]
        strange = [text for text in cells.dropna().unique() if "not_understood" in _parsed(text, question).rules]
        for index in responses.index[cells.isin(strange)]:
            source, row = responses.loc[index, ["_source", "_row"]]
            text = mask(cells[index], names)
            table.rows.append([source, str(row), question.name, text, _suggestion(text, question)])
    if len(table.rows) > SHOWN:
        more = len(table.rows) - SHOWN
        table.rows = [*table.rows[:SHOWN], ["", "", "", f"and {more} more", ""]]
    return table


def _parsed(text: str, question: Question):
    if question.kind == "select_one":
        return parse_choice(text, question)
    if question.kind == "date":
        return parse_date(text)
    return parse_number(text, question.kind == "integer", question.unit == "%")


def _suggestion(text: str, question: Question) -> str:
    from rapidfuzz import process

    labels = {label: choice.name for choice in question.choices for label in (choice.name, *choice.labels.values())}
    near = process.extractOne(text, labels.keys(), score_cutoff=55)
    return labels[near[0]] if near else ""


def _personal(responses: pd.DataFrame, questionnaire: Questionnaire) -> Table:
    """By place, never by content."""
    table = Table(
        "Contact details in unexpected places (they are masked when the round is built)", ["file", "row", "question"]
    )
    names = names_in(responses, questionnaire)
    for question in questionnaire.answerable:
        if question.kind != "text" or question.pii:
            continue
        cells = responses[question.name].dropna()
        for index, text in cells.items():
            if mask(text, names) != text:
                table.rows.append([responses.loc[index, "_source"], str(responses.loc[index, "_row"]), question.name])
    return table


def _against_earlier(questionnaire: Questionnaire, others: dict[str, Questionnaire]) -> Table:
    table = Table(
        "Questions against other rounds", ["round", "only here", "only there"], empty="There is no other round."
    )
    for name, other in others.items():
        new = [question for question in questionnaire.questions if question not in other.questions]
        gone = [question for question in other.questions if question not in questionnaire.questions]
        table.rows.append([name, ", ".join(new) or "none", ", ".join(gone) or "none"])
    return table


def as_html(title: str, tables: list[Table]) -> str:
    """One page without anything from outside; every cell is escaped."""
    from html import escape

    parts = [f"<h1>{escape(title)}</h1>"]
    for table in tables:
        parts.append(f"<h2>{escape(table.title)}</h2>")
        if not table.rows:
            parts.append(f"<p>{escape(table.empty)}</p>")
            continue
        head = "".join(f'<th scope="col">{escape(heading)}</th>' for heading in table.headings)
        body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in table.rows)
        parts.append(f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>")
    style = (
        "body{font:16px/1.5 sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a}"
        "h1,h2{color:#0B4A72}table{border-collapse:collapse;width:100%}"
        "th,td{text-align:left;vertical-align:top;padding:.3rem .6rem;border-bottom:1px solid #bbb;overflow-wrap:anywhere}"
    )
    return f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title><style>{style}</style></head><body>{"".join(parts)}</body></html>\n'
