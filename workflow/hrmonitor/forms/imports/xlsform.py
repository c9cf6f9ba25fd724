"""An XLSForm in .xlsx, .xls, .csv (all sheets in one) or Markdown, read by pyxform.

Headings and types may have any of the names that pyxform takes. What our questionnaire cannot hold is carried over as far as it goes,
and all of it is listed in `left_out` at once.
"""

from __future__ import annotations

import csv
import re
import zipfile
from pathlib import Path

from hrmonitor.errors import QuestionnaireError
from hrmonitor.files.archives import check_workbook
from hrmonitor.files.handmade_csv import read_rows
from hrmonitor.forms.imports.form import LANGUAGES, Form, safe_code, safe_name, settle_conditions
from hrmonitor.questionnaire.model import KINDS, NOT_ANALYSED, SAME_AS

SHEETS = {"survey", "choices", "settings"}


def read(path: str | Path, language: str) -> Form:
    """The three sheets as they stand; labels without a language get `language`."""
    from pyxform.errors import PyXFormError
    from pyxform.xls2json_backends import get_xlsform

    if zipfile.is_zipfile(path):
        check_workbook(str(path))
    try:
        source = Path(path).read_text(encoding="utf-8-sig") if Path(path).suffix.lower() == ".md" else str(path)
        found = get_xlsform(source)
    except Exception as error:  # pyxform passes on what openpyxl, xlrd and zipfile raise
        reason = error if isinstance(error, PyXFormError) else "it is no workbook with sheets survey and choices"
        raise QuestionnaireError(f"{path}: the XLSForm cannot be read ({reason}).") from error
    if not found.survey:
        raise QuestionnaireError(f"{path}: there is no sheet `survey`. Is this an XLSForm?")
    settings = dict((found.settings or [{}])[0])
    default = str(settings.get("default_language", ""))
    if match := re.search(r"\(([\w-]+)\)", default):
        language = match.group(1)
    form = Form(
        [_row(row, language, SURVEY) for row in found.survey],
        [_row(row, language, CHOICES) for row in found.choices or []],
        {"form_title": Path(path).stem, "form_id": Path(path).stem, "version": "",
         **{_heading(str(key), SETTINGS): str(value).strip() for key, value in settings.items()}},
    )  # fmt: skip
    for headings in found.survey_header or []:
        form.headings["survey"] = list(_row(dict.fromkeys(headings, ""), language, SURVEY))
    _straight_quotes(form)
    _types(form, Path(path).parent)
    _names(form)
    settle_conditions(form)
    other = [name for name in found.sheet_names or [] if name.lower() not in SHEETS]
    form.left_out += [f"sheet {name}" for name in other]
    return form


def _row(row: dict, language: str, same: dict[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for key, value in row.items():
        if not isinstance(key, str) or not key.strip():
            continue
        name = _heading(key, same)
        if name in ("label", "hint", "constraint_message"):
            name = f"{name}::{LANGUAGES.get(language, language)} ({language})"
        # Two headings may be names of one column, of which mostly one is filled in.
        found[name] = found.get(name) or ("" if value is None else str(value).strip())
    return found


def _heading(written: str, same: dict[str, str]) -> str:
    """A heading as we call it, whatever its case and alias; a language behind `::` stays as it is."""
    parts = [part.strip() for part in re.split(r"::|(?<=\w):(?=\s?\w)", written.strip())]
    if parts[0].lower() in ("bind", "control", "body") and len(parts) > 1:
        parts = parts[1:]
    if parts[0].lower() == "jr" and len(parts) > 1:
        parts = [":".join(parts[:2]), *parts[2:]]
    first = re.sub(r"[\s-]+", "_", parts[0].lower())
    return "::".join([same.get(first, first if first in KNOWN else parts[0]), *parts[1:]])


def _straight_quotes(form: Form) -> None:
    """Quotation marks that a word processor has turned, in what is a formula."""
    for number, row in enumerate(form.survey, start=2):
        for column in EXPRESSIONS:
            text = row.get(column, "")
            if (straight := text.translate(QUOTES)) != text:
                row[column] = straight
                form.left_out.append(f"row {number} of survey, {column}: curly quotation marks were made straight")


def _types(form: Form, beside: Path) -> None:
    """Types by our names for them; lists from files beside the form become choices."""
    lists = {row.get("list_name") for row in form.choices}
    for number, row in enumerate(form.survey, start=2):
        written = " ".join(row.get("type", "").split())
        kind = _type(written)
        if kind.startswith(("select_one_from_file ", "select_multiple_from_file ")):
            kind = _from_file(form, row, kind, beside, lists, f"row {number} of survey, {row.get('name', '')}")
        elif kind.startswith(("select_one_external", "select_one_external ")):
            kind = "text"
            form.left_out.append(f"row {number} of survey, {row.get('name', '')}: {written}; it is read as text")
        elif kind and not kind.replace("_", " ").startswith(("begin ", "end ")) and kind.split()[0] not in TYPES:
            kind = "text"
            form.left_out.append(
                f"row {number} of survey, {row.get('name', '')}: questions of type {written!r} are not known; it is read as text"
            )
        row["type"] = kind


def _type(written: str) -> str:
    lower = written.lower()
    for alias in sorted(SELECTS, key=len, reverse=True):
        if lower == alias or lower.startswith(f"{alias} "):
            rest = written[len(alias) :].strip()
            return f"{SELECTS[alias]} {re.sub(r'(?i)or[ _](specify[ _])?other$', 'or_other', rest)}".strip()
    if match := re.fullmatch(r"add (\w+) prompt", lower):
        lower = match.group(1)
    if re.match(r"(begin|end)[ _]", lower):
        return re.sub(r"(?<=begin|..end)[ _](lgroup|looped group)$", " repeat", lower)
    # Of a type that is not a list's, case tells nothing: `Integer`, but `dateTime` too.
    return {known.lower(): known for known in TYPES}.get(lower, written)


def _from_file(form: Form, row: dict[str, str], kind: str, beside: Path, lists: set, place: str) -> str:
    """The choices of a CSV that stands beside the form; without it the question is text."""
    select, _, name = kind.partition("_from_file ")
    name, *rest = name.split()
    list_name = safe_name(Path(name).stem)
    parameters = dict(part.split("=", 1) for part in row.get("parameters", "").split() if "=" in part)
    columns = parameters.get("value", "name"), parameters.get("label", "label")
    try:
        # Nothing but a file in the form's own folder is opened.
        rows = read_rows(beside / Path(name).name) if Path(name).suffix.lower() == ".csv" else []
    except (OSError, csv.Error):
        rows = []
    if not rows or columns[0] not in rows[0]:
        form.left_out.append(
            f"{place}: its choices are in {name}, which is no CSV with a column {columns[0]} beside the form; read as text"
        )
        return "text"
    if list_name not in lists:
        lists.add(list_name)
        label = next((key for key in form.choices[0] if key.startswith("label")), "label") if form.choices else "label"
        form.choices += [
            {"list_name": list_name, "name": safe_code(one[columns[0]]), label: one.get(columns[1]) or one[columns[0]]}
            for one in rows
        ]
    row.pop("parameters", None)
    form.left_out.append(f"{place}: the {len(rows)} choices of {name} are copied into the form")
    return " ".join([select, list_name, *rest])


def _names(form: Form) -> None:
    """A name that stands twice, which XLSForm allows in two groups, gets a number."""
    first: dict[str, int] = {}
    taken = form.names()
    for number, row in enumerate(form.survey, start=2):
        name = row.get("name", "")
        if not name or row["type"].replace("_", " ").startswith("end "):
            continue
        if name in first:
            row["name"] = safe_name(name, taken)
            taken.add(row["name"])
            form.left_out.append(
                f"row {number} of survey: the name {name} is taken by row {first[name]}; it is called {row['name']} here, so give its column "
                "in the export to that name (`columns:` of the export)"
            )
        first.setdefault(name, number)


# Other names of headings, as pyxform has them, and what we call each.
SURVEY = {
    "caption": "label", "relevance": "relevant", "calculate": "calculation", "command": "type", "tag": "name", "value": "name",
    "constraining_message": "constraint_message", "jr:constraintmsg": "constraint_message", "requiredmsg": "required_message",
    "jr:requiredmsg": "required_message", "count": "repeat_count", "jr:count": "repeat_count", "readonly": "read_only",
}  # fmt: skip
CHOICES = {"caption": "label", "value": "name", "list": "list_name"}
SETTINGS = {
    "set_form_title": "form_title", "title": "form_title", "set_form_id": "form_id", "id_string": "form_id",
}  # fmt: skip
# Headings that mean the same in any case.
KNOWN = {
    "type", "name", "label", "hint", "relevant", "constraint", "constraint_message", "required", "required_message", "calculation",
    "appearance", "default", "repeat_count", "choice_filter", "parameters", "list_name", "read_only", "media", "form_title", "form_id",
    "version", "default_language", "allow_choice_duplicates", "indicator", "statistic", "weighted_by", "unit", "counted_once", "pii", "consent", "coded",
    "parts", "aggregate", "missing", "guidance_hint", "image", "audio", "video",
}  # fmt: skip
EXPRESSIONS = ("relevant", "constraint", "calculation", "choice_filter", "repeat_count", "required")
QUOTES = str.maketrans(dict.fromkeys("\u2018\u2019\u201a\u201b", "'") | dict.fromkeys("\u201c\u201d\u201e", '"'))
SELECTS = {
    "select_one": "select_one", "select one": "select_one", "select one from": "select_one", "select1": "select_one",
    "add select one prompt using": "select_one", "select one using": "select_one", "select_multiple": "select_multiple",
    "select multiple": "select_multiple", "select all that apply": "select_multiple",
    "select all that apply from": "select_multiple", "add select multiple prompt using": "select_multiple",
    "select_one_from_file": "select_one_from_file", "select one from file": "select_one_from_file",
    "select_multiple_from_file": "select_multiple_from_file", "select multiple from file": "select_multiple_from_file",
}  # fmt: skip
TYPES = {*KINDS, *SAME_AS, *NOT_ANALYSED}
