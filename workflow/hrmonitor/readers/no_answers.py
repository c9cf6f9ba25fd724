"""What stands in cells where there is no answer: invisible characters, R's NA, what a tool writes for it."""

from __future__ import annotations

from hrmonitor.files.distinct import distinct, replaced, stripped
from hrmonitor.questionnaire.model import Questionnaire
from hrmonitor.questionnaire.typography import INVISIBLE, visible
from hrmonitor.readers.choice_columns import texts_of_options
from hrmonitor.readers.export import Export
from hrmonitor.readers.matching import Target

# What R and its like write for a blank cell.
NA = "NA"


def take_out_no_answers(export: Export, targets: list[Target | None], questionnaire: Questionnaire) -> set[int]:
    """Takes out what is no answer: invisible characters, R's NA, what the tool writes where there is none. Returns the columns that had NA."""
    from pyarrow import compute

    for place in export.data.columns:
        cells = export.data[place]
        if new := {
            text: visible(text) for text in distinct(cells, but=compute.string_is_ascii) if INVISIBLE.search(text)
        }:
            export.data[place] = stripped(replaced(cells, new))
    places = _drop_unanswered(export, targets, questionnaire) if export.unanswered else set()
    if export.unanswered == NA:
        return places
    return _drop_na_of_r(export, targets, questionnaire) if export.tool == "table" else set()


def _drop_unanswered(export: Export, targets: list[Target | None], questionnaire: Questionnaire) -> set[int]:
    places, count = set(), 0
    for place, target in enumerate(targets):
        if target and export.unanswered not in questionnaire[target[0]].codes:
            found = export.data[place] == export.unanswered
            export.data[place] = export.data[place].mask(found)
            count += int(found.sum())
            places |= {place} if found.any() else set()
    if count:
        how = "blank, as R writes it" if export.unanswered == NA else "seen and not answered"
        export.facts.append(f"{export.unanswered} in {count} cells: {how}")
    return places


def _drop_na_of_r(export: Export, targets: list[Target | None], questionnaire: Questionnaire) -> set[int]:
    """R and its like write NA for a blank cell, unless NA is an option of the question."""
    places, count = set(), 0
    for place, target in enumerate(targets):
        found = export.data[place] == NA
        if not target or not found.any() or "na" in texts_of_options(questionnaire[target[0]]):
            continue
        export.data[place] = export.data[place].mask(found).astype("str")
        count += int(found.sum())
        places.add(place)
    if count:
        export.facts.append(f"NA in {count} cells: blank, as R writes it")
    return places
