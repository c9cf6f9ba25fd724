"""The kinds of test that a finding in config.yaml may have: their names, their keys and what they measure.

The schema of config.yaml, its checks and the tables of docs/reference/config.md and docs/methods/findings.md are made from these declarations; how a
kind is measured, and what bounds it, is declared in `findings.tests`, which refuses to load when the two do not name the same measures.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hrmonitor.project.config import FindingTest

ABOVE, BELOW = "above", "below"


@dataclass(frozen=True)
class TestKind:
    """A kind of test: `name` in config.yaml, the `keys` that it needs, its `measure` and the `direction` in which it passes.

    above and below: the whole interval lies above, or below, the threshold. threshold: the number to keep clear of where config.yaml
    names none, under the key `limit`. optional: keys that it may have besides.
    """

    name: str
    keys: tuple[str, ...]
    measure: str
    direction: str
    optional: tuple[str, ...] = ()
    threshold: float | None = None
    limit: str = "threshold"

    __test__ = False  # pytest takes a class of this name for a test

    def threshold_of(self, test: FindingTest) -> float:
        given = getattr(test, self.limit)
        threshold = self.threshold if given is None else given
        assert threshold is not None  # the schema asks for it
        return threshold


def _both(measure: str, keys: tuple[str, ...], optional: tuple[str, ...] = ()) -> tuple[TestKind, TestKind]:
    """The kind that passes above its threshold, and the one that passes below."""
    named = (*keys, "threshold")
    return (
        TestKind(f"{measure}_{ABOVE}", named, measure, ABOVE, optional),
        TestKind(f"{measure}_{BELOW}", named, measure, BELOW, optional),
    )


KINDS = {
    kind.name: kind
    for kind in (
        *_both("share", ("question", "categories")),
        TestKind("more_increased", ("question",), "rises", ABOVE, threshold=0.5),
        # That growth is ruled out, which is more than that it is not shown: rises exceed falls by less than the margin.
        TestKind("not_more_increased", ("question",), "net", BELOW, ("margin",), threshold=0.1, limit="margin"),
        *_both("ratio", ("now", "then")),
        *_both("paired_change", ("now", "then")),
        *_both("median", ("question",)),
        *_both("change", ("question", "since"), ("categories",)),
        *_both("difference", ("question", "by", "group", "against"), ("categories",)),
        TestKind("theme_above", ("question", "theme", "threshold", "min_alpha"), "theme", ABOVE),
        *_both("slope", ("series", "from", "to"), ("edition",)),
    )
}


def kind_of(test: FindingTest) -> TestKind:
    return KINDS[test.test]


def needed_keys() -> list[dict]:
    """Which keys each kind needs, as conditions of the JSON schema of a test."""
    return [
        {"if": {"properties": {"test": {"const": kind.name}}}, "then": {"required": list(kind.keys)}}
        for kind in KINDS.values()
    ]
