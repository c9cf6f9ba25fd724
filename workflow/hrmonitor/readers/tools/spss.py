"""SPSS .sav and .zsav: value labels, missing values and ranges, multiple response sets.

A select-multiple is one variable an option, `question_choice`, or a multiple response set.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from hrmonitor.files.statistical import load
from hrmonitor.questionnaire.model import Questionnaire
from hrmonitor.readers.export import Export
from hrmonitor.readers.reader import Reader
from hrmonitor.readers.statistical import as_export

EPOCH, LATEST = datetime(1582, 10, 14), datetime(9999, 12, 31)


def read(path: str, entry: dict, questionnaire: Questionnaire | None) -> Export:
    """`row` is the number of the case, as SPSS shows it; every case counts as submitted."""
    import pyreadstat

    frame, meta, facts = load(path, entry, pyreadstat.read_sav, "SPSS", user_missing=True)
    for name, written in meta.original_variable_types.items():
        # Dates shown as a week, month or quarter: pyreadstat leaves them as seconds since the Gregorian calendar began.
        if re.match("QYR|MOYR|WKYR", str(written)):
            frame[name] = frame[name].map(_date, na_action="ignore")
    return as_export("spss", frame, meta, facts)


def _date(seconds: float) -> datetime | float:
    known = 0 <= seconds <= (LATEST - EPOCH).total_seconds()
    return EPOCH + timedelta(seconds=seconds) if known else seconds


READER = Reader("spss", "SPSS", read, endings=(".sav", ".zsav"))
