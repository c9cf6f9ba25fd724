"""No regular expression of the package takes more than linear time: a respondent must not be able to slow the build with one cell."""

import re
import time

import pytest
from patterns import patterns

# Runs of these make a pattern try again and again from every place, if it can.
RUNS = [" ", "1", "a", "A", "-", ".", ",", "@", "1 ", "a.", "1.", "a@", "[", "{", "(", "<", "${", "\n", "_", "/", "%", "'", "=", "\t", " \n", "|", "#", "é",
        "1234ab ", "x.com/", "geb "]  # fmt: skip
LENGTH, TIMES = 600, 5


def _seconds(pattern: re.Pattern, how: set[str], text: str) -> float:
    began = time.process_time()
    if "search" in how:
        for _ in pattern.finditer(text):
            pass
    else:
        pattern.fullmatch(text)
        pattern.match(text)
    return time.process_time() - began


def slower_than_linear(pattern: re.Pattern, how: set[str]) -> list[str]:
    """Texts for which five times the length takes more than fourteen times as long: linear is 5, quadratic 25."""
    found = []
    for run in RUNS:
        for head, tail in (("", ""), ("1", "\x00"), ("a", "x")):
            texts = [f"{head}{run * (times * LENGTH // len(run))}{tail}" for times in (1, TIMES)]
            short = _seconds(pattern, how, texts[0])
            # What takes less than a microsecond a character is not worth a second look, and too short to be measured.
            if short < LENGTH * 1e-6:
                continue
            short, long = (min(_seconds(pattern, how, text) for _ in range(3)) for text in texts)
            if long > 14 * short:
                found.append(repr((head, run, tail)))
    return found


def test_no_pattern_is_slower_than_linear():
    every = patterns()
    assert len(every) > 100
    assert {place: found for place, one in every.items() if (found := slower_than_linear(*one))} == {}


@pytest.mark.parametrize(
    ("slow", "how"),
    [(r"\s*%$", "search"), (r"a*a*\d", "match"), (r"\s*-?\d+\s*%?\s*", "match"), (r"\$\{([^}]+)\}", "search")],
)
def test_the_measure_sees_a_slow_one(slow, how):
    assert slower_than_linear(re.compile(slow), {how})
