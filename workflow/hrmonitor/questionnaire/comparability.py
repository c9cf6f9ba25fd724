"""Whether two rounds asked the same thing, so that what they found may be set side by side.

An indicator is joined over rounds only when both asked it of the same base, in the same unit, words and categories. Where words or
categories changed, `crosswalk.csv` in the later round's questionnaire says what became of them (docs/methods/comparability.md); without
such an entry the comparison is refused. Base, unit, statistic and type of question cannot be crossed: what differs there is
another indicator.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

import pandas as pd

from hrmonitor.errors import ComparisonError
from hrmonitor.questionnaire.model import CrosswalkEntry, Question, Questionnaire

COLUMNS = ["indicator", "round_from", "round", "status", "reason", "detail", "services"]
# And a column a language, for the notes of the crosswalks: note_en, note_nl, ...
REASONS = {
    "not_asked": "one of the two did not ask it",
    "stated": "the crosswalk says that the two are not comparable",
    "other_type": "other type of question",
    "other_unit": "other unit",
    "other_statistic": "other statistic",
    "other_base": "other base",
    "other_calculation": "computed in another way",
    "other_limits": "scale of other length: other numbers can be answered",
    "changed_wording": "changed wording",
    "other_scale": "scale of other length",
    "changed_categories": "changed categories",
    "wrong_crosswalk": "the crosswalk contradicts the forms",
}
# What an entry in the crosswalk can settle.
CAN_BE_CROSSED = ("other_limits", "changed_wording", "other_scale", "changed_categories")


@dataclass(frozen=True)
class Link:
    """How an indicator of the earlier round becomes that of the later one.

    `mapping` gives for an earlier category the later one (several may share it: merged); one that was split into several is not
    in `mapping` but in `split`. Both are empty for numbers. Only facilities of `services` were asked in both rounds (empty:
    the forms do not limit them): an estimate "for all" must be for these. `statistics` are those that both rounds compute.
    `crosswalk` are the entries that the link rests on.
    """

    earlier: Question
    later: Question
    mapping: dict[str, str]
    split: dict[str, tuple[str, ...]]
    services: tuple[str, ...]
    statistics: tuple[str, ...]
    crosswalk: tuple[CrosswalkEntry, ...]

    def earlier_categories(self, categories: Iterable[str]) -> list[str]:
        """The earlier answers that mean one of these later `categories`, taken together.

        Raises `ComparisonError` when a category has no counterpart, or when the set holds only some of the parts of an
        earlier category that was split.
        """
        wanted = set(categories)
        found = [code for code, later in self.mapping.items() if later in wanted]
        found += [code for code, parts in self.split.items() if set(parts) <= wanted]
        lost = wanted - {later for code in found for later in self.split.get(code) or (self.mapping[code],)}
        if lost:
            raise ComparisonError(
                f"indicator {self.later.indicator}: the earlier round has no answer that means {sorted(lost)[0]!r} alone. "
                "Leave it out, or take all parts of the earlier category together.",
                "changed_categories",
                sorted(lost)[0],
            )
        return [code for code in self.earlier.codes if code in found]


def comparable(earlier: Questionnaire, later: Questionnaire, indicator: str) -> Link:
    """The link between the rounds, or `ComparisonError` with indicator, both forms, the reason and what to do."""
    return _comparable(earlier, later, indicator, frozenset())


def compare_rounds(forms: dict[str, Questionnaire], languages: list[str]) -> pd.DataFrame:
    """Every indicator of more than one round, for each pair of rounds, in `COLUMNS` and a `note_{lang}` in each of the languages.

    `forms` by round, the earliest first. `status` is comparable, by_crosswalk or not_comparable; `services` (separated by spaces) are the types of
    service that the comparison is limited to.
    """
    rows = []
    for (name_from, earlier), (name, later) in combinations(forms.items(), 2):
        for indicator in later.by_indicator:
            if indicator not in earlier.by_indicator:
                continue
            row = dict.fromkeys(COLUMNS, "") | {"indicator": indicator, "round_from": name_from, "round": name}
            notes = [entry.notes for entry in _entries(earlier, later, indicator)]
            try:
                link = comparable(earlier, later, indicator)
            except ComparisonError as error:
                row |= {"status": "not_comparable", "reason": error.reason, "detail": error.detail}
            else:
                row |= {
                    "status": "by_crosswalk" if link.crosswalk else "comparable",
                    "services": " ".join(link.services),
                }
            for lang in languages:
                row[f"note_{lang}"] = " ".join(dict.fromkeys(note[lang] for note in notes if note.get(lang)))
            rows.append(row)
    return pd.DataFrame(rows, columns=[*COLUMNS, *(f"note_{lang}" for lang in languages)])


def _comparable(earlier: Questionnaire, later: Questionnaire, indicator: str, behind: frozenset[str]) -> Link:
    """As `comparable`; `behind` are the indicators whose conditions led here (a form may refer in a circle)."""
    for form in (earlier, later):
        if indicator not in form.by_indicator:
            raise _refusal(earlier, later, indicator, "not_asked", form.folder)
    old, new = earlier.by_indicator[indicator], later.by_indicator[indicator]
    entries = _entries(earlier, later, indicator)
    mapping, split = _categories(old, new, entries)
    for reason, detail in _obstacles(earlier, later, old, new, entries, (mapping, split), behind | {indicator}):
        raise _refusal(earlier, later, indicator, reason, detail)
    statistics = tuple(statistic for statistic in new.statistics if statistic in old.statistics)
    return Link(old, new, mapping, split, _services(earlier, later), statistics, entries)


# Over 6 parameters: two forms, two questions, what people wrote about them, the categories that follow from it, and which indicators
# were looked at on the way here.
def _obstacles(earlier, later, old: Question, new: Question, entries, links, behind) -> Iterator[tuple[str, str]]:
    """(reason, detail) of every incompatibility of the two questions, the gravest first."""
    whole = next((entry for entry in entries if entry.whole), None)
    if whole and whole.kind == "not_comparable":
        yield "stated", ""
    if _type(old) != _type(new):
        yield "other_type", f"{old.kind} → {new.kind}"
    if old.unit != new.unit:
        yield "other_unit", f"{old.unit or '–'} → {new.unit or '–'}"
    if not set(old.statistics) & set(new.statistics) and (old.statistics or new.statistics):
        yield "other_statistic", f"{' '.join(old.statistics) or '–'} → {' '.join(new.statistics) or '–'}"
    if old.aggregate != new.aggregate:
        yield "other_statistic", f"{old.aggregate or '–'} → {new.aggregate or '–'}"
    if earlier.services and later.services and not set(earlier.services) & set(later.services):
        yield "other_base", f"{' '.join(earlier.services)} → {' '.join(later.services)}"
    yield from _other_expression("other_base", earlier, later, old.relevant, new.relevant, behind)
    yield from _other_expression("other_calculation", earlier, later, old.calculation, new.calculation, behind)
    if not whole:
        if _squeezed(old.constraint) != _squeezed(new.constraint) and _type(new) == "number":
            yield "other_limits", f"{old.constraint or '–'} → {new.constraint or '–'}"
        if wording := _changed_wording(old, new):
            yield "changed_wording", wording
    yield from _unlinked(old, new, entries, *links)


def _other_expression(reason, earlier, later, before: str, after: str, behind) -> Iterator[tuple[str, str]]:
    """Whether a condition or formula says the same in both forms, and rests on the same questions.

    Questions are known by their indicator, so that a question may be renamed.
    """
    if _by_indicator(before, earlier) != _by_indicator(after, later):
        yield reason, f"{before or '–'} → {after or '–'}"
        return
    answers = [one or other for one, other in re.findall(r"'([^']*)'|\"([^\"]*)\"", after)]
    for name in dict.fromkeys(_REFERENCE.findall(after)):
        new = later[name]
        if new.indicator in behind:
            continue
        if new.indicator:
            try:
                _comparable(earlier, later, new.indicator, behind)
            except ComparisonError as error:
                yield reason, f"{new.indicator}: {REASONS[error.reason]}"
            continue
        # Without an indicator only the answers that the condition names must mean the same.
        if name not in earlier.questions:
            yield reason, name
            continue
        labels = [
            {code: form[name].choice(code).labels for code in answers if code in form[name].codes}
            for form in (earlier, later)
        ]
        if _type(earlier[name]) != _type(new) or labels[0] != labels[1]:
            yield reason, name


def _categories(
    old: Question, new: Question, entries: tuple[CrosswalkEntry, ...]
) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    """(mapping, split) of the earlier categories: what entries say, else the same code under the same label."""
    told: dict[str, list[str]] = {}
    for entry in entries:
        if not entry.whole and entry.kind != "not_comparable":
            told.setdefault(entry.category_from, []).append(entry.category)
    apart = {entry.category_from for entry in entries if entry.kind == "not_comparable"}
    for choice in old.choices:
        if choice.name not in told and choice.name not in apart and choice.name in new.codes:
            same = new.choice(choice.name)
            if same.missing == choice.missing and not _changed(choice.labels, same.labels):
                told[choice.name] = [choice.name]
    mapping = {code: later[0] for code, later in told.items() if len(later) == 1}
    return mapping, {code: tuple(later) for code, later in told.items() if len(later) > 1}


def _unlinked(old, new, entries, mapping, split) -> Iterator[tuple[str, str]]:
    """Categories that the forms and the crosswalk leave without a counterpart, and entries that cannot be."""
    sources = Counter(mapping.values())
    reached = set(mapping.values()) | {code for parts in split.values() for code in parts}
    for entry in entries:
        if entry.category_from and entry.category_from not in old.codes:
            yield "wrong_crosswalk", f"row {entry.row}: {entry.category_from}"
        elif entry.kind == "same" and not entry.whole and sources[entry.category] != 1:
            yield "wrong_crosswalk", f"row {entry.row}: same, {entry.category}"
        elif entry.kind == "merged" and sources[entry.category] < 2:
            yield "wrong_crosswalk", f"row {entry.row}: merged, {entry.category}"
        elif entry.kind == "split" and entry.category_from not in split:
            yield "wrong_crosswalk", f"row {entry.row}: split, {entry.category_from}"
    for code, parts in split.items():
        if any(sources[part] for part in parts):
            yield "wrong_crosswalk", f"{code}: {' '.join(parts)}"
    told = {entry.category_from for entry in entries}, {entry.category for entry in entries}
    lost = [code for code in old.codes if code not in mapping and code not in split and code not in told[0]]
    added = [code for code in new.codes if code not in reached and code not in told[1]]
    if lost or added:
        lengths = [sum(choice.missing is None for choice in question.choices) for question in (old, new)]
        if new.kind == "select_one" and lengths[0] != lengths[1]:
            yield "other_scale", f"{lengths[0]} → {lengths[1]}"
        yield "changed_categories", f"{' '.join(lost) or '–'} → {' '.join(added) or '–'}"


def _services(earlier: Questionnaire, later: Questionnaire) -> tuple[str, ...]:
    """The types of service that both rounds asked, in the order of the later form; () when neither limits them."""
    if not earlier.services or not later.services:
        return later.services or earlier.services
    return tuple(service for service in later.services if service in earlier.services)


def _entries(earlier: Questionnaire, later: Questionnaire, indicator: str) -> tuple[CrosswalkEntry, ...]:
    return tuple(
        entry for entry in later.crosswalk if entry.indicator == indicator and entry.form_from == earlier.form_id
    )


def _type(question: Question) -> str:
    """The type of question; whole and broken numbers are one."""
    return "number" if question.kind in ("integer", "decimal") else question.kind


_REFERENCE = re.compile(r"\$\{([^${}]+)\}")


def _by_indicator(expression: str, form: Questionnaire) -> str:
    """The expression with questions under the names of their indicators, white space squeezed."""

    def name(match: re.Match) -> str:
        question = form.questions.get(match.group(1))
        return f"${{{question.indicator or question.name}}}" if question else match.group()

    return _squeezed(_REFERENCE.sub(name, expression))


def _squeezed(text: str) -> str:
    return " ".join(text.split())


def _changed_wording(old: Question, new: Question) -> str:
    """The languages in which question or hint differ beyond punctuation and capitals; "" if in none."""
    changed = [_changed(old.labels, new.labels), _changed(old.hints, new.hints) if old.hints or new.hints else ()]
    return " ".join(sorted({lang or "?" for langs in changed for lang in langs}))


def _changed(old: dict[str, str], new: dict[str, str]) -> tuple[str, ...]:
    """Languages of both whose texts differ; ("",) when there is no language in common."""
    shared = [lang for lang in old if lang in new]
    if not shared and (old or new):
        return ("",)
    return tuple(lang for lang in shared if _plain(old[lang]) != _plain(new[lang]))


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", " ", unicodedata.normalize("NFC", text).casefold()).strip()


def _refusal(earlier: Questionnaire, later: Questionnaire, indicator: str, reason: str, detail: str) -> ComparisonError:
    sheet = f"{later.folder}/crosswalk.csv"
    if reason in CAN_BE_CROSSED:
        advice = f"If it means the same all the same, say so in {sheet} with form_from {earlier.form_id}"
    elif reason == "wrong_crosswalk":
        advice = f"Correct {sheet}"
    else:
        advice = "Compare another indicator, or give the changed question an indicator of its own"
    return ComparisonError(
        f"indicator {indicator} of {earlier.form_id} ({earlier.folder}) and {later.form_id} ({later.folder}) cannot be "
        f"joined: {REASONS[reason]}{f' ({detail})' if detail else ''}. {advice}; docs/methods/comparability.md explains it.",
        reason,
        detail,
    )
