"""Answers written as each survey tool would export them: the fixtures of the readers' tests, made anew each time.

`answers` is a list of dicts by canonical column (`q`, `q/choice` "1"/"0"); a question that is not there was not answered.
"""

from __future__ import annotations

import csv
import zipfile
from pathlib import Path

import pandas as pd


def _codes(question, one: dict) -> list[str] | None:
    """The ticked options, or None if the question was not answered."""
    boxes = [one.get(f"{question.name}/{code}") for code in question.codes]
    if all(box is None for box in boxes):
        return None
    return [code for code, box in zip(question.codes, boxes, strict=True) if box == "1"]


def _write_csv(path: Path, rows: list[list[str]], delimiter=",", encoding="utf-8", end="\n", quoting=csv.QUOTE_MINIMAL):
    with open(path, "w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(rows)


def _write_xlsx(path: Path, sheets: dict[str, list[list]]):
    from openpyxl import Workbook

    workbook = Workbook()
    workbook.remove(workbook.active)
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name[:31])
        for row in rows:
            sheet.append([value if value != "" else None for value in row])
        for cells in sheet.iter_rows():
            for cell in cells:
                cell.data_type = "s" if cell.data_type == "f" else cell.data_type
    workbook.save(path)


def limesurvey(
    path, form, answers, labels=False, headings="codes", ticks=("Y", ""), encoding="utf-8-sig", delimiter=";"
):
    """Codes or labels, headings as codes or full text, Y/blank or Ja/Nee."""
    lead = (
        ["Respons ID", "Datum verstuurd", "Laatste pagina"] if headings == "text" else ["id", "submitdate", "lastpage"]
    )
    header, columns = [*lead], []
    for question in form.answerable:
        name = question.label("nl") if headings == "text" else question.name.replace("_", "")
        if question.kind == "select_multiple":
            for choice in question.choices:
                header.append(
                    f"{name} [{choice.label('nl')}]"
                    if headings == "text"
                    else f"{name}[{choice.name.replace('_', '')}]"
                )
                columns.append((question, choice.name))
        else:
            header.append(name)
            columns.append((question, None))
    rows = [header]
    for number, one in enumerate(answers, start=1):
        row = [str(number), "2024-05-01 10:00:00", "9"]
        for question, code in columns:
            if code is not None:
                box = one.get(f"{question.name}/{code}")
                row.append({"1": ticks[0], "0": ticks[1], None: ""}[box])
            else:
                value = one.get(question.name, "")
                row.append(
                    question.choice(value).label("nl") if labels and value and question.kind == "select_one" else value
                )
        rows.append(row)
    _write_csv(path, [*rows, []], delimiter, encoding, "\n", csv.QUOTE_ALL)


def kobo(path, form, answers, labels="", variant="both", groups=True, unseen=""):
    """CSV (semicolon, quoted) or XLSX by the ending; names or labels; boxes, joined cell, or both; `unseen` in boxes that nobody saw."""
    header, columns = [], []
    for question in form.answerable:
        name = question.label(labels) if labels else question.name
        if groups:
            path_ = [form.groups[g].get(labels, g) if labels else g for g in question.group]
            name = "/".join([*path_, name])
        if question.kind != "select_multiple" or variant in ("both", "summary"):
            header.append(name)
            columns.append((question, None))
        if question.kind == "select_multiple" and variant in ("both", "details"):
            for choice in question.choices:
                header.append(f"{name}/{choice.label(labels) if labels else choice.name}")
                columns.append((question, choice.name))
    rows = [[*header, "_id", "_uuid", "_submission_time", "_index"]]
    for number, one in enumerate(answers, start=1):
        row = []
        for question, code in columns:
            if code is not None:
                row.append(one.get(f"{question.name}/{code}", unseen))
            elif question.kind == "select_multiple":
                row.append(
                    " ".join(question.choice(c).label(labels) if labels else c for c in _codes(question, one) or [])
                )
            else:
                value = one.get(question.name, "")
                row.append(
                    question.choice(value).label(labels)
                    if labels and value and question.kind == "select_one"
                    else value
                )
        rows.append([*row, str(number), f"uuid-{number}", "2024-05-01T10:00:00", str(number)])
    if path.suffix == ".xlsx":
        _write_xlsx(path, {"export": rows})
    else:
        _write_csv(path, rows, ";", "utf-8", "\r\n", csv.QUOTE_ALL)


def odk_zip(path, form, answers):
    """ODK Central: a zip of CSVs, `group-question`, joined answers."""
    header = ["-".join([*question.group, question.name]) for question in form.answerable]
    rows = [["SubmissionDate", *header, "KEY"]]
    for number, one in enumerate(answers, start=1):
        cells = [
            " ".join(_codes(q, one) or []) if q.kind == "select_multiple" else one.get(q.name, "")
            for q in form.answerable
        ]
        rows.append(["2024-05-01T10:00:00.000Z", *cells, f"uuid:{number}"])
    inner = path.with_suffix(".csv")
    _write_csv(inner, rows)
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(inner, "form.csv")
    inner.unlink()


def redcap(path, form, answers, labels=False, unseen=""):
    """Raw (`field___code`, codes) or labelled (`Label (choice=Option)`, Checked/Unchecked); with `unseen` "0", as REDCap writes boxes that
    nobody saw, the form of a submission whose `_complete` is empty is incomplete."""
    header, columns = ["Record ID" if labels else "record_id"], []
    for question in form.answerable:
        name = question.label("en") if labels else question.name
        for choice in question.choices if question.kind == "select_multiple" else [None]:
            code = choice.name if choice else None
            header.append(
                (f"{name} (choice={choice.label('en')})" if labels else f"{name}___{code}") if choice else name
            )
            columns.append((question, code))
    rows = [[*header, "Complete?" if labels else "form_complete"]]
    words = {"1": "Checked", "0": "Unchecked"} if labels else {"1": "1", "0": "0"}
    words[None] = words.get(unseen, "")
    for number, one in enumerate(answers, start=1):
        row = [str(number)]
        for question, code in columns:
            value = one.get(question.name, "")
            if code is not None:
                row.append(words[one.get(f"{question.name}/{code}")])
            else:
                row.append(
                    question.choice(value).label("en") if labels and value and question.kind == "select_one" else value
                )
        boxes = [one.get(f"{question.name}/{code}") for question in form.answerable for code in question.codes]
        done = not unseen or (one.get("_complete", "1") and None not in boxes)
        rows.append([*row, ("Complete" if done else "Incomplete") if labels else ("2" if done else "0")])
    _write_csv(path, rows)


def qualtrics(path, form, answers, headings=3, texts=True):
    """Three heading rows with single-quoted import ids, or the two of the legacy format; 1/blank boxes."""
    tags = ["StartDate", "EndDate", "Status", "Finished"] if headings == 3 else ["V8", "V9", "V7", "V10"]
    first = ["ResponseId" if headings == 3 else "V1", *tags]
    second = ["ResponseID", "StartDate", "EndDate", "Status", "Finished"]
    third = [f"{{'ImportId': '{name}'}}" for name in ("responseId", "startDate", "endDate", "status", "finished")]
    columns = []
    for question in form.answerable:
        for code in question.codes if question.kind == "select_multiple" else [None]:
            first.append(f"{question.name}_{code}" if code else question.name)
            second.append(
                f"{question.label('en')}-{question.choice(code).label('en')}" if code else question.label("en")
            )
            third.append(f"{{'ImportId': 'QID{len(third)}'}}")
            columns.append((question, code))
    rows = [first, second, third][:headings]
    for number, one in enumerate(answers, start=1):
        row = [f"R_{number}", "2024-05-01 10:00:00", "2024-05-01 10:09:00", "0", "1"]
        for question, code in columns:
            value = one.get(question.name, "")
            if code is not None:
                row.append("1" if one.get(f"{question.name}/{code}") == "1" else "")
            else:
                row.append(
                    question.choice(value).label("en") if texts and value and question.kind == "select_one" else value
                )
        rows.append(row)
    _write_csv(path, rows, encoding="utf-8-sig" if headings == 2 else "utf-8")


def surveymonkey(path, form, answers, numeric=False, condensed=False):
    """Question above, option below; texts or numbers of options; CSV or XLSX; blank rows at the end."""
    first, second = ["Respondent ID", "Collector ID", "Start Date", "End Date"], ["", "", "", ""]
    columns = []
    for question in form.answerable:
        several = question.kind == "select_multiple" and not condensed
        for place, choice in enumerate(question.choices if several else [None]):
            first.append(question.label("en") if place == 0 else "")
            second.append(choice.label("en") if choice else ("Response" if question.choices else "Open-Ended Response"))
            columns.append((question, choice.name if choice else None))
    rows = [first, second]
    for number, one in enumerate(answers, start=1):
        row = [str(10000 + number), "77", "45413", "45413"]
        for question, code in columns:
            value = one.get(question.name, "")
            if code is not None:
                shown = str(question.codes.index(code) + 1) if numeric else question.choice(code).label("en")
                row.append(shown if one.get(f"{question.name}/{code}") == "1" else "")
            elif question.kind == "select_multiple":
                row.append(", ".join(question.choice(c).label("en") for c in _codes(question, one) or []))
            elif value and question.kind == "select_one":
                row.append(str(question.codes.index(value) + 1) if numeric else question.choice(value).label("en"))
            else:
                row.append(value)
        rows.append(row)
    if path.suffix == ".xlsx":
        _write_xlsx(path, {"Sheet": rows})
    else:
        _write_csv(path, [*rows, [""] * len(first), [""] * len(first)], encoding="utf-8-sig")


def _forms(path, form, answers, lead: list[str], values: list[str], joiner: str, last: str, lang: str):
    rows = [[*lead, *(question.label(lang) for question in form.answerable)]]
    for one in answers:
        row = list(values)
        for question in form.answerable:
            value = one.get(question.name, "")
            if question.kind == "select_multiple":
                codes = _codes(question, one) or []
                row.append(joiner.join(question.choice(code).label(lang) for code in codes) + (last if codes else ""))
            else:
                row.append(question.choice(value).label(lang) if value and question.kind == "select_one" else value)
        rows.append(row)
    _write_xlsx(path, {"Sheet1": rows}) if path.suffix == ".xlsx" else _write_csv(path, rows)


def google_forms(path, form, answers):
    """Labels as headings, options joined by ", "; the time as an American sheet writes it."""
    _forms(path, form, answers, ["Timestamp", "Email Address"], ["5/31/2024 10:00:00", "x@example.org"], ", ", "", "en")


def microsoft_forms(path, form, answers):
    """Labels as headings, options joined by ";" with one at the end, in Dutch."""
    lead = ["Id", "Begintijd", "Tijd van voltooien", "E-mail", "Naam"]
    _forms(path, form, answers, lead, ["1", "31-5-2024 10:00", "31-5-2024 10:09", "anoniem", ""], ";", ";", "nl")


def excel_forms(path, form, answers, lang="nl"):
    """Our own workbook, filled in once for each submission and written over the one before; yields after each."""
    import openpyxl
    from hrmonitor.forms.exports.fillable import rows, write_workbook

    write_workbook(path, form, lang)
    workbook = openpyxl.load_workbook(path)
    sheet = workbook.worksheets[0]
    for one in answers:
        for place, text in enumerate(_by_hand(rows(form, lang), one), start=3):
            sheet.cell(place, 3).value = text or None
        workbook.save(path)
        yield


def word_forms(path, form, answers, lang="nl"):
    """Our own document, filled in once for each submission and written over the one before; yields after each."""
    from docx import Document
    from hrmonitor.forms.exports.fillable import rows, write_document

    write_document(path, form, lang)
    document = Document(str(path))
    cells = [row.cells[2] for row in document.tables[0].rows][1:]
    of_14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
    for one in answers:
        for cell, text in zip(cells, _by_hand(rows(form, lang), one), strict=True):
            boxes = list(cell._tc.iter(f"{of_14}checked"))
            if boxes:
                boxes[0].set(f"{of_14}val", "1" if text else "0")
            else:
                cell.text = text
        document.save(str(path))
        yield


def _by_hand(lines, one):
    """What stands in the column for answers, line by line: a cross at each option that was ticked."""
    options = iter(())
    for kind, _, _, question in lines:
        if kind == "question":
            options = iter(question.codes)
        if kind == "option":
            code = next(options)
            ticked = one.get(f"{question.name}/{code}") == "1" or one.get(question.name) == code
            yield "x" if ticked else ""
        else:
            yield one.get(question.name, "") if kind == "question" and not question.choices else ""


def sas(path, form, answers):
    """A SAS transport file: codes as they stand in the form, numbers as numbers, boxes as `question_option`."""
    import pyreadstat

    columns = {}
    for question in form.answerable:
        if question.kind == "select_multiple":
            for code in question.codes:
                columns[f"{question.name}_{code}"] = [
                    float(one.get(f"{question.name}/{code}", "nan")) for one in answers
                ]
        elif question.kind in ("integer", "decimal") or (question.choices and all(map(str.isdigit, question.codes))):
            columns[question.name] = [float(one.get(question.name, "nan")) for one in answers]
        else:
            columns[question.name] = [one.get(question.name, "") for one in answers]
    pyreadstat.write_xport(pd.DataFrame(columns), str(path), file_format_version=8)


def statistical(path, form, answers):
    """SPSS or Stata by the ending: numbered codes with value labels, boxes as `question_option`."""
    import pyreadstat

    columns, labels = {}, {}
    for question in form.answerable:
        if question.kind == "select_one":
            codes = {code: float(place) for place, code in enumerate(question.codes, start=1)}
            columns[question.name] = [codes.get(one.get(question.name), float("nan")) for one in answers]
            labels[question.name] = {codes[choice.name]: choice.label("nl")[:110] for choice in question.choices}
        elif question.kind == "select_multiple":
            for code in question.codes:
                columns[f"{question.name}_{code}"] = [
                    float(one.get(f"{question.name}/{code}", "nan")) for one in answers
                ]
        elif question.kind in ("integer", "decimal"):
            columns[question.name] = [float(one.get(question.name, "nan")) for one in answers]
        else:
            columns[question.name] = [one.get(question.name, "") for one in answers]
    if path.suffix == ".dta":
        labels = {name: {int(code): label for code, label in of.items()} for name, of in labels.items()}
        frame = pd.DataFrame(columns).astype({name: "Int32" for name in labels})
        pyreadstat.write_dta(frame, str(path), variable_value_labels=labels)
    else:
        pyreadstat.write_sav(
            pd.DataFrame(columns), str(path), variable_value_labels=labels, compress=path.suffix == ".zsav"
        )


def table(path, form, answers, joined=False, typed=False):
    """A plain table by the ending: .csv, .tsv, .xlsx, .parquet; boxes or joined cells; `typed`: numbers as number cells."""
    header, columns = [], []
    for question in form.answerable:
        for code in question.codes if question.kind == "select_multiple" and not joined else [None]:
            header.append(f"{question.name}/{code}" if code else question.name)
            columns.append((question, code))
    rows = []
    for one in answers:
        row = []
        for question, code in columns:
            if code is None and question.kind == "select_multiple":
                row.append("; ".join(_codes(question, one) or []))
            else:
                value = one.get(f"{question.name}/{code}" if code else question.name, "")
                row.append(float(value) if typed and value and question.kind in ("integer", "decimal") else value)
        rows.append(row)
    if path.suffix == ".parquet":
        pd.DataFrame(rows, columns=header).to_parquet(path)
    elif path.suffix == ".xlsx":
        _write_xlsx(path, {"Blad1": [header, *rows]})
    else:
        _write_csv(path, [header, *rows], "\t" if path.suffix == ".tsv" else ",")
