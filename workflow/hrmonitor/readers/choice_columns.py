"""How choices are written: codes or labels, and whether a blank box is a no."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from hrmonitor.errors import ReaderError
from hrmonitor.questionnaire.model import Question
from hrmonitor.questionnaire.typography import typographic, visible
from hrmonitor.readers.column_notation import BOXES, CHOICES, ColumnReader, Notation, rewritten
from hrmonitor.readers.label_decisions import Labels

JOINERS = (";", ",", "|", "/", " ")


def settle_choices(reader: ColumnReader, question: Question, cells: pd.Series) -> pd.Series:
    """Codes for labels where a text is the code of one option and the label of another, and the column has labels."""
    by_label: dict[str, set[str]] = {}
    for choice in question.choices:
        for label in choice.labels.values():
            by_label.setdefault(typographic(label), set()).add(choice.name)
    codes = set(question.codes)
    texts = cells.value_counts()
    counts = dict.fromkeys(("codes", "labels", "either"), 0)
    either = {}
    for text, number in texts.items():
        options, code = by_label.get(typographic(text), set()), " ".join(visible(text).split())
        if code in codes and options and options != {code}:
            counts["either"] += int(number)
            either[text] = options
        elif code in codes and not options:
            counts["codes"] += int(number)
        elif options and code not in codes:
            counts["labels"] += int(number)
    counts = dict(zip(counts, reader.habits.over_file(("choices", question.name), tuple(counts.values())), strict=True))
    said = reader.said_of(question, "choices")
    if not counts["either"]:
        return cells
    if said:
        name, evidence = said, "config says so"
    elif bool(counts["codes"]) == bool(counts["labels"]):
        reader.leave_open(question, "choices", CHOICES, "an option's code is another option's label", cells, either.__contains__,
                         lambda text, n: text if n == "codes" else "|".join(sorted(either[text])))  # fmt: skip
        return cells
    else:
        name = "codes" if counts["codes"] else "labels"
        evidence = f"{counts[name]} cells can be nothing else"
    reader.take(question, "choices", name, evidence)
    new = {text: next(iter(options)) for text, options in either.items() if len(options) == 1}
    return rewritten(cells, new) if name == "labels" else cells


def blank_box_is_no(
    reader: ColumnReader, question: Question, says_no: int, elsewhere: int, blanks: int, had_na: bool
) -> bool:
    """Whether a blank box beside a ticked one is a no.

    says_no: boxes of this question that hold a word for no. elsewhere: those of other questions in the file.
    blanks: blank boxes beside a ticked one. had_na: whether some of them held R's NA.
    """
    said = reader.said_of(question, "boxes")
    if said:
        name, evidence = said, "config says so"
    elif says_no:
        name, evidence = "blank_is_missing", f"{says_no} boxes hold a word for no, so that a blank one was not seen"
    elif had_na:
        name, evidence = (
            "",
            f"{blanks} boxes beside a ticked one hold NA, which R makes of a blank and of what was not asked",
        )
    elif not elsewhere:
        name, evidence = "blank_is_no", "no box of the file holds a word for no"
    else:
        name, evidence = (
            "",
            f"{blanks} boxes beside a ticked one are blank, and other questions of the file have a word for no",
        )
    if blanks:
        reader.decided.append(Notation(question.name, "boxes", name, evidence, BOXES if not name else (), count=blanks))
    return name == "blank_is_no"


def refuse_doubled_labels(path: str, question: Question, cells: pd.Series, row: pd.Series, labels: Labels) -> None:
    """Raises `ReaderError` when a cell holds a label that two options of the question share."""
    options: dict[str, list[str]] = {}
    for choice in question.choices:
        for label in {typographic(label) for label in choice.labels.values()}:
            options.setdefault(label, []).append(choice.name)
    doubled = {label: codes for label, codes in options.items() if len(codes) > 1}
    if not doubled:
        return
    for text in cells.dropna().unique():
        codes = doubled.get(typographic(text))
        if codes and text not in question.codes and (question.name, typographic(text)) not in labels:
            where = row[cells.index[cells == text]]
            raise ReaderError(
                f"{path}, row {where.iloc[0]}: {text!r} is the label of the options {' and '.join(codes)} of question {question.name!r}, and "
                f"nobody can tell which is meant ({len(where)} cells). Export codes instead of labels, or give the options different labels."
            )


def likeliest_joiner(
    reader: ColumnReader,
    question: Question,
    texts: list[str],
    said: str,
    split: Callable[[str, str], tuple[set[str], str]],
) -> str:
    """What stands between options that share a cell: the mark that leaves the fewest cells with a part that is no option."""
    if said:
        return said
    outcomes = {mark: [split(text, mark) for text in texts] for mark in JOINERS}
    left = {mark: sum(bool(rest) for _, rest in outcome) for mark, outcome in outcomes.items()}
    best = min(JOINERS, key=left.__getitem__)
    several = any(len(codes) > 1 for codes, _ in outcomes[best])
    rivals = [mark for mark in JOINERS if not left[mark] and outcomes[mark] != outcomes[best]]
    if not left[best] and rivals:
        reader.decided.append(
            Notation(
                question.name,
                "joiner",
                "",
                "the options can be cut apart in two ways",
                (best, *rivals),
                count=len(texts),
            )
        )
    elif several:
        evidence = (
            "it leaves nothing over"
            if not left[best]
            else f"it leaves the fewest texts that are no option ({left[best]})"
        )
        reader.decided.append(Notation(question.name, "joiner", repr(best), evidence))
    return best


def texts_of_options(question: Question) -> set[str]:
    """Codes and labels of a question, without what typography may change."""
    return {typographic(text) for choice in question.choices for text in (choice.name, *choice.labels.values())}
