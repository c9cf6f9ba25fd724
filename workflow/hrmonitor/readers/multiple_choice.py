"""Multiple choice: a column an option, or a cell that joins the options that were ticked."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pandas as pd

from hrmonitor.errors import ReaderError
from hrmonitor.files.distinct import replaced
from hrmonitor.questionnaire.missing_words import missing_word
from hrmonitor.questionnaire.model import Question
from hrmonitor.questionnaire.typography import level, typographic
from hrmonitor.readers.choice_columns import blank_box_is_no, likeliest_joiner
from hrmonitor.readers.column_notation import ColumnReader
from hrmonitor.readers.export import GLUED, MISSPELT, NO_PART, NOTE_COLUMNS, SOME_PART, TWO_WAYS, Column, Export, never
from hrmonitor.readers.label_decisions import NO_ANSWER, Labels
from hrmonitor.readers.suggestions import misspelt_option

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
# Joiners that one option may hold, and one.
LONGEST = 8
NOT_SHOWN = {"n/a", "na", "nvt", "n.v.t."}
# What people and programs put between two things of one cell.
SIGN = r"[-/+&;,|.:•·\\]"
OTHER = re.compile(r"\s*(other|anders|overige?|andere?|autre|sonstige?s?)\b", re.I)


def other_text(cells: pd.Series, question: Question) -> pd.Series:
    """The text of "other, namely" that a tool puts into the option's own column; a mere tick is none."""
    own = _own(question, "other")
    marks = {
        text
        for text in cells.dropna().unique()
        if text.casefold() in TICKED | NOT_TICKED | NOT_SHOWN or typographic(text) in own or missing_word(text)
    }
    return cells.mask(cells.isin(marks)).astype("str")


def words_for_no_and_yes(export: Export, options: dict[int, str], question: Question) -> tuple[int, int]:
    """How many boxes hold a word for no, and how many one for yes, that is not the option itself.

    With a word for no, a "0" is no tick, not even for the option with code 0; with one for yes the file does not repeat the option in its box.
    """
    no, yes = 0, 0
    for place, option in options.items():
        cells = export.data.iloc[:, place].dropna()
        if cells.empty:
            continue
        own = _own(question, option)
        for text, number in cells.value_counts().items():
            word = _word(export.columns[place], text)
            if typographic(word) not in own:
                no += int(number) if word in NOT_TICKED else 0
                yes += int(number) if word in TICKED else 0
    return no, yes


def _own(question: Question, option: str) -> set[str]:
    """What tools that repeat the option in its box write there."""
    return {typographic(option), *(typographic(label) for label in question.choice(option).labels.values())}


def _word(column: Column, text: str) -> str:
    word = column.values.get(text, text).strip().casefold()
    # Programs that know numbers only write boxes as 1.0 and 0.0.
    return word[0] if re.fullmatch(r"[01](\.0+|e\+?0+)", word) else word


def read_box(path: str, export: Export, place: int, question: Question, option: str, says_no: bool) -> pd.Series:
    """One option's column as "1", "0" or missing."""
    cells = export.data.iloc[:, place]
    if cells.isna().all():
        return never(cells.index)
    column = export.columns[place]
    own = _own(question, option)
    known: dict[str, str | None] = {}
    for text in cells.dropna().unique():
        word = _word(column, text)
        if says_no and word in NOT_TICKED:
            known[text] = "0"
        elif word in NOT_TICKED and typographic(word) in own and export.tool != "qualtrics":
            # Qualtrics leaves other boxes blank, and repeats the code of an option that was ticked.
            raise ReaderError(
                f"{path}, row {export.row[cells == text].iloc[0]}, column {column.heading!r}: {text!r} can say no, and it is option "
                f"{option!r} of {question.name} itself; no other box of the question tells. Export texts, or give the option another code."
            )
        elif word in TICKED or typographic(word) in own:
            known[text] = "1"
        elif word in NOT_TICKED:
            known[text] = "0"
        elif word in NOT_SHOWN or missing_word(text):
            known[text] = None
        elif option == "other":
            known[text] = "1"  # some tools put the text of "other, namely" into its box
        else:
            row = export.row[cells == text].iloc[0]
            if _is_other(question, option):
                raise ReaderError(
                    f"{path}, row {row}, column {column.heading!r}: here stands what people wrote beside the option "
                    f"{question.choice(option).label('en')!r} of {question.name}, which has the code {option!r} in the form. Give it the code "
                    f"`other` in choices.csv, and a text question {question.name}_other after {question.name}; the text goes there."
                )
            raise ReaderError(
                f"{path}, row {row}, column {column.heading!r}: a box holds 1 or 0, yes or no, a cross or nothing; "
                "something else stands there. Export multiple choice questions anew, or correct the cell."
            )
    return replaced(cells, known)


def _is_other(question: Question, option: str) -> bool:
    """Whether an option is "other, namely" by its label."""
    return any(OTHER.match(label) for label in question.choice(option).labels.values())


def settle_blanks(
    reader: ColumnReader, question: Question, boxes: dict[str, pd.Series], noes: dict[str, int], had_na: bool
) -> dict[str, pd.Series]:
    """The boxes with "0" for a blank beside a ticked one, where that is what a blank says in this file."""
    if all(box.isna().all() for box in boxes.values()):
        return boxes
    ticked = pd.concat([box == "1" for box in boxes.values()], axis=1).any(axis=1).astype(bool)
    blanks = sum(int((box.isna() & ticked).sum()) for code, box in boxes.items() if code != "other")
    here = noes[question.name]
    blank_is_no = blank_box_is_no(reader, question, here, sum(noes.values()) - here, blanks, had_na)
    if not blank_is_no:
        # The box of "other" holds what was written, or nothing: where others were seen, blank says that nothing was.
        other = boxes.get("other")
        (no_of_other,) = reader.habits.over_file(
            ("no of other", question.name), (0 if other is None else int((other == "0").sum()),)
        )
        if other is None or no_of_other:
            return boxes
        seen = pd.concat([box.notna() for box in boxes.values()], axis=1).any(axis=1)
        return {**boxes, "other": other.mask(other.isna() & seen, "0").astype("str")}
    return {code: box.mask(box.isna() & ticked, "0").astype("str") for code, box in boxes.items()}


# Over 6 parameters: what a question and its columns hold, each of which was read on its own.
def options_ticked(
    reader: ColumnReader,
    question: Question,
    joined: pd.Series | None,
    boxes: dict[str, pd.Series],
    export: Export,
    labels: Labels,
    other: pd.Series | None = None,
) -> tuple[dict[str, pd.Series], list[pd.DataFrame]]:
    """The options of a select-multiple, from boxes, from a cell that joins them, or from both; and notes as `canonical` gives them.

    other: the file's own column with the text of "other, namely".
    """
    index = export.data.index
    columns = {code: boxes.get(code, never(index)) for code in question.codes}
    result: dict[str, pd.Series] = {}
    notes: list[pd.DataFrame] = []
    if joined is not None:
        empty = pd.concat([column.isna() for column in columns.values()], axis=1).all(axis=1)
        todo = empty & joined.notna()
        texts = list(joined[todo].unique())
        decisions = {written: code for (name, written), code in labels.items() if name == question.name}
        either = options_by_text(question)
        split = likeliest_joiner(
            reader, question, texts, export.joiner, lambda text, mark: split_joined(text, either, mark, decisions)
        )
        options = codes_or_labels(reader, texts, question, split, decisions) or either
        parsed = {text: split_joined(text, options, split, decisions) for text in texts}
        unclear = {text for text in texts if two_ways(text, options, split)}
        notes.append(_note(export, index[todo & joined.isin(unclear)], question, "unknown_option", TWO_WAYS))
        todo &= ~joined.isin(unclear)
        rest = joined.where(todo).map({text: rest for text, (_, rest) in parsed.items() if rest}, na_action="ignore")
        glued = rest.isin([text for text in rest.dropna().unique() if several_options(text, either, split)])
        nearly = _misspelt(rest, question, split, decisions, other)
        unread = rest.notna() & (
            glued | nearly.notna() | _said_elsewhere(rest, other) | ("other" not in question.codes)
        )
        for code in columns:
            # In a file that has boxes too, a blank one says that this version of the form lacked the option.
            # So does a part that is not understood, of the options that it may mean.
            found = joined[todo].map(
                {text: "1" if code in codes else pd.NA if boxes else "0" for text, (codes, _) in parsed.items()}
            )
            found = found.mask(found.eq("0") & unread[todo])
            columns[code] = columns[code].where(~todo, found.reindex(index)).astype("str")
        if (text_of_other := rest.mask(unread)).notna().any():
            columns["other"] = columns["other"].mask(text_of_other.notna(), "1")
            result[f"{question.name}_other"] = text_of_other.astype("str")
        nothing = unread & joined.isin([text for text, (codes, _) in parsed.items() if not codes])
        nothing &= True if other is None else other.isna()
        notes += _notes_of_rest(export, question, unread, nothing, glued, nearly)
        decided = [text for text in texts if decisions and split_joined(text, options, split, {}) != parsed[text]]
        where = index[todo & joined.isin(decided)]
        notes.append(_note(export, where, question, "label_decided", "an option that a person decided on"))
    return {**{f"{question.name}/{code}": column for code, column in columns.items()}, **result}, notes


def _said_elsewhere(rest: pd.Series, other: pd.Series | None) -> pd.Series:
    """Where the text of "other, namely" stands in a column of its own and is not this part of the joined cell."""
    if other is None:
        return pd.Series(False, index=rest.index)
    same = other.map(typographic, na_action="ignore").eq(rest.map(typographic, na_action="ignore")).fillna(False)
    return other.notna() & ~same.astype(bool)


def _misspelt(
    rest: pd.Series, question: Question, joiner: str, decisions: Mapping[str, str], other: pd.Series | None
) -> pd.Series:
    """The option that a part of what was left over nearly is, unless somebody decided that it was written under "other, namely", or the text of
    that stands in a column of its own; missing for none."""

    def option(text: str) -> str:
        parts = text.split(joiner) if joiner.strip() else [text]
        nearly = (misspelt_option(part, question) for part in parts if decisions.get(typographic(part)) != "other")
        return next(filter(None, nearly), "")

    options = {text: option(text) for text in rest.dropna().unique()}
    nearly = rest.map({text: code for text, code in options.items() if code}).astype("str")
    return nearly if other is None else nearly.where(other.isna())


def _notes_of_rest(
    export: Export, question: Question, unread: pd.Series, nothing: pd.Series, glued: pd.Series, nearly: pd.Series
) -> list[pd.DataFrame]:
    """What is said of cells of which a part was not read, or nothing."""
    some = unread & ~nothing
    said = [(glued & nothing, GLUED), (nothing & ~glued, NO_PART), (some & nearly.isna(), SOME_PART)]
    said += [(some & nearly.eq(code), MISSPELT.format(option=code)) for code in question.codes]
    return [_note(export, unread.index[where], question, "unknown_option", note) for where, note in said]


def _note(export: Export, where: pd.Index, question: Question, rule: str, note: str) -> pd.DataFrame:
    return pd.DataFrame(
        {"row": export.row[where], "question": question.name, "rule": rule, "note": note}, columns=NOTE_COLUMNS
    )


def one_of_boxes(boxes: dict[str, pd.Series]) -> pd.Series:
    """A single choice that the tool spread over a column an option; two ticks stay visible for cleaning."""
    ticked = pd.DataFrame({code: (column == "1").fillna(False) for code, column in boxes.items()}).astype(bool)
    joined = ticked.apply(lambda column: column.map({True: f"{column.name} | ", False: ""})).sum(axis=1).astype("str")
    return joined.str.removesuffix(" | ").mask(~ticked.any(axis=1)).astype("str")


def options_by_text(question: Question, labels: bool = True, codes: bool = True) -> dict[str, str]:
    """What may be written for an option -> its code, the longest first. A text that two options share, as label or code, means neither."""
    by_text: dict[str, set[str]] = {}
    for choice in question.choices:
        texts = {*(choice.labels.values() if labels else ()), *((choice.name,) if codes else ())}
        for text in {level(text).casefold() for text in texts} - {""}:
            by_text.setdefault(text, set()).add(choice.name)
    single = ((text, next(iter(of))) for text, of in by_text.items() if len(of) == 1)
    return dict(sorted(single, key=lambda one: (-len(one[0]), one[0])))


def codes_or_labels(
    reader: ColumnReader, texts: list[str], question: Question, joiner: str, decisions: Mapping[str, str]
) -> dict[str, str] | None:
    """The labels, or the codes, whichever of the two alone leaves nothing over in a column; None where either may be meant."""
    either = (options_by_text(question, codes=False), options_by_text(question, labels=False))
    left = tuple(sum(bool(split_joined(text, options, joiner, decisions)[1]) for text in texts) for options in either)
    left = reader.habits.over_file(("joined", question.name), left)
    fitting = [options for options, number in zip(either, left, strict=True) if not number]
    return fitting[0] if len(fitting) == 1 else None


def split_joined(
    text: str, options: Mapping[str, str], joiner: str, decisions: Mapping[str, str]
) -> tuple[set[str], str]:
    """The codes of the options that a cell joins, and what is left over.

    Options (`options_by_text`) may contain the joiner themselves: at each place the longest that fits is taken. `decisions`: what a
    person decided a label to mean, by `typographic`; a text of "other, namely" is left over, as one that nobody decided on is.
    """
    mark = joiner.strip()
    rest_of = text.strip()
    codes: set[str] = set()
    left: list[str] = []
    while rest_of:
        for option, code in options.items():
            if level(rest_of[: len(option)]).casefold() != option:
                continue
            after = rest_of[len(option) :]
            # People and tools also write a blank before the sign: "DVD / book".
            after = after.lstrip() if mark and after.lstrip().startswith(joiner.lstrip()) else after
            before = joiner.lstrip() if mark else joiner
            if not after or after.startswith(before) or (mark and after.strip() == mark):
                codes.add(code)
                rest_of = after.removeprefix(before).lstrip() if after.startswith(before) else ""
                break
        else:
            head, _, rest_of = rest_of.partition(joiner)
            decided = decisions.get(typographic(head))
            if decided and decided != "other":
                codes.add(decided)
            else:
                left.append(head.strip())
            rest_of = rest_of.lstrip()
    return codes - {NO_ANSWER}, joiner.join(part for part in left if part and part != mark)


def several_options(rest: str, options: Mapping[str, str], joiner: str) -> bool:
    """Whether a part of what `split_joined` left over is options between signs other than the joiner: "DVD + book" where it is ";".

    "DVD with book" is not: words stand between the options, and it may be what somebody wrote under "other, namely".
    """
    for part in rest.split(joiner) if joiner.strip() else [rest]:
        text = level(part.replace("\n", "/")).casefold()
        found = set()
        for option, code in options.items():
            text, times = re.subn(rf"(^|(?<={SIGN}))\s*{re.escape(option)}\s*(?=$|{SIGN})", "", text)
            found |= {code} if times else set()
        if len(found) > 1:
            return True
    return False


def two_ways(text: str, options: Mapping[str, str], joiner: str) -> bool:
    """Whether a cell can be cut at the joiner into options in two ways that tick others: "CD, DVD" may be one option, or two."""
    parts = text.split(joiner)
    # Ways to cut the first parts: the sets of options that they tick, of which two are enough.
    ways: list[set[frozenset[str]]] = [{frozenset()}]
    for end in range(1, len(parts) + 1):
        found = {
            codes | {options[option]}
            for start in range(max(0, end - LONGEST), end)
            if (option := level(joiner.join(parts[start:end]).strip(f" {joiner}")).casefold()) in options
            for codes in ways[start]
        }
        ways.append(set(sorted(found, key=sorted)[:8]))
    return len(ways[-1]) > 1
