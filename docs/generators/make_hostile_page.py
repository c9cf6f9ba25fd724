"""Write docs/evidence/hostile-input.md from the cases in tests/hostile.py: `.venv/bin/python docs/generators/make_hostile_page.py`."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from hostile import CASES, CPU_SECONDS, MEMORY  # noqa: E402

PAGE = ROOT / "docs" / "evidence" / "hostile-input.md"
TEXT = """# Hostile input

Generated from `tests/hostile.py` by `docs/generators/make_hostile_page.py`; do not edit this page.

Every value from `raw/` and `config.yaml` is data. `tests/unit/test_hostile.py` runs each case below in a process of its own, with at most
{seconds} seconds of processor time and {memory} GB of memory. *Inert*: it comes out as plain text. *Refused*: one message says what is
wrong. *Either*: both outcomes are harmless. Texts are passed through what every text of the report passes through (`escape_markdown`, then Pandoc), files through the readers.

| what | where | outcome |
|---|---|---|
{rows}

`tests/endtoend/test_planted_data.py` plants the same texts everywhere in a project at once (answers, names, labels, themes, `config.yaml`), builds it, and
parses the web page, the PDF, Word, PowerPoint, workbooks and every CSV. None of the texts may become an element, attribute, script, field, link or formula. Marks
that reverse the direction of text are removed from the report; Arabic and Hebrew stay as they are. In `config.yaml` and the questionnaire, which are yours,
such marks are kept in figures, slides and the summary.

Not tested: hostile text with the Quarto engine, and patterns whose running time is polynomial in
the length of an answer (the time limit of {pattern} seconds a column stops them like any other).
{fuzz}"""
FUZZ = ROOT / "docs" / "evidence" / "fuzz.txt"


def page() -> str:
    from hrmonitor.questionnaire.expressions import PATTERN_SECONDS

    rows = "\n".join(f"| {case.name} | {case.place} | {case.must} |" for case in CASES)
    fuzz = f"\n## Fuzzing\n\n{FUZZ.read_text(encoding='utf-8')}" if FUZZ.exists() else ""
    return TEXT.format(seconds=CPU_SECONDS, memory=MEMORY // 10**9, rows=rows, pattern=PATTERN_SECONDS, fuzz=fuzz)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
