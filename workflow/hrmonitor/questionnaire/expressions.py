"""XLSForm expressions (`relevant`, `constraint`, `calculation`), evaluated over whole columns.

elementpath parses the XPath; we walk its tree and evaluate each node on a frame of typed answers: a
select-one as a column of codes, a select-multiple as the boolean columns `question/choice`, numbers as
nullable numbers, dates as datetimes, text as text.

As in XForms, an empty answer is the empty string: it equals '', and every comparison with a number is
false. XPath 1.0 rules hold otherwise (https://www.w3.org/TR/xpath-10/, https://getodk.github.io/xforms-spec/).
"""

from __future__ import annotations

import re
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from hrmonitor.errors import QuestionnaireError

# Longer or deeper expressions than any form needs; bounds the work that a hostile form can ask for.
MAX_LENGTH = 4000
MAX_DEPTH = 60
MAX_PATTERN = 200
# For a pattern over a whole column, which takes milliseconds unless it tries every way of cutting a text up.
PATTERN_SECONDS = 5
_VARIABLE = "_question_"
_REFERENCE = re.compile(r"\$\{\s*([A-Za-z_][\w.-]*)\s*\}")


@dataclass(frozen=True)
class Expression:
    """A compiled expression. `questions` are the names that it refers to; `plan` is its tree, as `_plan` makes it."""

    text: str
    questions: frozenset[str]
    plan: tuple

    def evaluate(self, frame: pd.DataFrame, current: str | None = None) -> pd.Series:
        """One value a row of `frame`: booleans, floats (NaN for "not a number") or strings.

        `current` is the question that `.` stands for. Raises `QuestionnaireError` when a question that
        is named has no column.
        """
        value = _Evaluation(frame, current).value(self.plan)
        if np.isscalar(value) or np.ndim(value) == 0:
            value = np.full(len(frame), value)
        return pd.Series(value, index=frame.index)

    def holds(self, frame: pd.DataFrame, current: str | None = None) -> pd.Series:
        """Whether the expression is true, as XPath's boolean() has it: one bool a row."""
        return pd.Series(_boolean(self.evaluate(frame, current).to_numpy()), index=frame.index)


@cache
def compile_expression(text: str) -> Expression:
    """Parse an XLSForm expression. Raises `QuestionnaireError` when it cannot be understood."""
    from elementpath import ElementPathError, XPath1Parser

    if len(text) > MAX_LENGTH:
        raise QuestionnaireError(f"the expression is longer than {MAX_LENGTH} characters; split it.")
    names: list[str] = []

    def reference(match: re.Match) -> str:
        if match.group(1) not in names:
            names.append(match.group(1))
        # A variable name that XPath allows, whatever the question is called.
        return f"${_VARIABLE}{names.index(match.group(1))}"

    source = _REFERENCE.sub(reference, text)
    try:
        # XPath1Parser.parse() also evaluates; the grammar alone is what we want.
        tree = super(XPath1Parser, _parser()).parse(source)
        plan = _plan(tree, names, text, 0)
    except (
        ElementPathError,
        RecursionError,
        ValueError,
        TypeError,
        AttributeError,
        LookupError,
        ArithmeticError,
    ) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise QuestionnaireError(f"{text!r} cannot be parsed as an expression ({reason}).") from error
    return Expression(text, frozenset(names), plan)


@cache
def _parser():
    """elementpath's XPath 1 parser, with the functions that XLSForm adds, so that they parse by name."""
    from elementpath import XPath1Parser

    class XLSFormParser(XPath1Parser):
        pass

    for name, arity in _XLSFORM_FUNCTIONS.items():
        XLSFormParser.function(name, nargs=arity)
    XLSFormParser.build()
    return XLSFormParser()


_XLSFORM_FUNCTIONS = {
    "selected": 2,
    "count-selected": 1,
    "if": 3,
    "coalesce": 2,
    "int": 1,
    "regex": 2,
    "pow": 2,
}
_XPATH_FUNCTIONS = {
    "not": 1,
    "true": 0,
    "false": 0,
    "number": 1,
    "string": 1,
    "boolean": 1,
    "string-length": 1,
    "contains": 2,
    "starts-with": 2,
    "round": 1,
    "floor": 1,
    "ceiling": 1,
}
_FUNCTIONS = {**_XLSFORM_FUNCTIONS, **_XPATH_FUNCTIONS}
_OPERATORS = {"or", "and", "=", "!=", "<", "<=", ">", ">=", "+", "-", "*", "div", "mod"}


def _plan(token, names: list[str], text: str, depth: int) -> tuple:
    """elementpath's token as a small tuple: (what, ...). Everything not listed here is refused."""
    if depth > MAX_DEPTH:
        raise QuestionnaireError(f"the expression is nested deeper than {MAX_DEPTH} levels; split it.")
    symbol = token.symbol
    parts = list(token)

    def deeper() -> tuple:
        return tuple(_plan(part, names, text, depth + 1) for part in parts)

    if symbol == "(string)":
        return ("literal", token.value)
    if symbol in ("(integer)", "(decimal)", "(float)"):
        return ("literal", float(token.value))
    if symbol == "$":
        number = str(parts[0].value).removeprefix(_VARIABLE)
        if not number.isdecimal() or int(number) >= len(names):
            raise QuestionnaireError(f"{text!r} refers to ${parts[0].value}; refer to a question as ${{name}}.")
        return ("question", names[int(number)])
    if symbol == ".":
        return ("current",)
    if symbol == "(" and len(parts) == 1:
        return _plan(parts[0], names, text, depth + 1)
    if symbol in _OPERATORS and len(parts) == 2:
        return ("operator", symbol, *deeper())
    if symbol == "-" and len(parts) == 1:
        return ("negative", *deeper())
    if symbol in _FUNCTIONS:
        if len(parts) != _FUNCTIONS[symbol]:
            raise QuestionnaireError(f"{text!r}: {symbol}() takes {_FUNCTIONS[symbol]} arguments, not {len(parts)}.")
        return ("function", symbol, *deeper())
    name = token.value if symbol == "(name)" else symbol
    raise QuestionnaireError(
        f"{text!r} uses {name!r}, which is not supported. "
        f"Functions that are: {', '.join(sorted(_FUNCTIONS))}; refer to a question as ${{name}}."
    )


@contextmanager
def _within(seconds: int, message: str) -> Iterator[None]:
    """Raises `QuestionnaireError` when the body takes longer. `re` looks for signals as it matches; only the main thread gets any."""

    def stop(*_):
        raise QuestionnaireError(message)

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


class _Evaluation:
    """The walk over a plan, on one frame."""

    def __init__(self, frame: pd.DataFrame, current: str | None):
        self.frame = frame
        self.current = current

    def value(self, plan: tuple):
        what = plan[0]
        if what == "literal":
            return plan[1]
        if what == "question":
            return self.column(plan[1])
        if what == "current":
            if self.current is None:
                raise QuestionnaireError("'.' is only allowed in a constraint.")
            return self.column(self.current)
        if what == "negative":
            return -_number(self.value(plan[1]))
        if what == "operator":
            return _operator(plan[1], self.value(plan[2]), self.value(plan[3]))
        return self.function(plan[1], plan[2:])

    def function(self, name: str, arguments: tuple):
        if name == "selected":
            return self.selected(arguments[0], arguments[1])
        if name == "count-selected":
            return self.count_selected(arguments[0])
        values = [self.value(argument) for argument in arguments]
        match name:
            case "not":
                return ~_boolean(values[0])
            case "true":
                return np.bool_(True)
            case "false":
                return np.bool_(False)
            case "if":
                return _choose(_boolean(values[0]), values[1], values[2])
            case "coalesce":
                return _choose(_string(values[0]) != "", values[0], values[1])
            case "number":
                return _number(values[0])
            case "string":
                return _string(values[0])
            case "boolean":
                return _boolean(values[0])
            case "int":
                return np.trunc(_number(values[0]))
            case "round":
                # XPath rounds half up, towards positive infinity.
                return np.floor(_number(values[0]) + 0.5)
            case "floor":
                return np.floor(_number(values[0]))
            case "ceiling":
                return np.ceil(_number(values[0]))
            case "pow":
                with np.errstate(all="ignore"):
                    return np.power(_number(values[0]), _number(values[1]))
            case "string-length":
                return _map(len, _string(values[0])).astype(float)
            case "contains":
                return _map(lambda text, part: part in text, _string(values[0]), _string(values[1])).astype(bool)
            case "starts-with":
                return _map(str.startswith, _string(values[0]), _string(values[1])).astype(bool)
            case "regex":
                return self.regex(values[0], arguments[1])
        raise AssertionError(name)

    def regex(self, value, pattern: tuple):
        if pattern[0] != "literal" or len(str(pattern[1])) > MAX_PATTERN:
            raise QuestionnaireError(f"regex() takes a text of at most {MAX_PATTERN} characters as its pattern.")
        try:
            compiled = re.compile(str(pattern[1]))
        except re.error as error:
            raise QuestionnaireError(f"{pattern[1]!r} is no regular expression ({error}).") from error
        with _within(PATTERN_SECONDS, f"{pattern[1]!r} takes too long to match; write it without repeats in repeats."):
            return _map(lambda text: compiled.search(text) is not None, _string(value)).astype(bool)

    def selected(self, what: tuple, choice: tuple):
        if choice[0] != "literal":
            raise QuestionnaireError("selected() takes the choice as a text, such as selected(${q}, 'a').")
        name = self.name_of(what)
        column = f"{name}/{choice[1]}"
        if column in self.frame:
            return self.frame[column].astype("boolean").fillna(False).to_numpy(dtype=bool)
        if name in self.frame:
            # A select-one, or a select-multiple kept as codes joined by spaces.
            return _map(lambda text: choice[1] in text.split(), _string(self.column(name))).astype(bool)
        return np.zeros(len(self.frame), dtype=bool)

    def count_selected(self, what: tuple):
        name = self.name_of(what)
        columns = self.choice_columns(name)
        if columns:
            return self.frame[columns].astype("boolean").fillna(False).to_numpy(dtype=float).sum(axis=1)
        return _map(lambda text: len(text.split()), _string(self.column(name))).astype(float)

    def name_of(self, what: tuple) -> str:
        if what[0] == "question":
            return what[1]
        if what[0] == "current" and self.current is not None:
            return self.current
        raise QuestionnaireError("selected() and count-selected() take a question, such as ${q}.")

    def choice_columns(self, name: str) -> list[str]:
        return [column for column in self.frame.columns if str(column).startswith(f"{name}/")]

    def column(self, name: str) -> np.ndarray:
        """The answers as XPath sees them: strings, with numbers and booleans kept as such where present."""
        if name in self.frame:
            column = self.frame[name]
            if pd.api.types.is_datetime64_any_dtype(column.dtype):
                column = column.dt.strftime("%Y-%m-%d")
            if pd.api.types.is_bool_dtype(column.dtype):
                return column.astype(object).where(column.notna(), "").to_numpy()
            if pd.api.types.is_numeric_dtype(column.dtype):
                return _Numbers(column.to_numpy(dtype=float, na_value=np.nan))
            return column.astype(object).where(column.notna(), "").to_numpy()
        columns = self.choice_columns(name)
        if columns:
            marks = self.frame[columns].astype("boolean").fillna(False).to_numpy(dtype=bool)
            codes = np.array([column.removeprefix(f"{name}/") for column in columns])
            return np.array([" ".join(codes[row]) for row in marks], dtype=object)
        raise QuestionnaireError(f"there is no question {name!r} in the answers.")


class _Numbers(np.ndarray):
    """A number question's column: like floats, but NaN is the empty answer, whose text is ''."""

    def __new__(cls, values):
        return np.asarray(values, dtype=float).view(cls)


def _operator(symbol: str, left, right):
    if symbol == "or":
        return _boolean(left) | _boolean(right)
    if symbol == "and":
        return _boolean(left) & _boolean(right)
    if symbol in ("=", "!="):
        return _equal(symbol, left, right)
    with np.errstate(all="ignore"):
        left, right = np.asarray(_number(left)), np.asarray(_number(right))
        match symbol:
            case "<":
                return left < right
            case "<=":
                return left <= right
            case ">":
                return left > right
            case ">=":
                return left >= right
            case "+":
                return left + right
            case "-":
                return left - right
            case "*":
                return left * right
            case "div":
                return left / right
            case "mod":
                return np.fmod(left, right)
    raise AssertionError(symbol)


def _equal(symbol: str, left, right):
    """XPath 1.0, 3.4: as booleans if one is boolean, else as numbers if one is a number, else as strings.

    A question is a node: its text is compared as a number only with a number.
    """
    if _is_boolean(left) or _is_boolean(right):
        left, right = _boolean(left), _boolean(right)
    elif _is_number(left) or _is_number(right):
        left, right = np.asarray(_number(left)), np.asarray(_number(right))
    else:
        left, right = _string(left), _string(right)
    return np.asarray(left == right if symbol == "=" else left != right, dtype=bool)


def _is_boolean(value) -> bool:
    return isinstance(value, (bool, np.bool_)) or getattr(getattr(value, "dtype", None), "kind", "") == "b"


def _is_number(value) -> bool:
    """Computed numbers and literals; a question's column of numbers counts as text that looks like one."""
    if isinstance(value, _Numbers):
        return False
    return isinstance(value, float) or getattr(getattr(value, "dtype", None), "kind", "") == "f"


def _number(value):
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        return np.asarray(value)
    if isinstance(value, float):
        return value
    if _is_boolean(value):
        return np.asarray(value, dtype=float)
    return _map(_number_of_text, value).astype(float) if np.ndim(value) else _number_of_text(value)


def _number_of_text(text) -> float:
    if isinstance(text, (bool, np.bool_, float)):
        return float(text)
    # XPath 1.0 numbers: no exponent, no sign but a minus.
    return float(text) if re.fullmatch(r"\s*-?(\d+(\.\d*)?|\.\d+)\s*", str(text)) else np.nan


def _string(value):
    if isinstance(value, _Numbers):
        return _map(lambda x: "" if np.isnan(x) else _text_of_number(x), np.asarray(value))
    if np.ndim(value):
        return _map(_text, value)
    return np.asarray(_text(value), dtype=object)


def _text(value) -> str:
    if isinstance(value, (bool, np.bool_)):
        return "true" if value else "false"
    if isinstance(value, (float, np.floating)):
        return _text_of_number(float(value))
    return str(value)


def _text_of_number(value: float) -> str:
    if np.isnan(value):
        return "NaN"
    if np.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if value == int(value):
        return str(int(value))
    return np.format_float_positional(value, trim="-")


def _boolean(value):
    if isinstance(value, _Numbers):
        # A node set is true when its text is not empty, whatever number it holds.
        return ~np.isnan(np.asarray(value))
    if _is_boolean(value):
        return np.asarray(value, dtype=bool)
    if _is_number(value):
        number = np.asarray(value)
        return (number != 0) & ~np.isnan(number)
    if np.ndim(value):
        return _map(lambda one: bool(one) if not isinstance(one, str) else one != "", value).astype(bool)
    return np.asarray(value != "", dtype=bool)


def _choose(condition, then, otherwise):
    """if(): numbers stay numbers when both branches are; else both become text."""
    numbers = [isinstance(value, _Numbers) or _is_number(value) for value in (then, otherwise)]
    if all(numbers):
        return np.where(condition, np.asarray(then, dtype=float), np.asarray(otherwise, dtype=float))
    if _is_boolean(then) and _is_boolean(otherwise):
        return np.where(condition, then, otherwise)
    return np.where(condition, _string(then), _string(otherwise)).astype(object)


def _map(function, *values):
    """`function` on each distinct combination once, then spread over the rows."""
    if all(np.ndim(value) == 0 for value in values):
        return np.asarray(function(*[np.asarray(value, dtype=object).item() for value in values]))
    if len(values) == 1:
        place, distinct = pd.factorize(np.asarray(values[0], dtype=object), use_na_sentinel=False)
        found = np.empty(len(distinct), dtype=object)
        found[:] = [function(value) for value in distinct]
        return found[place]
    arrays = np.broadcast_arrays(*[np.asarray(value, dtype=object) for value in values])
    known: dict = {}
    result = np.empty(len(arrays[0]), dtype=object)
    for place, key in enumerate(zip(*arrays, strict=True)):
        if key not in known:
            known[key] = function(*key)
        result[place] = known[key]
    return result
