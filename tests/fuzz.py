"""Fuzz readers, questionnaire, config and expressions: PYTHONPATH=workflow:tests python tests/fuzz.py SECONDS SEED

Anything but a result or a `UserError` is a find. Prints cases, results, refusals and finds of each.
"""

from __future__ import annotations

import collections
import contextlib
import sys
import tempfile
import time
import traceback
import warnings
from pathlib import Path

import pandas as pd
import yaml
from hrmonitor.config import check_config
from hrmonitor.errors import UserError
from hrmonitor.expressions import compile_expression
from hrmonitor.questionnaire import read_questionnaire
from hrmonitor.readers import read_export
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

ROOT = Path(__file__).resolve().parents[1]
FORM = ROOT / "raw/2021/questionnaire"
BITES = [
    '"',
    "'",
    "\n",
    ";",
    ",",
    "\t",
    "\x00",
    "\u202e",
    "&a",
    "*a",
    "!!x",
    "${",
    "}",
    "(",
    ")",
    "/",
    "=",
    "-1",
    "1e400",
    "é",
    "|",
    "[",
    ":",
]
EXPRESSION = st.lists(
    st.sampled_from(
        ["${q}", ".", "1", "'a'", "(", ")", "=", "<", "and", "or", "not(", "regex(", "selected(", "if(", ",", "div", "-", "*", "//", "@a", "$x", "'(a+)+'", "count("]
    ),
    max_size=14,
).map(" ".join)  # fmt: skip


def bitten(original: bytes):
    """The bytes with some cut out, doubled, changed, or bitten into."""
    bite = st.tuples(st.integers(0, len(original)), st.integers(0, 40), st.sampled_from([*BITES, ""]))

    def apply(bites) -> bytes:
        content = original
        for place, length, text in bites:
            content = content[:place] + text.encode() + content[place + length :]
        return content

    return st.lists(bite, min_size=1, max_size=6).map(apply)


def targets(folder: Path) -> dict[str, tuple[object, object]]:
    """Name -> (strategy, what is done with an example)."""
    form = read_questionnaire(FORM)
    rows = (ROOT / "raw/2021/interviews.csv").read_bytes().splitlines(keepends=True)[:6]
    # A form that is right as it stands: the heading and the first questions outside groups.
    lines = (FORM / "survey.csv").read_bytes().splitlines(keepends=True)
    survey = b"".join(line for line in lines[:9] if not line.startswith((b"begin", b"end")))

    def reader(name):
        def run(content: bytes) -> None:
            (folder / name).write_bytes(content)
            read_export(str(folder / name), form, {"tool": "auto", "mode": "interview"}, name)

        return run

    def questionnaire(content: bytes) -> None:
        for sheet in ("choices.csv", "settings.csv"):
            (folder / sheet).write_bytes((FORM / sheet).read_bytes())
        (folder / "survey.csv").write_bytes(content)
        read_questionnaire(folder)

    def config(content: bytes) -> None:
        try:
            read = yaml.safe_load(content)
        except (yaml.YAMLError, UnicodeDecodeError):
            return  # Snakemake and `python -m hrmonitor` say so
        if isinstance(read, dict):
            check_config(read)

    def expression(text: str) -> None:
        compile_expression(text).holds(pd.DataFrame({"q": pd.Series(["a", None, "aaaa"], dtype="str")}), "q")

    return {
        "expressions": (EXPRESSION, expression),
        "config": (bitten((ROOT / "config.yaml").read_bytes()[:3000] + b"\n"), config),
        "questionnaire": (bitten(survey), questionnaire),
        "readers (csv)": (bitten(b"".join(rows)), reader("a.csv")),
        "readers (sav)": (bitten((ROOT / "raw/2018/gebruiksruimten_2018.sav").read_bytes()), reader("a.sav")),
        "readers (xlsx)": (bitten((ROOT / "raw/2021/returned/vragenlijst_01.xlsx").read_bytes()), reader("a.xlsx")),
    }


def fuzz(strategy, run, seconds: float, number: int) -> tuple[collections.Counter, dict[str, str]]:
    counts, finds, end = collections.Counter(), {}, time.monotonic() + seconds

    @seed(number)
    @settings(
        max_examples=10**6,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def attempt(example):
        if time.monotonic() > end:
            raise KeyboardInterrupt
        counts["cases"] += 1
        try:
            run(example)
            counts["read"] += 1
        except UserError:
            counts["refused"] += 1
        except Exception as error:
            ours = [f for f in traceback.extract_tb(error.__traceback__) if "hrmonitor" in f.filename]
            place = f"{Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else "?"
            finds.setdefault(f"{type(error).__name__} at {place}", f"{str(error)[:150]}")

    with contextlib.suppress(KeyboardInterrupt):
        attempt()
    return counts, finds


if __name__ == "__main__":
    warnings.filterwarnings("ignore")
    seconds, number = float(sys.argv[1]), int(sys.argv[2])
    print(
        f"`python tests/fuzz.py {sys.argv[1]} {number}`\n\n| what | cases | read | refused | finds |\n|---|---|---|---|---|",
        flush=True,
    )
    with tempfile.TemporaryDirectory() as folder:
        all_ = targets(Path(folder))
        told = []
        for name, (strategy, run) in all_.items():
            counts, finds = fuzz(strategy, run, seconds / len(all_), number)
            print(f"| {name} | {counts['cases']} | {counts['read']} | {counts['refused']} | {len(finds)} |", flush=True)
            told += [f"{name}: {what} ({why})" for what, why in finds.items()]
    print(*told, sep="\n", file=sys.stderr)
