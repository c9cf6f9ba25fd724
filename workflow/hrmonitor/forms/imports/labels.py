"""Questions and options from the labels inside an SPSS or Stata file."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from hrmonitor.errors import QuestionnaireError, ReaderError
from hrmonitor.files.statistical import load
from hrmonitor.files.workbooks import cell_text
from hrmonitor.forms.imports.form import Form, bare_text, in_columns, safe_code, safe_name

# Labels at the ends and in the middle of a scale.
FEW = 3


# Over 60 lines: one pass over the variables, each of which becomes one line of the form.
def read(path: str | Path, language: str) -> Form:
    """A question a variable; boxes of a multiple response set, or named `question_option`, become one question."""
    import pyreadstat

    program = "Stata" if Path(path).suffix.lower() == ".dta" else "SPSS"
    reader = pyreadstat.read_dta if program == "Stata" else pyreadstat.read_sav
    try:
        frame, meta, _ = load(str(path), {}, reader, program, user_missing=True)
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
        form.survey.append(_question(form, variable, frame[variable], meta, language))
    form.left_out += [f"{name}: a set of categories" for name, one in meta.mr_sets.items() if one["type"] == "C"]
    return form


def _question(form: Form, variable: str, cells: pd.Series, meta, language: str) -> dict[str, str]:
    """The row of the survey sheet for a variable; what of its labels is not taken over is said in `form.left_out`."""
    name = safe_name(variable, form.names())
    label = bare_text(meta.column_names_to_labels.get(variable) or variable)
    line = {"name": name, **in_columns("label", {language: label})}
    labels = meta.variable_value_labels.get(variable, {})
    missing = meta.missing_ranges.get(variable, [])
    real = {code: text for code, text in labels.items() if not _declared(code, missing) and not _letter(code)}
    text_kind = meta.readstat_variable_types.get(variable) == "string"
    bare = [] if text_kind else _without_label(cells, labels, missing)
    # Labels of a few values of a number ("999 unknown", the ends of a scale) do not make it a choice.
    ends = len(bare) >= len(real) or (len(real) <= FEW and _between(bare, real))
    if real and ends:
        words = ", ".join(f"{cell_text(code)} = {bare_text(str(text))}" for code, text in real.items())
        form.left_out.append(f"{variable}: labels of a few of its values ({words}); it is a number")
    elif real and bare and len(real) > 1:
        shown = ", ".join(bare[:5])
        form.left_out.append(f"{variable}: values without a label ({shown}) are options that are called by their value")
    if real and not ends and (text_kind or len(real) > 1):
        options = [
            (safe_code(cell_text(code)), {language: bare_text(str(text)) or cell_text(code)})
            for code, text in real.items()
        ]
        options += [(safe_code(value), {language: value}) for value in bare if len(real) > 1]
        line["type"] = f"select_one {form.add_choices(name, options)}"
    elif text_kind:
        line["type"] = "text"
    else:
        line["type"] = _number_type(meta, variable)
    if line["type"] == "text" and len(real) == 1:
        form.left_out.append(f"{variable}: one labelled value")
    return line


def _set(form: Form, name: str, meta, language: str) -> None:
    one = meta.mr_sets[name]
    options = [
        (safe_code(v), {language: bare_text(meta.column_names_to_labels.get(v) or v)}) for v in one["variable_list"]
    ]
    bare = safe_name(name.lstrip("$"), form.names())
    list_name = form.add_choices(bare, options)
    label = bare_text(one.get("label") or bare)
    form.survey.append({"type": f"select_multiple {list_name}", "name": bare, **in_columns("label", {language: label})})


def _between(bare: list[str], real: dict) -> bool:
    return any(min(real) < float(value) < max(real) for value in bare)


def _without_label(cells: pd.Series, labels: dict, missing: list[dict]) -> list[str]:
    """Values that occur and have no label, declared missing values aside."""
    values = sorted({cell for cell in cells.dropna().unique() if not isinstance(cell, str)})
    return [cell_text(value) for value in values if value not in labels and not _declared(value, missing)]


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
