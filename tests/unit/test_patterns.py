"""No regular expression of the package takes more than linear time: a respondent must not be able to slow the build with one cell."""

import re
import time

import pytest
from patterns import patterns

# Runs of these make a pattern try again and again from every place, if it can.
RUNS = [" ", "1", "a", "A", "-", ".", ",", "@", "1 ", "a.", "1.", "a@", "[", "{", "(", "<", "${", "\n", "_", "/", "%", "'", "=", "\t", " \n", "|", "#", "é",
        "1234ab ", "x.com/", "geb "]  # fmt: skip
LENGTH, TIMES = 250, 16


def _seconds(pattern: re.Pattern, how: set[str], text: str) -> float:
    began = time.process_time()
    if "search" in how:
        for _ in pattern.finditer(text):
            pass
    else:
        pattern.fullmatch(text)
        pattern.match(text)
    return time.process_time() - began


def slower_than_linear(pattern: re.Pattern, how: set[str]) -> str:
    """A text for which sixteen times the length takes more than sixty-four times as long: linear is 16, quadratic 256; empty without any.

    The distance is wide enough for a busy machine, and what is seen once is measured again.
    """
    for run in RUNS:
        for head, tail in (("", ""), ("1", "\x00"), ("a", "x")):
            short, long = (f"{head}{run * (times * LENGTH // len(run))}{tail}" for times in (1, TIMES))
            # A quadratic pattern takes a twentieth of a second here, a linear one a millisecond.
            if _seconds(pattern, how, long) < LENGTH * TIMES * 1e-6:
                continue
            if all(_seconds(pattern, how, long) > 64 * _seconds(pattern, how, short) for _ in range(3)):
                return repr((head, run, tail))
    return ""


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
