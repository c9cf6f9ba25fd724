"""Answers that are easy to get wrong, written as each survey tool would write them: they come back right, or are refused by name.

A case is a submission; a file has some of them and a form of its own, made from one number. Labels differ in one sign, digit or prefix; numbers are written in seven
notations, one a column or one a cell; some questions are blank, and boxes were seen or not. `wrong(variant, number, folder)` says what came
back otherwise than it was given, without a word.

    .venv/bin/python tests/right_or_refused.py CASES SEED [VARIANT ...]      at least so many submissions of each variant
    .venv/bin/python tests/right_or_refused.py VARIANT=NUMBER                that file again
"""

from __future__ import annotations

import functools
import random
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import tool_files as write
from hrmonitor.cleaning import _typed
from hrmonitor.errors import UserError
from hrmonitor.questionnaire.model import Choice, Question, Questionnaire
from hrmonitor.readers import read_export

# Options of one list: each is a trap for the others.
FAMILIES = [
    ["< 1 jaar", "> 1 jaar", "1 jaar", "≤ 1 jaar", "≥ 1 jaar"],
    ["1-4", "14", "1,4", "-14", "1 tot 4", "1/4"],
    ["voldoende", "onvoldoende", "niet voldoende", "voldoende, niet meer"],
    ["Meer dan 10", "Meer dan 100", "Minder dan 10", "Minder dan 100", "Meer dan 1000"],
    ["10 tot 50", "10 tot 60", "10 tot 500", "1 tot 50"],
    ["tevreden", "ontevreden", "niet tevreden", "zeer tevreden", "zeer ontevreden"],
    ["Yes", "No", "Yes, but no", "No, but yes", "Not yet"],
    ["heroin", "heroin (smoked)", "heroin (injected)", "heroine", "no heroin"],
    ["2", "3", "1", "4", "0"],
    ["A+", "A-", "A", "B+", "B-"],
    ["GHB; GBL", "GHB", "GBL", "GHB, GBL"],
    ["under 18", "18 and over", "18", "under 18 and over"],
    ["50 %", "50", "5 %", "50 %+"],
]
CODES = [
    ["a", "b", "c", "d", "e", "f"],
    ["1", "2", "3", "4", "5", "6"],
    ["0", "1", "2", "3", "4", "5"],
    ["3", "1", "2", "5", "4", "6"],
    ["y", "n", "x", "z", "v", "w"],
    ["less", "more", "less_1", "more_1", "q1", "q_1"],
]


def _plain(text: str) -> str:
    return text


def _comma(text: str) -> str:
    return text.replace(".", ",")


def _grouped(text: str, mark: str, sign: str) -> str:
    whole, _, rest = text.partition(".")
    return f"{int(whole):,}".replace(",", mark) + (sign + rest if rest else "")


NOTATIONS = [
    _plain,
    _comma,
    functools.partial(_grouped, mark=",", sign="."),
    functools.partial(_grouped, mark=".", sign=","),
    functools.partial(_grouped, mark="\u00a0", sign=","),
    functools.partial(_grouped, mark=" ", sign="."),
    functools.partial(_grouped, mark="'", sign="."),
]
NAMES = {"one": "select_one", "again": "select_one", "several": "select_multiple", "more": "select_multiple", "count": "integer",
         "size": "decimal", "said": "text"}  # fmt: skip
WORDS = ["Centre", "Centre 12", "De Haven", "a; b", "1.5", "x, y", 'say "yes"', "< 3"]


@dataclass
class Case:
    """`truth`: what was answered, by question or question/choice: a code, a number, a text, True or False; nothing where blank."""

    form: Questionnaire
    truth: list[dict]
    written: list[dict]


def _question(name: str, kind: str, choices: tuple[Choice, ...] = ()) -> Question:
    label = {"nl": f"Vraag over {name}", "en": f"Question about {name}"}
    return Question(
        name=name, kind=kind, group=(), list_name=name if choices else "", labels=label, hints={}, relevant="", constraint="",
        constraint_messages={}, calculation="", required=False, indicator="", statistics=(), unit="", weighted_by="", pii=False,
        coded=False, parts=(), choices=choices,
    )  # fmt: skip


def _choices(rng: random.Random) -> tuple[Choice, ...]:
    labels, codes = list(rng.choice(FAMILIES)), list(rng.choice(CODES))
    rng.shuffle(labels)
    count = rng.randint(2, len(labels))
    return tuple(Choice(code, {"nl": label, "en": label}) for code, label in zip(codes, labels[:count], strict=False))


def make(number: int, unseen: bool = False) -> Case:
    """The case of a number. `unseen`: whether some submissions stop before the boxes."""
    rng = random.Random(number)
    questions = {
        name: _question(name, kind, _choices(rng) if kind.startswith("select") else ()) for name, kind in NAMES.items()
    }
    form = Questionnaire("", "f", "1", "F", ("nl", "en"), questions, {})
    by_column = {name: rng.choice(NOTATIONS) for name in ("count", "size")}
    by_cell = rng.random() < 0.15
    truth, written = [], []
    # Few submissions leave a notation in doubt, many show it.
    for _ in range(rng.randint(1, 6) if rng.random() < 0.6 else 150):
        one: dict = {}
        text: dict = {}
        stopped = unseen and rng.random() < 0.4
        for question in form:
            if rng.random() < 0.15 and question.name != "said":
                continue
            if question.kind == "select_one":
                one[question.name] = text[question.name] = rng.choice(question.codes)
            elif question.kind == "select_multiple":
                if stopped:
                    continue
                ticked = set(rng.sample(question.codes, rng.randint(1, len(question.codes))))
                one |= {f"{question.name}/{code}": code in ticked for code in question.codes}
                text |= {f"{question.name}/{code}": str(int(code in ticked)) for code in question.codes}
            elif question.kind in ("integer", "decimal"):
                value = str(rng.choice([0, 7, 12, 400, 999, 1000, 1734, 2500, 12345, 1234567]))
                if question.kind == "decimal":
                    value += rng.choice(["", ".5", ".25", ".125", ".75"])
                # Only of whole numbers is every notation told by the cell alone.
                notation = rng.choice(NOTATIONS) if by_cell and question.kind == "integer" else by_column[question.name]
                one[question.name], text[question.name] = float(value), notation(value)
            else:
                one[question.name] = text[question.name] = rng.choice(WORDS)
        text["_complete"] = "" if stopped else "1"
        truth.append(one)
        written.append(text)
    return Case(form, truth, written)


def _numbers_plain(case: Case) -> list[dict]:
    """For files that hold numbers as numbers."""
    return [
        {name: (f"{truth[name]:.15g}" if name in ("count", "size") else text) for name, text in one.items()}
        for one, truth in zip(case.written, case.truth, strict=True)
    ]


def _sure(writer, **options):
    return lambda path, case: writer(path, case.form, case.written, **options)


def _typed_cells(writer, **options):
    return lambda path, case: writer(path, case.form, _numbers_plain(case), **options)


# Variant -> (tool, file, writer, whether the tool writes 0 for boxes that nobody saw).
VARIANTS = {
    "limesurvey codes": ("limesurvey", "e.csv", _sure(write.limesurvey), False),
    "limesurvey labels": ("limesurvey", "e.csv", _sure(write.limesurvey, labels=True, ticks=("Ja", "Nee")), False),
    "limesurvey text": (
        "limesurvey",
        "e.csv",
        _sure(write.limesurvey, labels=True, headings="text", delimiter=","),
        False,
    ),
    "kobo names": ("kobo", "e.csv", _sure(write.kobo, unseen="0"), True),
    "kobo details": ("kobo", "e.csv", _sure(write.kobo, variant="details", unseen="0"), True),
    "kobo labels": ("kobo", "e.csv", _sure(write.kobo, labels="nl", unseen="0"), True),
    "kobo labels, joined": ("kobo", "e.csv", _sure(write.kobo, labels="en", variant="summary"), True),
    "odk": ("kobo", "e.zip", _sure(write.odk_zip), True),
    "redcap raw": ("redcap", "e.csv", _sure(write.redcap, unseen="0"), True),
    "redcap labels": ("redcap", "e.csv", _sure(write.redcap, labels=True, unseen="0"), True),
    "qualtrics": ("qualtrics", "e.csv", _sure(write.qualtrics), False),
    "qualtrics values": ("qualtrics", "e.csv", _sure(write.qualtrics, texts=False), False),
    "qualtrics legacy": ("qualtrics", "e.csv", _sure(write.qualtrics, headings=2), False),
    "surveymonkey": ("surveymonkey", "e.csv", _sure(write.surveymonkey), False),
    "surveymonkey numbers": ("surveymonkey", "e.csv", _sure(write.surveymonkey, numeric=True), False),
    "surveymonkey condensed": ("surveymonkey", "e.csv", _sure(write.surveymonkey, condensed=True), False),
    "google_forms": ("google_forms", "e.csv", _sure(write.google_forms), False),
    "microsoft_forms": ("microsoft_forms", "e.xlsx", _sure(write.microsoft_forms), False),
    "spss": ("spss", "e.sav", _typed_cells(write.statistical), False),
    "stata": ("stata", "e.dta", _typed_cells(write.statistical), False),
    "sas": ("sas", "e.xpt", _typed_cells(write.sas), False),
    "excel_form": ("excel_form", "e.xlsx", _sure(write.excel_forms, lang="nl"), False),
    "excel_form, English": ("excel_form", "e.xlsx", _typed_cells(write.excel_forms, lang="en"), False),
    "word_form": ("word_form", "e.docx", _sure(write.word_forms), False),
    "table": ("table", "e.csv", _sure(write.table), False),
    "table, joined": ("table", "e.csv", _sure(write.table, joined=True), False),
    "table, xlsx": ("table", "e.xlsx", _typed_cells(write.table, typed=True), False),
}


def wrong(variant: str, number: int, folder: Path) -> tuple[list[str], int, bool]:
    """(what came back otherwise than it was given and was not named, in words; number of submissions; whether a file was refused)."""
    tool, name, writer, zeros = VARIANTS[variant]
    case = make(number, unseen=zeros)
    path = folder / name
    written = writer(path, case)
    found, refused = [], False
    # A form that a person fills in is one file a submission, which the writer makes one after another.
    for truths in [case.truth] if written is None else ([truth] for truth, _ in zip(case.truth, written, strict=True)):
        lines, no = _wrong_in_file(variant, path, case, truths, {"tool": tool, "mode": "questionnaire"})
        found, refused = found + lines, refused or no
    return found, len(case.truth), refused


def _wrong_in_file(
    variant: str, path: Path, case: Case, truths: list[dict], entry: dict[str, str]
) -> tuple[list[str], bool]:
    try:
        responses, notes, _ = read_export(str(path), case.form, entry, path.name)
    except UserError:
        return [], True
    audit: list[pd.DataFrame] = []
    answers, _ = _typed(responses, case.form, audit)
    named = {(line.row, line.question) for part in audit for line in part.itertuples() if line.rule == "not_understood"}
    named |= {(note.row, note.question) for note in notes.itertuples()}
    if len(answers) != len(truths):
        return [f"{variant}: {len(answers)} submissions of {len(truths)}"], False
    found = []
    for place, (truth, row) in enumerate(zip(truths, responses["_row"], strict=True)):
        for column in answers:
            question = column.split("/")[0]
            read, given = answers[column].iloc[place], truth.get(column)
            if not _same(read, given, case.form[question]) and not (pd.isna(read) and (row, question) in named):
                found.append(f"{variant}, row {row}, {column}: {given!r} came back as {read!r}")
    return found, False


def _same(read, given, question: Question) -> bool:
    if question.kind == "select_multiple":
        # A blank box cannot say whether the option was seen; a tick must not get lost, and nobody may be given one.
        return (pd.isna(read) and given in (None, False)) or (not pd.isna(read) and bool(read) == given)
    if given is None:
        return bool(pd.isna(read))
    if pd.isna(read):
        return False
    if question.kind == "integer":
        return int(read) == int(given)
    return float(read) == given if question.kind == "decimal" else str(read) == str(given).strip()


def main(cases: int, start: int, variants: list[str]) -> int:
    found, total, began = [], 0, time.monotonic()
    print("| what | submissions | files | refused files | wrong |\n|---|---|---|---|---|", flush=True)
    for variant in variants:
        number, submissions, refused, bad = start, 0, 0, 0
        with tempfile.TemporaryDirectory() as folder:
            while submissions < cases:
                lines, count, no = wrong(variant, number, Path(folder))
                found += [f"{variant}={number}: {line}" for line in lines[:3]]
                submissions, refused, bad, number = submissions + count, refused + no, bad + len(lines), number + 1
        print(f"| {variant} | {submissions} | {number - start} | {refused} | {bad} |", flush=True)
        total += submissions
    print(
        f"\n{total} submissions in {time.monotonic() - began:.0f} seconds, {len(found)} wrong: `python tests/right_or_refused.py {cases} {start}`"
    )
    print(*found, sep="\n", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    if "=" in sys.argv[1]:
        chosen, place = sys.argv[1].rsplit("=", 1)
        print(*wrong(chosen, int(place), Path(tempfile.mkdtemp()))[0], sep="\n")
    else:
        sys.exit(main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:] or list(VARIANTS)))
