"""A form on its way in: the sheets of an XLSForm, and what could not be carried over."""

from __future__ import annotations

import csv
import html
import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from hrmonitor.errors import QuestionnaireError
from hrmonitor.files.atomic import whole

LANGUAGES = {"nl": "Nederlands", "en": "English", "de": "Deutsch", "fr": "Français", "es": "Español", "pt": "Português",
             "it": "Italiano", "pl": "Polski", "cs": "Čeština", "da": "Dansk", "sv": "Svenska", "fi": "Suomi"}  # fmt: skip
# Our own columns stay at the end, and are there to be filled in.
OWN = ["indicator", "statistic", "weighted_by", "unit", "counted_once", "pii", "coded", "parts", "aggregate"]
LEAD = ["type", "name"]
TAIL = [
    "required",
    "relevant",
    "constraint",
    "calculation",
    "appearance",
    "choice_filter",
    "repeat_count",
    "default",
    "parameters",
]


@dataclass
class Form:
    """Rows of the three sheets, each a dict by column; `left_out` says in words what was not carried over.

    `headings` are those of a sheet in their order, where the form has its own.
    """

    survey: list[dict[str, str]] = field(default_factory=list)
    choices: list[dict[str, str]] = field(default_factory=list)
    settings: dict[str, str] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    headings: dict[str, list[str]] = field(default_factory=dict)

    def add_choices(self, list_name: str, options: list[tuple[str, dict[str, str]]]) -> str:
        """Add a list of (code, labels by language) and give its name; a list with the same options is used again."""
        list_name = safe_name(list_name, {row["list_name"] for row in self.choices})
        rows = [{"list_name": list_name, "name": code, **in_columns("label", labels)} for code, labels in options]
        bare = [{key: value for key, value in row.items() if key != "list_name"} for row in rows]
        known: dict[str, list[dict[str, str]]] = {}
        for row in self.choices:
            known.setdefault(row["list_name"], []).append({k: v for k, v in row.items() if k != "list_name"})
        for name, others in known.items():
            if others == bare:
                return name
        self.choices += rows
        return list_name

    def names(self) -> set[str]:
        return {row["name"] for row in self.survey if row.get("name")}


@contextmanager
def written_by(tool: str, path: str | Path) -> Iterator[None]:
    """What is not of the shape that the tool gives its forms becomes a `QuestionnaireError` naming the file."""
    try:
        yield
    except (KeyError, TypeError, AttributeError, ValueError, IndexError) as error:
        raise QuestionnaireError(
            f"{path}: it is not as {tool} writes it; it may be damaged. Export it again."
        ) from error


def write_form(form: Form, folder: str | Path, replace: bool = False) -> None:
    """Write the sheets as CSV. Raises `QuestionnaireError` if the folder already holds a form, unless `replace`."""
    folder = Path(folder)
    if (folder / "survey.csv").exists() and not replace:
        raise QuestionnaireError(
            f"{folder}: there is a form already. Name another folder, or say --replace to put this one in its place."
        )
    folder.mkdir(parents=True, exist_ok=True)
    survey = _own_order(form) or _columns(form.survey, LEAD, [*TAIL, *OWN])
    choices = _columns(form.choices or [{}], ["list_name", "name"], ["missing"])
    sheets = {"survey": (form.survey, survey), "choices": (form.choices, choices),
              "settings": ([form.settings], list(form.settings))}  # fmt: skip
    for name, (rows, columns) in sheets.items():
        with whole(folder / f"{name}.csv") as place, open(place, "w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows or [dict.fromkeys(columns, "")])


def _own_order(form: Form) -> list[str]:
    """The headings of a form that has been ours before: they stay as they are."""
    headings = form.headings.get("survey", [])
    used = {key for row in form.survey for key in row}
    return headings if set(OWN) & set(headings) and used <= set(headings) else []


def _columns(rows: list[dict[str, str]], lead: list[str], tail: list[str]) -> list[str]:
    found = list(dict.fromkeys(key for row in rows for key in row))
    used = [*lead, *(key for key in found if key not in (*lead, *tail)), *tail]
    return [
        key
        for key in used
        if key in found or key in lead or key in OWN or key == "missing" or key in ("required", "relevant")
    ]


def in_columns(column: str, texts: dict[str, str]) -> dict[str, str]:
    """{'nl': 'Ja'} as {'label::Nederlands (nl)': 'Ja'}."""
    return {f"{column}::{LANGUAGES.get(code, code)} ({code})": text for code, text in texts.items() if text}


def safe_name(text: str, taken: Collection[str] = ()) -> str:
    """A name that XLSForm takes, as like `text` as can be, and not in `taken`."""
    name = re.sub(r"[^0-9A-Za-z_]+", "_", text).strip("_") or "question"
    if not re.match(r"[A-Za-z_]", name):
        name = f"q_{name}"
    found, number = name, 2
    while found in taken:
        found, number = f"{name}_{number}", number + 1
    return found


def safe_code(text: str) -> str:
    """A choice's name: a select-multiple joins its answers by spaces, so there can be none in it."""
    return re.sub(r"\s+", "_", text.strip()) or "_"


def bare_text(text: str | None) -> str:
    """Text without HTML, on one line."""
    stripped = re.sub(r"<(script|style)\b.*?</\1>", " ", text or "", flags=re.S | re.I)
    stripped = re.sub(r"<br\s*/?>|</p>|</div>|</li>", " ", stripped, flags=re.I)
    stripped = html.unescape(re.sub(r"<[^<>]+>", "", stripped)).replace("\xa0", " ")
    return re.sub(r"\s+", " ", stripped).strip()


def settle_conditions(form: Form) -> None:
    """Drop skip logic and constraints that cannot be evaluated, or name what the form does not have, and say so.

    A question whose calculation goes is known and not analysed from then on, and so is no question for the conditions of others.
    """
    while left := _drop_conditions(form, analysed(form)):
        form.left_out += left


def _drop_conditions(form: Form, known: set[str]) -> list[str]:
    from hrmonitor.questionnaire.expressions import compile_expression

    left = []
    for row in form.survey:
        for column in ("relevant", "constraint", "calculation"):
            text = row.get(column)
            if not text or (column == "calculation" and row["type"] == "hidden"):
                continue
            try:
                unknown = compile_expression(text).questions - known
                why = f"there is no question {sorted(unknown)[0]} that is analysed" if unknown else ""
            except QuestionnaireError as error:
                why = str(error)
            if not why:
                continue
            left.append(f"{row.get('name', '')}, {column}: {text} ({why})")
            del row[column]
            if column == "calculation" and row["type"] == "calculate":
                row["type"] = "hidden"
    return left


def analysed(form: Form) -> set[str]:
    """Names of the questions that can be analysed: not those of a repeat without `aggregate`, nor notes and the like."""
    from hrmonitor.questionnaire.model import KINDS, SAME_AS

    names, repeats = set(), 0
    for row in form.survey:
        kind = row.get("type", "")
        step = kind.replace("_", " ")
        repeats += (step == "begin repeat") - (step == "end repeat")
        if (kind.split(" ")[0] in KINDS or kind in SAME_AS) and (not repeats or row.get("aggregate")):
            names.add(row.get("name", ""))
    return names
