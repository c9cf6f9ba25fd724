"""Write docs/evidence/hostile-input.md from the cases in tests/hostile.py: `.venv/bin/python docs/generators/make_hostile_page.py`."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from hostile import CASES, CPU_SECONDS, MEMORY  # noqa: E402

PAGE = ROOT / "docs" / "evidence" / "hostile-input.md"
TEXT = """# Hostile input

This page is made from `tests/hostile.py` by `docs/generators/make_hostile_page.py`; do not edit it.

Every value from `raw/` and `config.yaml` is data. Each case below is tried by `tests/unit/test_hostile.py` in a process of its own, with at most
{seconds} seconds of processor time and {memory} GB of memory. *Inert*: it comes out as the text that it is. *Refused*: one message that says what is
wrong. *Either*: both are harmless. Text is tried on what every text of the report passes (`escape_markdown`, then Pandoc) and files on the readers.

| what | where | must be |
|---|---|---|
{rows}

The same texts in every place of a project at once, answers, names, labels, themes, `config.yaml`: `tests/endtoend/test_planted_data.py` builds it and
parses the web page, the PDF, Word, PowerPoint, workbooks and every CSV, in which none is an element, attribute, script, field, link or formula. Marks
that turn text right to left are left out of the report; Arabic and Hebrew stay as they are. In `config.yaml` and the questionnaire, which are yours,
they stay for figures, slides and the summary.

What is not tried: the engine Quarto with hostile text, and patterns whose time grows as a power of
the length of an answer (they are stopped by the same clock as the others, after {pattern} seconds a column).
{fuzz}"""
FUZZ = ROOT / "docs" / "evidence" / "fuzz.txt"


def page() -> str:
    from hrmonitor.questionnaire.expressions import PATTERN_SECONDS

    rows = "\n".join(f"| {case.name} | {case.place} | {case.must} |" for case in CASES)
    fuzz = f"\n## Fuzzing\n\n{FUZZ.read_text(encoding='utf-8')}" if FUZZ.exists() else ""
    return TEXT.format(seconds=CPU_SECONDS, memory=MEMORY // 10**9, rows=rows, pattern=PATTERN_SECONDS, fuzz=fuzz)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
