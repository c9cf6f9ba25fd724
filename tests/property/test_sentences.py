"""Sentences keep to their interval, in both languages."""

import math
from types import SimpleNamespace

import pytest
from hrmonitor.language import FEW, share_or_count, text
from hrmonitor.reporting.chapters import answers
from hrmonitor.reporting.chapters import findings as findings_chapter
from hrmonitor.reporting.markdown import (
    all_of,
    count_of,
    counted,
    digits_for,
    direction,
    in_words,
    none,
    rounded,
    share_of,
    who,
)
from hrmonitor.study import Study
from hypothesis import given
from hypothesis import strategies as st
from settings import finding

LANGUAGES = ("en", "nl")
# Read once, before any deadline counts.
WORDS = {lang: text(lang) for lang in LANGUAGES}
WIDE = st.floats(-1e6, 1e6)
UP = {
    "en": ("rose", "more rises than falls", " more than"),
    "nl": ("steeg", "meer stijgingen dan dalingen", " meer dan"),
}
DOWN = {
    "en": ("fell", "more falls than rises", " fewer than"),
    "nl": ("daalde", "meer dalingen dan stijgingen", " minder dan"),
}
FORM = {"now": SimpleNamespace(unit="persons", label=lambda lang: "How many?")}


def story(lang: str):
    return SimpleNamespace(lang=lang, words=WORDS[lang], forms={"2021": FORM}, study=Study())


def claim_test(**keys):
    return finding(keys).tests[0]


def row(low: float, high: float, n: int) -> dict:
    return {"estimate": (low + high) / 2, "ci_low": low, "ci_high": high, "n": n}


def said(lang: str, test: dict, low: float, high: float, n: int = 50) -> tuple[str, str]:
    """(sentence, the way that it tells)."""
    sentence = findings_chapter.sentence_on(story(lang), row(low, high, n), claim_test(**test), "2021")
    up, down = (any(word in sentence for word in words[lang]) for words in (UP, DOWN))
    assert not (up and down), sentence
    return sentence, "up" if up else "down" if down else "unclear"


ENDS = st.tuples(st.floats(-20, 20), st.floats(-20, 20)).map(sorted).filter(lambda pair: pair[1] - pair[0] > 1e-3)


@given(ENDS)
def test_a_change_is_told_only_where_the_interval_excludes_none(ends):
    low, high = ends
    true = "up" if low > 0 else "down" if high < 0 else "unclear"
    ways = {lang: said(lang, {"test": "paired_change_above", "now": "now", "threshold": 0}, low, high)[1] for lang in LANGUAGES}  # fmt: skip
    assert ways == dict.fromkeys(LANGUAGES, true)


@given(ENDS)
def test_a_ratio_is_told_only_where_the_interval_excludes_one(ends):
    low, high = (math.exp(end / 20) for end in ends)
    true = "up" if low > 1 else "down" if high < 1 else "unclear"
    ways = {lang: said(lang, {"test": "ratio_below", "now": "now", "threshold": 1}, low, high)[1] for lang in LANGUAGES}
    assert ways == dict.fromkeys(LANGUAGES, true)


@given(st.integers(0, 60), st.integers(0, 60))
def test_rises_and_falls_add_up_and_a_balance_is_told_only_where_the_sign_test_shows_one(up, down):
    from hrmonitor.estimation import sign_test

    if up + down < 2:
        return
    found = sign_test(up, down, 0.95)
    one = {"estimate": found.value, "ci_low": found.low, "ci_high": found.high, "n": found.n + 7, "changers": up + down}
    for lang in LANGUAGES:
        sentence = findings_chapter.sentence_on(
            story(lang), one, claim_test(test="more_increased", question="now"), "2021"
        )
        # No words where the numbers are past twelve, so that two of one kind stand beside each other.
        for n in (up, down):
            told = none(lang) if n == 0 else in_words(n, lang) if up + down <= 12 else str(n)
            assert told in sentence
        assert (UP[lang][1] in sentence) == (found.low > 0.5)
        assert (DOWN[lang][1] in sentence) == (found.high < 0.5)


@given(WIDE, st.floats(1e-4, 1e5), st.sampled_from(LANGUAGES))
def test_a_rounded_number_lies_within_its_rounding_and_its_interval(value, half, lang):
    shown = rounded(value, value - half, value + half, lang)
    digits = digits_for(value - half, value + half)
    point, comma = (",", ".") if lang == "en" else (".", ",")
    plain = float(shown.split(" ")[-1].replace(point, "").replace(comma, ".").replace("−", "-"))
    assert abs(plain - value) <= 0.5 * 10**-digits + 1e-6
    # The half of the last digit is never more than half the interval's half width, unless digits ran out.
    assert digits == 2 or 0.5 * 10**-digits <= half / 2 * (1 + 1e-9) + 1e-9
    assert (shown.startswith(text(lang)["counting"]["about"].format("").strip())) <= (digits < 0)


@given(st.integers(0, 200), st.sampled_from(LANGUAGES))
def test_plural_only_of_what_is_not_one(n, lang):
    one, many = text(lang)["plurals"]["facilities"]
    assert counted(n, "facilities", lang).endswith(one if n == 1 else many)
    assert (counted(n, "facilities", lang)[0].isdigit()) == (n > 12)


@given(st.integers(1, 100), st.data(), st.sampled_from(LANGUAGES))
def test_a_few_facilities_get_no_percentage(n, data, lang):
    count = data.draw(st.integers(0, n))
    how, told, _ = share_of(count / n, 0.1, 0.9, n, lang)
    assert how == ("of_few" if n < FEW else "of_many")
    assert ("%" in told) == (n >= FEW)
    assert count_of(count / n, n) == count


def test_a_weighted_share_of_a_few_is_no_count():
    assert count_of(0.53, 17) is None
    assert share_of(0.53, 0.3, 0.7, 17, "en")[0] == "of_many"


@given(WIDE, WIDE)
def test_direction_turns_with_the_sign(a, b):
    low, high = sorted((a, b))
    turned = {"up": "down", "down": "up", "unclear": "unclear"}
    assert direction(-high, -low) == turned[direction(low, high)]


@pytest.mark.parametrize(("lang", "two", "three"), [("en", "both tests", "all three tests"), ("nl", "beide toetsen", "alle drie de toetsen")])  # fmt: skip
def test_two_are_both(lang, two, three):
    assert (all_of(2, "tests", lang), all_of(3, "tests", lang)) == (two, three)


@pytest.mark.parametrize(
    ("share", "n", "said"),
    [(1 / 6, 6, "1 of 6"), (0.0, 9, "0 of 9"), (0.3, 10, "30%"), (0.53, 7, "53%"), (math.nan, 5, "–"), (0.5, 0, "50%")],
)
def test_a_share_of_a_few_is_a_count_in_cells_too(share, n, said):
    assert share_or_count(share, n, "en") == said


def test_a_share_without_interval_speaks_of_those_that_answered():
    assert who(0.8, math.nan, math.nan, 45, "en") == "80% of the 45 facilities"
    assert who(0.8, 0.8, 0.8, 45, "en") == "80% of all 45 facilities"


def test_reasons_in_parts_are_one_sentence():
    told = answers._sentences(
        ["none said.", "among those that adapted, 57% give this,", "46% that,", "and 44% a third."]
    )
    assert told == "None said. Among those that adapted, 57% give this, 46% that, and 44% a third."
