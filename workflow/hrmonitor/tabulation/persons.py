"""How many persons there are, from counts of persons on lists that overlap, as a round of config.yaml names them.

The counts come from linked lists or from what facilities told of their clients, and stand in a CSV with their source: no answer of a
facility is read here.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import pandas as pd

from hrmonitor.errors import ConfigError, UserError
from hrmonitor.estimation.capture import Lists, Size, cells_of, chapman, log_linear, models
from hrmonitor.files.handmade_csv import read_rows, text_of
from hrmonitor.language import join
from hrmonitor.project.config import PersonsStudy

COLUMNS = [
    "round", "study", "statistic", "lists", "label_{lang}", "estimate", "ci_low", "ci_high", "se", "aic", "chosen", "source",
]  # fmt: skip
# Between the names of lists of which an overlap is counted, and between pairs that depend.
AND, BESIDE = " & ", "; "
INDEPENDENT = "independent"
FEWEST, MOST = 2, 3


@dataclass(frozen=True)
class Counts:
    """Persons on at least these lists, with the row and the source of each count, and what each list is called by language."""

    totals: dict[Lists, int]
    sources: dict[Lists, str]
    labels: dict[str, dict[str, str]]

    @property
    def cells(self) -> dict[Lists, int]:
        """Persons on exactly these lists."""
        return cells_of(self.totals)


def read_counts(path: str, languages: Sequence[str]) -> Counts:
    """The counts of one study; raises `UserError` naming file and row for what is missing, no number, or cannot be.

    Two or three lists, each with a label a language, and every overlap of them: `clinic & shelter` are the persons on both.
    """
    try:
        rows = read_rows(path)
        wide = _too_wide(path)
    except (OSError, csv.Error) as error:
        raise UserError(f"{path}: the file cannot be read ({error}). Save it as CSV in UTF-8 with commas.") from error
    needed = ["lists", "persons", "source", *(f"label_{lang}" for lang in languages)]
    missing = [column for column in needed if not rows or column not in rows[0]]
    if missing:
        raise UserError(f"{path}: the column {missing[0]!r} is missing. It needs: {', '.join(needed)}.")
    if wide:
        raise UserError(
            f"{path}, row {wide}: it has more cells than the header. Put a cell that holds a comma between quotes."
        )
    totals: dict[Lists, int] = {}
    sources, labels, place = {}, {}, {}
    for number, row in enumerate(rows, start=2):
        names = names_of(row["lists"])
        own = frozenset(names)
        if not all(names) or len(own) < len(names) or own in totals:
            raise UserError(
                f"{path}, row {number}, lists: {row['lists']!r} is empty, or names a list or an overlap a second time."
            )
        if not re.fullmatch(r"[0-9]{1,9}", row["persons"]):
            raise UserError(
                f"{path}, row {number}, persons: {row['persons']!r} is no whole number from 0 to 999999999. Write it in digits only."
            )
        totals[own], sources[own], place[own] = int(row["persons"]), row["source"], number
        wanted = ["source", *(needed[3:] if len(own) == 1 else [])]
        if empty := [column for column in wanted if not row[column]]:
            raise UserError(f"{path}, row {number}, {empty[0]}: no cell may be empty.")
        if len(own) == 1:
            labels[names[0]] = {lang: row[f"label_{lang}"] for lang in languages}
    _check_complete(path, totals, labels)
    _check_possible(path, totals, place)
    return Counts(totals, sources, labels)


def _too_wide(path: str) -> int:
    """The first row with more cells than the header; 0 if there is none. What is left of a cell cut in two would be read as the next."""
    text, delimiter = text_of(path)
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    return next((number for number, row in enumerate(rows, start=1) if any(row[len(rows[0]) :])), 0)


def names_of(cell: str) -> list[str]:
    """The lists that `a & b` names."""
    return [name.strip() for name in cell.split(AND.strip())]


def called(own: Lists) -> str:
    """The overlap of these lists, as the file and the table name it."""
    return AND.join(sorted(own))


def _check_complete(path: str, totals: Mapping[Lists, int], labels: Mapping[str, dict]) -> None:
    lists = sorted(frozenset().union(*totals))
    if not FEWEST <= len(lists) <= MOST:
        raise UserError(f"{path}: it names {len(lists)} lists ({', '.join(lists)}). Give two or three.")
    for size in range(1, len(lists) + 1):
        for own in map(frozenset, combinations(lists, size)):
            if own not in totals:
                raise UserError(
                    f"{path}: there is no row for {called(own)!r}. Give the persons on each list and on each overlap, also where nobody "
                    "is on it (0)."
                )


def _check_possible(path: str, totals: Mapping[Lists, int], place: Mapping[Lists, int]) -> None:
    """An overlap is no larger than what overlaps, and nobody is on a list less than no times."""
    for own in sorted(totals, key=lambda one: place[one]):
        for larger in (one for one in totals if own < one and totals[one] > totals[own]):
            raise UserError(
                f"{path}, row {place[larger]}, persons: {totals[larger]} persons on {called(larger)!r} are more than the {totals[own]} on "
                f"{called(own)!r} (row {place[own]}), of which they are a part. Correct the count that is wrong."
            )
    for own, count in cells_of(totals).items():
        if count < 0:
            raise UserError(
                f"{path}, row {place[own]}, persons: {totals[own]} on {called(own)!r} are fewer than its overlaps hold together, so that "
                f"{count} persons would be on it and no other list. Correct the count that is wrong."
            )


def study_rows(
    round_: str, name: str, study: PersonsStudy, counts: Counts, languages: Sequence[str], confidence: float
) -> pd.DataFrame:
    """The counts of a study and its estimates, in `COLUMNS`: lists and overlaps, how many are on any, then each model.

    Of two lists Chapman's estimate is `chosen`, and Lincoln and Petersen's stands beside it; of three the log-linear model in which the
    `dependent` pairs of config depend, with the seven others and their AIC beside it: which model is chosen is said beforehand, and
    never by the smallest AIC. Raises `ConfigError` for a pair that is none of the lists.
    """
    lists = sorted(counts.labels)
    chosen = _chosen(f"config.yaml, rounds.{round_}.persons.{name}.dependent", study, lists)
    titles = [study.title[lang] for lang in languages]
    rows = []
    for own in sorted(counts.totals, key=lambda one: (len(one), sorted(one))):
        words = [join([counts.labels[of][lang] for of in sorted(own)], lang) for lang in languages]
        kind = "list" if len(own) == 1 else "overlap"
        rows.append((kind, called(own), *words, *_numbers(Size(counts.totals[own])), False, counts.sources[own]))
    rows.append(("any_list", "", *titles, *_numbers(Size(sum(counts.cells.values()))), False, ""))
    if len(lists) == FEWEST:
        first, second = (counts.totals[frozenset({one})] for one in lists)
        size = chapman(first, second, counts.totals[frozenset(lists)], confidence)
        rows.append(("chapman", INDEPENDENT, *titles, *_numbers(size), True, ""))
        size = log_linear(counts.cells, (), confidence)
        rows.append(("lincoln_petersen", INDEPENDENT, *titles, *_numbers(size), False, ""))
    else:
        for model in models(lists):
            depends = BESIDE.join(called(pair) for pair in sorted(model, key=sorted)) or INDEPENDENT
            size = log_linear(counts.cells, model, confidence)
            rows.append(("log_linear", depends, *titles, *_numbers(size), model == chosen, ""))
    columns = [name for column in COLUMNS[2:] for name in _in(column, languages)]
    table = pd.DataFrame(rows, columns=columns)
    table.insert(0, "round", round_)
    table.insert(1, "study", name)
    numbers = ["estimate", "ci_low", "ci_high", "se", "aic"]
    return table.astype(dict.fromkeys(numbers, float))


def _numbers(size: Size) -> tuple[float, float, float, float, float]:
    # Where the likelihood does not fall off there is no upper end, and half an interval would be read as a whole one.
    low = math.nan if math.isnan(size.high) else size.low
    return size.value, low, size.high, size.se, size.aic


def _chosen(place: str, study: PersonsStudy, lists: Sequence[str]) -> frozenset[Lists]:
    pairs = frozenset(frozenset(names_of(pair)) for pair in study.dependent)
    known = frozenset().union(*models(lists))
    wrong = [pair for pair in study.dependent if frozenset(names_of(pair)) not in known]
    if wrong and not known:
        raise ConfigError(f"{place}: with two lists nothing can be said of their dependence. Take {wrong[0]!r} out.")
    if wrong:
        raise ConfigError(
            f"{place}: {wrong[0]!r} is no pair of lists in {study.counts}. It can be: "
            f"{', '.join(called(pair) for pair in sorted(known, key=sorted))}."
        )
    return pairs


def _in(column: str, languages: Sequence[str]) -> list[str]:
    return [column.replace("{lang}", lang) for lang in languages] if "{lang}" in column else [column]
