"""The range in which a printed number puts a quantity: a printed 43.2 says 43.15 to 43.25."""

from __future__ import annotations

import re

import numpy as np

from hrmonitor.language import separators

# CSVs have ten digits.
DIGITS = 5e-10
PER_CENT = 0.005


def around(value: float, slack: float) -> tuple[float, float]:
    return value - slack, value + slack


def is_multiple(value: float, base: float) -> bool:
    return abs(value / base - round(value / base)) < 1e-9


def step_of_mean(mean: float, total: float, rules: dict) -> float:
    """How far off a mean may be that stands beside a rounded total: it is rounded to what that makes of it."""
    return rules["rounding_base"] / 2 * abs(mean / total) if total else np.inf


def step_of(se: float | None) -> float:
    """The unit of the second significant digit of a standard error, where the number beside it ends; 0 if there is none."""
    if se is None or not np.isfinite(se) or se <= 0:
        return 0.0
    return 10.0 ** (int(f"{se:.1e}".split("e")[1]) - 1)


def printed(cell: str, lang: str) -> tuple[float, float] | None:
    """The range that the first number of a cell stands for; None if there is none."""
    thousands, decimal = separators(lang)
    # Where a space divides thousands, any may stand there, as `clean` makes all of them alike.
    between = r"\s" if thousands.isspace() else re.escape(thousands)
    found = re.match(rf"[−-]?\d+(?:{between}\d{{3}}(?!\d))*(?:{re.escape(decimal)}\d+)?", cell)
    if not found:
        return None
    plain = re.sub(between, "", found.group()).replace(decimal, ".").replace("−", "-")
    digits = len(plain.partition(".")[2])
    return around(float(plain), 0.5 * 10**-digits)


def clean(cell: str) -> str:
    """The words of a cell without what Markdown and HTML add."""
    plain = re.sub(r"\\(.)", r"\1", cell).replace("\u200b", "").replace("\u00ad", "").replace("**", "")
    return re.sub(r"\s+", " ", plain).strip()
