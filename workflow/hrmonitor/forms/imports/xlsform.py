"""An XLSForm in .xlsx, .xls, .csv (all sheets in one) or Markdown, read by pyxform."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from hrmonitor.errors import QuestionnaireError
from hrmonitor.files.archives import check_workbook
from hrmonitor.forms.imports.form import Form

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
        [_row(row, language) for row in found.survey],
        [_row(row, language) for row in found.choices or []],
        {"form_title": Path(path).stem, "form_id": Path(path).stem, "version": "",
         **{str(key).strip(): str(value).strip() for key, value in settings.items()}},
    )  # fmt: skip
    for headings in found.survey_header or []:
        form.headings["survey"] = list(_row(dict.fromkeys(headings, ""), language))
    for row in form.choices:
        if "list name" in row:
            row["list_name"] = row.pop("list name")
    other = [name for name in found.sheet_names or [] if name.lower() not in SHEETS]
    form.left_out += [f"sheet {name}" for name in other]
    return form


def _row(row: dict, language: str) -> dict[str, str]:
    from hrmonitor.forms.imports.form import LANGUAGES

    found = {}
    for key, value in row.items():
        if isinstance(key, str) and key.strip():
            name = key.strip()
            if name in ("label", "hint", "constraint_message"):
                name = f"{name}::{LANGUAGES.get(language, language)} ({language})"
            name = re.sub(r"\s*::\s*|(?<=\w):(?=\w)", "::", name)
            found[name] = str(value).strip()
    return found
