"""The open data package: public tables as CSV with a Frictionless description, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pandas as pd
import yaml

from hrmonitor.declarations.checks import check
from hrmonitor.declarations.tables import BY_LANGUAGE, Column, tables
from hrmonitor.disclosure.rounded_counts import SAID, base_of
from hrmonitor.files.spreadsheet import harmless
from hrmonitor.language import join, terms
from hrmonitor.questionnaire.model import Questionnaire
from hrmonitor.unit import in_words

# The types of declarations in those of Frictionless.
FRICTIONLESS = {"text": "string", "integer": "integer", "number": "number", "share": "number", "boolean": "boolean"}
# What the package speaks.
LANGUAGE = "en"
LICENCE = {
    "name": "CC-BY-4.0",
    "title": "Creative Commons Attribution 4.0",
    "path": "https://creativecommons.org/licenses/by/4.0/",
}
ROUNDED = (
    "Where `suppression` is `{said}`, counts are rounded to multiples of {base} in place of hiding small ones: of a <<type>> `estimate` times `n` is the rounded count, less than {base} "
    "off the true one, and `n` the rounded number of answers, to which the counts of a question with one answer each add up. The share of all <<kinds>> is the mean of "
    "those of each, weighted by `population`. Such shares have no interval, and their changes are hidden."
)


def codebook(questionnaires: dict[str, Questionnaire], languages: list[str]) -> pd.DataFrame:
    """One row a choice (or a question without choices): round, question, indicator, type, unit, labels, choice, choice labels.

    Labels are in a column a language.
    """
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
                *(question.label(lang) for lang in languages),
            )
            if not question.choices:
                rows.append((*lead, "", *[""] * len(languages)))
            rows += [(*lead, choice.name, *(choice.label(lang) for lang in languages)) for choice in question.choices]
    return pd.DataFrame(rows, columns=tables()["codebook"].names(languages))


def write_package(folder: Path, frames: dict[str, pd.DataFrame], about: dict) -> None:
    """Write each public table as CSV, `datapackage.json` with their fields, README.md and CITATION.cff.

    `frames` by the names of their declarations. `about`: name, title, publication, description, makers, keywords, synthetic, languages, and
    register, whether the study has one (it has, if that is not said). Raises `UserError`
    for a frame that is not what its declaration says, `KeyError` for one without a declaration.
    """
    folder.mkdir(parents=True, exist_ok=True)
    resources = []
    for name, frame in frames.items():
        declared = tables()[name]
        harmless(check(name, frame)).to_csv(
            folder / f"{name}.csv", index=False, float_format="%.10g", lineterminator="\n", quoting=csv.QUOTE_MINIMAL
        )
        elsewhere = not about.get("register", True)
        fields = [_field(declared.column(column), column, elsewhere) for column in frame]
        if base := base_of(frame):
            (said,) = [field for field in fields if field["name"] == "suppression"]
            said["description"] += f"; {SAID[base]}: of counts that are multiples of {base}"
        described = in_words((elsewhere and declared.elsewhere) or declared.description, LANGUAGE)
        in_english = join([terms(lang)["language"]["english_name"] for lang in about["languages"]], LANGUAGE)
        resources.append(
            {
                "name": name, "path": f"{name}.csv", "profile": "tabular-data-resource", "scheme": "file", "format": "csv",
                "mediatype": "text/csv", "encoding": "utf-8", "description": described.format(languages=in_english), "schema": {"fields": fields},
            }
        )  # fmt: skip
    package = {
        "profile": "tabular-data-package", "name": about["name"], "title": about["title"], "description": about["description"],
        "keywords": _keywords(about), "contributors": [{"title": about["makers"], "role": "author"}], "licenses": [LICENCE],
        "resources": resources,
    }  # fmt: skip
    text = json.dumps(package, indent=2, ensure_ascii=False)
    (folder / "datapackage.json").write_text(text + "\n", encoding="utf-8")
    base = max(map(base_of, frames.values()), default=0)
    (folder / "README.md").write_text(_readme(about, resources, base), encoding="utf-8")
    (folder / "CITATION.cff").write_text(_citation(about), encoding="utf-8")


def _keywords(about: dict) -> list[str]:
    return [*about["keywords"], "survey", *(["synthetic data"] if about["synthetic"] else [])]


def _readme(about: dict, resources: list[dict], base: int) -> str:
    """What somebody needs who has nothing but the folder; `base` is what counts of sensitive answers are multiples of, 0 if none are rounded."""
    synthetic = (
        "**The answers are synthetic: a computer made them; they say nothing about a real <<one>>.** Real are `reference_series.csv`, the column "
        "`published`, and the tests of claims that rest on published series."
    )
    parts = [
        f"# {about['title']}: open data",
        about["description"],
        *([synthetic] if about["synthetic"] else []),
        "## Where it comes from",
        f"The {about['publication']} makes these tables from the answers of <<many>> to its questionnaires. No row is about a single "
        "<<one>>. `codebook.csv` has the questions and answer categories; `datapackage.json` describes every column for machines.",
        "## Hidden cells",
        "A number that could tell what a single <<one>> or <<group>> answered is hidden: its cells are blank, `suppressed` "
        "is `True` and `suppression` is `hidden`. Why a cell is hidden is not said, as that would tell part of the number. A share of which a part is hidden is shown in "
        "whole per cents (`suppression` is `rounded`). Where `suppressed` is `False`, a blank cell means that the number does not apply. "
        "In `themes.csv` a blank `estimate` is hidden for its small count; in `mode_effects.csv` it was not tested (`not_tested`). In "
        "the other tables without these columns small groups are taken together.",
        *([ROUNDED.format(base=base, said=SAID[base])] if base else []),
        "## Form",
        "CSV in UTF-8 with a comma between cells and a point in decimals. A text that a spreadsheet would take for a formula has an "
        "apostrophe in front. Shares are between 0 and 1.",
        "## Tables",
    ]
    for resource in resources:
        parts.append(f"### {resource['path']}\n\n{resource['description']}")
        rows = [
            f"| `{one['name']}` | {one['type']} | {one.get('unit', '')} | {one.get('description', '')} |"
            for one in resource["schema"]["fields"]
        ]
        parts.append("\n".join(["| column | type | unit | what it holds |", "|---|---|---|---|", *rows]))
    parts += [
        "## Licence and citation",
        f"{LICENCE['title']} ({LICENCE['name']}), in full in `LICENSE.txt`. Published figures of others keep the rights of their sources. "
        "Citation: `CITATION.cff`.",
    ]
    return in_words("\n\n".join(parts) + "\n", LANGUAGE)


def _citation(about: dict) -> str:
    """In the Citation File Format 1.2. Without a date: a deposit gets that, and its DOI, from the archive."""
    citation = {
        "cff-version": "1.2.0",
        "message": "If you use these data, please cite them as below.",
        "type": "dataset",
        "title": f"{about['title']}: open data",
        "authors": [{"name": about["makers"]}],
        "abstract": about["description"],
        "license": LICENCE["name"],
        "keywords": _keywords(about),
    }
    return yaml.safe_dump(citation, sort_keys=False, allow_unicode=True, width=120)


def _field(column: Column, name: str, elsewhere: bool) -> dict:
    """The Frictionless field of a column, which may be one of several languages; `elsewhere` than where there is a register."""
    language = ""
    if column.by_language:
        language = terms(name.removeprefix(column.name.removesuffix(BY_LANGUAGE)))["language"]["english_name"]
    field = {
        "name": name,
        "type": FRICTIONLESS[column.type],
        "description": ((elsewhere and column.elsewhere) or column.description).format(language=language),
        **({"unit": column.unit} if column.unit else {}),
    }
    return in_words(field, LANGUAGE)
