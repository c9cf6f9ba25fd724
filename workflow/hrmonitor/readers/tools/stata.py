"""Stata .dta: value labels and the extended missing values .a to .z."""

from __future__ import annotations

from hrmonitor.files.statistical import load
from hrmonitor.questionnaire.model import Questionnaire
from hrmonitor.readers.export import Export
from hrmonitor.readers.reader import Reader
from hrmonitor.readers.statistical import as_export


def read(path: str, entry: dict, questionnaire: Questionnaire | None) -> Export:
    """`row` is the number of the observation; every observation counts as submitted."""
    import pyreadstat

    frame, meta, facts = load(path, entry, pyreadstat.read_dta, "Stata", user_missing=True)
    return as_export("stata", frame, meta, facts)


READER = Reader("stata", "Stata", read, endings=(".dta",))
