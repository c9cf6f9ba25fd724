"""Submissions into files of the shapes that survey tools give."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd

from hrmonitor.questionnaire.model import Question, Questionnaire

FIXED_DATE = (2021, 11, 1, 12, 0, 0)


def limesurvey_code(name: str) -> str:
    """LimeSurvey takes letters and digits only."""
    return name.replace("_", "")


def write_limesurvey(path: Path, questionnaire: Questionnaire, submissions: list[dict]) -> None:
    """A LimeSurvey CSV: BOM, semicolons, all quoted; headings are codes, answers in full, in Dutch."""
    system = ["id", "submitdate", "lastpage", "startlanguage", "seed", "startdate", "datestamp", "ipaddr"]
    header = [*system]
    for question in _fielded(questionnaire):
        header += [heading for heading, _ in _limesurvey_cells(question, {})]
    with open(path, "w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
        writer.writerow(header)
        for number, submission in enumerate(submissions, start=1):
            submission["source"], submission["row"] = path.name, number + 1
            start = f"2021-{3 + number % 7:02d}-{1 + number % 27:02d} {9 + number % 8:02d}:{number % 60:02d}:00"
            done = submission["submitted"]
            row = [str(number + 14), start.replace(":00", ":59") if done else "", "14" if done else "1", "nl",
                   str(1000003 * number % 999983), start, start, "192.0.2.1"]  # fmt: skip
            for question in _fielded(questionnaire):
                row += [cell for _, cell in _limesurvey_cells(question, submission["answers"])]
            writer.writerow(row)


def _fielded(questionnaire: Questionnaire) -> list[Question]:
    """Questions that have a place of their own in a form: "other, namely" is part of its question."""
    return [
        question
        for question in questionnaire.answerable
        if not (question.name.endswith("_other") and question.name.removesuffix("_other") in questionnaire.questions)
    ]


def _limesurvey_cells(question: Question, answers: dict) -> list[tuple[str, str]]:
    code, other = limesurvey_code(question.name), answers.get(f"{question.name}_other", "")
    value = answers.get(question.name, "")
    if question.kind == "select_one":
        cells = [(code, "-oth-" if value == "other" else question.choice(value).label("nl") if value else "")]
        return [*cells, (f"{code}[other]", other)] if "other" in question.codes else cells
    if question.kind == "select_multiple":
        shown = any(f"{question.name}/{choice}" in answers for choice in question.codes)
        cells = []
        for choice in question.codes:
            if choice == "other":
                cells.append((f"{code}[other]", other))
            else:
                ticked = {"1": "Ja", "0": "Nee"}.get(answers.get(f"{question.name}/{choice}", ""), "")
                cells.append((f"{code}[{limesurvey_code(choice)}]", ticked if shown else "N/A"))
        return cells
    if question.kind == "date" and value.count("-") == 2 and value.index("-") == 4:
        value += " 00:00:00"
    return [(code, value)]


def write_workbook(path: Path, questionnaire: Questionnaire, submission: dict, cross: str) -> None:
    """A returned questionnaire: labels in one column, answers in the next, crosses in boxes."""
    from openpyxl import Workbook

    workbook = Workbook()
    sheet = workbook.active
    sheet.title = "Vragenlijst"
    sheet.append(["", questionnaire.title])
    sheet.append(["Nr.", "Vraag", "Antwoord", "Toelichting"])
    group, number = None, 0
    answers = submission["answers"]
    for question in _fielded(questionnaire):
        if question.group and question.group[0] != group:
            group = question.group[0]
            sheet.append([None, questionnaire.groups[group]["nl"]])
        number += 1
        hint = question.hints.get("nl")
        if not question.kind.startswith("select"):
            sheet.append([number, question.label("nl"), _cell(answers.get(question.name, "")), hint])
            continue
        sheet.append([number, question.label("nl"), None, hint])
        for choice in question.choices:
            ticked = answers.get(question.name) == choice.name or answers.get(f"{question.name}/{choice.name}") == "1"
            other = answers.get(f"{question.name}_other") if choice.name == "other" and ticked else None
            sheet.append([None, f"   {choice.label('nl')}", cross if ticked else None, other])
    sheet.column_dimensions["B"].width = 70
    sheet.column_dimensions["C"].width = 24
    _save_without_clock(workbook, path)
    submission["source"], submission["row"] = f"{path.parent.name}/{path.name}", 1


def _cell(text: str):
    """Numbers as numbers, as a person's Excel stores them; everything else as typed."""
    try:
        number = float(text)
    except ValueError:
        return text or None
    return int(number) if number == int(number) else number


def _save_without_clock(workbook, path: Path) -> None:
    """Save with fixed dates inside, so that the same answers give the same bytes."""
    from openpyxl.cell.cell import TYPE_FORMULA, TYPE_STRING

    for row in workbook.active.iter_rows():
        for cell in row:
            if cell.data_type == TYPE_FORMULA:
                cell.data_type = TYPE_STRING  # "=..." typed by a person is text
    buffer = io.BytesIO()
    workbook.save(buffer)
    with zipfile.ZipFile(buffer) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in sorted(old.namelist()):
            content = old.read(entry)
            if entry == "docProps/core.xml":
                content = _fix_core(content)
            new.writestr(zipfile.ZipInfo(entry, FIXED_DATE), content, zipfile.ZIP_DEFLATED)


def _fix_core(content: bytes) -> bytes:
    import re

    return re.sub(rb"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z", b"2021-11-01T12:00:00Z", content)


def write_sav(
    path: Path, questionnaire: Questionnaire, submissions: list[dict], rng: np.random.Generator
) -> list[dict]:
    """An SPSS file with value labels and user-missing codes; returns the missing codes put in, as errors."""
    import pyreadstat

    for number, submission in enumerate(submissions, start=1):
        submission["source"], submission["row"] = path.name, number
    columns, labels, value_labels, missing = _sav_columns(questionnaire, submissions)
    errors = _put_missing_codes(submissions, columns, value_labels, missing, rng)
    pyreadstat.write_sav(
        pd.DataFrame(columns), str(path), column_labels=labels, file_label=questionnaire.title,  # type: ignore[arg-type]  # the stub wants dict[str, str | None], and dict is invariant
        variable_value_labels=value_labels,
        missing_ranges={name: [{"lo": code, "hi": code} for code in codes] for name, codes in missing.items()},
    )  # fmt: skip
    # The header of a .sav carries the moment of writing: 9 bytes of date from 92 on, then 8 of time.
    content = bytearray(path.read_bytes())
    content[92:109] = b"01 Nov 1812:00:00"
    path.write_bytes(bytes(content))
    return errors


def _sav_columns(
    questionnaire: Questionnaire, submissions: list[dict]
) -> tuple[dict[str, list], dict[str, str], dict[str, dict], dict[str, list[float]]]:
    """By variable: its values, its label, the labels of its values, and the codes that stand for no answer."""
    columns: dict[str, list] = {}
    labels: dict[str, str] = {}
    value_labels: dict[str, dict] = {}
    missing: dict[str, list[float]] = {}
    for question in questionnaire.answerable:
        values = [submission["answers"].get(question.name, "") for submission in submissions]
        labels[question.name] = question.label("nl")
        if question.kind == "select_one":
            codes = [choice.name for choice in question.choices if choice.missing is None]
            high = 9 if len(codes) < 8 else 99
            value_labels[question.name] = {
                **{float(i): question.choice(code).label("nl") for i, code in enumerate(codes, start=1)},
                float(high - 1): "weet niet", float(high): "geen antwoord",
            }  # fmt: skip
            missing[question.name] = [float(high - 1), float(high)]
            columns[question.name] = [
                float(codes.index(value) + 1) if value in codes else float(high - 1) if value else np.nan
                for value in values
            ]
        elif question.kind == "select_multiple":
            del labels[question.name]
            for choice in question.choices:
                name = f"{question.name}_{choice.name}"
                labels[name] = f"{question.label('nl')} - {choice.label('nl')}"
                ticks = [submission["answers"].get(f"{question.name}/{choice.name}", "") for submission in submissions]
                columns[name] = [float(tick) if tick else np.nan for tick in ticks]
                value_labels[name] = {0.0: "Nee", 1.0: "Ja"}
        elif question.kind in ("integer", "decimal"):
            unknown = 999.0 if question.unit == "%" or question.name.startswith(("dcr_", "age_")) else 99999.0
            value_labels[question.name] = {-9.0: "geen antwoord", unknown: "weet niet"}
            missing[question.name] = [-9.0, unknown]
            columns[question.name] = [float(value) if value else np.nan for value in values]
        else:
            columns[question.name] = values
    return columns, labels, value_labels, missing


def _put_missing_codes(
    submissions: list[dict],
    columns: dict[str, list],
    value_labels: dict[str, dict],
    missing: dict[str, list[float]],
    rng: np.random.Generator,
) -> list[dict]:
    """Puts codes into the columns where an answer was; returns what was done, as errors."""
    errors: list[dict] = []
    for name, codes in missing.items():
        # Two questions in five have a code or two where an answer was.
        if rng.random() < 0.4:
            place = int(rng.integers(0, 24))
            if (
                submissions[place]["kind"] == "kept"
                and not pd.isna(columns[name][place])
                and name not in ("service", "province")
            ):
                code = codes[int(rng.integers(0, 2))]
                errors.append({"submission": submissions[place], "question": name, "raw": value_labels[name][code],
                               "truth": submissions[place]["answers"][name], "kind": "user_missing_code",
                               "expected_rule": "missing_word", "visible": "true", "reason": ""})  # fmt: skip
                columns[name][place] = code
    return errors
