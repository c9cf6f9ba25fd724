"""`tool: auto`: which reader a file needs, and why."""

from __future__ import annotations

from pathlib import Path

from hrmonitor.files.sheets import read_sheets
from hrmonitor.readers.tools import (
    excel_form,
    google_forms,
    kobo,
    limesurvey,
    microsoft_forms,
    qualtrics,
    redcap,
    surveymonkey,
)

BY_NAME = {
    ".sav": "spss", ".zsav": "spss", ".dta": "stata", ".sas7bdat": "sas", ".xpt": "sas", ".docx": "word_form",
    ".parquet": "table", ".ods": "table",
}  # fmt: skip
# In this order: the marks of those before are surer.
BY_CONTENT = (qualtrics, kobo, limesurvey, surveymonkey, microsoft_forms, google_forms, redcap)


def detect(path: str, entry: dict) -> tuple[str, str]:
    """(tool, why it was taken)."""
    suffix = Path(path).suffix.lower()
    if suffix in BY_NAME:
        return BY_NAME[suffix], f"files that end in {suffix} are read so"
    if suffix in (".xlsx", ".xlsm") and (why := excel_form.recognise_file(path)):
        return "excel_form", why
    sheets, _ = read_sheets(path, {**entry, "long_rows": True})
    for reader in BY_CONTENT:
        for sheet in sheets:
            if why := reader.recognise(sheet):
                return reader.__name__.rsplit(".", 1)[1], why
    return "table", "nothing in it is of a tool that is known"
