"""Fuzz all that reads what comes from outside: .venv/bin/python tests/fuzz.py CASES SEED [TARGET ...]

A target is a small file that is right, and what reads it. A case is that file with a few things wrong with it that people, tools and
attackers get wrong; it is made from one number, which hypothesis draws. Anything but a result or a `UserError`, and a case that takes
more than its time or memory, is a find: it is printed with its number, and `TARGET=NUMBER` runs that case again.

Each target runs in a process of its own with bounded memory. Fast targets get more cases than CASES.
"""

from __future__ import annotations

import collections
import contextlib
import csv
import io
import json
import logging
import multiprocessing
import os
import random
import re
import resource
import sys
import tempfile
import time
import traceback
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import tool_files
import yaml
from hrmonitor.cleaning import submissions_of
from hrmonitor.cleaning.answers import parse_choice, parse_date, parse_number
from hrmonitor.cleaning.other_answers import read_other
from hrmonitor.errors import UserError, shown
from hrmonitor.forms import import_form
from hrmonitor.forms.exports.fillable import write_document, write_workbook
from hrmonitor.project.checks import check_config
from hrmonitor.project.register import read_decisions, read_register
from hrmonitor.questionnaire.expressions import compile_expression
from hrmonitor.questionnaire.model import read_questionnaire
from hrmonitor.readers import read_export
from hrmonitor.readers.privacy import protect
from hrmonitor.tabulation.against_published import read_reference
from hrmonitor.themes.codebook import read_themes
from hrmonitor.themes.coding import read_coding
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

ROOT = Path(__file__).resolve().parents[1]
# A case is a few rows: a hundredth of this is usual.
SECONDS, MEMORY = 10, 3_000_000_000
SURVEY = """type,name,label::Nederlands (nl),label::English (en),relevant,constraint,pii,coded,indicator,statistic
text,facility_name,Naam van de voorziening,Name of the facility,,,,,,
select_one kind,service,Welk type?,Which type?,,,,,service,share
text,contact,"Hoe heet u, precies?","What is your name, exactly?",,,yes,,,
select_multiple drugs,drugs,Welke middelen?,Which drugs?,,,,,drugs,share
text,drugs_other,"Anders, namelijk","Other, namely",,,,,,
integer,clients,Hoeveel cliënten?,How many clients?,,. >= 0 and . < 100000,,,clients,median
decimal,share,Welk deel?,What share?,${clients} > 0,,,,share,mean
date,since,Sinds wanneer?,Since when?,,,,,,
text,barriers,Wat belemmert?,What hinders?,"selected(${drugs}, 'ghb')",,,yes,,
"""
CHOICES = """list_name,name,label::Nederlands (nl),label::English (en)
kind,dcr,Gebruiksruimte,Consumption room
kind,nsp,"Spuitomruil, ook mobiel","Needle exchange, also mobile"
drugs,crack,"Basecoke (crack, gekookt)","Base cocaine (crack, cooked)"
drugs,ghb,GHB; ook GBL,GHB; also GBL
drugs,other,Anders,Other
"""
SETTINGS = "form_title,form_id,version\nF,f,1\n"
ANSWERS = [
    {"facility_name": "De Haven", "service": "dcr", "contact": "Anna de Vries", "drugs/crack": "1", "drugs/ghb": "0",
     "drugs/other": "0", "clients": "120", "share": "12.5", "since": "2019-03-12", "barriers": "wachtlijst, \"regels\""},
    {"facility_name": "Spuit & Co", "service": "nsp", "drugs/crack": "0", "drugs/ghb": "1", "drugs/other": "1",
     "drugs_other": "lachgas", "clients": "7", "barriers": "stigma\nen schaamte"},
]  # fmt: skip
# What stands in a cell when something is wrong.
NASTY = [
    "", " ", '"', "'", '""', '"a', 'a"b', "a;b,c\td|e", "a\nb", "a\r\nb", "\x00", "a\x00b", "\x1b[31m", "\u202egpj.exe", "\u2028", "\ufeff",
    "\ufffe", "é", "e\u0301", "ß", "İ", "🙂", "²", "٣", "Ⅷ", "½", "∞", "NaN", "nan", "inf", "-inf", "None", "NULL", "<NA>", "#N/A", "#REF!",
    "true", "FALSE", "0", "-0", "-1", "1e400", "1e-400", "1e5", "9" * 400, "0x1F", "1_000", "1.000,50", "1,000.50", "12,5 %", "99999999999999999999",
    "9223372036854775808", "-9223372036854775809", "2147483648", "31-02-2021", "2021-13-45", "0000-00-00", "9999-12-31", "10000-01-01",
    "-4713-01-01", "12/31/1899", "2021-02-30T25:61:61", "2021-W53", "45413.99999", "2958466", "24:00", "=1+1", "+1", "-1+2", "@A1",
    "=HYPERLINK(\"http://b\")", "=cmd|' /C calc'!A0", "<script>", "&amp;", "&l;", "<![CDATA[", "]]>", "<!--", "#read(\"x\")", "$x^{2$", "`{python} 1`",
    "{{< include x >}}", "${q}", "${", "}", "%s%n", "{0}", "{", "../../x", "/etc/passwd", "\\", "\\u0000", "\\ud800", "a/b", "a[b]", "[", "]", "(", ")", "((((", "a" * 5000,
    "|", "||", ";;", "___", "__class__", "id", "_row", "_source", "other", "crack", "crack ghb", "crack ghb crack", "service", "drugs/crack", "drugs/other/x",
    "yes", "no", "dcr", "*", "&a", "*a", "!!python/name:os.system", "- ", "? ", ": ", "> ", "0.1.2", "n/a", "-99", "99", "x", "x | x", "1;2", "'1",
]  # fmt: skip
ENCODINGS = ["utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1252", "latin-1", "cp437", "utf-7", "shift_jis", "cp500"]


# --- what goes wrong ---------------------------------------------------------------------------------------


def broken_bytes(content: bytes, chance: random.Random) -> bytes:
    """Cut off, doubled, moved or overwritten somewhere; nothing is known of the format."""
    for _ in range(chance.choice((1, 1, 1, 2, 3, 6))):
        place, length = chance.randrange(len(content) + 1), chance.choice((0, 1, 1, 2, 4, 40))
        new = chance.choice((
            b"", b"\x00", b"\xff", b"\xed\xa0\x80", b"\xc3", b"\n", b"\r", b'"', bytes([chance.randrange(256)]), b"\xff" * 8, b"\x7f\xff\xff\xff",
            content[place : place + 20], chance.choice(NASTY).encode("utf-8", "surrogatepass"),
        ))  # fmt: skip
        content = content[:place] if chance.random() < 0.05 else content[:place] + new + content[place + length :]
    return content


def broken_rows(rows: list[list[str]], chance: random.Random) -> list[list[str]]:
    """A cell, a heading, a row or a column that is not as it was."""
    rows = [list(row) for row in rows]
    for _ in range(chance.choice((1, 1, 2, 2, 3, 5))):
        if not any(rows):
            return rows
        number = chance.randrange(len(rows))
        row = rows[number] or [""]
        place = chance.randrange(len(row))
        what = chance.random()
        if what < 0.5:
            row[place] = chance.choice(NASTY)
        elif what < 0.6:
            row[place] += chance.choice(NASTY)
        elif what < 0.66 and rows[0]:
            rows[0][chance.randrange(len(rows[0]))] = chance.choice([*rows[0], *NASTY])  # also a heading twice
        elif what < 0.72:
            rows.insert(number, list(row))
        elif what < 0.77:
            rows[number] = row[:place]
        elif what < 0.82:
            rows[number] = [*row, *[chance.choice(NASTY)] * chance.choice((1, 2, 50))]
        elif what < 0.86:
            rows.insert(number, [chance.choice(("", " "))] * chance.choice((0, len(row))))
        elif what < 0.9:
            del rows[number]
        elif what < 0.94:
            rows = [one[:place] + one[place + 1 :] for one in rows]
        elif what < 0.97:
            rows = [[*one[: place + 1], *one[place:]] for one in rows]
        else:
            chance.shuffle(rows)
        rows[number % len(rows)] = rows[number % len(rows)] if rows else []
    return rows


def broken_csv(content: bytes, chance: random.Random) -> bytes:
    """Broken as rows, as bytes, or both; in another dialect and encoding now and then."""
    text = content.decode("utf-8-sig")
    delimiter = max(",;\t", key=text.split("\n", 1)[0].count)
    if chance.random() < 0.85:
        rows = broken_rows(list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)), chance)
        out = io.StringIO(newline="")
        other = chance.random() < 0.15
        writer = csv.writer(
            out,
            delimiter=chance.choice(",;\t|") if other else delimiter,
            quoting=chance.choice((csv.QUOTE_ALL, csv.QUOTE_MINIMAL)),
            lineterminator=chance.choice(("\n", "\r\n", "\r", "\n\n")) if other else "\n",
        )
        writer.writerows(rows)
        text = out.getvalue()
    encoding = chance.choice(ENCODINGS) if chance.random() < 0.12 else "utf-8"
    content = text.encode(encoding, "replace")
    return broken_bytes(content, chance) if chance.random() < 0.3 else content


def broken_text(content: bytes, chance: random.Random) -> bytes:
    """A word, a value between marks, or a line of JSON, XML, YAML or Markdown replaced, doubled or taken away."""
    text = content.decode("utf-8")
    for _ in range(chance.choice((1, 1, 2, 3))):
        found = list(
            re.finditer(
                chance.choice((r"[\w.-]+", r'"[^"]*"', r">[^<>]*<", r"<[^>]*>", r"(?m:^.*\n)", r"[:,\[\]{}]")), text
            )
        )
        if not found:
            continue
        start, end = chance.choice(found).span()
        old = text[start:end]
        new = chance.choice((
            "", old * 2, chance.choice(found).group(), chance.choice(NASTY), old[:1] + chance.choice(NASTY) + old[-1:], "[]", "{}", "null", "-1", "1e999",
            json.dumps(chance.choice(NASTY)),
        ))  # fmt: skip
        text = text[:start] + new + text[end:]
    content = text.encode("utf-8", "surrogatepass")
    return broken_bytes(content, chance) if chance.random() < 0.15 else content


def broken_zip(content: bytes, chance: random.Random) -> bytes:
    """A member broken as text or CSV, left out, doubled or empty; or the archive itself."""
    if chance.random() < 0.15:
        return broken_bytes(content, chance)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    # Where the answers are, mostly.
    telling = [name for name in members if re.search(r"sheet\d|sharedStrings|document\.xml|content\.xml|\.csv", name)]
    for _ in range(chance.choice((1, 1, 2))):
        name = chance.choice(telling if telling and chance.random() < 0.8 else list(members))
        what = chance.random()
        if what < 0.04:
            members[name] = b""
        elif what < 0.08:
            members.pop(name)
            if not members:
                break
            telling = [one for one in telling if one != name]
        elif name.endswith(".csv"):
            with contextlib.suppress(UnicodeDecodeError):
                members[name] = broken_csv(members[name], chance)
        elif what < 0.5 and (
            refs := list(re.finditer(rb' (?:r|ref|t|s|spans|count|w:val|[a-z-]+:[a-z-]+)="([^"]*)"', members[name]))
        ):
            start, end = chance.choice(refs).span(1)
            new = chance.choice((b"XFD1048576", b"A0", b"ZZZZ1", b"A1:XFD1048576", b"1048576", b"-1", b"99999999999", b"s", b"e", b"inlineStr", b"d", b"", chance.choice(NASTY).encode()))  # fmt: skip
            members[name] = members[name][:start] + new + members[name][end:]
        else:
            with contextlib.suppress(UnicodeDecodeError):
                members[name] = broken_text(members[name], chance)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", chance.choice((zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED))) as archive:
        for name, member in members.items():
            archive.writestr(name, member)
    return out.getvalue()


def broken_config(config: dict, chance: random.Random) -> dict:
    """The config with values replaced, moved, doubled or taken away at any depth."""
    config = json.loads(json.dumps(config))
    for _ in range(chance.choice((1, 1, 2, 3))):
        block = config
        while True:
            keys = list(block) if isinstance(block, dict) else range(len(block))
            if not len(keys):
                break
            key = chance.choice(keys)
            if isinstance(block[key], (dict, list)) and block[key] and chance.random() < 0.8:
                block = block[key]
                continue
            what = chance.random()
            if what < 0.15:
                del block[key]
            elif what < 0.3 and isinstance(block, dict):
                block[chance.choice(NASTY)] = block.pop(key)
            else:
                block[key] = chance.choice((
                    chance.choice(NASTY), [], {}, None, True, 0, -1, 2.5, float("inf"), 10**30, [chance.choice(NASTY)], {chance.choice(NASTY): 1},
                    [[["a"]]], {1: 2}, "raw/register.csv", "raw", "raw/2021/returned/*", "**/*", "raw/[", "a" * 300, str(block[key]) + chance.choice(NASTY),
                ))  # fmt: skip
            break
    return config


TERMS = [
    "${q}",
    "${n}",
    ".",
    "1",
    "-1",
    "'a'",
    "''",
    "'2021-02-30'",
    "9999999999999999999",
    "0.1",
    "today()",
    "@a",
    "$x",
    "//q",
    "'(a+)+'",
    "true()",
    "''''",
]
OPERATORS = ["=", "!=", "<", ">=", "and", "or", "div", "mod", "+", "-", "*", "|", ",", "="]
CALLS = [
    "not", "regex", "selected", "if", "count", "count-selected", "string-length", "round", "int", "number", "coalesce", "concat", "sum", "max", "date",
    "format-date", "document", "once", "jr:choice-name", "indexed-repeat", "floor", "substr", "contains", "starts-with", "decimal-date-time", "boolean",
]  # fmt: skip


def expression(chance: random.Random, depth: int = 0) -> str:
    """An XPath expression that is mostly well formed, or one with a word too many or too few."""
    what = chance.random()
    if depth > 5 or what < 0.3:
        text = chance.choice(TERMS)
    elif what < 0.6:
        text = f"{expression(chance, depth + 1)} {chance.choice(OPERATORS)} {expression(chance, depth + 1)}"
    elif what < 0.9:
        inner = [expression(chance, depth + 1) for _ in range(chance.choice((0, 1, 1, 2, 2, 3)))]
        text = f"{chance.choice(CALLS)}({', '.join(inner)})"
    else:
        text = f"({expression(chance, depth + 1)})"
    if depth == 0 and chance.random() < 0.25:
        place = chance.randrange(len(text) + 1)
        text = (
            text[:place]
            + chance.choice([*NASTY, *TERMS, "(" * 300, "-" * 2000])
            + text[place + chance.choice((0, 1, 3)) :]
        )
    return text


# --- what reads it -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Target:
    """`run` reads a case; it must read `right`, which `broken` makes cases of. `more`: so many times the cases, for what is fast."""

    right: object
    broken: Callable[[object, random.Random], object]
    run: Callable[[object], object]
    more: int = 1

    def make(self, number: int) -> object:
        return self.broken(self.right, random.Random(number))


def write_form(folder: Path, survey: bytes = SURVEY.encode()) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "survey.csv").write_bytes(survey)
    (folder / "choices.csv").write_text(CHOICES, encoding="utf-8")
    (folder / "settings.csv").write_text(SETTINGS, encoding="utf-8")
    return folder


def targets(folder: Path) -> dict[str, Target]:
    form = read_questionnaire(write_form(folder / "form"))
    found: dict[str, Target] = {}

    def made(name: str, write: Callable, *more, **options) -> bytes:
        write(folder / name, form, *more, **options)
        return (folder / name).read_bytes()

    def reader(name: str, tool: str, content: bytes, broken: Callable, more: int = 1, **entry) -> None:
        path = folder / f"case{Path(name).suffix}"

        def run(case: bytes) -> None:
            path.write_bytes(case)
            read, _, _ = read_export(str(path), form, {"tool": tool, "mode": "questionnaire", **entry}, path.name)
            # And what the next step makes of what was read.
            kept, _ = protect(read, form)
            submissions_of(kept, form)
            for question in form.answerable:
                for text in kept.get(question.name, pd.Series(dtype="str")).dropna().unique():
                    if question.kind == "select_one":
                        parse_choice(text, question)
                    elif question.kind == "date":
                        parse_date(text)
                    elif question.kind in ("integer", "decimal"):
                        parse_number(text, question.kind == "integer", question.unit == "%")

        found[name] = Target(content, broken, run, more)

    # Every file is right before it is broken: a reader is reached behind its first check.
    reader("limesurvey.csv", "limesurvey", made("a.csv", tool_files.limesurvey, ANSWERS), broken_csv)
    reader("kobo.csv", "kobo", made("a.csv", tool_files.kobo, ANSWERS), broken_csv)
    reader("kobo.xlsx", "kobo", made("a.xlsx", tool_files.kobo, ANSWERS), broken_zip)
    reader("odk.zip", "kobo", made("a.zip", tool_files.odk_zip, ANSWERS), broken_zip)
    reader("redcap.csv", "redcap", made("a.csv", tool_files.redcap, ANSWERS), broken_csv)
    reader("qualtrics.csv", "qualtrics", _one_each(made("a.csv", tool_files.qualtrics, ANSWERS)), broken_csv)
    reader("surveymonkey.csv", "surveymonkey", made("a.csv", tool_files.surveymonkey, ANSWERS), broken_csv)
    reader("surveymonkey.xlsx", "surveymonkey", made("a.xlsx", tool_files.surveymonkey, ANSWERS), broken_zip)
    reader("google_forms.csv", "google_forms", made("a.csv", tool_files.google_forms, ANSWERS), broken_csv)
    reader("microsoft_forms.xlsx", "microsoft_forms", made("a.xlsx", tool_files.microsoft_forms, ANSWERS), broken_zip)
    reader("table.csv", "table", made("a.csv", tool_files.table, ANSWERS), broken_csv)
    reader("auto.csv", "auto", made("a.csv", tool_files.table, ANSWERS), broken_csv)
    reader("table.parquet", "table", made("a.parquet", tool_files.table, ANSWERS), broken_bytes)
    reader("table.ods", "table", _ods(), broken_zip)
    reader("spss.sav", "spss", made("a.sav", tool_files.statistical, ANSWERS), broken_bytes)
    reader("stata.dta", "stata", made("a.dta", tool_files.statistical, ANSWERS), broken_bytes)
    reader("sas.xpt", "sas", _xpt(folder, form), broken_bytes)
    write_workbook(folder / "a.xlsx", form, "nl")
    reader("excel_form.xlsx", "excel_form", _filled_workbook(folder / "a.xlsx"), broken_zip)
    write_document(folder / "a.docx", form, "nl")
    reader("word_form.docx", "word_form", (folder / "a.docx").read_bytes(), broken_zip)

    def survey(case: bytes) -> None:
        read_questionnaire(write_form(folder / "broken", case))

    def imported(name: str, content: bytes, broken: Callable) -> None:
        def run(case: bytes) -> None:
            path = folder / f"imported{Path(name).suffix}"
            path.write_bytes(case)
            import_form(path, "nl")

        found[f"import {name}"] = Target(content, broken, run)

    found["questionnaire"] = Target(SURVEY.encode(), broken_csv, survey)
    tool_files._write_xlsx(folder / "x.xlsx", {name: _rows(text) for name, text in (("survey", SURVEY), ("choices", CHOICES), ("settings", SETTINGS))})  # fmt: skip
    imported("xlsform.xlsx", (folder / "x.xlsx").read_bytes(), broken_zip)
    imported("redcap.csv", DICTIONARY.encode(), broken_csv)
    imported("limesurvey.lss", LSS.encode(), broken_text)
    imported("qualtrics.qsf", json.dumps(QSF).encode(), broken_text)

    shipped = yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8"))
    small = {
        **shipped,
        "findings": dict(list(shipped["findings"].items())[:2]),
        "figures": dict(list(shipped["figures"].items())[:3]),
    }
    found["config"] = Target(small, broken_config, check_config)
    raw = yaml.safe_dump(small).encode()

    def config_text(case: bytes) -> None:
        try:
            read = yaml.safe_load(case)
        # Snakemake and `python -m hrmonitor` say what is wrong; a number too long to write is one more of PyYAML's ways to.
        except (yaml.YAMLError, UnicodeDecodeError, ValueError):
            return
        if isinstance(read, dict):
            check_config(read)

    found["config.yaml"] = Target(raw, broken_text, config_text)

    answers = pd.DataFrame({"q": pd.Series(["a", None, "aaaa", "b c"], dtype="str"), "n": [1.0, None, -3.0, 2.5]})
    found["expressions"] = Target(
        "${n} > 1 and regex(., '^a+$')",
        lambda _, chance: expression(chance),
        lambda case: compile_expression(case).holds(answers, "q"),
        6,
    )
    found["notebook parameters"] = Target({"lang": "en"}, lambda _, chance: _parameters(chance), _translated, 2)

    register = pd.read_csv(ROOT / "raw/register.csv", dtype="str", keep_default_na=False)

    def by_hand(name: str, content: bytes, run: Callable[[str], object], broken=broken_csv) -> None:
        path = folder / f"by_hand{Path(name).suffix}"

        def read(case: bytes) -> None:
            path.write_bytes(case)
            run(str(path))

        found[name] = Target(content, broken, read)

    book = "question,theme,label_nl,label_en\nbarriers,stigma,Stigma,Stigma\nbarriers,waiting,Wachtlijst,Waiting list\n"
    (folder / "themes.csv").write_text(book, encoding="utf-8")
    themes = read_themes(folder / "themes.csv")
    coded = pd.DataFrame({"source": ["a.csv"] * 3, "row": [2, 3, 4], "question": "barriers", "key": ["KAAAAAAA2", "KAAAAAAA3", "KAAAAAAA4"], "kept": [True, True, False]})  # fmt: skip
    sheet = "key,answer,theme 1,theme 2,remark,publish\nKAAAAAAA2,wachtlijst,stigma,Wachtlijst,zie boven,yes\nKAAAAAAA3,schaamte,(geen van deze),,,\n"
    places = "source,row,question,themes,remark\na.csv,2,barriers,stigma|waiting,\na.csv,3,barriers,,vraag\n"
    tool_files._write_xlsx(folder / "coder.xlsx", {"barriers": _rows(sheet)})
    by_hand("coding sheet.xlsx", (folder / "coder.xlsx").read_bytes(), lambda path: read_coding(path, themes, coded), broken_zip)  # fmt: skip
    by_hand("coding sheet.csv", sheet.encode(), lambda path: read_coding(path, themes, coded))
    by_hand("codes.csv", places.encode(), lambda path: read_coding(path, themes, coded))
    by_hand("themes.csv", book.encode(), read_themes)
    other = "question,written,decision,reason\ndrugs,lachgas,keep,middel\ndrugs,basecoke,crack|ghb,zelfde\n"
    by_hand("other.csv", other.encode(), lambda path: read_other(path, form))
    by_hand(
        "register.csv", b"".join((ROOT / "raw/register.csv").read_bytes().splitlines(keepends=True)[:5]), read_register
    )
    by_hand("names.csv", (ROOT / "raw/2021/names.csv").read_bytes(), lambda path: read_decisions(path, register))

    def reference(case: tuple[str, bytes]) -> None:
        place = folder / "reference"
        place.mkdir(exist_ok=True)
        for name in ("series", "values", "comparisons"):
            (place / f"{name}.csv").write_bytes(small_reference[name])
        (place / f"{case[0]}.csv").write_bytes(case[1])
        read_reference(place)

    small_reference = {
        name: (ROOT / f"raw/reference/{name}.csv").read_bytes() for name in ("series", "values", "comparisons")
    }
    found["reference series"] = Target(
        ("series", small_reference["series"]),
        lambda _, chance: (name := chance.choice(("series", "values")), broken_csv(small_reference[name], chance)),
        reference,
    )  # fmt: skip
    return found


def _rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


def _one_each(content: bytes) -> bytes:
    """Without the second column of a heading: Qualtrics gives "other, namely" no name that is also that of a box."""
    rows = _rows(content.decode())
    keep = [place for place, heading in enumerate(rows[0]) if heading not in rows[0][:place]]
    out = io.StringIO(newline="")
    csv.writer(out).writerows([row[place] for place in keep] for row in rows)
    return out.getvalue().encode()


def _ods() -> bytes:
    """The smallest spreadsheet in the format of LibreOffice."""
    rows = [["facility_name", "service", "contact", "drugs", "drugs_other", "clients", "share", "since", "barriers"],
            ["De Haven", "dcr", "x", "crack", "", "12", "1.5", "2019-03-12", "wachtlijst"]]  # fmt: skip
    cells = "".join(
        "<table:table-row>" + "".join(f'<table:table-cell office:value-type="string" table:number-columns-repeated="1"><text:p>{cell}</text:p></table:table-cell>' for cell in row) + "</table:table-row>"
        for row in rows
    )  # fmt: skip
    names = " ".join(f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"' for short, long in (("office", "office"), ("table", "table"), ("text", "text")))  # fmt: skip
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", f'<?xml version="1.0"?><office:document-content {names}><office:body><office:spreadsheet><table:table table:name="B">{cells}</table:table></office:spreadsheet></office:body></office:document-content>')  # fmt: skip
        archive.writestr("META-INF/manifest.xml", '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>')  # fmt: skip
    return out.getvalue()


def _xpt(folder: Path, form) -> bytes:
    import pyreadstat

    columns = {question.name: ["1", "2"] for question in form.answerable}
    pyreadstat.write_xport(pd.DataFrame(columns), str(folder / "a.xpt"), file_format_version=8)
    return (folder / "a.xpt").read_bytes()


def _filled_workbook(path: Path) -> bytes:
    import openpyxl

    workbook = openpyxl.load_workbook(path)
    sheet = workbook.worksheets[0]
    for row in sheet.iter_rows(min_row=3):
        if str(row[0].value or "").isdigit():
            row[2].value = "12"
        elif row[1].value in ("Gebruiksruimte", "GHB; ook GBL"):
            row[2].value = "x"
    workbook.save(path)
    return path.read_bytes()


def _parameters(chance: random.Random) -> dict:
    def value(depth: int):
        kind = chance.random()
        if depth < 3 and kind < 0.25:
            return {chance.choice(NASTY) + chance.choice(NASTY): value(depth + 1) for _ in range(3)}
        if depth < 3 and kind < 0.4:
            return [value(depth + 1) for _ in range(3)]
        text = "".join(
            chance.choice([*NASTY, "\\", '"', "'", "\n", "\ud800", "#", '"""']) for _ in range(chance.choice((1, 2, 4)))
        )
        return chance.choice((text, text, text, None, True, 10**30, -0.5, float("inf")))

    return {"lang": value(3), "config": {chance.choice(NASTY): value(0) for _ in range(4)}}


def _translated(given: dict) -> None:
    """The code that papermill makes of parameters says the parameters and does nothing else."""
    from papermill.translators import PythonTranslator

    ran: dict = {}
    exec(PythonTranslator.codify(given), {"__builtins__": {"float": float}}, ran)
    if ran != given:
        raise AssertionError("other parameters than were given")


DICTIONARY = """Variable / Field Name,Form Name,Section Header,Field Type,Field Label,"Choices, Calculations, OR Slider Labels",Text Validation Type OR Show Slider Number,Text Validation Min,Text Validation Max,Identifier?,Branching Logic (Show field only if...)
record_id,f,,text,Record,,,,,,
service,f,Start,radio,Which type?,"1, Room | 2, Exchange, also mobile",,,,,
drugs,f,,checkbox,Which drugs?,"1, Crack | 2, GHB",,,,,[service] = '1'
clients,f,,text,How many?,,integer,0,9999,,[drugs(1)] = '1' and [service] <> '2'
name,f,,text,Your name,,,,,y,
"""  # fmt: skip


def _forms_of_tests() -> tuple[str, dict]:
    sys.path.insert(0, str(ROOT / "tests" / "unit"))
    import test_forms

    return test_forms.LSS, test_forms.qsf()


LSS, QSF = _forms_of_tests()


# --- the run -----------------------------------------------------------------------------------------------


def attempt(target: Target, number: int, counts: collections.Counter, finds: dict[str, tuple[str, int]]) -> None:
    case = target.make(number)
    counts["cases"] += 1
    try:
        target.run(case)
        counts["read"] += 1
    except UserError as error:
        counts["refused"] += 1
        message = shown(error)
        if len(message) > 8200 or "Traceback" in message:
            finds.setdefault("a message that is too long", (message[:100], number))
    except (Exception, RecursionError, MemoryError) as error:
        ours = [f for f in traceback.extract_tb(error.__traceback__) if "hrmonitor" in f.filename]
        place = f"{Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else "?"
        finds.setdefault(f"{type(error).__name__} at {place}", (str(error)[:150], number))


def quiet() -> None:
    warnings.filterwarnings("ignore")
    logging.disable(logging.CRITICAL)
    # Rust says more than is wanted when it has no memory.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


def work(target: Target, cases: int, start: int, pipe) -> None:
    """A target's cases, in a process of its own; each case's number goes out before it runs, the counts at the end."""
    quiet()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    counts, finds = collections.Counter(), {}

    @seed(start)
    @settings(
        max_examples=cases,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.integers(2**32, 2**64 - 1))
    def all_(number):
        pipe.send(number)
        attempt(target, number, counts, finds)

    all_()
    pipe.send((dict(counts), finds))


def watched(target: Target, cases: int, start: int) -> tuple[collections.Counter, dict[str, tuple[str, int]]]:
    """What `work` found; a case that stops the process or takes too long is a find, and the rest go on behind it."""
    counts, finds, number = collections.Counter(), {}, -1
    while counts["cases"] < cases and len(finds) < 40:
        ours, theirs = multiprocessing.Pipe(duplex=False)
        process = multiprocessing.Process(target=work, args=(target, cases - counts["cases"], start, theirs))
        process.start()
        theirs.close()
        ran, ended = 0, False
        try:
            # Libraries are loaded with the first case.
            while ours.poll(SECONDS + (20 if ran < 2 else 0)):
                told = ours.recv()
                if isinstance(told, tuple):
                    counts.update(told[0])
                    finds.update(told[1])
                    ended = True
                    break
                number, ran = told, ran + 1
            else:
                finds[f"no end in {SECONDS} s ({number})"] = ("", number)
        except EOFError:
            process.join(5)
            finds[f"the process died, exit code {process.exitcode} ({number})"] = ("", number)
        process.kill()
        process.join()
        if ended:
            break
        counts["cases"] += ran
        start += 1
    return counts, finds


def all_right(all_: dict[str, Target]) -> None:
    for name, target in all_.items():
        try:
            target.run(target.right)
        except UserError as error:
            sys.exit(f"{name}: what should be right is refused: {error}")


def main(cases: int, start: int, wanted: list[str]) -> int:
    os.chdir(ROOT)
    with tempfile.TemporaryDirectory() as folder:
        all_ = targets(Path(folder))
        if wanted and "=" in wanted[0]:
            name, number = wanted[0].split("=")
            case = all_[name].make(int(number))
            print(repr(case)[:3000])
            print(all_[name].run(case))
            return 0
        # Not here: libraries that start threads must be loaded behind the fork.
        process = multiprocessing.Process(target=all_right, args=(all_,))
        process.start()
        process.join()
        if process.exitcode:
            return 1
        found, total, began = [], 0, time.monotonic()
        print("| what | cases | read | refused | finds |\n|---|---|---|---|---|", flush=True)
        for name in wanted or all_:
            counts, finds = watched(all_[name], cases * all_[name].more, start)
            print(f"| {name} | {counts['cases']} | {counts['read']} | {counts['refused']} | {len(finds)} |", flush=True)
            total += counts["cases"]
            found += [f"{name}={number}: {what} ({why})" for what, (why, number) in finds.items()]
    print(
        f"\n{total} cases in {time.monotonic() - began:.0f} seconds, {len(found)} finds: `python tests/fuzz.py {cases} {start}`"
    )
    print(*found, sep="\n", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]))
