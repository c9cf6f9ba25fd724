"""Which indicators of several forms may stand side by side: those that ask the same, whatever the years and places in which they were asked.

Of each indicator one form is the measure: that which most others ask alike. Forms, not answers, decide; nothing of what was answered follows
from it. Two questions are alike as those of two rounds are (`comparability`), in either direction of a crosswalk.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from hrmonitor.errors import ComparisonError
from hrmonitor.questionnaire.comparability import Link, comparable
from hrmonitor.questionnaire.model import Questionnaire

COLUMNS = ["indicator", "group", "round", "reference", "status", "reason", "detail"]
REFERENCE, ALIKE, CROSSED, APART, ABSENT = STATUSES = (
    "reference",
    "comparable",
    "by_crosswalk",
    "not_comparable",
    "not_asked",
)


@dataclass(frozen=True)
class Standing:
    """How a form stands to the measure of an indicator: its `status` (one of `STATUSES`), and why it is not comparable.

    categories: own answer -> that of the measure, of answers that have one counterpart each. statistics: those that both compute.
    """

    status: str
    reason: str = ""
    detail: str = ""
    categories: Mapping[str, str] | None = None
    statistics: tuple[str, ...] = ()
    notes: Mapping[str, str] | None = None

    @property
    def alike(self) -> bool:
        return self.status in (REFERENCE, ALIKE, CROSSED)


def standings(forms: Mapping[str, Questionnaire]) -> dict[str, dict[str, Standing]]:
    """indicator -> form -> how it stands to the measure, for each indicator of two forms or more; `forms` in the order of the report."""
    found = {}
    for indicator in dict.fromkeys(name for form in forms.values() for name in form.by_indicator):
        asking = [name for name, form in forms.items() if indicator in form.by_indicator]
        if len(asking) > 1:
            found[indicator] = _of_indicator(forms, asking, indicator)
    return found


def _of_indicator(forms: Mapping[str, Questionnaire], asking: Sequence[str], indicator: str) -> dict[str, Standing]:
    best: dict[str, Standing] = {}
    tried = set()
    for measure in asking:
        # Countries that share a form make no other measure.
        if (key := _key(forms[measure])) in tried:
            continue
        tried.add(key)
        own = {name: _standing(forms, measure, name, indicator) for name in asking}
        if sum(one.alike for one in own.values()) > sum(one.alike for one in best.values()):
            best = own
        if all(one.alike for one in own.values()):
            break
    return {name: best.get(name, Standing(ABSENT)) for name in forms}


def _key(form: Questionnaire) -> str:
    return repr((form.form_id, form.services, form.questions, form.crosswalk))


def _standing(forms: Mapping[str, Questionnaire], measure: str, name: str, indicator: str) -> Standing:
    first, second = forms[measure], forms[name]
    if name == measure or _key(first) == _key(second):
        question = second.by_indicator[indicator]
        same = {code: code for code in question.codes}
        return Standing(REFERENCE if name == measure else ALIKE, categories=same, statistics=question.statistics)
    refused: ComparisonError | None = None
    # A crosswalk may stand in the form of either.
    for earlier, later, turned in ((first, second, False), (second, first, True)):
        try:
            link = comparable(earlier, later, indicator)
        except ComparisonError as error:
            refused = refused or error
            continue
        notes: dict[str, list[str]] = {}
        for entry in link.crosswalk:
            for lang, note in entry.notes.items():
                notes.setdefault(lang, []).append(note)
        return Standing(
            CROSSED if link.crosswalk else ALIKE,
            categories=_categories(link, turned),
            statistics=link.statistics,
            notes={lang: " ".join(dict.fromkeys(filter(None, own))) for lang, own in notes.items()},
        )
    assert refused is not None
    return Standing(APART, refused.reason, refused.detail)


def _categories(link: Link, turned: bool) -> dict[str, str]:
    """Own answer -> the measure's, without those that several make up. `turned`: the measure is the later form of the link."""
    often = Counter(link.mapping.values())
    pairs = [(before, after) for before, after in link.mapping.items() if often[after] == 1]
    return dict(pairs) if turned else {after: before for before, after in pairs}


def comparability_of(
    found: Mapping[str, Mapping[str, Standing]], rounds: Mapping[str, str], languages: Sequence[str]
) -> pd.DataFrame:
    """`COLUMNS` and a `note_{lang}` in each language, one row an indicator and group; `rounds` gives the round of each."""
    rows = []
    for indicator, own in found.items():
        reference = next(name for name, one in own.items() if one.status == REFERENCE)
        for name, one in own.items():
            notes = [(one.notes or {}).get(lang, "") for lang in languages]
            rows.append((indicator, name, rounds[name], reference, one.status, one.reason, one.detail, *notes))
    return pd.DataFrame(rows, columns=[*COLUMNS, *(f"note_{lang}" for lang in languages)])
