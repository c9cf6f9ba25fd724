"""What a written answer means."""

import pytest
from hrmonitor.cleaning.answers import parse_date, parse_number


@pytest.mark.parametrize(
    ("text", "value", "rules"),
    [
        ("120", 120, ()),
        ("ca. 120", 120, ("number_with_words",)),
        ("± 45", 45, ("number_with_words",)),
        ("120 personen", 120, ("number_with_words",)),
        ("10-15", 13, ("range_midpoint", "rounded")),
        ("20 tot 24", 22, ("range_midpoint",)),
        ("1.234", 1234, ("thousands_point",)),
        ("12.345.678", 12345678, ("thousands_point",)),
        ("12.0", 12, ()),
        ("-9", -9, ()),
        ("99", 99, ()),
    ],
)
def test_whole_numbers(text, value, rules):
    found = parse_number(text, whole=True)
    assert (found.value, found.rules) == (value, rules)


@pytest.mark.parametrize(
    ("text", "value", "rules"),
    [
        ("49,5", 49.5, ("decimal_comma",)),
        ("1.234,5", 1234.5, ("decimal_comma",)),
        ("1.234", 1.234, ()),
        ("40%", 40, ()),
        ("0.4", 40, ("percent_from_fraction",)),
        ("0,05", 5, ("percent_from_fraction",)),
        ("1", 1, ()),
        ("0", 0, ()),
    ],
)
def test_percentages_and_decimals(text, value, rules):
    found = parse_number(text, whole=False, percent=True)
    assert found.value == pytest.approx(value)
    assert found.rules == rules


@pytest.mark.parametrize("text", ["veel", ">100", "meer dan 100", "24/7", "10-15-20", "1,2,3"])
def test_what_is_no_number_is_not_guessed(text):
    found = parse_number(text, whole=True)
    assert (found.value, found.missing, found.rules) == (None, "no_answer", ("not_understood",))


@pytest.mark.parametrize(
    ("text", "reason"), [("weet niet", "dont_know"), ("N.v.t.", "not_applicable"), ("geen antwoord", "no_answer")]
)
def test_words_for_no_answer_are_told_apart(text, reason):
    assert parse_number(text, whole=True).missing == reason


@pytest.mark.parametrize(
    ("text", "value", "rules"),
    [
        ("2021-05-12", "2021-05-12", ()),
        ("2021-05-12 00:00:00", "2021-05-12", ()),
        ("12-05-2021", "2021-05-12", ("date_day_first",)),
        ("44328", "2021-05-12", ("excel_serial_date",)),
    ],
)
def test_dates(text, value, rules):
    found = parse_date(text)
    assert (found.value, found.rules) == (value, rules)


@pytest.mark.parametrize("text", ["31-02-2021", "volgende week", "2021-13-01"])
def test_what_is_no_date_is_not_guessed(text):
    assert parse_date(text).rules == ("not_understood",)
