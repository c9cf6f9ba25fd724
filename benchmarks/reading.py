"""How long reading an export takes, beside those who read the same file and understand nothing of it: pandas, pyreadstat, calamine.

`python benchmarks/reading.py [RUNS]`: every tool's shape with 1,000 submissions, and two text files of 100,000 with the memory that reading
takes: the most that a process of its own held, above what it held with the libraries loaded.
"""

from __future__ import annotations

import multiprocessing
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from measuring import ROOT, Row, peak_memory, ratios, show

sys.path.insert(0, str(ROOT / "tests"))
import tool_files

FEW, MANY = 1_000, 100_000
# Times that pandas takes, and sizes of the file that memory takes, which reading must not exceed.
MOST = 4.0
WHY = (
    "read at once, as here, text, sheet and answers are held together, and a cell, three letters on average, takes eight bytes more for its place in "
    "Arrow. The pipeline reads a LimeSurvey CSV of this size in parts, see `ingest` below; KoboToolbox's it reads at once."
)


def read_text(path: Path, separator: str) -> None:
    pd.read_csv(path, dtype=str, sep=separator, header=None, on_bad_lines="skip")


def read_workbook(path: Path) -> None:
    pd.read_excel(path, dtype=str, engine="calamine")


def read_spss(path: Path) -> None:
    import pyreadstat

    pyreadstat.read_sav(path)


def read_stata(path: Path) -> None:
    import pyreadstat

    pyreadstat.read_dta(path)


COMMA, SEMICOLON = partial(read_text, separator=","), partial(read_text, separator=";")
# Tool, ending, who writes its shape, who else reads it, and the name of that reader.
SHAPES: list[tuple[str, str, Callable, Callable, str]] = [
    ("limesurvey", ".csv", tool_files.limesurvey, SEMICOLON, "pandas"),
    ("kobo", ".csv", tool_files.kobo, SEMICOLON, "pandas"),
    ("kobo", ".xlsx", tool_files.kobo, read_workbook, "pandas with calamine"),
    ("redcap", ".csv", tool_files.redcap, COMMA, "pandas"),
    ("qualtrics", ".csv", tool_files.qualtrics, COMMA, "pandas"),
    ("surveymonkey", ".csv", tool_files.surveymonkey, COMMA, "pandas"),
    ("google_forms", ".csv", tool_files.google_forms, COMMA, "pandas"),
    ("microsoft_forms", ".xlsx", tool_files.microsoft_forms, read_workbook, "pandas with calamine"),
    ("spss", ".sav", tool_files.statistical, read_spss, "pyreadstat"),
    ("stata", ".dta", tool_files.statistical, read_stata, "pyreadstat"),
    ("table", ".csv", tool_files.table, COMMA, "pandas"),
]


def make_form(folder: Path):
    from hrmonitor.questionnaire.model import read_questionnaire

    survey = ["type,name,label::English (en),label::Nederlands (nl)"]
    survey += [f"select_one yn,one_{n},One {n},Een {n}" for n in range(60)]
    survey += [f"integer,number_{n},Number {n},Getal {n}" for n in range(30)]
    survey += [f"select_multiple abc,several_{n},Several {n},Enkele {n}" for n in range(8)]
    survey += [f"text,text_{n},Text {n},Tekst {n}" for n in range(3)]
    (folder / "survey.csv").write_text("\n".join(survey) + "\n", encoding="utf-8")
    (folder / "choices.csv").write_text(
        "list_name,name,label::English (en),label::Nederlands (nl)\n"
        "yn,yes,Yes,Ja\nyn,no,No,Nee\nabc,a,Apple,Appel\nabc,b,Berry,Bes\nabc,c,Cherry,Kers\n", encoding="utf-8",
    )  # fmt: skip
    (folder / "settings.csv").write_text("form_title,form_id,version\nBench,bench,1\n", encoding="utf-8")
    return read_questionnaire(folder)


def draw(form, rows: int) -> pd.DataFrame:
    """Answers by canonical column, as strings; blank is no answer."""
    rng = np.random.default_rng(1)
    columns: dict[str, np.ndarray] = {}
    for question in form:
        if question.kind == "select_multiple":
            columns |= {f"{question.name}/{code}": rng.choice(["1", "0"], rows) for code in question.codes}
        elif question.kind == "select_one":
            columns[question.name] = rng.choice([*question.codes, ""], rows)
        elif question.kind == "integer":
            columns[question.name] = rng.integers(0, 5000, rows).astype(str)
        else:
            columns[question.name] = rng.choice(["a remark of some length, with a comma", "other words"], rows)
    return pd.DataFrame(columns)


def write_many(path: Path, form, tool: str) -> None:
    """LimeSurvey's or KoboToolbox's CSV of `MANY` submissions; `tool_files` writes row by row, which takes too long here."""
    answers, number = draw(form, MANY), np.arange(MANY)
    if tool == "limesurvey":
        boxes = [column for column in answers if "/" in column]
        answers[boxes] = answers[boxes].replace({"1": "Y", "0": ""})
        answers.columns = [column.replace("/", "[") + "]" * ("/" in column) for column in answers.columns]
        frame = pd.concat([pd.DataFrame({"id": number, "submitdate": "2024-01-01", "lastpage": 9}), answers], axis=1)
    else:
        tail = {"_uuid": number, "_submission_time": "2024-01-01", "_index": number}
        frame = pd.concat([answers, pd.DataFrame(tail)], axis=1)
    frame.to_csv(path, index=False)


def by_reader(path: Path, form, tool: str) -> None:
    from hrmonitor.readers import read_export

    read_export(str(path), form, {"tool": tool, "mode": "interview"}, path.name)


def by_pandas(path: Path, form, tool: str) -> None:
    pd.read_csv(path, dtype=str)


def _seconds(work: Callable, *arguments) -> float:
    start = time.perf_counter()
    work(*arguments)
    return time.perf_counter() - start


def _measure(work: Callable, path: Path, folder: Path, tool: str, answer) -> None:
    from hrmonitor.questionnaire.model import read_questionnaire

    form = read_questionnaire(folder)  # loads the libraries
    before = peak_memory()
    taken = _seconds(work, path, form, tool)
    answer.put((taken, peak_memory() - before))


def alone(work: Callable, *arguments) -> tuple[float, float]:
    """Seconds and bytes of memory of `work` in a process of its own."""
    context = multiprocessing.get_context("spawn")
    answer = context.Queue()
    process = context.Process(target=_measure, args=(work, *arguments, answer))
    process.start()
    found = answer.get()
    process.join()
    return found


def measure(runs: int) -> list[Row]:
    rows = []
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        form = make_form(folder)
        few = draw(form, FEW)
        answers = [{name: value for name, value in one.items() if value} for one in few.to_dict("records")]
        for tool, ending, write, peer, name in SHAPES:
            path = folder / f"{tool}{ending}"
            write(path, form, answers)
            # Once before, so that nobody pays for imports.
            by_reader(path, form, tool), peer(path)
            pairs = [(_seconds(by_reader, path, form, tool), _seconds(peer, path)) for _ in range(runs)]
            ours, theirs = map(list, zip(*pairs, strict=True))
            rows.append(Row(f"reading {tool} ({ending}), {FEW:,} submissions", name, ratios(ours, theirs), ours))
        for tool in ("limesurvey", "kobo"):
            path = folder / f"many_{tool}.csv"
            write_many(path, form, tool)
            ours, theirs, memory = [], [], []
            for _ in range(max(1, runs // 2)):
                theirs.append(alone(by_pandas, path, folder, tool)[0])
                taken, held = alone(by_reader, path, folder, tool)
                ours.append(taken)
                memory.append(held / path.stat().st_size)
            rows.append(Row(f"reading {tool} (.csv), {MANY:,} submissions", "pandas", ratios(ours, theirs), ours, MOST))
            rows.append(
                Row(f"memory of reading {tool} (.csv), {MANY:,} submissions", "size of the file", memory, [], MOST, WHY)
            )
    quickest = min(statistics.median(row.seconds) for row in rows[: len(SHAPES)])
    return rows + [
        Row(row.what, "the quickest of our readers", [one / quickest for one in row.seconds], row.seconds)
        for row in rows[: len(SHAPES)]
    ]


if __name__ == "__main__":
    print(show(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 5)))
