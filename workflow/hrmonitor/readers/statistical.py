"""What SPSS, Stata and SAS files share: value labels, declared missing values, multiple response sets."""

from __future__ import annotations

import faulthandler
import multiprocessing
import os
from collections.abc import Callable

import pandas as pd

from hrmonitor.errors import ReaderError
from hrmonitor.files.sheets import cell_text
from hrmonitor.questionnaire.missing_words import missing_word
from hrmonitor.readers.export import Column, Export, always, names_of

# What a declared missing value without a telling label becomes; cleaning knows it as "no answer".
NO_ANSWER = "no answer"


def load(path: str, entry: dict, reader: Callable, program: str, **options):
    """(frame, metadata, facts) from pyreadstat; a declared encoding that is wrong is tried as Windows-1252."""
    if not _survives(path, reader, options):
        raise ReaderError(
            f"{path}: the {program} file is damaged: it stops the program that reads it. Save it again from {program}."
        )
    tried = []
    for encoding in (entry["encoding"],) if entry.get("encoding") else (None, "cp1252"):
        try:
            frame, meta = reader(path, encoding=encoding, **options)
            if not all(isinstance(name, str) for name in frame.columns):
                raise ValueError("its variables have no names that can be read")
            if encoding is None and _loses_text(path, reader, options, frame, meta):
                raise ValueError("its texts are not in the encoding that it declares")
        except Exception as error:  # pyreadstat raises a dozen kinds for damaged files
            tried.append(str(error))
            continue
        facts = [f"text in {meta.file_encoding or 'its own encoding'}"] if encoding is None else [
            f"text read as {encoding}" + ("" if entry.get("encoding") else "; the encoding that the file declares is wrong")
        ]  # fmt: skip
        return frame, meta, facts
    raise ReaderError(
        f"{path}: the {program} file cannot be read ({tried[0]}). Save it again from {program}, or set `encoding:`."
    )


def _loses_text(path: str, reader: Callable, options: dict, frame: pd.DataFrame, meta) -> bool:
    """ReadStat drops half a character at the end of a text, as there is where a file is not in UTF-8 as it says.

    A file that has other letters than ASCII in whole is in UTF-8; SPSS itself cut a label of it to its longest.
    """
    if (meta.file_encoding or "utf-8").lower() != "utf-8" or not all(map(str.isascii, _texts(frame, meta))):
        return False
    raw, raw_meta = reader(path, encoding="iso-8859-1", **options)
    return not all(map(str.isascii, _texts(raw, raw_meta)))


def _texts(frame: pd.DataFrame, meta) -> list[str]:
    cells = [cell for name in frame if not pd.api.types.is_numeric_dtype(frame[name]) for cell in frame[name].unique()]
    labels = [label for of in meta.variable_value_labels.values() for label in of.values()]
    return [text for text in (*meta.column_names_to_labels.values(), *labels, *cells) if isinstance(text, str)]


def _survives(path: str, reader: Callable, options: dict) -> bool:
    """Whether a process that reads the file lives: ReadStat, which pyreadstat wraps, can crash on a damaged file."""
    methods = multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("fork" if "fork" in methods else None)
    process = context.Process(target=_read_quietly, args=(path, reader, options))
    process.start()
    process.join()
    return process.exitcode is not None and process.exitcode >= 0


def _read_quietly(path: str, reader: Callable, options: dict) -> None:
    # Nothing of the parent may run at the end of this process, and a crash needs no trace on the screen.
    faulthandler.disable()
    try:
        reader(path, **options)
    except Exception:  # the parent meets the same error, and has the words for it
        pass
    finally:
        os._exit(0)


def as_export(tool: str, frame: pd.DataFrame, meta, facts: list[str]) -> Export:
    """Codes as text with what they stand for; declared missing values become words."""
    columns, data = [], {}
    in_set = _sets(meta)
    for place, name in enumerate(frame.columns):
        labels = {_code(value): str(label).strip() for value, label in meta.variable_value_labels.get(name, {}).items()}
        cells = _text(frame[name])
        missing = _declared_missing(cells, meta.missing_ranges.get(name, []), meta.missing_user_values.get(name, []))
        label = meta.column_names_to_labels.get(name)
        label = label if isinstance(label, str) else ""  # a damaged file may hold something else
        names = [*in_set.get(name, ()), *names_of(name, "_")]
        if label:
            names += [(label, None), *names_of(label, " - ")[1:]]
        values = {code: _word(text) if code in missing else text for code, text in labels.items()}
        if counted := _counted(meta, name):
            values = {code: "1" if code == counted else "0" for code in {*cells.dropna().unique(), counted}}
        values |= {code: NO_ANSWER for code in missing if code not in labels}
        columns.append(Column(name, tuple(names), values))
        data[place] = cells
    index = pd.RangeIndex(len(frame))
    data = pd.DataFrame(data, index=index)
    row = pd.Series(range(1, len(frame) + 1), index=index)
    notes = []
    sets = [name for name in meta.mr_sets]
    if sets:
        facts = [*facts, f"multiple response sets: {', '.join(sorted(sets))}"]
    return Export(tool, data, columns, row, always("case", index), blank_box_is_no=False, facts=facts, notes=notes)


def _text(values: pd.Series) -> pd.Series:
    # dtype objects: an extended missing value of Stata (.a) stands as text among numbers.
    text = values.map(lambda cell: cell_text(cell).strip(), na_action="ignore").astype("str").reset_index(drop=True)
    return text.mask(text == "")


def _code(value: object) -> str:
    return cell_text(value).strip()


def _declared_missing(cells: pd.Series, ranges: list[dict], letters: list) -> set[str]:
    """Codes in the cells that the file declares to be no answer."""
    numbers = pd.to_numeric(cells, errors="coerce")
    found = set(map(str, letters))
    for bounds in ranges:
        low, high = bounds["lo"], bounds["hi"]
        if isinstance(low, str):
            found |= {text for text in cells.dropna().unique() if text == low.strip()}
        else:
            found |= set(cells[numbers.between(low, high)].unique())
    return found


def _word(label: str) -> str:
    """A missing value's label if it says why there is no answer, else "no answer"."""
    return label if missing_word(label) else NO_ANSWER


def _sets(meta) -> dict[str, list[tuple[str, str | None]]]:
    """variable -> ways to read it as an option of its multiple response set."""
    found: dict[str, list] = {}
    for name, one in meta.mr_sets.items():
        if one.get("type") != "D":
            continue
        for variable in one["variable_list"]:
            option_label = meta.column_names_to_labels.get(variable) or variable
            for question in filter(None, (name.lstrip("$"), one.get("label"))):
                found.setdefault(variable, []).extend([(question, variable), (question, option_label)])
    return found


def _counted(meta, variable: str) -> str | None:
    for one in meta.mr_sets.values():
        if one.get("type") == "D" and variable in one["variable_list"]:
            return _code(one["counted_value"])
    return None
