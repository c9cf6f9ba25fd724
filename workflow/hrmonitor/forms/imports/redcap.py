"""REDCap's data dictionary: fields, choices, branching logic, bounds, and who is identified by what."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from hrmonitor.errors import QuestionnaireError
from hrmonitor.forms.imports.form import Form, bare_text, in_columns, safe_code, safe_name, settle_conditions
from hrmonitor.forms.imports.logic import from_redcap

COLUMNS = {
    "Variable / Field Name": "field_name", "Form Name": "form_name", "Section Header": "section_header", "Field Type": "field_type",
    "Field Label": "field_label", "Choices, Calculations, OR Slider Labels": "select_choices_or_calculations",
    "Field Note": "field_note", "Text Validation Type OR Show Slider Number": "text_validation_type_or_show_slider_number",
    "Text Validation Min": "text_validation_min", "Text Validation Max": "text_validation_max", "Identifier?": "identifier",
    "Branching Logic (Show field only if...)": "branching_logic", "Required Field?": "required_field",
}  # fmt: skip
YES_NO = {"yesno": [("1", "Yes"), ("0", "No")], "truefalse": [("1", "True"), ("0", "False")]}


def read(path: str | Path, language: str) -> Form:
    """The dictionary as an XLSForm, a group an instrument; identifiers are marked as personal data."""
    rows = _rows(path)
    form = Form(
        settings={
            "form_title": Path(path).stem,
            "form_id": safe_name(Path(path).parent.name or "redcap"),
            "version": "",
        }
    )
    multiple = {row["field_name"] for row in rows if row["field_type"] == "checkbox"}
    group = None
    for number, row in enumerate(rows, start=2):
        if row["form_name"] != group:
            if group is not None:
                form.survey.append({"type": "end_group", "name": ""})
            group = row["form_name"]
            name = safe_name(group or "form", {*form.names(), *(one["field_name"] for one in rows)})
            form.survey.append({"type": "begin_group", "name": name, **in_columns("label", {language: group or name})})
        _question(form, row, f"{path}, row {number}", language, multiple)
    form.survey.append({"type": "end_group", "name": ""})
    settle_conditions(form)
    return form


def _rows(path: str | Path) -> list[dict[str, str]]:
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            table = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise QuestionnaireError(f"{path}: the data dictionary cannot be read. Download it again as CSV.") from error
    wanted = list(COLUMNS.values())
    rows = []
    for row in table:
        named = {COLUMNS.get(key, key): value or "" for key, value in row.items() if key}
        rows.append({key: "" if named.get(key, "") == "NA" else named.get(key, "").strip() for key in wanted})
    rows = [row for row in rows if row["field_name"]]
    if not rows:
        raise QuestionnaireError(f"{path}: there is no field in the data dictionary.")
    return rows


def _question(form: Form, row: dict[str, str], place: str, language: str, multiple: set[str]) -> None:
    name, kind = safe_name(row["field_name"], form.names()), row["field_type"]
    label = bare_text(row["field_label"]) or name
    line = {
        "name": name,
        **in_columns("label", {language: label}),
        **in_columns("hint", {language: bare_text(row["field_note"])}),
    }
    validation = row["text_validation_type_or_show_slider_number"]
    if kind in ("radio", "dropdown", "checkbox", *YES_NO):
        options = [(c, t) for c, t in YES_NO.get(kind, _choices(row["select_choices_or_calculations"]))]
        if not options:
            form.left_out.append(f"{place}: {name} has no choices")
            return
        list_name = form.add_choices(name, [(safe_code(code), {language: text}) for code, text in options])
        line["type"] = f"{'select_multiple' if kind == 'checkbox' else 'select_one'} {list_name}"
    elif kind in ("text", "notes"):
        line["type"] = _text_type(validation)
        line["constraint"] = _bounds(row, line["type"], form, place)
    elif kind == "slider":
        line["type"] = "integer"
    elif kind == "descriptive":
        line["type"] = "note"
    elif kind == "file":
        line["type"] = "file"
    elif kind == "calc":
        # REDCap exports the result, so that it is read like an answer.
        line["type"] = "decimal"
        form.left_out.append(f"{place}: {name} is read as REDCap calculated it, not calculated anew")
    else:
        form.left_out.append(f"{place}: {name} is of type {kind!r}, which has no equal")
        line["type"] = "text"
    if row["identifier"].lower() == "y":
        line["pii"] = "yes"
    if row["required_field"].lower() == "y":
        line["required"] = "yes"
    if row["branching_logic"]:
        line["relevant"] = from_redcap(row["branching_logic"], multiple)
    form.survey.append({key: value for key, value in line.items() if value})


def _choices(text: str) -> list[tuple[str, str]]:
    """`1, one | 2, two` as pairs; a label may hold commas."""
    pairs = [part.split(",", 1) for part in re.split(r"[|\n]", text) if part.strip()]
    return [(pair[0].strip(), bare_text(pair[1]) if len(pair) > 1 else pair[0].strip()) for pair in pairs]


def _text_type(validation: str) -> str:
    if validation == "integer":
        return "integer"
    if validation.startswith("number"):
        return "decimal"
    return "date" if validation.startswith("date_") else "text"


def _bounds(row: dict[str, str], kind: str, form: Form, place: str) -> str:
    parts = []
    for sign, key in ((">=", "text_validation_min"), ("<=", "text_validation_max")):
        bound = row[key].replace(",", ".")
        if not bound:
            continue
        if kind in ("integer", "decimal") and re.fullmatch(r"-?\d+(\.\d+)?", bound):
            parts.append(f". {sign} {bound}")
        else:
            form.left_out.append(f"{place}: the bound {row[key]} of {row['field_name']}")
    return " and ".join(parts)
