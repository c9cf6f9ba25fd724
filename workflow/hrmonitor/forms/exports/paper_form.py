"""A form in the order of paper: groups, when they and their questions are to be answered, notes, tables of questions."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import groupby

from hrmonitor.forms.exports.skips import Term, in_words, terms
from hrmonitor.language import of_forms
from hrmonitor.questionnaire.model import Question, Questionnaire

# "How many have: COPD?" and "How many have [COPD]" are rows of one table.
ARRAY = re.compile(r"(?P<stem>.+?)(?::| \[) *(?P<row>[^:\[\]]+?)\]?\??")
# Fewer rows are as clear as questions of their own.
FEWEST_ROWS = 3
# Options that fit beside the rows of such a table.
MOST_COLUMNS, LONGEST = 5, 18


@dataclass
class Item:
    """A note, or questions: one, or several that make a table. `when` says who answers them and those that follow."""

    questions: list[Question] = field(default_factory=list)
    when: str = ""
    note: str = ""


@dataclass
class Block:
    """A group of the form; without a title, a note or questions outside groups."""

    title: str
    when: str = ""
    items: list[Item] = field(default_factory=list)


def fielded(questionnaire: Questionnaire) -> list[Question]:
    """Questions that have a place of their own in a form: "other, namely" is part of its question."""
    return [
        question
        for question in questionnaire.answerable
        if not (question.name.endswith("_other") and question.name.removesuffix("_other") in questionnaire.questions)
    ]


def numbers_of(questionnaire: Questionnaire) -> dict[str, int]:
    """Question -> its number on paper."""
    return {question.name: number for number, question in enumerate(fielded(questionnaire), start=1)}


def outline(questionnaire: Questionnaire, lang: str, guide: bool = False) -> list[Block]:
    """The whole form. `guide`: conditions are said to the interviewer."""
    numbers = numbers_of(questionnaire)
    order = list(questionnaire.questions)
    notes = list(questionnaire.notes)
    blocks = []
    for group, members in groupby(fielded(questionnaire), key=lambda question: question.group[:1]):
        asked = list(members)
        conditions = {question.name: condition_of(question, questionnaire, numbers) for question in asked}
        shared = _shared(list(conditions.values()))
        title = questionnaire.groups.get(group[0], {}) if group else {}
        block = Block(text_of(title, lang, numbers), _when(shared, asked, questionnaire, numbers, lang, guide))
        # Questions one after the other with the same condition are told it once.
        for own, run in groupby(asked, key=lambda question: _own(conditions[question.name], shared)):
            same = list(run)
            when = _when(own, same, questionnaire, numbers, lang, guide)
            for part in _tables(same, lang):
                while notes and notes[0].before <= order.index(part[0].name):
                    block.items.append(Item(note=text_of(notes.pop(0).labels, lang, numbers)))
                block.items.append(Item(part, when))
                when = ""
        blocks.append(block)
    if notes:
        blocks.append(Block("", items=[Item(note=text_of(note.labels, lang, numbers)) for note in notes]))
    return blocks


def condition_of(question: Question, questionnaire: Questionnaire, numbers: dict[str, int]) -> tuple[Term, ...] | None:
    """When the question is asked; None if a person cannot be told in a few words."""
    condition = terms(question.relevant)
    if condition is None:
        return None
    try:
        in_words(condition, questionnaire, numbers, "en")
    except KeyError:
        return None
    return condition


def _shared(conditions: list[tuple | None]) -> tuple[Term, ...]:
    """The terms that all conditions of a group have: those of the group itself."""
    first = conditions[0] or ()
    return tuple(term for term in first if all(term in (condition or ()) for condition in conditions))


def _own(condition: tuple | None, shared: tuple) -> tuple | None:
    return None if condition is None else tuple(term for term in condition if term not in shared)


def _when(condition: tuple | None, run: list[Question], questionnaire, numbers, lang: str, guide: bool) -> str:
    """When to answer these questions, and where to go on if not."""
    words = of_forms(lang)["form"]["guide_when" if guide else "when"]
    if condition is None:
        return words["maybe"]
    if not condition:
        return ""
    said = in_words(condition, questionnaire, numbers, lang)
    first, last = numbers[run[0].name], numbers[run[-1].name]
    if first == last:
        return words["one"].format(said)
    key = "two" if last == first + 1 else "more"
    ahead = words["go_on"].format(last + 1) if last < len(numbers) else words["go_to_end"]
    return words[key].format(first, last, said) + ahead


def _tables(run: list[Question], lang: str) -> list[list[Question]]:
    """The run, cut so that rows of one table are together and every other question is alone."""

    def table(question: Question) -> tuple | None:
        match = ARRAY.fullmatch(question.label(lang))
        fits = len(question.choices) <= MOST_COLUMNS and all(len(c.label(lang)) <= LONGEST for c in question.choices)
        if match and fits and question.kind == "select_one" and not question.hints:
            return match["stem"], question.list_name
        return None

    parts = []
    for key, same in groupby(run, key=table):
        together = list(same)
        alone = key is None or len(together) < FEWEST_ROWS
        parts += [[question] for question in together] if alone else [together]
    return parts


def text_of(labels: dict[str, str], lang: str, numbers: dict[str, int]) -> str:
    """A label in the language, with answers that a device would fill in named by their question's number."""
    text = labels.get(lang) or labels.get("") or next(iter(labels.values()), "")

    def named(match: re.Match) -> str:
        return of_forms(lang)["form"]["answer_to"].format(numbers[match[1]]) if match[1] in numbers else "…"

    return re.sub(r"\$\{\s*([\w.-]+)\s*\}", named, text)
