"""A survey of any size: a form of 120 columns, its sampling frame and an export in LimeSurvey's shape, written as a stream.

As in a survey of clients: every unit of the frame has a code, answers at most once, and eight in ten do. The cells have the mess of real
ones: numbers with words or a decimal comma, misspelt labels, answers under a skip, second submissions, tests, empty forms.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import csv

SERVICES, PROVINCES = ("dcr", "oat", "hat", "nsp"), ("groningen", "utrecht", "limburg", "zeeland")
ONE, NUMBERS, DECIMALS, SEVERAL, TEXTS = 57, 28, 1, 8, 3
RESPONSE, CHUNK, ORGANISATIONS = 0.8, 50_000, 50
SENTENCES = (
    "people wait too long for a first appointment, and some give up",
    "there is less injecting than there was; more people smoke",
    "we would like a place to rest during the day",
    "de openingstijden zijn te kort, vooral in het weekend",
    "the staff listen, that matters most to me",
)


def write_form(folder: Path) -> None:
    """survey.csv, choices.csv and settings.csv in `folder`."""
    rows = [
        "begin_group,facility,The service,,,,,",
        "text,facility_name,Code,,,,,",
        "select_one service,service,Type of service,,,,,",
        "select_one province,province,Province,,,,,",
        "end_group,,,,,,,",
    ]
    for n in range(ONE):
        # Every fifth question is put to those who said yes to the one before.
        relevant = f"${{one_{n - 1}}} = 'yes'" if n % 5 == 4 else ""
        rows.append(f'select_one yesno,one_{n},Question {n},"{relevant}",,one_{n},share,')
    for n in range(NUMBERS):
        rows.append(
            f"integer,number_{n},Number {n},,. >= 0 and . <= 5000,number_{n},{'mean' if n % 2 else 'median'},clients"
        )
    rows += [f"decimal,decimal_{n},Decimal {n},,,decimal_{n},mean,hours" for n in range(DECIMALS)]
    rows += [f"select_multiple abc,several_{n},Several {n},,,several_{n},share," for n in range(SEVERAL)]
    rows += ["date,asked_on,Date,,,,,"]
    rows += [f"text,text_{n},Text {n},,,,," for n in range(TEXTS)]
    head = "type,name,label::English (en),relevant,constraint,indicator,statistic,unit\n"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "survey.csv").write_text(head + "\n".join(rows) + "\n", encoding="utf-8")
    lists = {
        "service": SERVICES, "province": PROVINCES, "abc": ("a", "b", "c"), "yesno": ("yes", "no", "dont_know"),
    }  # fmt: skip
    choices = [
        f"{name},{code},{code.capitalize().replace('_', ' ')},{'dont_know' if code == 'dont_know' else ''}"
        for name, codes in lists.items()
        for code in codes
    ]
    head = "list_name,name,label::English (en),missing\n"
    (folder / "choices.csv").write_text(head + "\n".join(choices) + "\n", encoding="utf-8")
    (folder / "settings.csv").write_text("form_title,form_id,version\nBench,bench,1\n", encoding="utf-8")


def code_of(unit: int) -> str:
    return f"Unit {unit:08d}"


def service_of(units: np.ndarray) -> np.ndarray:
    return np.array(SERVICES)[units % len(SERVICES)]


def write_register(path: Path, submissions: int) -> None:
    """A frame of which `RESPONSE` answer."""
    units = np.arange(int(submissions / RESPONSE))
    names = [code_of(unit) for unit in units]
    blank = [""] * len(units)
    table = {
        "facility_id": names, "name": names, "aliases": blank,
        "organisation": [f"Organisation {unit % ORGANISATIONS}" for unit in units], "service": service_of(units),
        "province": np.array(PROVINCES)[units // 4 % len(PROVINCES)], "municipality": blank,
        "opened": ["2010-01-01"] * len(units), "closed": blank,
    }  # fmt: skip
    csv.write_csv(pa.table(table), path)


def write_export(path: Path, submissions: int, seed: int = 1, words: int = 0) -> None:
    """LimeSurvey's CSV, `CHUNK` submissions at a time; which units answer, and in which order, is drawn.

    With `words`, open answers are essays of about so many words, so that few submissions make a large file.
    """
    rng = np.random.default_rng(seed)
    units = rng.permutation(int(submissions / RESPONSE))[:submissions]
    writer = None
    for start in range(0, submissions, CHUNK):
        columns = _chunk(units[start : start + CHUNK], start, rng)
        if words:
            essays = [" ".join(rng.choice(SENTENCES, words // 10)) for _ in range(1000)]
            columns |= {
                f"text_{n}": np.array(essays, dtype=object)[rng.integers(0, 1000, len(units[start : start + CHUNK]))]
                for n in range(TEXTS)
            }
        table = pa.table(columns)
        writer = writer or csv.CSVWriter(path, table.schema)
        writer.write_table(table)
    writer.close()


def _chunk(units: np.ndarray, start: int, rng: np.random.Generator) -> dict[str, object]:
    rows = len(units)

    def some(values, share=0.0, blank=""):
        """Drawn from `values`; a share of them is blank."""
        drawn = np.asarray(values)[rng.integers(0, len(values), rows)]
        return np.where(rng.random(rows) < share, blank, drawn) if share else drawn

    # One in a hundred is a second submission of a unit before it, in the same chunk.
    again = rng.random(rows) < 0.01
    again[0] = False
    units = units.copy()
    units[again] = units[np.flatnonzero(again) - 1]
    empty, test = rng.random(rows) < 0.002, rng.random(rows) < 0.001
    names = np.array([code_of(unit) for unit in units])
    names = np.where(test, "test", names)
    columns = {
        "id": np.arange(start + 1, start + rows + 1).astype(str),
        "submitdate": np.where(rng.random(rows) < 0.03, "", "2024-03-05 10:11:12"),
        "lastpage": some(["7", "8", "9"]),
        "facility_name": names,
        "service": service_of(units),
        "province": some(PROVINCES, 0.02),
    }
    answers = {f"one_{n}": some(["yes", "yes", "no", "no", "dont_know"], 0.05) for n in range(ONE)}
    answers["one_0"] = some(["yes"] * 40 + ["no"] * 40 + ["Yes", "Noo"], 0.05)
    for n in range(NUMBERS):
        answers[f"number_{n}"] = np.where(rng.random(rows) < 0.1, "", rng.integers(0, 5000, rows).astype(str))
    answers["number_0"] = some(["ca. 120", "10-15", "1.200", "9999", "weet niet", *map(str, range(200))], 0.1)
    for n in range(DECIMALS):
        halves = np.char.add(rng.integers(0, 60, rows).astype(str), some([",5", ",25", ""]))
        answers[f"decimal_{n}"] = np.where(rng.random(rows) < 0.1, "", halves)
    for n in range(SEVERAL):
        answers |= {f"several_{n}[{code}]": some(["Y", "", ""]) for code in "abc"}
    answers["asked_on"] = some([f"2024-0{month}-{day:02d}" for month in range(1, 10) for day in range(1, 28)], 0.02)
    for n in range(TEXTS):
        remark = np.char.add(
            np.char.add(some(SENTENCES), " ("), np.char.add(rng.integers(0, 9999, rows).astype(str), ")")
        )
        answers[f"text_{n}"] = np.where(rng.random(rows) < 0.4, "", remark)
    # A few write down how to reach them.
    phone = rng.random(rows) < 0.002
    answers["text_0"] = np.where(phone, "bel 06-12345678 of mail iemand@voorbeeld.example", answers["text_0"])
    blank = empty | test
    return columns | {name: np.where(blank, "", values) for name, values in answers.items()}
