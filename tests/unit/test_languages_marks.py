"""What a language says of itself: endings of words, fractions behind `nearly`, its marks, thousands divided by a space; French needs all of them."""

import pytest
from hrmonitor import language, unit
from hrmonitor.disclosure.audit import ranges

THIN, NO_BREAK = "\u202f", "\u00a0"
WORDS = {
    "language": {"quoted": f"«{NO_BREAK}{{}}{NO_BREAK}»", "colon": f"{NO_BREAK}: ", "semicolon": f"{NO_BREAK}; "},
    "in_words": {
        "ends": {"all": "toutes les", "none": "0 % des", "almost_all": "presque toutes les", "almost_none": "de rares"},
        "nearly": "près {}",
        "more_than": "plus {}",
        "fewer_than": "moins {}",
        "fractions": [[0.25, "un quart des", "d’un quart des"], [0.5, "la moitié des", "de la moitié des"]],
    },
}


@pytest.fixture(autouse=True)
def as_in_french(monkeypatch):
    monkeypatch.setattr(language, "terms", lambda lang: WORDS)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"e": "e", "one": "ville"}, "une ville interrogée ici"),
        ({"e": "", "one": "événement"}, "un événement interrogé ici"),
    ],
)
def test_an_ending_that_is_empty_leaves_the_space_after_its_word(words, said):
    assert unit._filled("un<<e>> <<one>> interrogé<<e>> ici", words) == said


@pytest.mark.parametrize("words", [{"staff_of": "", "many": "villes"}])
def test_a_word_that_is_empty_takes_the_space_after_it_along(words):
    assert unit._filled("les <<staff_of>> <<many>>", words) == "les villes"


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (0.25, "un quart des"),
        (0.24, "près d’un quart des"),
        (0.3, "plus d’un quart des"),
        (0.1, "moins d’un quart des"),
        (0.49, "près de la moitié des"),
    ],
)
def test_a_fraction_may_read_otherwise_behind_another_word(share, said):
    assert language.in_fraction(share, "fr") == said


def test_marks_are_those_of_the_language():
    assert language.quoted("oui", "fr") == f"«{NO_BREAK}oui{NO_BREAK}»"
    assert language.headed("Test", "réussi", "fr") == f"Test{NO_BREAK}: réussi"
    assert language.listed(["a", "b"], "fr") == f"a{NO_BREAK}; b"


@pytest.mark.parametrize(
    ("cell", "middle"),
    [
        ("4 360", 4360),
        (f"4{THIN}360", 4360),
        (f"1{NO_BREAK}234{NO_BREAK}567,5", 1234567.5),
        ("29 sur 60", 29),
        ("12 3456", 12),
        ("−1 275", -1275),
    ],
)
def test_the_audit_reads_numbers_whose_thousands_a_space_divides(cell, middle, monkeypatch):
    monkeypatch.setattr(ranges, "separators", lambda lang: (THIN, ","))
    low, high = ranges.printed(ranges.clean(cell), "fr")
    assert (low + high) / 2 == pytest.approx(middle)
