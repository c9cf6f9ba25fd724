"""Questions that a form asks several times (a repeat): brought back to one answer a submission by a stated rule.

The rule is the form's own column `aggregate`: count, sum, mean, min, max, first or any. A question in a repeat
without it is not analysed.
"""

from __future__ import annotations

import pandas as pd

from hrmonitor.errors import ReaderError
from hrmonitor.files.sheet import Sheet
from hrmonitor.questionnaire.model import Question, Questionnaire
from hrmonitor.readers.export import Column
from hrmonitor.readers.matching import plain, spellings

OF_NUMBERS = ("sum", "mean", "min", "max")


def aggregate(
    path: str, sheet: Sheet, parents: dict, questionnaire: Questionnaire | None, joiner: str
) -> tuple[list[pd.Series], list[Column], str]:
    """Columns for the main table, one a question of the repeat, and a sentence on what was joined.

    `parents` maps a sheet's name to its heading, its cells by row of the file, and the place of each row's submission; the main table
    comes first, and the sheet adds itself, for repeats within it.
    """
    header, body = sheet.row(0), sheet.body(1)
    root = _root_of(path, sheet, header, body, parents)
    parents[sheet.name] = (header, body, root)
    told = f"repeat {sheet.name}: {len(body)} rows in {root.nunique()} submissions"
    values: list = []
    columns: list = []
    if questionnaire is None:
        return values, columns, told
    rules = []
    submissions = len(next(iter(parents.values()))[1])
    for question in questionnaire.in_repeats:
        wanted = {plain(text) for text in spellings(question, questionnaire)}
        place = next(
            (p for p, name in enumerate(header) if {plain(name), plain(name.rsplit(joiner, 1)[-1])} & wanted), None
        )
        if place is None or not question.aggregate:
            continue
        combined = combine(body[place], root, question, f"{path}, sheet {sheet.name}, column {header[place]!r}")
        if question.aggregate in ("count", "sum"):
            # A submission without a row in the sheet has none of what the repeat asks about.
            combined = combined.reindex(range(submissions), fill_value="0")
        values.append(combined)
        columns.append(Column(header[place], ((question.name, None),)))
        rules.append(f"{question.name}: {question.aggregate}")
    return values, columns, f"{told} ({', '.join(rules) or 'no question of it has an `aggregate`'})"


def combine(cells: pd.Series, root: pd.Series, question: Question, place: str) -> pd.Series:
    """One text a submission. Raises `ReaderError` with the row when a number is needed and none stands there."""
    rule = question.aggregate
    if rule == "count":
        return cells.notna().groupby(root).sum().astype("int64").astype("str")
    if rule == "first":
        return cells.groupby(root).first().dropna().astype("str")
    if rule == "any":
        words = cells.map(lambda text: text.casefold() in ("1", "yes", "ja", "true", "y"), na_action="ignore")
        return words.dropna().groupby(root).max().map({True: "yes", False: "no"}).astype("str")
    numbers = pd.to_numeric(cells.str.replace(",", ".", regex=False), errors="coerce")
    wrong = cells.index[cells.notna() & numbers.isna()]
    if len(wrong):
        raise ReaderError(
            f"{place}, row {wrong[0]}: a number is needed to take the {rule}. Correct the cell, or set another `aggregate` "
            f"for {question.name} in the form."
        )
    found = getattr(numbers.groupby(root), rule)(**({"min_count": 1} if rule == "sum" else {}))
    return found.map(lambda number: f"{number:.15g}", na_action="ignore").astype("str")


def _root_of(path, sheet: Sheet, header, body, parents: dict) -> pd.Series:
    """For each row of the repeat, the place of its submission in the main table."""
    for parent_key, own_key in (("_parent_index", "_index"), ("PARENT_KEY", "KEY")):
        if parent_key not in header:
            continue
        wanted = body[header.index(parent_key)]
        name = body[header.index("_parent_table_name")].iloc[0] if "_parent_table_name" in header and len(body) else ""
        # Sheet names are cut to 31 characters, so the parent's name may be longer than its sheet's.
        order = sorted(parents, key=lambda known: known != name)
        for known in order:
            parent_header, parent_body, parent_root = parents[known]
            if own_key not in parent_header:
                continue
            if parent_key == "_parent_index" and known != name and not _cut_name(known, name) and name in parents:
                continue
            keys = parent_body[parent_header.index(own_key)]
            _refuse_twins(path, known, own_key, keys)
            position = pd.Series(parent_root.to_numpy(), index=keys.to_numpy())
            if wanted.isin(position.index).all():
                return wanted.map(position)
        break
    raise ReaderError(
        f"{path}, sheet {sheet.name!r}: some rows have no parent in the other sheets. Export the whole project again."
    )


def _refuse_twins(path: str, sheet: str, key: str, keys: pd.Series) -> None:
    """Raises `ReaderError` when rows of a repeat could belong to either of two rows, as where exports were put under each other."""
    twins = keys[keys.duplicated(keep=False) & keys.notna()]
    if len(twins):
        rows = " and ".join(str(row) for row in twins.index[twins == twins.iloc[0]][:2])
        raise ReaderError(
            f"{path}: {key} {twins.iloc[0]} stands in rows {rows} of sheet {sheet!r}, so that it is not clear which of the two the rows of a "
            "repeat belong to. Export the project in one go, not in parts put under each other."
        )


def _cut_name(known: str, name: str) -> bool:
    return plain(name).startswith(plain(known.rstrip(".").removesuffix("...")))
