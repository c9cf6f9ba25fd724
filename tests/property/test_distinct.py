"""The quick ways of large files give what the careful ones do, whatever stands in the cells."""

import csv
import io
from types import SimpleNamespace
from unittest.mock import patch

import pandas as pd
from hrmonitor.cleaning.answers import Parsed, parse_number
from hrmonitor.cleaning.typed_answers import typed_questions
from hrmonitor.files import handmade_csv
from hrmonitor.files.distinct import counted, distinct, in_digits, replaced
from hrmonitor.project.register import normal, normals
from hrmonitor.readers.number_columns import _number_class
from hrmonitor.readers.number_formats import two_readings
from hrmonitor.readers.numbers_in_words import approximate
from hypothesis import given
from hypothesis import strategies as some

TEXTS = some.text(some.sampled_from('abZé0123456789 \t\u00a0\u2003.,;"\n+-_\u0130'), max_size=8)
CELLS = some.lists(TEXTS | some.none(), min_size=1, max_size=12)
ROWS = some.lists(some.lists(TEXTS, min_size=3, max_size=3) | some.just([""] * 3), max_size=8)


@given(ROWS, some.sampled_from(",;\t"), some.sampled_from(["\n", "\r\n"]), some.sampled_from([0, 2]))
def test_a_large_file_kept_by_hand_is_read_as_a_small_one(tmp_path_factory, rows, delimiter, end, quoting):
    text = io.StringIO(newline="")
    writer = csv.writer(
        text, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_ALL if quoting else csv.QUOTE_MINIMAL
    )
    writer.writerows([["one", "two", "three"], *rows])
    path = tmp_path_factory.mktemp("register") / "register.csv"
    path.write_bytes(text.getvalue().encode())
    careful = handmade_csv.read_rows(path)
    with patch.object(handmade_csv, "LARGE", -1):
        assert handmade_csv.read_frame(path).to_dict("records") == careful


@given(CELLS, some.dictionaries(TEXTS, TEXTS | some.none(), max_size=4))
def test_columns_are_counted_and_changed_text_by_text(cells, new):
    column = pd.Series(cells, dtype="str", index=range(5, 5 + len(cells)))
    there = [text for text in cells if text is not None]
    digits = [text for text in there if text.isascii() and text.isdigit() and len(text) <= 15]
    others = [text for text in there if text not in digits]
    assert distinct(column) == list(dict.fromkeys(there))
    assert distinct(column, but=in_digits) == list(dict.fromkeys(others))
    assert counted(column, but=in_digits) == ({text: others.count(text) for text in others}, len(digits))
    changed = replaced(column, new)
    expected = pd.Series(
        [new.get(text, text) if text is not None else None for text in cells], dtype="str", index=column.index
    )
    pd.testing.assert_series_equal(changed, expected)


@given(some.lists(TEXTS))
def test_names_are_compared_alike_one_by_one_and_together(texts):
    assert normals(texts) == [normal(text) for text in texts]


@given(some.from_regex("[0-9]{1,15}", fullmatch=True), some.booleans(), some.booleans())
def test_digits_alone_have_one_reading_and_are_exact(text, whole, percent):
    assert (_number_class(text), two_readings(text), approximate(text, whole, percent)) == ("others", False, None)


@given(
    some.lists(some.from_regex("[0-9]{1,15}", fullmatch=True) | TEXTS | some.none(), min_size=1),
    some.sampled_from(["integer", "decimal"]),
)
def test_numbers_are_typed_alike_one_by_one_and_together(texts, kind):
    question = SimpleNamespace(name="number", kind=kind, pii=False, unit="")
    responses = pd.DataFrame({"number": pd.Series(texts, dtype="str"), "_source": "a", "_row": range(len(texts))})
    answers, missing = typed_questions(responses, [question], [])
    for text, value, reason in zip(texts, answers["number"], missing["number"], strict=True):
        parsed = parse_number(text, kind == "integer") if text is not None else Parsed(missing="no_answer")
        assert parsed.value == (None if pd.isna(value) else value)
        assert parsed.missing == (None if pd.isna(reason) else reason)
