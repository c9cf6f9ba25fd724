"""Every regular expression of the package, as it stands in the code and as it is used; for the test that none is slower than linear."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1] / "workflow" / "hrmonitor"
# Methods of `re`, and of a column of text, that look for a pattern anywhere; the others look at the start of a text.
SEARCHING = {
    "sub",
    "subn",
    "search",
    "findall",
    "finditer",
    "split",
    "contains",
    "replace",
    "extract",
    "extractall",
    "count",
}
AT_THE_START = {"match", "fullmatch"}


def patterns() -> dict[str, tuple[re.Pattern, set[str]]]:
    """Where it stands -> the pattern, and whether it is used to `search` or to `match` (or both).

    Those at the top of a module are as they are there; others if they are written as one text. What is made while the program runs is not
    seen here.
    """
    found: dict[str, tuple[re.Pattern, set[str]]] = {}
    sources = {path: path.read_text(encoding="utf-8") for path in sorted(PACKAGE.rglob("*.py"))}
    every = "\n".join(sources.values())
    for path, source in sources.items():
        if not re.search(r"\bre\.|\.str\.", source):
            continue
        name = ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")
        for key, value in vars(importlib.import_module(name)).items():
            for place, one in enumerate(_in(value)):
                used = set(re.findall(rf"\b{re.escape(key)}\.(\w+)\(", every))
                # Where nothing shows how it is used (in a table, handed on), it may be used to search.
                how = {"search"} if used & SEARCHING or not used & AT_THE_START else set()
                found[f"{name}:{key}[{place}]"] = (one, how | ({"match"} if used & AT_THE_START else set()))
        for line, text, flags, method in _written(ast.parse(source)):
            how = {"match"} if method in AT_THE_START else {"search"}
            if method != "compile":
                found[f"{name}:{line}"] = (re.compile(text, flags), how)
    return found


def _in(value: object) -> Iterator[re.Pattern]:
    if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _in(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _in(one)


def _written(tree: ast.AST) -> Iterator[tuple[int, str, int, str]]:
    """(line, pattern, flags, method) of each call of `re`, or of a column of text, with a pattern that is one text."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args):
            continue
        of, first = node.func.value, node.args[0]
        of_re = isinstance(of, ast.Name) and of.id == "re"
        of_column = isinstance(of, ast.Attribute) and of.attr == "str" and _takes_a_pattern(node)
        if (of_re or of_column) and node.func.attr in SEARCHING | AT_THE_START and isinstance(first, ast.Constant):
            flags = re.I if any("re.I" in ast.unparse(one) for one in (*node.args[1:], *node.keywords)) else 0
            yield node.lineno, str(first.value), flags, node.func.attr


def _takes_a_pattern(call: ast.Call) -> bool:
    assert isinstance(call.func, ast.Attribute)
    said = {word.arg: ast.unparse(word.value) for word in call.keywords}
    return said.get("regex") == "True" if call.func.attr == "replace" else said.get("regex") != "False"
