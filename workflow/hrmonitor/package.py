"""The open data package: public tables as CSV with a Frictionless description, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pandas as pd

from hrmonitor.questionnaire import Questionnaire
from hrmonitor.spreadsheet import harmless

LICENCE = {
    "name": "CC-BY-4.0",
    "title": "Creative Commons Attribution 4.0",
    "path": "https://creativecommons.org/licenses/by/4.0/",
}


def codebook(questionnaires: dict[str, Questionnaire]) -> pd.DataFrame:
    """One row a choice (or a question without choices): round, question, indicator, type, unit, labels, choice, choice labels."""
    rows = []
    for round_, form in questionnaires.items():
        for question in form:
            if question.pii:
                continue
            lead = (
                round_,
                question.name,
                question.indicator,
                question.kind,
                question.unit,
                question.label("en"),
                question.label("nl"),
            )
            if not question.choices:
                rows.append((*lead, "", "", ""))
            rows += [(*lead, choice.name, choice.label("en"), choice.label("nl")) for choice in question.choices]
    columns = [
        "round",
        "question",
        "indicator",
        "type",
        "unit",
        "label_en",
        "label_nl",
        "choice",
        "choice_en",
        "choice_nl",
    ]
    return pd.DataFrame(rows, columns=columns)


def write_package(folder: Path, tables: dict[str, pd.DataFrame], descriptions: dict[str, str], about: dict) -> None:
    """Write each table as CSV and `datapackage.json` with their fields. `about`: name, title, description, synthetic."""
    folder.mkdir(parents=True, exist_ok=True)
    resources = []
    for name, table in tables.items():
        harmless(table).to_csv(
            folder / f"{name}.csv", index=False, float_format="%.10g", lineterminator="\n", quoting=csv.QUOTE_MINIMAL
        )
        resources.append(
            {
                "name": name, "path": f"{name}.csv", "profile": "tabular-data-resource", "scheme": "file", "format": "csv",
                "mediatype": "text/csv", "encoding": "utf-8", "description": descriptions[name],
                "schema": {"fields": [{"name": column, "type": _type(table[column])} for column in table]},
            }
        )  # fmt: skip
    package = {
        "profile": "tabular-data-package", "name": about["name"], "title": about["title"], "description": about["description"],
        "keywords": ["harm reduction", *(["synthetic data"] if about["synthetic"] else [])], "licenses": [LICENCE], "resources": resources,
    }  # fmt: skip
    text = json.dumps(package, indent=2, ensure_ascii=False)
    (folder / "datapackage.json").write_text(text + "\n", encoding="utf-8")


def _type(column: pd.Series) -> str:
    """The Frictionless type of a column; an empty one is text."""
    if column.isna().all():
        return "string"
    if pd.api.types.is_bool_dtype(column):
        return "boolean"
    if pd.api.types.is_integer_dtype(column):
        return "integer"
    return "number" if pd.api.types.is_numeric_dtype(column) else "string"
