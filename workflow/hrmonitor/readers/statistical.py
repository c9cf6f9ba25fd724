"""What SPSS, Stata and SAS files share: value labels, declared missing values, multiple response sets."""

from __future__ import annotations

from numbers import Real

import pandas as pd

from hrmonitor.files.workbooks import cell_text
from hrmonitor.questionnaire.missing_words import missing_word
from hrmonitor.readers.export import Column, Export, always, names_of

# What a declared missing value without a telling label becomes; cleaning knows it as "no answer".
NO_ANSWER = "no answer"


def as_export(tool: str, frame: pd.DataFrame, meta, facts: list[str]) -> Export:
    """Codes as text with what they stand for; declared missing values become words."""
    columns, data, numbers = [], {}, {}
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
        # By cell: an extended missing value of Stata (.a) stands as a letter among numbers.
        numbers[place] = (
            frame[name].map(lambda cell: isinstance(cell, Real) and not isinstance(cell, bool)).reset_index(drop=True)
        )
    index = pd.RangeIndex(len(frame))
    data = pd.DataFrame(data, index=index)
    row = pd.Series(range(1, len(frame) + 1), index=index)
    notes: list[tuple[int, str, str]] = []
    sets = [name for name in meta.mr_sets]
    if sets:
        facts = [*facts, f"multiple response sets: {', '.join(sorted(sets))}"]
    return Export(
        tool, data, columns, row, always("case", index), numbers=pd.DataFrame(numbers, index=index, dtype=bool),
        blank_box_is_no=False, facts=facts, notes=notes,
    )  # fmt: skip


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
