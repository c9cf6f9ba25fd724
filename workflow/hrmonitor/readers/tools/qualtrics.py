"""Qualtrics CSV: tags, question texts and (since "Insights") import ids stand in the first two or three rows.

Answers are recoded values or choice texts; with `form:` in config, the survey's .qsf says what the values mean and
which column is which, also where two have one tag.
"""

from __future__ import annotations

import re

import pandas as pd

from hrmonitor.errors import ReaderError
from hrmonitor.files.sheet import Sheet
from hrmonitor.files.sheets import read_sheets
from hrmonitor.forms.imports.qsf import column_names, legacy_tag
from hrmonitor.questionnaire.model import Questionnaire
from hrmonitor.readers.export import Export, Name, names_of, never
from hrmonitor.readers.matching import plain
from hrmonitor.readers.reader import Likeness, Reader, marks
from hrmonitor.readers.sheet_body import SheetBody

IMPORT_ID = re.compile(r"""\{['"]ImportId['"]\s*:\s*['"](.+?)['"].*\}""")
SYSTEM = {
    "ResponseID", "ResponseId", "ResponseSet", "IPAddress", "StartDate", "EndDate", "RecordedDate", "RecipientLastName",
    "RecipientFirstName", "RecipientEmail", "ExternalDataReference", "ExternalReference", "Finished", "Status", "Progress",
    "Duration (in seconds)", "DistributionChannel", "UserLanguage", "LocationLatitude", "LocationLongitude",
    "LocationAccuracy", "Name", "EmailAddress", "Q_RecaptchaScore", "Q_RelevantIDDuplicate", "Q_RelevantIDFraudScore",
    "Q_TotalDuration", "Q_BallotBoxStuffing", "Q_DuplicateRespondent",
}  # fmt: skip
TIMING = re.compile(r".*_(First Click|Last Click|Page Submit|Click Count)|.*_DO(_.*)?")
# Beside the dates, one of these makes it Qualtrics'.
OWN = {"ResponseID", "ResponseId", "DistributionChannel"}
# Qualtrics writes a number, or in newer exports its words, for previews and tests.
TESTS = {"1", "2", "9", "17", "Survey Preview", "Survey Test", "Preview", "preview", "test"}


def recognise(sheet: Sheet) -> Likeness:
    """The import ids of the third row, the legacy format's first rows, or Qualtrics' own columns."""
    first, second, third = sheet.row(0), sheet.row(1), sheet.row(2)
    has, lacks = marks(
        {
            "columns StartDate and EndDate": {"StartDate", "EndDate"} <= set(first),
            "a column ResponseId": bool({"ResponseID", "ResponseId"} & {*first, *second}),
            "a third row with import ids": any(map(IMPORT_ID.match, third)),
        }
    )
    if any(map(IMPORT_ID.match, third)):
        return Likeness("its third row holds Qualtrics' import ids", has, lacks)
    if first[:1] == ["V1"] and second[:1] in (["ResponseID"], ["ResponseId"]):
        return Likeness("its first rows are those of Qualtrics' legacy format", has, lacks)
    if {"StartDate", "EndDate"} <= set(first) and OWN & set(first):
        return Likeness("it has Qualtrics' own columns", has, lacks)
    return Likeness("", has, lacks)


def read(path: str, entry: dict, questionnaire: Questionnaire | None) -> Export:
    """One row a response; previews are marked as tests, unfinished responses have no `submitted`."""
    sheets, facts = read_sheets(path, entry)
    sheet = sheets[0]
    if len(sheet.cells) < 2:
        raise ReaderError(f"{path}: it ends within its heading rows; it may be cut off. Export it again.")
    tags, texts, third = sheet.row(0), sheet.row(1), sheet.row(2)
    ids = [match.group(1) if (match := IMPORT_ID.match(cell)) else "" for cell in third]
    headings = entry.get("heading_rows") or (3 if any(ids) else 2 if _names_itself(tags, texts) else 1)
    texts = texts if headings > 1 else [""] * len(tags)
    facts.append(f"{headings} heading rows")
    body = SheetBody(sheet, headings, entry)
    form = _form(entry)
    keys = [ids[place] if any(ids) else legacy_tag(tag) for place, tag in enumerate(tags)]
    own: dict[str, int] = {}
    for place, tag in enumerate(tags):
        text = texts[place] if place < len(texts) else ""
        # The legacy format calls its own columns V1, V2, ... and says below what they are.
        mark = text if text in SYSTEM and re.fullmatch(r"V\d+", tag) else tag
        if mark in SYSTEM or TIMING.fullmatch(tag):
            own[mark] = place
            body.own(place, tag)
        else:
            _answers(body, place, text, (tags, keys), form, by_id=any(ids))
    finished = _own(body.cells, own, ("Finished",)).isin(["1", "True", "TRUE", "true", "Ja", "Yes"])
    when = _own(body.cells, own, ("RecordedDate", "EndDate"))
    submitted = when.where(finished) if "Finished" in own else when
    status = _own(body.cells, own, ("Status",)).isin(TESTS)
    status |= _own(body.cells, own, ("DistributionChannel",)).isin(TESTS)
    doubled = len(tags) - len(set(tags))
    if doubled:
        facts.append(f"{doubled} columns have the tag of another")
    facts.append(
        f"{len(body.row)} responses, {int(submitted.notna().sum())} finished, {int(status.sum())} previews or tests"
    )
    return body.export("qualtrics", submitted, facts, test=status, joiner=",", unanswered="-99")


def _answers(
    body: SheetBody, place: int, text: str, headings: tuple[list[str], list[str]], form: tuple, by_id: bool
) -> None:
    """The column as one of answers, or as several where it holds the texts of several choices. `headings`: tags and import ids of all."""
    tags, keys = headings
    places, meanings, by_tag, shared = form
    tag, key = tags[place], keys[place]
    if key in shared and shared[key][0] in keys:
        answer, choices = shared[key]
        for words, question, written in _apart(body.cells[place], body.cells[keys.index(answer)], choices):
            body.answer(place, f"{tag} ({words})", ((question, None),), cells=written)
        return
    target = places.get(key)
    if not by_id and by_tag.get(key):
        target = by_tag[key].pop(0)
    body.answer(place, tag, (*([target] if target else []), *_names(tag, text)), meanings.get(key, {}))


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


READER = Reader("qualtrics", "Qualtrics", read, recognise, heading_rows=True)
