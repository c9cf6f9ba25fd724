"""Forms of survey tools come in (XLSForm, LimeSurvey, Qualtrics, REDCap, SPSS, Stata) and become a questionnaire folder.

Out go that folder, and from a questionnaire the forms that people fill in: XLSForm, workbook, Word document, PDF. No answer is read
here, and whatever an import cannot carry over is named in `left_out`, never dropped silently.
"""

from __future__ import annotations

import csv
from importlib import import_module
from pathlib import Path

from hrmonitor.errors import QuestionnaireError
from hrmonitor.forms.imports.form import Form

# By the ending of the file; a CSV may be an XLSForm's survey sheet or a REDCap dictionary.
IMPORTERS = {
    ".xlsx": "xlsform", ".xlsm": "xlsform", ".xls": "xlsform", ".md": "xlsform", ".lss": "lss", ".qsf": "qsf",
    ".sav": "labels", ".zsav": "labels", ".dta": "labels", ".csv": "redcap",
}  # fmt: skip


def import_form(path: str | Path, language: str = "en") -> Form:
    """The form in `path`, by the ending of its name.

    `language` is that of labels in forms that do not say it. Raises `QuestionnaireError` naming the file.
    """
    suffix = Path(path).suffix.lower()
    if suffix not in IMPORTERS:
        raise QuestionnaireError(f"{path}: forms can be imported from files that end in {', '.join(IMPORTERS)}.")
    if not Path(path).is_file():
        raise QuestionnaireError(f"{path}: there is no such file.")
    importer = IMPORTERS[suffix]
    if suffix == ".csv" and not _is_dictionary(path):
        importer = "xlsform"
    return import_module(f"hrmonitor.forms.imports.{importer}").read(path, language)


def _is_dictionary(path: str | Path) -> bool:
    with open(path, encoding="utf-8-sig", errors="replace", newline="") as file:
        heading = next(csv.reader(file), [])
    return bool({"Variable / Field Name", "field_name"} & set(heading))
