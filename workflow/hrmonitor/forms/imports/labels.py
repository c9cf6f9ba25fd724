"""Questions and options from the labels inside an SPSS or Stata file."""

from __future__ import annotations

import re
from pathlib import Path

from hrmonitor.errors import QuestionnaireError, ReaderError
from hrmonitor.files.statistical import load
from hrmonitor.files.workbooks import cell_text
from hrmonitor.forms.imports.form import Form, bare_text, in_columns, safe_code, safe_name


def read(path: str | Path, language: str) -> Form:
    """A question a variable; boxes of a multiple response set, or named `question_option`, become one question."""
    import pyreadstat

    program = "Stata" if Path(path).suffix.lower() == ".dta" else "SPSS"
    reader = pyreadstat.read_dta if program == "Stata" else pyreadstat.read_sav
    try:
        _, meta, _ = load(str(path), {}, reader, program, user_missing=True, metadataonly=True)
    except ReaderError as error:
        raise QuestionnaireError(str(error)) from error
    form = Form(
        settings={
            "form_title": meta.file_label or Path(path).stem,
            "form_id": safe_name(Path(path).stem),
            "version": "",
        }
    )
    in_set = {
        variable: name for name, one in meta.mr_sets.items() if one["type"] == "D" for variable in one["variable_list"]
    }
    done: set[str] = set()
    for variable in meta.column_names:
        if variable in in_set:
            if in_set[variable] not in done:
                done.add(in_set[variable])
                _set(form, in_set[variable], meta, language)
            continue
        name = safe_name(variable, form.names())
        label = bare_text(meta.column_names_to_labels.get(variable) or variable)
        line = {"name": name, **in_columns("label", {language: label})}
        labels = meta.variable_value_labels.get(variable, {})
        missing = meta.missing_ranges.get(variable, [])
        real = {code: text for code, text in labels.items() if not _declared(code, missing) and not _letter(code)}
        text_kind = meta.readstat_variable_types.get(variable) == "string"
        # Labels of a few values of a number ("999 unknown") do not make it a choice.
        if real and (text_kind or len(real) > 1):
            options = [
                (safe_code(cell_text(code)), {language: bare_text(str(text)) or cell_text(code)})
                for code, text in real.items()
            ]
            line["type"] = f"select_one {form.add_choices(name, options)}"
        elif text_kind:
            line["type"] = "text"
        else:
            line["type"] = _number_type(meta, variable)
        if line["type"] == "text" and len(real) == 1:
            form.left_out.append(f"{variable}: one labelled value")
        form.survey.append(line)
    form.left_out += [f"{name}: a set of categories" for name, one in meta.mr_sets.items() if one["type"] == "C"]
    return form


def _set(form: Form, name: str, meta, language: str) -> None:
    one = meta.mr_sets[name]
    options = [
        (safe_code(v), {language: bare_text(meta.column_names_to_labels.get(v) or v)}) for v in one["variable_list"]
    ]
    bare = safe_name(name.lstrip("$"), form.names())
    list_name = form.add_choices(bare, options)
    label = bare_text(one.get("label") or bare)
    form.survey.append({"type": f"select_multiple {list_name}", "name": bare, **in_columns("label", {language: label})})


def _declared(code: object, ranges: list[dict]) -> bool:
    for bounds in ranges:
        if isinstance(code, str) or isinstance(bounds["lo"], str):
            if str(code).strip() == str(bounds["lo"]).strip():
                return True
        elif bounds["lo"] <= code <= bounds["hi"]:
            return True
    return False


def _letter(code: object) -> bool:
    return isinstance(code, str) and bool(re.fullmatch(r"[a-z]", code))


def _number_type(meta, variable: str) -> str:
    written = str(meta.original_variable_types.get(variable, ""))
    if re.match(r"(A?DATE|EDATE|SDATE|QYR|MOYR|WKYR|%t?d)", written):
        return "date"
    return "integer" if re.fullmatch(r"[FN]\d+(\.0)?", written) else "decimal"
