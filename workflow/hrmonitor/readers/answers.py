"""From an export's cells to answers under the form's own names: boxes, joined answers, codes and labels."""

from __future__ import annotations

import re

import pandas as pd
from rapidfuzz import fuzz, process

from hrmonitor.errors import ReaderError
from hrmonitor.questionnaire.missing_words import WORD_FOR, missing_label, missing_word
from hrmonitor.questionnaire.model import Question, Questionnaire
from hrmonitor.questionnaire.typography import typographic
from hrmonitor.readers.choice_columns import refuse_doubled_labels, settle_choices, texts_of_options
from hrmonitor.readers.column_notation import ColumnReader
from hrmonitor.readers.date_columns import settle_dates
from hrmonitor.readers.dialect import Habits
from hrmonitor.readers.export import NOTE_COLUMNS, Export
from hrmonitor.readers.label_decisions import Labels
from hrmonitor.readers.matching import Target, match_columns
from hrmonitor.readers.multiple_choice import (
    one_of_boxes,
    options_ticked,
    other_text,
    read_box,
    settle_blanks,
    words_for_no_and_yes,
)
from hrmonitor.readers.no_answers import take_out_no_answers
from hrmonitor.readers.number_columns import settle_approximate, settle_numbers, settle_percentages

# Codes that stand for no answer where a number was asked, by long custom: negative ones, and 99, 998, 888 and their like.
_SENTINEL = re.compile(r"-\d+|9{2,}|9+[5-8]|8{2,}|7{2,}")


# Over 60 lines: one pass over the questions, each step of which needs what the steps before it found.
def canonical(
    path: str,
    export: Export,
    questionnaire: Questionnaire,
    entry: dict,
    habits: Habits | None = None,
    labels: Labels | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One column a question, `question/choice` for each option of a select-multiple; and notes.

    Boxes are "1", "0" or missing where the file does not say. A choice keeps its code, or its label, or whatever
    stands there; what it means is for cleaning to say. How each column is written is decided here, and kept in `export.notations`.
    Notes have `row question rule note`.
    """
    habits, labels = habits or Habits(), labels or {}
    reader = ColumnReader(export.tool, export.row, entry, questionnaire, habits)
    targets = match_columns(path, export, questionnaire, entry)
    had_na = take_out_no_answers(export, targets, questionnaire)
    wholes, boxes_of = _places(targets)
    counts = [words_for_no_and_yes(export, options, questionnaire[name]) for name, options in boxes_of.items()]
    noes = dict(zip(boxes_of, habits.over_file(("says no",), tuple(no for no, _ in counts)), strict=True))
    ticks = dict(zip(boxes_of, habits.over_file(("says yes",), tuple(yes for _, yes in counts)), strict=True))
    frame: dict[str, pd.Series] = {}
    notes = [pd.DataFrame([(row, "", rule, note) for row, rule, note in export.notes], columns=NOTE_COLUMNS)]
    for question in questionnaire.answerable:
        if question.name not in boxes_of:
            continue
        whole = wholes.get(question.name)
        cells = None if whole is None else _whole_cells(path, export, whole, question, labels)
        options = boxes_of[question.name]
        other = next((place for place, option in options.items() if option == "other"), None)
        if other is not None and f"{question.name}_other" in questionnaire.questions:
            frame.setdefault(f"{question.name}_other", other_text(export.data.iloc[:, other], question))
        says_no = not export.blank_box_is_no or noes[question.name] > 0 or ticks[question.name] > 0
        boxes = {option: read_box(path, export, place, question, option, says_no) for place, option in options.items()}
        if question.kind == "select_multiple":
            if boxes and export.blank_box_is_no:
                # A box that says that there is no answer is not blank.
                unsaid = {
                    option: boxes[option].isna() & export.data[place].notna() for place, option in options.items()
                }
                boxes = settle_blanks(reader, question, boxes, noes, not had_na.isdisjoint(options))
                boxes = {option: box.mask(unsaid[option]) for option, box in boxes.items()}
            own = wholes.get(f"{question.name}_other")
            its_text = None if own is None else export.data.iloc[:, own]
            ticked, its_notes = options_ticked(reader, question, cells, boxes, export, labels, its_text)
            frame |= ticked
            notes += its_notes
        elif boxes:
            one = one_of_boxes(boxes)
            frame[question.name] = one if cells is None else cells.fillna(one)
        elif cells is not None:
            typed = None if export.numbers is None else export.numbers.iloc[:, whole]
            settled = settle_column(reader, question, cells, typed)
            # What a cell or a box said under "other, namely" goes where the column for it is blank.
            frame[question.name] = settled.fillna(frame[question.name]) if question.name in frame else settled
    answers = pd.DataFrame(frame, index=export.data.index)
    for question in questionnaire.answerable:
        _move_other(question, answers, questionnaire, habits, labels)
    export.notations = reader.decided
    export.facts += _facts(reader)
    return answers, pd.concat(notes, ignore_index=True)


def _places(targets: list[Target | None]) -> tuple[dict[str, int], dict[str, dict[int, str]]]:
    """Question -> the first column with its whole answer; every question with a column -> its boxes, each with its option."""
    wholes: dict[str, int] = {}
    boxes_of: dict[str, dict[int, str]] = {}
    for place, target in enumerate(targets):
        if target is None:
            continue
        name, option = target
        boxes = boxes_of.setdefault(name, {})
        if option is None:
            wholes.setdefault(name, place)
        else:
            boxes[place] = option
    return wholes, boxes_of


def _whole_cells(path: str, export: Export, place: int, question: Question, labels: Labels) -> pd.Series:
    """The cells of a column with the whole answer, options by code or label."""
    cells = _values(export, place, question)
    if question.kind.startswith("select"):
        cells = _by_number(path, cells, question, export) if export.numbered else cells
        refuse_doubled_labels(path, question, cells, export.row, labels)
    return cells


def settle_column(reader: ColumnReader, question: Question, cells: pd.Series, typed: pd.Series | None) -> pd.Series:
    """The cells as cleaning reads them, once the column's notation is decided."""
    if cells.isna().all():
        return cells
    if question.kind in ("integer", "decimal"):
        cells = settle_numbers(reader, question, cells, typed)
        cells = settle_percentages(reader, question, cells) if question.unit == "%" else cells
        return settle_approximate(reader, question, cells)
    if question.kind == "date":
        return settle_dates(reader, question, cells)
    return settle_choices(reader, question, cells) if question.kind == "select_one" else cells


def _facts(reader: ColumnReader) -> list[str]:
    """What was decided about notation, in a few words: `check` has each column with its evidence."""
    counts: dict[str, int] = {}
    for notation in reader.decided:
        if notation.kind in ("numbers", "dates") and notation.name:
            counts[notation.name] = counts.get(notation.name, 0) + 1
    facts = [
        f"{name.replace('_', ' ')} in {number} column{'s' if number > 1 else ''}" for name, number in counts.items()
    ]
    left = sum(notation.open for notation in reader.decided)
    return [*facts, f"notation open in {left} column{'s' if left > 1 else ''}"] if left else facts


def _values(export: Export, place: int, question: Question) -> pd.Series:
    """The cells, with codes replaced by what they stand for where the form does not know the code better."""
    cells = export.data.iloc[:, place]
    meaning = export.columns[place].values
    if not meaning:
        return cells
    if question.kind in ("integer", "decimal", "date"):
        known = {code: _of_number(code, label) for code, label in meaning.items()}
    elif question.kind in ("select_one", "select_multiple"):
        codes = set(question.codes)
        labels = [typographic(label) for choice in question.choices for label in set(choice.labels.values())]
        known = {}
        for code, label in meaning.items():
            clear = labels.count(typographic(label)) == 1 and list(meaning.values()).count(label) == 1
            known[code] = code if code in codes and not clear else label
    else:
        known = meaning
    return cells.map(lambda cell: known.get(cell, cell), na_action="ignore").astype("str")


def _of_number(code: str, label: str) -> str:
    """What a labelled code of a number question stands for: itself, unless its label says that there is no answer.

    A code such as 999 whose label says neither ("Anders") is no number that anybody gave: the label goes on, and is not understood.
    """
    if reason := missing_label(label):
        return label if missing_word(label) else WORD_FOR[reason]
    return label if _SENTINEL.fullmatch(code) and code not in re.findall(r"-?\d+", label) else code


def _by_number(path: str, cells: pd.Series, question: Question, export: Export) -> pd.Series:
    """Codes for cells that hold an option's number. Raises `ReaderError` where the number is the code or label of another option too."""
    codes = {str(number): code for number, code in enumerate(question.codes, start=1)}
    for text in cells.dropna().unique():
        others = {choice.name for choice in question.choices if text in (choice.name, *choice.labels.values())}
        if text in codes and others - {codes[text]}:
            where = export.row[cells.index[cells == text]]
            raise ReaderError(
                f"{path}, row {where.iloc[0]}: {text!r} is the number of option {codes[text]!r} of question {question.name!r} and the code or "
                f"label of {sorted(others)[0]!r}, and nobody can tell which is meant ({len(where)} cells). Export texts in place of numbers."
            )
    return cells.map(lambda cell: codes.get(cell, cell), na_action="ignore").astype("str")


def _move_other(
    question: Question, answers: pd.DataFrame, questionnaire: Questionnaire, habits: Habits, labels: Labels
) -> None:
    """Free text in place of an option is "other, namely", where the form has such an option and its question."""
    name = f"{question.name}_other"
    if "other" not in question.codes or name not in questionnaire.questions:
        return
    if question.kind == "select_one" and question.name in answers:
        cells = answers[question.name]
        known = texts_of_options(question) | {text for name, text in labels if name == question.name}
        foreign = {text for text in cells.dropna().unique() if not _could_be(text, known)}
        text = cells.where(cells.isin(foreign))
        if name not in answers and foreign:
            answers[name] = text
            answers[question.name] = cells.mask(cells.isin(foreign), "other")
    box = f"{question.name}/other"
    if question.kind == "select_multiple" and box in answers and name in answers:
        # Tools that give "other" no box of its own tell by its text that it was ticked.
        written = answers[name].notna() & answers[box].isna()
        others = [f"{question.name}/{code}" for code in question.codes if code != "other"]
        answers[box] = answers[box].mask(written, "1")
        shown = answers[others].notna().any(axis=1) if others else written
        # Whether the file itself tells some rows apart as not asked this option.
        (unsaid,) = habits.over_file(("unsaid", box), (int((answers[box] == "0").sum()),))
        if not unsaid:
            answers[box] = answers[box].mask(answers[box].isna() & shown, "0")


def _could_be(text: str, known: set[str]) -> bool:
    """A code or label, a missing word, two of them, or what may be a misspelling: cleaning reads it, or says that it is not understood."""
    return (
        typographic(text) in known
        or missing_word(text) is not None
        or bool(re.search(r" \| ", text))
        or process.extractOne(typographic(text), known, scorer=fuzz.ratio, score_cutoff=88) is not None
    )
