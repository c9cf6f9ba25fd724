"""XLSForm expressions (`relevant`, `constraint`, `calculation`), evaluated over whole columns.

elementpath parses the XPath; its tree becomes a plan of what we know, and all else is refused. `questionnaire.evaluation` walks the plan.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from hrmonitor.errors import QuestionnaireError
from hrmonitor.questionnaire.evaluation import boolean, evaluate

# Longer or deeper expressions than any form needs; bounds the work that a hostile form can ask for.
MAX_LENGTH = 4000
MAX_DEPTH = 60
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
        value = evaluate(self.plan, frame, current)
        if np.isscalar(value) or np.ndim(value) == 0:
            value = np.full(len(frame), value)
        return pd.Series(value, index=frame.index)

    def holds(self, frame: pd.DataFrame, current: str | None = None) -> pd.Series:
        """Whether the expression is true, as XPath's boolean() has it: one bool a row."""
        return pd.Series(boolean(self.evaluate(frame, current).to_numpy()), index=frame.index)


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
