"""From the headings of an export to the questions of the form; nothing is dropped silently."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from functools import lru_cache

from rapidfuzz import fuzz, process

from hrmonitor.errors import ReaderError
from hrmonitor.project.rounds import NAME, NO_NAME
from hrmonitor.questionnaire.model import Question, Questionnaire
from hrmonitor.readers.column_map import ColumnMap, MapRow, column_map, is_left_out
from hrmonitor.readers.export import Column, Export, Name

Target = tuple[str, str | None]
# Longer lists do not help a person; the rest is counted.
SHOWN = 12
# Out of 100; headings less alike than this have nothing to do with each other.
ALIKE = 60


# Shapes of one sign: dashes, quotation marks, blanks and marks without width.
SAME = str.maketrans(
    {
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"),
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u00b4\u0060\u201c\u201d\u201e\u00ab\u00bb\"", "'"),
        **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad", ""),
        "\u2264": "<=", "\u2265": ">=",
    }
)  # fmt: skip


# Tools differ in which of these they keep.
PUNCTUATION = re.compile(r"[\s_.,:;?!'()\[\]{}/\\-]+")


@lru_cache(maxsize=100_000)
def plain(text: str) -> str:
    """A code or label without case, blanks and the punctuation in which tools differ.

    What tells two labels apart stays: digits, what stands between two of them, a minus before one ("1-4" is not "14", nor "-1" "1"), and
    `< > = + % & # @ *`, signs of currencies and the like ("< 1 year" is not "> 1 year").
    """
    folded = text.casefold().translate(SAME).strip()
    return PUNCTUATION.sub(_kept, folded) or folded


def _kept(run: re.Match) -> str:
    """What stays of a run of punctuation."""
    text, marks = run.string, run.group()
    before, after = text[: run.start()][-1:], text[run.end() :][:1]
    if before.isdigit() and after.isdigit():
        return re.sub(r"[\s_]", "", marks) or (" " if "_" not in marks else "")
    minus = marks.endswith("-") and after.isdigit() and (not before or marks[:-1].endswith((" ", "(", "[")))
    return "-" if minus else ""


@lru_cache(maxsize=100_000)
def mangled(text: str) -> str:
    """A heading as programs rewrite it that allow letters, digits and one mark: R writes `X..1.year` for "< 1 year"."""
    folded = text.casefold().translate(SAME)
    start = "" if re.match(r"[^\W\d_]", folded) else "x"
    return re.sub(r"[\W_]+", ".", start + folded).rstrip(".")


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
        if target is None and not is_left_out(column, entry)
    ]
    if left:
        raise ReaderError(_left_over(path, left, questionnaire))
    absent = without_column(matched, questionnaire, entry)
    if absent:
        more = f" and {len(absent) - 1} more ({', '.join(absent[1:SHOWN])})" if len(absent) > 1 else ""
        if NAME in absent:
            raise ReaderError(f"{path}: there is no column for question {NAME!r}. {NO_NAME}")
        raise ReaderError(
            f"{path}: there is no column for question {absent[0]!r}{more}. "
            "Export all questions, or list it under `absent:` of this export in config.yaml."
        )
    answerable = {question.name for question in questionnaire.answerable}
    return [target if target and target[0] in answerable else None for target in matched]


def find_targets(path: str, export: Export, questionnaire: Questionnaire, entry: dict) -> list[Target | None]:
    """The same without refusing a column that nothing fits: None. Raises `ReaderError` where two readings fit."""
    by_map = _mapped(column_map(entry), questionnaire)
    known = _known_targets(questionnaire)
    order = {name: place for place, name in enumerate([*questionnaire.questions, *questionnaire.unanalysed])}
    asked_for: list[list[Target]] = []
    for column in export.columns:
        row = column_map(entry).of(column.heading, column.letter)
        if is_left_out(column, entry):
            asked_for.append([])
        elif row is not None:
            asked_for.append([by_map[row]])
        else:
            targets = _lookup(column.names, known)
            _refuse_twins(path, column, targets)
            asked_for.append(sorted(targets, key=lambda target: order[target[0]]))
    # Questions with one wording (the "namely" of several lists): tools export them in form order.
    times: Counter = Counter()
    taken: dict[Target, str] = {}
    found: list[Target | None] = []
    for column, targets in zip(export.columns, asked_for, strict=True):
        target = targets[min(times[tuple(targets)], len(targets) - 1)] if targets else None
        times[tuple(targets)] += 1
        if target and target in taken:
            raise ReaderError(
                f"{path}, column {_where(column)}: column {taken[target]} is already the answer to "
                f"{'/'.join(filter(None, target))}. Say in `columns:` of this export which is which, by heading or by letter, or leave "
                "one out there (no question behind the comma)."
            )
        if target:
            taken[target] = _where(column)
        found.append(target)
    return found


def _where(column: Column) -> str:
    return f"{column.heading!r} ({column.letter})" if column.letter else repr(column.heading)


def _refuse_twins(path: str, column: Column, targets: list[Target]) -> None:
    """Raises `ReaderError` when a column could be either of two options of one question."""
    for question, option in targets:
        twin = next((other for name, other in targets if name == question and other != option), None)
        if option is not None and twin is not None:
            raise ReaderError(
                f"{path}, column {_where(column)}: the options {option!r} and {twin!r} of {question} are written alike, so that it could be "
                "either. Export with codes in place of labels, or say in `columns:` of this export which it is, by its letter."
            )


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


def _mapped(found: ColumnMap, questionnaire: Questionnaire) -> dict[MapRow, Target]:
    """Row of the map -> question or (question, choice). Raises `ReaderError` for what the form does not have."""
    targets: dict[MapRow, Target] = {}
    for row in found.rows:
        name, _, option = row.question.partition("/")
        if not name:
            continue
        question = questionnaire.questions.get(name)
        if question is None or (option and option not in question.codes):
            raise ReaderError(
                f"{row.place}: the form has no {row.question!r}. Write the name of a question, or "
                "question/choice, or nothing to leave the column out."
            )
        targets[row] = (name, option or None)
    return targets


def _lookup(names: tuple[Name, ...], known: dict[tuple[str, str | None], list[Target]]) -> list[Target]:
    # To the letter first: Q5_2 and Q52 are two questions, and the same without punctuation.
    for spelt in SPELLINGS:
        for question, option in names:
            targets = known.get((spelt(question), spelt(option) if option is not None else None))
            if targets:
                return targets
    return []


def _rewritten(text: str) -> str:
    return "~" + mangled(text)


def _to_the_letter(text: str) -> str:
    return "=" + text.strip()


# From the strictest on.
SPELLINGS = (_to_the_letter, plain, _rewritten)


# Of the last form: the files of a round have one, and each is matched more than once.
_last_targets: list[tuple[Questionnaire, dict[tuple[str, str | None], list[Target]]]] = []


def _known_targets(questionnaire: Questionnaire) -> dict[tuple[str, str | None], list[Target]]:
    if not _last_targets or _last_targets[0][0] is not questionnaire:
        _last_targets[:] = [(questionnaire, _targets(questionnaire))]
    return _last_targets[0][1]


def _targets(questionnaire: Questionnaire) -> dict[tuple[str, str | None], list[Target]]:
    """Every way to write a question, or a question and an option, with what it means."""
    known: dict[tuple[str, str | None], list[Target]] = defaultdict(list)

    def add(key: tuple[str, str | None], target: Target) -> None:
        if target not in known[key]:
            known[key].append(target)

    by_name: dict[tuple[str, str | None], list[Target]] = {}
    for question in questionnaire.answerable:
        for text in spellings(question, questionnaire):
            for spelt in SPELLINGS:
                add((spelt(text), None), (question.name, None))
                if not question.kind.startswith("select"):
                    continue
                for choice in question.choices:
                    for option in (choice.name, *choice.labels.values()):
                        add((spelt(text), spelt(option)), (question.name, choice.name))
        by_name.setdefault((plain(question.name), None), []).append((question.name, None))
        by_name[(_to_the_letter(question.name), None)] = [(question.name, None)]
    computed = {question.name: question.labels.values() for question in questionnaire if question.kind == "calculate"}
    for name, labels in (questionnaire.unanalysed | computed).items():
        for text in (name, *labels):
            for spelt in SPELLINGS:
                add((spelt(text), None), (name, None))
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
