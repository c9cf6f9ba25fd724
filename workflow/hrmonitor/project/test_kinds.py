"""The kinds of test that a finding in config.yaml may have: their names, their keys and what they measure.

The schema of config.yaml, its checks and the tables of docs/reference/config.md and docs/methods/findings.md are made from these declarations; how a
kind is measured, and what bounds it, is declared in `findings.tests`, which refuses to load when the two do not name the same measures.
"""

from __future__ import annotations

from dataclasses import dataclass

ABOVE, BELOW, NO_RISE = "above", "below", "no_rise"


@dataclass(frozen=True)
class TestKind:
    """A kind of test: `name` in config.yaml, the `keys` that it needs, its `measure` and the `direction` in which it passes.

    above and below: the whole interval lies above, or below, the threshold. no_rise: the opposite is not shown. threshold: the number
    to keep clear of where config.yaml names none. optional: keys that it may have besides.
    """

    name: str
    keys: tuple[str, ...]
    measure: str
    direction: str
    optional: tuple[str, ...] = ()
    threshold: float | None = None

    __test__ = False  # pytest takes a class of this name for a test

    def threshold_of(self, test: dict) -> float:
        return test["threshold"] if self.threshold is None else self.threshold


def _both(measure: str, keys: tuple[str, ...], optional: tuple[str, ...] = ()) -> tuple[TestKind, TestKind]:
    """The kind that passes above its threshold, and the one that passes below."""
    return tuple(
        TestKind(f"{measure}_{direction}", (*keys, "threshold"), measure, direction, optional)
        for direction in (ABOVE, BELOW)
    )


KINDS = {
    kind.name: kind
    for kind in (
        *_both("share", ("question", "categories")),
        TestKind("more_increased", ("question",), "rises", ABOVE, threshold=0.5),
        TestKind("not_more_increased", ("question",), "rises", NO_RISE, threshold=0.5),
        *_both("ratio", ("now", "then")),
        *_both("paired_change", ("now", "then")),
        *_both("median", ("question",)),
        *_both("change", ("question", "since"), ("categories",)),
        *_both("difference", ("question", "by", "group", "against"), ("categories",)),
        TestKind("theme_above", ("question", "theme", "threshold", "min_alpha"), "theme", ABOVE),
        *_both("slope", ("series", "from", "to"), ("edition",)),
    )
}


def kind_of(test: dict) -> TestKind:
    return KINDS[test["test"]]


def with_kinds(schema: dict) -> dict:
    """The schema of config.yaml with the names of the kinds, and the keys that each needs."""
    block = schema["$defs"]["test"]
    properties = {**block["properties"], "test": {"enum": list(KINDS), **block["properties"]["test"]}}
    needed = [
        {"if": {"properties": {"test": {"const": kind.name}}}, "then": {"required": list(kind.keys)}}
        for kind in KINDS.values()
    ]
    return {**schema, "$defs": {**schema["$defs"], "test": {**block, "properties": properties, "allOf": needed}}}
