"""SAS .sas7bdat and transport files; the labels of values stand in a catalog, named as `form:` in config."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from hrmonitor.files.statistical import load
from hrmonitor.questionnaire.model import Questionnaire
from hrmonitor.readers.export import Export
from hrmonitor.readers.reader import Reader
from hrmonitor.readers.statistical import as_export


def read(path: str, entry: dict, questionnaire: Questionnaire | None) -> Export:
    """`row` is the number of the observation; every observation counts as submitted."""
    import pyreadstat

    if Path(path).suffix.lower() in (".xpt", ".xport"):
        frame, meta, facts = load(path, entry, pyreadstat.read_xport, "SAS")
    else:
        catalog = {"catalog_file": entry["form"]} if "form" in entry else {}
        reader = partial(pyreadstat.read_sas7bdat, **catalog)
        frame, meta, facts = load(path, entry, reader, "SAS", user_missing=True)
    return as_export("sas", frame, meta, facts)


READER = Reader("sas", "SAS", read, endings=(".sas7bdat", ".xpt", ".xport"))
