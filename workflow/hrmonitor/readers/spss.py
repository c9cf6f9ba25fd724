"""SPSS .sav and .zsav: value labels, missing values and ranges, multiple response sets.

A select-multiple is one variable an option, `question_choice`, or a multiple response set.
"""

from __future__ import annotations

from hrmonitor.questionnaire import Questionnaire
from hrmonitor.readers.export import Export
from hrmonitor.readers.statistical import as_export, load


def read(path: str, entry: dict, questionnaire: Questionnaire | None) -> Export:
    """`row` is the number of the case, as SPSS shows it; every case counts as submitted."""
    import pyreadstat

    frame, meta, facts = load(path, entry, pyreadstat.read_sav, "SPSS", user_missing=True)
    return as_export("spss", frame, meta, facts)
