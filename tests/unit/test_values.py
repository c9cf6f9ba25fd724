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
        ("0 personen", 0, ("number_with_words",)),
        ("10-15", 13, ("range_midpoint", "rounded")),
        ("20 tot 24", 22, ("range_midpoint",)),
        ("1.234", 1234, ("thousands_point",)),
        ("12.345.678", 12345678, ("thousands_point",)),
        ("12.0", 12, ()),
        ("-9", -9, ()),
        ("99", 99, ()),
        ("1,250", 1250, ("thousands_comma",)),
        ("1,250,000", 1250000, ("thousands_comma",)),
        ("1 250", 1250, ("thousands_space",)),
        ("1\u202f250", 1250, ("thousands_space",)),
        ("1'250", 1250, ("thousands_space",)),
        ("0.875", 1, ("rounded",)),
        ("2.1250", 2, ("rounded",)),
        ("-2.5", -2, ("rounded",)),
        ("1e+05", 100000, ()),
        ("12k", 12000, ("number_with_words",)),
        ("1,5 miljoen", 1500000, ("number_with_words",)),
        ("ca. 3 duizend", 3000, ("number_with_words",)),
        ("2 mln.", 2000000, ("number_with_words",)),
        ("1.200-1.400", 1300, ("range_midpoint",)),
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
        ("0.5%", 0.5, ()),
        ("0,5 procent", 0.5, ("decimal_comma",)),
        ("100 %", 100, ()),
        ("10-20%", 15, ("range_midpoint",)),
    ],
)
def test_percentages_and_decimals(text, value, rules):
    found = parse_number(text, whole=False, percent=True)
    assert found.value == pytest.approx(value)
    assert found.rules == rules


@pytest.mark.parametrize("text", ["veel", ">100", "meer dan 100", "24/7", "10-15-20", "1,2,3", "12 dozijn", "3 maanden", "1.500 duizend", "1,2345 duizend",
     "10-20%", "01-Apr", "99999999999999999999", "1e18", "9007199254740993", "12 m", "1,25,000", "20%", "3 honderd", "12 of 13"])  # fmt: skip
def test_what_is_no_number_is_not_guessed(text):
    found = parse_number(text, whole=True)
    assert (found.value, found.missing, found.rules) == (None, "no_answer", ("not_understood",))


@pytest.mark.parametrize("text", ["ca. 1.500", "1,500-2,500", "1.500 stuks"])
def test_a_number_among_words_that_has_two_readings_is_not_guessed(text):
    assert parse_number(text, whole=False).rules == ("not_understood",)


@pytest.mark.parametrize("text", ["ca. 0,4", "0.1-0.3"])
def test_about_so_large_a_share_is_not_guessed(text):
    assert parse_number(text, whole=False, percent=True).rules == ("not_understood",)


@pytest.mark.parametrize(
    ("text", "unit", "value"), [("3 maanden", "months", 3), ("3 maanden", "years", None), ("12 jaar", "years", 12)]
)
def test_words_of_a_unit_stand_behind_numbers_of_that_unit(text, unit, value):
    assert parse_number(text, whole=True, unit=unit).value == value


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
        ("2021-05-12T23:30:00.000+02:00", "2021-05-12", ()),
        ("2021-05-12T23:30:00Z", "2021-05-12", ()),
        ("2021-05-12 23:30:00 UTC", "2021-05-12", ()),
        ("12-05-2021 23:30 CEST", "2021-05-12", ("date_day_first",)),
        ("12/5/2021 9:30", "2021-05-12", ("date_day_first",)),
        ("15Oct2021", "2021-10-15", ("date_in_words",)),
        ("1 mei 2022", "2022-05-01", ("date_in_words",)),
        ("1. May 2022", "2022-05-01", ("date_in_words",)),
        ("December 24, 2020", "2020-12-24", ("date_in_words",)),
    ],
)
def test_dates(text, value, rules):
    found = parse_date(text)
    assert (found.value, found.rules) == (value, rules)


@pytest.mark.parametrize(
    "text", ["31-02-2021", "volgende week", "2021-13-01", "15Okd2021", "31 april 2021", "12-5-21", "19999"]
)
def test_what_is_no_date_is_not_guessed(text):
    assert parse_date(text).rules == ("not_understood",)
