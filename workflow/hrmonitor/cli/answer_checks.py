"""What `check` says about answers: how each column is written, what is not understood, what was lost, what is still to be decided."""

from __future__ import annotations

import csv
import io

import pandas as pd

from hrmonitor.cleaning.losses import answer_losses, losses, sentence, too_much
from hrmonitor.cleaning.rules import apply_constraints
from hrmonitor.cleaning.typed_answers import parse_texts
from hrmonitor.cli.decisions.reading import RoundReading
from hrmonitor.cli.table import Table
from hrmonitor.questionnaire.model import Questionnaire
from hrmonitor.readers.column_notation import Notation
from hrmonitor.readers.label_decisions import COLUMNS, Labels
from hrmonitor.readers.open_decisions import OpenDecision
from hrmonitor.readers.suggestions import nearest_option, what_is_wanted

# -9, -99, -999, -88, -77: what projects write where there is no answer.
NO_ANSWER_CODE = r"-(9+|8+|7+)"


def notation_tables(notations: list[tuple[str, Notation]]) -> tuple[Table, Table]:
    """How each column is written, by (source, notation), with the evidence; and what of it is still to be decided."""
    every = Table(
        "How columns are written",
        ["file", "question", "read as", "because"],
        empty="No column needed a decision.",
    )
    left = Table(
        "Columns that can be read in two ways",
        ["file", "question", "rows", "what can be meant"],
        empty="None is left open.",
    )
    for source, notation in notations:
        every.rows.append([source, notation.question, notation.name.replace("_", " ") or "open", notation.evidence])
        if notation.open:
            rows = ", ".join(map(str, notation.rows)) + (" …" if notation.count > len(notation.rows) else "")
            left.rows.append([source, notation.question, rows, notation.sentence()])
    if left.rows:
        left.lines = ["Put these, corrected, under the export in config.yaml:", "        notations:"]
        left.lines += dict.fromkeys(
            f"          {notation.line()}  # or {', '.join(notation.possible[1:])}"
            for _, notation in notations
            if notation.open
        )
    return every, left


def open_notations(notations: list[tuple[str, Notation]]) -> list[OpenDecision]:
    """The notations that a person must decide on, by (source, notation)."""
    return [
        OpenDecision(
            "notation", source, notation.question, "; ".join(example[0] for example in notation.examples), notation.count,
            notation.rows, possible=notation.possible, why=notation.sentence(), line=notation.line(),
        )
        for source, notation in notations
        if notation.open
    ]  # fmt: skip


def unread_answers(responses: pd.DataFrame, questionnaire: Questionnaire, labels: Labels) -> list[OpenDecision]:
    """Answers to choice, number and date questions that are not understood, each text of a question and file once.

    Kind `label` for choices, which `labels:` can settle; the others can only be corrected in the file, and have no line.
    """
    found = []
    for question in questionnaire.answerable:
        if question.pii or question.kind in ("text", "select_multiple") or question.name not in responses:
            continue
        cells = responses[question.name]
        texts = list(cells.dropna().unique())
        strange = [
            t
            for t, parsed in zip(texts, parse_texts(texts, question, labels), strict=True)
            if "not_understood" in parsed.rules
        ]
        of_strange = responses.loc[cells.isin(strange), ["_source", "_row", question.name]]
        for (source, text), rows in of_strange.groupby(["_source", question.name], sort=False)["_row"]:
            code = nearest_option(text, question)[0] if question.choices else ""
            line = _csv_line([question.name, text, code, ""]) if question.choices else ""
            numbers = tuple(int(row) for row in rows)
            found.append(
                OpenDecision(
                    "label" if question.choices else "answer", source, question.name, text, len(rows), numbers, code,
                    (*question.codes, "no_answer") if question.choices else (), what_is_wanted(text, question), line, blocks=False,
                )
            )  # fmt: skip
    return found


def unread_table(unread: list[OpenDecision], options: int, open_notations: int, where: str | None) -> Table:
    """One row a cell, in the order of files and rows. `options`: joined answers that are no option, which another table lists."""
    table = Table("Answers that are not understood (they count as no answer)", ["file", "row", "question", "answer", "nearest option"],
                  empty="Every answer is understood.")  # fmt: skip
    if options or open_notations:
        table.empty = "None but those in the other tables of this page."
    for one in unread:
        table.rows += [[one.source, str(row), one.question, one.written, one.why] for row in one.rows]
    table.rows.sort(key=lambda row: (row[0], int(row[1])))
    lines = list(dict.fromkeys(one.line for one in unread if one.line))
    if lines:
        into = where or "a CSV file that `labels:` of the round names"
        table.lines = [
            f"Labels can be settled: correct these and put them into {into} (an option's code or no_answer; give your reason):",
            *([] if where else [",".join(COLUMNS)]),
            *lines,
        ]
    return table


def number_tables(reading: RoundReading, answers: pd.DataFrame, missing: pd.DataFrame) -> tuple[Table, Table]:
    """Answers that a rule of the form excludes, so that they will count as none; and numbers that may be codes for no answer.

    `answers` and `missing` as typing gives them; texts are not repeated.
    """
    outside = Table("Answers that a rule of the form excludes (they count as no answer)",
                    ["file", "row", "question", "answer", "rule"], empty="There is none.")  # fmt: skip
    codes = Table(
        "Numbers that may be codes for no answer", ["file", "question", "number", "cells"], empty="There is none."
    )
    responses, form = reading.responses, reading.questionnaire
    assert responses is not None
    broken: list[pd.DataFrame] = []
    apply_constraints(answers, missing, responses, form, broken)
    for line in pd.concat(broken).itertuples() if broken else ():
        if line.rule == "constraint" and form[line.question].kind in ("integer", "decimal", "date"):
            question = form[line.question]
            rule = question.constraint_messages.get("en") or question.constraint
            outside.rows.append([line.source, str(line.row), question.name, str(line.raw), rule])
    outside.rows.sort(key=lambda row: (row[0], int(row[1])))
    for question in form.answerable:
        if question.kind in ("integer", "decimal") and not question.pii and question.name in responses:
            cells = responses[question.name].str.strip()
            found = responses["_source"][cells.str.fullmatch(NO_ANSWER_CODE).fillna(False).astype(bool)]
            for (source, code), number in found.groupby([found, cells[found.index]]).size().items():
                codes.rows.append([source, question.name, code, str(number)])
    if codes.rows:
        codes.lines = [
            "If they are, say so under the export in config.yaml (or means: refused, dont_know, not_applicable):"
        ]
        declared = ", ".join(
            f"{{code: {code}, means: no_answer, types: [integer, decimal]}}"
            for code in sorted({row[2] for row in codes.rows})
        )
        codes.lines.append(f"        missing_codes: [{declared}]")
    return outside, codes


def round_losses(
    reading: RoundReading, notes: pd.DataFrame, audit: list[pd.DataFrame]
) -> tuple[Table, list[OpenDecision]]:
    """What the round loses too much of, as far as can be seen before facilities are known; and the decisions that would accept it.

    `audit` has the lines of typing its responses.
    """
    responses, questionnaire, accept = reading.responses, reading.questionnaire, reading.round_.accept
    assert responses is not None
    submissions, _ = reading.submissions
    lost = losses(answer_losses(audit, responses, submissions, questionnaire), notes, submissions)
    table = Table("Losses of more than one in ten", ["what", "how many", "accepted"], empty="There is none.")
    left = too_much(lost, accept)
    open_: list[OpenDecision] = []
    for row in too_much(lost, []).itertuples():
        accepted = row.Index not in left.index
        kind, name = str(row.kind), str(row[2])
        table.rows.append(
            [sentence(kind, name, int(row.lost), int(row.n)), f"{row.lost} of {row.n}", "yes" if accepted else "no"]
        )
        if not accepted:
            open_.append(
                OpenDecision("loss", "", name if kind == "question" else "", name, int(row.lost), why=table.rows[-1][0],
                             line=f"- {{{kind}: {name}, reason: why that is right}}")
            )  # fmt: skip
    if open_:
        table.lines = ["Correct what can be; if it is meant, put this under the round in config.yaml:", "    accept:"]
        table.lines += [f"      {one.line}" for one in open_]
    return table, open_


def _csv_line(cells: list[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(cells)
    return line.getvalue()
