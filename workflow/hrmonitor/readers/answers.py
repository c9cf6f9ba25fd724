"""From an export's cells to answers under the form's own names: boxes, joined answers, codes and labels."""

from __future__ import annotations

import re

import pandas as pd
from rapidfuzz import fuzz, process

from hrmonitor.errors import ReaderError
from hrmonitor.questionnaire.missing_words import missing_word
from hrmonitor.questionnaire.model import Question, Questionnaire
from hrmonitor.readers.dialect import Habits
from hrmonitor.readers.export import Column, Export, never
from hrmonitor.readers.matching import Target, match_columns, plain
from hrmonitor.readers.number_formats import settle_notation

TICKED = {"1", "y", "yes", "ja", "x", "true", "waar", "checked", "selected", "quoted", "oui", "v", "✓", "✔"}
NOT_TICKED = {
    "0",
    "n",
    "no",
    "nee",
    "false",
    "onwaar",
    "unchecked",
    "not selected",
    "not quoted",
    "non",
    "niet geselecteerd",
}
NOT_SHOWN = {"n/a", "na", "nvt", "n.v.t."}
NOTE_COLUMNS = ["row", "question", "rule", "note"]


def canonical(
    path: str, export: Export, questionnaire: Questionnaire, entry: dict, habits: Habits | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One column a question, `question/choice` for each option of a select-multiple; and notes.

    Boxes are "1", "0" or missing where the file does not say. A choice keeps its code, or its label, or whatever
    stands there; what it means is for cleaning to say. Notes have `row question rule note`.
    """
    habits = habits or Habits()
    targets = match_columns(path, export, questionnaire, entry)
    if export.unanswered:
        _drop_unanswered(export, targets, questionnaire)
    places: dict[str, list[int]] = {}
    for place, target in enumerate(targets):
        if target:
            places.setdefault(target[0], []).append(place)
    frame: dict[str, pd.Series] = {}
    notes = [pd.DataFrame([(row, "", rule, note) for row, rule, note in export.notes], columns=NOTE_COLUMNS)]
    for question in questionnaire.answerable:
        if question.name not in places:
            continue
        whole = [_values(export, place, question) for place in places[question.name] if targets[place][1] is None]
        other = next((place for place in places[question.name] if targets[place][1] == "other"), None)
        if other is not None and f"{question.name}_other" in questionnaire.questions:
            written = _written(export.data.iloc[:, other], question)
            frame.setdefault(f"{question.name}_other", written)
        options = {place: option for place in places[question.name] if (option := targets[place][1]) is not None}
        (says_no,) = habits.over_file(("says no", question.name), (int(_says_no(export, options, question)),))
        boxes = {option: _box(path, export, place, question, option, says_no) for place, option in options.items()}
        if export.numbered and question.kind.startswith("select"):
            whole = [_by_number(cells, question) for cells in whole]
        if question.kind == "select_multiple":
            frame |= _several(question, whole, boxes, export, notes)
        elif boxes:
            one = _one_of(boxes)
            frame[question.name] = whole[0].fillna(one) if whole else one
        else:
            frame[question.name] = whole[0]
    answers = pd.DataFrame(frame, index=export.data.index)
    for question in questionnaire.answerable:
        _move_other(question, answers, questionnaire, habits)
    facts = settle_notation(answers, questionnaire, entry, habits)
    export.facts += facts
    return answers, pd.concat(notes, ignore_index=True)


def _drop_unanswered(export: Export, targets: list[Target | None], questionnaire: Questionnaire) -> None:
    count = 0
    for place, target in enumerate(targets):
        if target and export.unanswered not in questionnaire[target[0]].codes:
            found = export.data[place] == export.unanswered
            export.data[place] = export.data[place].mask(found)
            count += int(found.sum())
    if count:
        export.facts.append(f"{export.unanswered} in {count} cells: seen and not answered")


def _values(export: Export, place: int, question: Question) -> pd.Series:
    """The cells, with codes replaced by what they stand for where the form does not know the code better."""
    cells = export.data.iloc[:, place]
    meaning = export.columns[place].values
    if not meaning or question.kind not in ("select_one", "select_multiple"):
        return cells.map(lambda cell: meaning.get(cell, cell), na_action="ignore").astype("str") if meaning else cells
    codes = set(question.codes)
    labels = [plain(label) for choice in question.choices for label in set(choice.labels.values())]
    known = {}
    for code, label in meaning.items():
        clear = labels.count(plain(label)) == 1 and list(meaning.values()).count(label) == 1
        known[code] = code if code in codes and not clear else label
    return cells.map(lambda cell: known.get(cell, cell), na_action="ignore").astype("str")


def _by_number(cells: pd.Series, question: Question) -> pd.Series:
    """Codes for cells that hold an option's number, unless that number is itself a code or label."""
    known = {plain(text) for choice in question.choices for text in (choice.name, *choice.labels.values())}
    codes = {str(number): code for number, code in enumerate(question.codes, start=1) if str(number) not in known}
    return cells.map(lambda cell: codes.get(cell, cell), na_action="ignore").astype("str")


def _written(cells: pd.Series, question: Question) -> pd.Series:
    """The text of "other, namely" that a tool puts into the option's own column; a mere tick is none."""
    own = {plain(text) for text in ("other", *question.choice("other").labels.values())}
    marks = {
        text
        for text in cells.dropna().unique()
        if text.casefold() in TICKED | NOT_TICKED | NOT_SHOWN or plain(text) in own
    }
    return cells.mask(cells.isin(marks)).astype("str")


def _says_no(export: Export, options: dict[int, str], question: Question) -> bool:
    """Whether boxes that are not ticked hold a word: a "0" is then no tick, not even for the option with code 0."""
    if not export.blank_box_is_no:
        return True
    for place, option in options.items():
        words = {_word(export.columns[place], text) for text in export.data.iloc[:, place].dropna().unique()}
        if any(word in NOT_TICKED and plain(word) not in _own(question, option) for word in words):
            return True
    return False


def _own(question: Question, option: str) -> set[str]:
    """What tools that repeat the option in its box write there."""
    return {plain(option), *(plain(label) for label in question.choice(option).labels.values())}


def _word(column: Column, text: str) -> str:
    return column.values.get(text, text).strip().casefold()


def _box(path: str, export: Export, place: int, question: Question, option: str, says_no: int) -> pd.Series:
    """One option's column as "1", "0" or missing."""
    cells = export.data.iloc[:, place]
    column = export.columns[place]
    own = _own(question, option)
    known: dict[str, object] = {}
    for text in cells.dropna().unique():
        word = _word(column, text)
        if says_no and word in NOT_TICKED:
            known[text] = "0"
        elif word in TICKED or plain(word) in own:
            known[text] = "1"
        elif word in NOT_TICKED:
            known[text] = "0"
        elif word in NOT_SHOWN:
            known[text] = pd.NA
        elif option == "other":
            known[text] = "1"  # some tools put the text of "other, namely" into its box
        else:
            row = export.row[cells == text].iloc[0]
            raise ReaderError(
                f"{path}, row {row}, column {column.heading!r}: a box holds 1 or 0, yes or no, a cross or nothing; "
                "something else stands there. Export multiple choice questions anew, or correct the cell."
            )
    return cells.map(known, na_action="ignore").astype("str")


def _several(question, whole, boxes, export: Export, notes) -> dict[str, pd.Series]:
    """The options of a select-multiple, from boxes, from a cell that joins them, or from both."""
    index = export.data.index
    columns = {code: boxes.get(code, never(index)) for code in question.codes}
    other = f"{question.name}_other"
    result: dict[str, pd.Series] = {}
    if boxes and export.blank_box_is_no:
        ticked = pd.concat([column == "1" for column in columns.values()], axis=1).any(axis=1).astype(bool)
        columns |= {code: columns[code].mask(columns[code].isna() & ticked, "0") for code in boxes}
    if whole:
        empty = pd.concat([column.isna() for column in columns.values()], axis=1).all(axis=1)
        todo = empty & whole[0].notna()
        texts = list(whole[0][todo].unique())
        joiner = export.joiner or _likeliest_joiner(texts, question)
        parsed = {text: split_joined(text, question, joiner) for text in texts}
        for code in columns:
            # In a file that has boxes too, a blank one says that this version of the form lacked the option.
            absent = pd.NA if boxes else "0"
            found = whole[0][todo].map({text: "1" if code in codes else absent for text, (codes, _) in parsed.items()})
            columns[code] = columns[code].where(~todo, found.reindex(index)).astype("str")
        rest = whole[0].where(todo).map({text: rest for text, (_, rest) in parsed.items() if rest}, na_action="ignore")
        unknown = rest.dropna()
        if not unknown.empty:
            if "other" in question.codes:
                columns["other"] = columns["other"].mask(rest.notna(), "1")
                result[other] = rest.astype("str")
            else:
                rows = export.row[unknown.index]
                notes.append(pd.DataFrame({"row": rows, "question": question.name, "rule": "unknown_option",
                                           "note": "an answer that is no option of the question"}))  # fmt: skip
    return {**{f"{question.name}/{code}": column for code, column in columns.items()}, **result}


def _one_of(boxes: dict[str, pd.Series]) -> pd.Series:
    """A single choice that the tool spread over a column an option; two ticks stay visible for cleaning."""
    ticked = pd.DataFrame({code: (column == "1").fillna(False) for code, column in boxes.items()}).astype(bool)
    joined = ticked.apply(lambda column: column.map({True: f"{column.name} | ", False: ""})).sum(axis=1).astype("str")
    return joined.str.removesuffix(" | ").mask(~ticked.any(axis=1)).astype("str")


def _likeliest_joiner(texts: list[str], question: Question) -> str:
    """The joiner that leaves the fewest answers without an option."""
    return min(
        (";", ",", "|", " "), key=lambda joiner: sum(bool(split_joined(text, question, joiner)[1]) for text in texts)
    )


def split_joined(text: str, question: Question, joiner: str) -> tuple[set[str], str]:
    """The codes of the options that a cell joins, and what is left over.

    Options may contain the joiner themselves: at each place the longest option that fits is taken.
    """
    options: list[tuple[str, str]] = sorted(
        {(text, choice.name) for choice in question.choices for text in (choice.name, *choice.labels.values())},
        key=lambda option: (-len(option[0]), option[0]),
    )
    mark = joiner.strip()
    rest_of = text.strip()
    codes: set[str] = set()
    left: list[str] = []
    while rest_of:
        for option, code in options:
            if rest_of[: len(option)].casefold() != option.casefold():
                continue
            after = rest_of[len(option) :]
            if not after or after.startswith(joiner) or (mark and after.strip() == mark):
                codes.add(code)
                rest_of = after.removeprefix(joiner).lstrip() if after.startswith(joiner) else ""
                break
        else:
            head, _, rest_of = rest_of.partition(joiner)
            left.append(head.strip())
            rest_of = rest_of.lstrip()
    return codes, joiner.join(part for part in left if part and part != mark)


def _move_other(question: Question, answers: pd.DataFrame, questionnaire: Questionnaire, habits: Habits) -> None:
    """Free text in place of an option is "other, namely", where the form has such an option and its question."""
    name = f"{question.name}_other"
    if "other" not in question.codes or name not in questionnaire.questions:
        return
    if question.kind == "select_one" and question.name in answers:
        cells = answers[question.name]
        known = {plain(text) for choice in question.choices for text in (choice.name, *choice.labels.values())}
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
    """A code or label, or a misspelling, a missing word or two of them, that cleaning will settle."""
    return (
        plain(text) in known
        or missing_word(text) is not None
        or bool(re.search(r" \| ", text))
        or process.extractOne(plain(text), known, scorer=fuzz.ratio, score_cutoff=88) is not None
    )
