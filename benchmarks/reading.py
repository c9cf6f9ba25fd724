"""How long reading an export takes, against `pandas.read_csv(dtype=str)` on the same file, in one run.

100,000 submissions of 120 columns in LimeSurvey's and KoboToolbox's shape; memory is the largest that a process of its own held,
above what it held with the libraries loaded, as a multiple of the file's size.
"""

from __future__ import annotations

import multiprocessing
import resource
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "workflow"))
ROWS, MOST = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000, 4.0


def make_form(folder: Path):
    survey = ["type,name,label::English (en)"]
    survey += [f"select_one yn,one_{n},One {n}" for n in range(60)]
    survey += [f"integer,number_{n},Number {n}" for n in range(30)]
    survey += [f"select_multiple abc,several_{n},Several {n}" for n in range(8)]
    survey += [f"text,text_{n},Text {n}" for n in range(3)]
    (folder / "survey.csv").write_text("\n".join(survey) + "\n", encoding="utf-8")
    (folder / "choices.csv").write_text(
        "list_name,name,label::English (en)\nyn,yes,Yes\nyn,no,No\nabc,a,A\nabc,b,B\nabc,c,C\n", encoding="utf-8"
    )
    (folder / "settings.csv").write_text("form_title,form_id,version\nBench,bench,1\n", encoding="utf-8")


def make_export(path: Path, tool: str) -> None:
    rng = np.random.default_rng(1)
    lead = {"id": np.arange(ROWS), "submitdate": "2024-01-01", "lastpage": 9}
    tail = {"_uuid": np.arange(ROWS), "_submission_time": "2024-01-01", "_index": np.arange(ROWS)}
    columns: dict = dict(lead) if tool == "limesurvey" else {}
    joiner = ("[{}]" if tool == "limesurvey" else "/{}").format
    columns |= {f"one_{n}": rng.choice(["yes", "no", ""], ROWS) for n in range(60)}
    columns |= {f"number_{n}": rng.integers(0, 5000, ROWS) for n in range(30)}
    for n in range(8):
        columns |= {
            f"several_{n}{joiner(c)}": rng.choice(["Y", ""] if tool == "limesurvey" else ["1", "0"], ROWS)
            for c in "abc"
        }
    columns |= {
        f"text_{n}": rng.choice(["a remark of some length, with a comma", "other words"], ROWS) for n in range(3)
    }
    columns |= tail if tool == "kobo" else {}
    pd.DataFrame(columns).to_csv(path, index=False)


def by_pandas(path: str, folder: str, tool: str) -> None:
    pd.read_csv(path, dtype=str)


def by_reader(path: str, folder: str, tool: str) -> None:
    from hrmonitor.questionnaire import read_questionnaire
    from hrmonitor.readers import read_export

    read_export(path, read_questionnaire(folder), {"tool": tool, "mode": "interview"}, "export.csv")


def _measure(work, path: str, folder: str, tool: str, answer) -> None:
    from hrmonitor.questionnaire import read_questionnaire

    read_questionnaire(folder)  # loads the libraries
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    work(path, folder, tool)
    answer.put((time.perf_counter() - start, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024))


def measure(work, *arguments: str) -> tuple[float, float]:
    context = multiprocessing.get_context("spawn")
    answer = context.Queue()
    process = context.Process(target=_measure, args=(work, *arguments, answer))
    process.start()
    found = answer.get()
    process.join()
    return found


def main() -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        make_form(folder)
        for tool in ("limesurvey", "kobo"):
            path = folder / f"{tool}.csv"
            make_export(path, tool)
            size = path.stat().st_size
            plain, _ = measure(by_pandas, str(path), str(folder), tool)
            ours, memory = measure(by_reader, str(path), str(folder), tool)
            columns = len(pd.read_csv(path, nrows=1).columns)
            print(
                f"reading {tool}: {ROWS} submissions, {columns} columns, {size / 1e6:.0f} MB; pandas {plain:.1f} s, "
                f"ours {ours:.1f} s: {ours / plain:.2f} times (at most {MOST:.0f}); memory {memory / size:.2f} times the file (at most {MOST:.0f})"
            )


if __name__ == "__main__":
    main()
