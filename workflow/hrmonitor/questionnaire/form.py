"""What a form consists of: questions, their answer categories, notes, and what became of them since an earlier form."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from hrmonitor.questionnaire.statistics import PEOPLE, REGISTRATIONS, STATISTICS


@dataclass(frozen=True)
class Choice:
    """An answer category. `missing` is None for a real answer."""

    name: str
    labels: dict[str, str]
    missing: str | None = None

    def label(self, lang: str) -> str:
        return _in_language(self.labels, lang, self.name)


@dataclass(frozen=True)
class Question:
    """One question. `relevant` joins its own condition and those of the groups around it.

    `repeat` is the repeat that it is asked in, if any; it then has one answer a submission by `aggregate`.
    """

    name: str
    kind: str
    group: tuple[str, ...]
    list_name: str
    labels: dict[str, str]
    hints: dict[str, str]
    relevant: str
    constraint: str
    constraint_messages: dict[str, str]
    calculation: str
    required: bool
    indicator: str
    statistics: tuple[str, ...]
    unit: str
    weighted_by: str
    pii: bool
    coded: bool
    parts: tuple[str, ...]
    choices: tuple[Choice, ...]
    repeat: str = ""
    aggregate: str = ""
    appearance: str = ""
    # The option that gives consent, where the question asks for it.
    consent: str = ""
    # Whether nobody is counted at more than one facility.
    counted_once: bool = False

    def unit_of(self, statistic: str) -> str:
        """The unit of a statistic: people added up over facilities are registrations, unless each is counted at one facility only."""
        adds = statistic in STATISTICS and STATISTICS[statistic].adds
        return REGISTRATIONS if adds and self.unit in PEOPLE and not self.counted_once else self.unit

    @property
    def codes(self) -> list[str]:
        """Names of all choices, in form order, those that mean "no value" included."""
        return [choice.name for choice in self.choices]

    def label(self, lang: str) -> str:
        return _in_language(self.labels, lang, self.name)

    def choice(self, name: str) -> Choice:
        for choice in self.choices:
            if choice.name == name:
                return choice
        raise KeyError(f"question {self.name} has no choice {name}")


@dataclass(frozen=True)
class CrosswalkEntry:
    """A row of `crosswalk.csv`: what became of an indicator, or of one of its categories, since the form `form_from`."""

    row: int
    indicator: str
    form_from: str
    kind: str
    category: str
    category_from: str
    notes: dict[str, str]

    @property
    def whole(self) -> bool:
        """Whether the row is about the question as a whole."""
        return not self.category and not self.category_from


@dataclass(frozen=True)
class Note:
    """Text for the reader of a form; `before` is the number of questions that stand before it."""

    name: str
    labels: dict[str, str]
    before: int


@dataclass(frozen=True)
class Questionnaire:
    """A form: questions by name in form order, the labels of its groups, and what it has that is not analysed.

    `services` are the types of service that were asked; empty when the form does not limit them.
    `titles` and `contact` are texts by language, '' for one that is in no language in particular.
    """

    folder: str
    form_id: str
    version: str
    title: str
    languages: tuple[str, ...]
    questions: dict[str, Question]
    groups: dict[str, dict[str, str]]
    unanalysed: dict[str, tuple[str, ...]] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    contact: dict[str, str] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()
    services: tuple[str, ...] = ()
    # About the form and its past; two forms that are sent out alike are equal.
    crosswalk: tuple[CrosswalkEntry, ...] = field(default=(), compare=False)

    def __getitem__(self, name: str) -> Question:
        return self.questions[name]

    def __iter__(self):
        return iter(self.questions.values())

    def place(self, question: str, code: str) -> int:
        """Where an answer stands among those of a question; one that it does not have, as the register may, comes last."""
        codes = self.questions[question].codes if question in self.questions else ()
        return codes.index(code) if code in codes else len(codes)

    def title_in(self, lang: str) -> str:
        return self.titles.get(lang) or self.titles.get("") or self.title

    def contact_in(self, lang: str) -> str:
        return self.contact.get(lang) or self.contact.get("", "")

    @cached_property
    def answerable(self) -> list[Question]:
        """The questions that a person answers: all but calculated ones."""
        return [question for question in self if question.kind != "calculate"]

    @cached_property
    def by_indicator(self) -> dict[str, Question]:
        return {question.indicator: question for question in self if question.indicator}

    @cached_property
    def in_repeats(self) -> list[Question]:
        """Questions that may have several answers a submission: of a repeat, or of a tool's repeating instrument."""
        return [question for question in self.answerable if question.aggregate]


def _in_language(labels: dict[str, str], lang: str, name: str) -> str:
    """The label in that language; else the one without language; else the first there is; else the name."""
    return labels.get(lang) or labels.get("") or next(iter(labels.values()), name)
