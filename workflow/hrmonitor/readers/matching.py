"""From the headings of an export to the questions of the form; nothing is dropped silently."""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from functools import lru_cache

from rapidfuzz import fuzz, process

from hrmonitor.errors import ReaderError
from hrmonitor.files.handmade_csv import read_rows
from hrmonitor.questionnaire.model import Question, Questionnaire
from hrmonitor.readers.export import Column, Export, Name

Target = tuple[str, str | None]
# Longer lists do not help a person; the rest is counted.
SHOWN = 12
# Out of 100; headings less alike than this have nothing to do with each other.
ALIKE = 60


@lru_cache(maxsize=100_000)
def plain(text: str) -> str:
    """A code or label without case, spaces and punctuation: tools differ in which marks they keep."""
    folded = text.casefold()
    return re.sub(r"[\W_]+", "", folded) or folded.strip()


def match_columns(path: str, export: Export, questionnaire: Questionnaire, entry: dict) -> list[Target | None]:
    """For each column its question and option; None for a column that config says to leave out.

    What the form computes (`calculate`) or holds without analysing it is known and left out: tools export it too.
    Raises `ReaderError` that lists the columns without a question, each with a ready line for `columns:`,
    or the questions without a column.
    """
    matched = find_targets(path, export, questionnaire, entry)
    left = [
        column
        for column, target in zip(export.columns, matched, strict=True)
        if target is None and column.heading.strip() not in left_out(entry, questionnaire)
    ]
    if left:
        raise ReaderError(_left_over(path, left, questionnaire))
    absent = without_column(matched, questionnaire, entry)
    if absent:
        more = f" and {len(absent) - 1} more ({', '.join(absent[1:SHOWN])})" if len(absent) > 1 else ""
        raise ReaderError(
            f"{path}: there is no column for question {absent[0]!r}{more}. "
            "Export all questions, or list it under `absent:` of this export in config.yaml."
        )
    answerable = {question.name for question in questionnaire.answerable}
    return [target if target and target[0] in answerable else None for target in matched]


def left_out(entry: dict, questionnaire: Questionnaire) -> set[str]:
    """Headings, without spaces around them, that config leaves out: under `ignore`, or without a question in the map."""
    by_map = _column_map(entry["columns"], questionnaire) if "columns" in entry else {}
    return {
        *(heading.strip() for heading in entry.get("ignore", [])),
        *(heading for heading, target in by_map.items() if target is None),
    }


def find_targets(path: str, export: Export, questionnaire: Questionnaire, entry: dict) -> list[Target | None]:
    """The same without refusing anything: None where nothing fits."""
    by_map = _column_map(entry["columns"], questionnaire) if "columns" in entry else {}
    ignored = {heading.strip() for heading in entry.get("ignore", [])}
    known = _targets(questionnaire)
    order = {name: place for place, name in enumerate([*questionnaire.questions, *questionnaire.unanalysed])}
    asked_for: list[list[Target]] = []
    for column in export.columns:
        if column.heading.strip() in ignored:
            asked_for.append([])
        elif column.heading.strip() in by_map:
            asked_for.append([target] if (target := by_map[column.heading.strip()]) else [])
        else:
            asked_for.append(_lookup(column.names, known))
    # Questions with one wording (the "namely" of several lists): tools export them in form order.
    times: Counter = Counter()
    taken: dict[Target, str] = {}
    found: list[Target | None] = []
    for column, targets in zip(export.columns, asked_for, strict=True):
        targets = sorted(targets, key=lambda target: order[target[0]])
        target = targets[min(times[tuple(targets)], len(targets) - 1)] if targets else None
        times[tuple(targets)] += 1
        if target and target in taken:
            raise ReaderError(
                f"{path}, column {column.heading!r}: column {taken[target]!r} is already the answer to "
                f"{'/'.join(filter(None, target))}. Say in `columns:` of this export which is which, or list one under `ignore:`."
            )
        if target:
            taken[target] = column.heading
        found.append(target)
    return found


def without_column(matched: list[Target | None], questionnaire: Questionnaire, entry: dict) -> list[str]:
    """Questions of the form that no column answers, but for those that config declares absent."""
    found = {target[0] for target in matched if target}
    # "Other, namely" has a column of its own only where a tool gives it one.
    return [
        question.name
        for question in questionnaire.answerable
        if question.name not in found
        and question.name not in entry.get("absent", [])
        and not (question.name.endswith("_other") and question.name.removesuffix("_other") in found)
    ]


def nearest(column: Column, questionnaire: Questionnaire) -> str:
    """The question, or question/option, whose name or label is most like the heading; "" if none is like it."""
    texts: dict[str, str] = {}
    for question in questionnaire.answerable:
        for text in (question.name, *question.labels.values()):
            texts.setdefault(plain(text), question.name)
    found: list[tuple[float, str]] = []
    # A heading may be a question, or a question behind its group or before its option: the best of these counts.
    for question_text, option in column.names:
        near = process.extractOne(plain(question_text), texts.keys(), scorer=fuzz.ratio, score_cutoff=ALIKE)
        if near:
            question = questionnaire[texts[near[0]]]
            found.append((near[1], f"{question.name}{_nearest_option(option, question)}"))
    return max(found, default=(0, ""), key=lambda one: one[0])[1]


def _nearest_option(option: str | None, question: Question) -> str:
    if option is None or question.kind != "select_multiple":
        return ""
    texts = {plain(text): choice.name for choice in question.choices for text in (choice.name, *choice.labels.values())}
    near = process.extractOne(plain(option), texts.keys(), scorer=fuzz.ratio, score_cutoff=ALIKE)
    return f"/{texts[near[0]]}" if near else ""


def map_line(heading: str, question: str) -> str:
    """A line for the CSV of `columns:`."""
    shown = f'"{heading.replace(chr(34), chr(34) * 2)}"' if re.search(r'[",\n\r;]', heading) else heading
    return f"{shown},{question}"


def _left_over(path: str, left: list[Column], questionnaire: Questionnaire) -> str:
    lines = [f"  {map_line(column.heading, nearest(column, questionnaire))}" for column in left[:SHOWN]]
    near = nearest(left[0], questionnaire)
    more = f"\n  ... and {len(left) - SHOWN} more" if len(left) > SHOWN else ""
    return (
        f"{path}, column {left[0].heading!r}: it is no question of the form"
        f"{f', nor are {len(left) - 1} more' if len(left) > 1 else ''}. "
        f"{f'The nearest question is {near}' if near else 'No question is like it'}. "
        "Correct the heading, list it under `ignore:` of this export in config.yaml, or put lines like these, corrected, "
        "into a CSV file and name it under `columns:` (no question behind the comma leaves the column out):\n"
        "  column,question\n" + "\n".join(lines) + more
    )


def _column_map(path: str, questionnaire: Questionnaire) -> dict[str, Target | None]:
    """heading -> question, or question/choice, or nothing (left out)."""
    try:
        rows = read_rows(path)
    except (OSError, csv.Error) as error:
        raise ReaderError(f"{path}: the map of columns cannot be read. Save it as CSV in UTF-8.") from error
    found: dict[str, Target | None] = {}
    for number, row in enumerate(rows, start=2):
        if set(row) != {"column", "question"}:
            raise ReaderError(f"{path}, row {number}: the map has two columns, `column` and `question`.")
        name, _, option = row["question"].strip().partition("/")
        question = questionnaire.questions.get(name)
        if name and (question is None or (option and option not in question.codes)):
            raise ReaderError(
                f"{path}, row {number}: the form has no {row['question']!r}. Write the name of a question, or "
                "question/choice, or nothing to leave the column out."
            )
        found[row["column"]] = (name, option or None) if name else None
    return found


def _lookup(names: tuple[Name, ...], known: dict[tuple[str, str | None], list[Target]]) -> list[Target]:
    # To the letter first: Q5_2 and Q52 are two questions, and the same without punctuation.
    for spelt in (_to_the_letter, plain):
        for question, option in names:
            targets = known.get((spelt(question), spelt(option) if option is not None else None))
            if targets:
                return targets
    return []


def _to_the_letter(text: str) -> str:
    return "=" + text.strip()


def _targets(questionnaire: Questionnaire) -> dict[tuple[str, str | None], list[Target]]:
    """Every way to write a question, or a question and an option, with what it means."""
    known: dict[tuple[str, str | None], list[Target]] = defaultdict(list)

    def add(key: tuple[str, str | None], target: Target) -> None:
        if target not in known[key]:
            known[key].append(target)

    by_name = {}
    for question in questionnaire.answerable:
        for text in spellings(question, questionnaire):
            add((plain(text), None), (question.name, None))
            add((_to_the_letter(text), None), (question.name, None))
            if not question.kind.startswith("select"):
                continue
            for choice in question.choices:
                for option in (choice.name, *choice.labels.values()):
                    add((plain(text), plain(option)), (question.name, choice.name))
                    add((_to_the_letter(text), _to_the_letter(option)), (question.name, choice.name))
        by_name.setdefault((plain(question.name), None), []).append((question.name, None))
        by_name[(_to_the_letter(question.name), None)] = [(question.name, None)]
    computed = {question.name: question.labels.values() for question in questionnaire if question.kind == "calculate"}
    for name, labels in (questionnaire.unanalysed | computed).items():
        for text in (name, *labels):
            add((plain(text), None), (name, None))
            add((_to_the_letter(text), None), (name, None))
    # A name says more than a label: where one question's name is another's label, the name wins.
    known.update(by_name)
    return known


def spellings(question: Question, questionnaire: Questionnaire) -> list[str]:
    """Name and labels of a question, alone and behind the names and labels of its groups."""
    texts = [question.name, "/".join([*question.group, question.name]), "-".join([*question.group, question.name])]
    for language, label in question.labels.items():
        groups = [questionnaire.groups.get(group, {}).get(language, group) for group in question.group]
        texts += [label, "/".join([*groups, label])]
    return texts
