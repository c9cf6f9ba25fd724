"""Expressions over columns give what elementpath gives row by row, on an XML document of the same answers."""

import math
from xml.etree.ElementTree import Element, SubElement

import elementpath
import numpy as np
import pandas as pd
import pytest
from hrmonitor.errors import QuestionnaireError
from hrmonitor.questionnaire.expressions import MAX_DEPTH, MAX_LENGTH, compile_expression
from hypothesis import given, settings
from hypothesis import strategies as st

NUMBERS, TEXTS = ["a", "b"], ["s", "t"]
number = st.one_of(st.integers(-50, 50).map(str), st.sampled_from(["0.5", "2.25", "7.75"]))
leaf_number = st.one_of(number.filter(lambda text: not text.startswith("-")), st.sampled_from(["${a}", "${b}"]))
numeric = st.recursive(
    leaf_number,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*"]), inner).map(lambda p: f"({p[0]} {p[1]} {p[2]})"),
        # Not by nothing or by 0: elementpath has -Infinity where XPath 1.0 has NaN. A test of its own says what we do.
        st.tuples(inner, st.sampled_from(["2", "0.5", "7"])).map(lambda p: f"({p[0]} div {p[1]})"),
        inner.map(lambda x: f"round({x})"),
        inner.map(lambda x: f"floor({x})"),
        st.sampled_from(TEXTS).map(lambda q: f"string-length(${{{q}}})"),
    ),
    max_leaves=6,
)
textual = st.one_of(st.sampled_from(["${s}", "${t}", "${a}"]), st.sampled_from(["'x'", "'yes'", "''", "'5'"]))
boolean = st.recursive(
    st.one_of(
        # elementpath stumbles over an empty text beside < where XPath 1.0 has NaN: number() says the same to both.
        st.tuples(numeric, st.sampled_from(["<", "<=", ">", ">=", "=", "!="]), numeric).map(
            lambda p: f"number({p[0]}) {p[1]} number({p[2]})"
        ),
        st.tuples(textual, st.sampled_from(["=", "!="]), textual).map(" ".join),
        st.tuples(textual, textual).map(lambda p: f"contains({p[0]}, {p[1]})"),
    ),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(lambda p: f"({p[0]}) {p[1]} ({p[2]})"),
        inner.map(lambda x: f"not({x})"),
    ),
    max_leaves=5,
)
rows = st.lists(
    st.fixed_dictionaries(
        {
            "a": st.one_of(st.none(), st.integers(-50, 50)),
            "b": st.one_of(st.none(), st.integers(0, 5)),
            "s": st.one_of(st.none(), st.sampled_from(["x", "yes", "5", "xyz"])),
            "t": st.one_of(st.none(), st.sampled_from(["x", "no"])),
        }
    ),
    min_size=1,
    max_size=5,
)


def frame_of(answers):
    frame = pd.DataFrame(answers)
    return frame.astype({"a": "Int64", "b": "Int64", "s": "str", "t": "str"})


def by_row(expression, answers):
    for row in answers:
        root = Element("data")
        for name, value in row.items():
            SubElement(root, name).text = "" if value is None else str(value)
        xpath = expression
        for name in row:
            xpath = xpath.replace(f"${{{name}}}", f"/data/{name}")
        yield elementpath.select(root, xpath, parser=elementpath.XPath1Parser)


@settings(max_examples=150, deadline=None)
@given(boolean, rows)
def test_conditions(expression, answers):
    found = compile_expression(expression).holds(frame_of(answers))
    assert list(found) == [bool(value) for value in by_row(expression, answers)]


@settings(max_examples=150, deadline=None)
@given(numeric, rows)
def test_numbers(expression, answers):
    found = compile_expression(f"number({expression})").evaluate(frame_of(answers))
    for ours, theirs in zip(found, by_row(f"number({expression})", answers), strict=True):
        assert (math.isnan(ours) and math.isnan(theirs)) or ours == pytest.approx(float(theirs))


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_an_expression_or_is_refused(text):
    try:
        compile_expression(text)
    except QuestionnaireError as error:
        assert str(error)


def test_selected_counts_ticks_and_takes_missing_for_none():
    frame = pd.DataFrame({"m/p": [True, False, None], "m/q": [True, True, None]}, dtype="boolean")
    assert list(compile_expression("selected(${m}, 'p')").holds(frame)) == [True, False, False]
    assert list(compile_expression("count-selected(${m})").evaluate(frame)) == [2.0, 1.0, 0.0]


@pytest.mark.parametrize(
    "text",
    [
        "document('x')",
        "today()",
        "count(//a)",
        "/data/a",
        "../a",
        "1 +",
        "${a} = 'x",
        "regex(${a}, '(')",
        "unparsed-text('f')",
        "string-length()",
        "$A",
        "${a} = $_question_7",
        "${a} = " + "9" * 400,
    ],
)
def test_what_forms_may_not_do_is_refused(text):
    with pytest.raises(QuestionnaireError):
        compile_expression(text).evaluate(pd.DataFrame({"a": ["x"]}))


def test_length_and_depth_are_bounded():
    with pytest.raises(QuestionnaireError, match="longer"):
        compile_expression("1 + " * MAX_LENGTH + "1")
    with pytest.raises(QuestionnaireError):
        compile_expression("not(" * (MAX_DEPTH + 5) + "1" + ")" * (MAX_DEPTH + 5))


def test_a_missing_number_is_equal_to_nothing_but_the_empty_text():
    frame = pd.DataFrame({"a": pd.array([None, 0], dtype="Int64")})
    assert list(compile_expression("${a} = 0").holds(frame)) == [False, True]
    assert list(compile_expression("${a} = ''").holds(frame)) == [True, False]
    assert np.isnan(compile_expression("${a} + 1").evaluate(frame)[0])


def test_dividing_by_zero_and_by_nothing():
    frame = pd.DataFrame({"a": pd.array([None, 0, 4], dtype="Int64"), "b": pd.array([0, 0, 0], dtype="Int64")})
    assert str(list(compile_expression("${a} div ${b}").evaluate(frame))) == "[nan, nan, inf]"
    assert str(list(compile_expression("${b} div ${a}").evaluate(frame))) == "[nan, nan, 0.0]"
