"""Qualtrics CSV: tags, question texts and (since "Insights") import ids stand in the first two or three rows.

Answers are recoded values or choice texts; with `form:` in config, the survey's .qsf says what the values mean and
which column is which, also where two have one tag.
"""

from __future__ import annotations

import re

import pandas as pd

from hrmonitor.errors import ReaderError
from hrmonitor.files.sheets import Sheet, read_sheets
from hrmonitor.forms.imports.qsf import column_names, legacy_tag
from hrmonitor.questionnaire.model import Questionnaire
from hrmonitor.readers.export import Column, Export, Name, names_of, never
from hrmonitor.readers.matching import plain

IMPORT_ID = re.compile(r"""\{['"]ImportId['"]\s*:\s*['"](.+?)['"].*\}""")
SYSTEM = {
    "ResponseID", "ResponseId", "ResponseSet", "IPAddress", "StartDate", "EndDate", "RecordedDate", "RecipientLastName",
    "RecipientFirstName", "RecipientEmail", "ExternalDataReference", "ExternalReference", "Finished", "Status", "Progress",
    "Duration (in seconds)", "DistributionChannel", "UserLanguage", "LocationLatitude", "LocationLongitude",
    "LocationAccuracy", "Name", "EmailAddress", "Q_RecaptchaScore", "Q_RelevantIDDuplicate", "Q_RelevantIDFraudScore",
    "Q_TotalDuration", "Q_BallotBoxStuffing", "Q_DuplicateRespondent",
}  # fmt: skip
TIMING = re.compile(r".*_(First Click|Last Click|Page Submit|Click Count)|.*_DO(_.*)?")
# Qualtrics writes a number, or in newer exports its words, for previews and tests.
TESTS = {"1", "2", "9", "17", "Survey Preview", "Survey Test", "Preview", "preview", "test"}


def recognise(sheet: Sheet) -> str | None:
    """Why the sheet is Qualtrics', if it is."""
    first, second, third = sheet.row(0), sheet.row(1), sheet.row(2)
    if third and IMPORT_ID.match(third[0]):
        return "its third row holds Qualtrics' import ids"
    if first[:1] == ["V1"] and second[:1] in (["ResponseID"], ["ResponseId"]):
        return "its first rows are those of Qualtrics' legacy format"
    if {"StartDate", "EndDate"} <= set(first) and {"ResponseID", "ResponseId", "DistributionChannel"} & set(first):
        return "it has Qualtrics' own columns"
    return None


def read(path: str, entry: dict, questionnaire: Questionnaire | None) -> Export:
    """One row a response; previews are marked as tests, unfinished responses have no `submitted`."""
    sheets, facts = read_sheets(path, entry)
    sheet = sheets[0]
    if len(sheet.cells) < 2:
        raise ReaderError(f"{path}: it ends within its heading rows; it may be cut off. Export it again.")
    tags, texts, third = sheet.row(0), sheet.row(1), sheet.row(2)
    ids = [match.group(1) if (match := IMPORT_ID.match(cell)) else "" for cell in third]
    headings = 3 if any(ids) else 2 if _names_itself(tags, texts) else 1
    texts = texts if headings > 1 else [""] * len(tags)
    facts.append(f"{headings} heading rows")
    body = sheet.body(headings)
    index = pd.RangeIndex(len(body))
    rows = body.index.to_series(index=index)
    body = body.set_axis(index)
    places, meanings, by_tag, shared = _form(entry)
    columns, cells, system = [], [], []
    own: dict[str, int] = {}
    keys = [ids[place] if any(ids) else legacy_tag(tag) for place, tag in enumerate(tags)]
    for place, tag in enumerate(tags):
        text = texts[place] if place < len(texts) else ""
        mark = text if text in SYSTEM else tag
        if mark in SYSTEM or TIMING.fullmatch(tag):
            own[mark] = place
            system.append(tag)
            continue
        if keys[place] in shared and shared[keys[place]][0] in keys:
            answer, choices = shared[keys[place]]
            for words, question, written in _apart(body[place], body[keys.index(answer)], choices):
                columns.append(Column(f"{tag} ({words})", ((question, None),)))
                cells.append(written)
            continue
        target = places.get(keys[place])
        if not any(ids) and by_tag.get(keys[place]):
            target = by_tag[keys[place]].pop(0)
        columns.append(
            Column(tag, tuple([*([target] if target else []), *_names(tag, text)]), meanings.get(keys[place], {}))
        )
        cells.append(body[place])
    data = pd.concat(cells, axis=1, ignore_index=True) if cells else pd.DataFrame(index=index)
    finished = _own(body, own, ("Finished",)).isin(["1", "True", "TRUE", "true", "Ja", "Yes"])
    when = _own(body, own, ("RecordedDate", "EndDate"))
    submitted = when.where(finished) if "Finished" in own else when
    status = _own(body, own, ("Status",)).isin(TESTS) | _own(body, own, ("DistributionChannel",)).isin(TESTS)
    doubled = len(tags) - len(set(tags))
    if doubled:
        facts.append(f"{doubled} columns have the tag of another")
    facts.append(
        f"{len(data)} responses, {int(submitted.notna().sum())} finished, {int(status.sum())} previews or tests"
    )
    notes = [(row, "blank_row", "the row has no cell with text") for row in sheet.blank_rows]
    return Export(
        "qualtrics", data, columns, rows, submitted, status, joiner=",", unanswered="-99", system=system, facts=facts,
        notes=notes,
    )  # fmt: skip


def _names_itself(tags: list[str], texts: list[str]) -> bool:
    """Whether the second row is one of headings: in Qualtrics' own columns it names them ("Response ID", "Finished")."""
    own = {plain(name) for name in SYSTEM}
    return any((tag in SYSTEM or tag == "V1") and plain(text) in own for tag, text in zip(tags, texts, strict=True))


def _apart(written: pd.Series, answers: pd.Series, choices: list[tuple[str, str, str]]) -> list:
    """(words, question, cells) for each choice whose text the column holds; text beside no such choice is the first's."""
    chosen = [answers.isin([code, words]) for code, words, _ in choices]
    chosen[0] |= ~pd.concat(chosen, axis=1).any(axis=1)
    return [(words, question, written.where(of)) for of, (_, words, question) in zip(chosen, choices, strict=True)]


def _form(entry: dict) -> tuple[dict, dict, dict, dict]:
    """What `forms.qsf.column_names` finds in the .qsf; nothing without one."""
    if "form" not in entry:
        return {}, {}, {}, {}
    return column_names(entry["form"])


def _own(body: pd.DataFrame, own: dict[str, int], names: tuple[str, ...]) -> pd.Series:
    for name in names:
        if name in own:
            return body[own[name]]
    return never(body.index)


def _names(tag: str, text: str) -> list[Name]:
    names: list[Name] = [(tag, None)]
    if tag.endswith("_TEXT"):
        bare = tag.removesuffix("_TEXT")
        question = bare.rsplit("_", 1)[0] if "_" in bare else bare
        names += [(f"{question}_other", None), (f"{bare}_other", None)]
        return names
    names += names_of(tag, "_")[1:]
    if text:
        names += [(text, None), *names_of(text, "-")[1:], *names_of(text, " - ")[1:]]
    return names
