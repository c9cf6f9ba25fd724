"""How many persons there are, for each study that a round names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from hrmonitor.declarations.tables import tables
from hrmonitor.disclosure.persons import protect
from hrmonitor.disclosure.rules import Rules
from hrmonitor.project.config import PersonsStudy
from hrmonitor.tabulation.persons import read_counts, study_rows


def persons(
    rounds: Mapping[str, Mapping[str, PersonsStudy]], languages: Sequence[str], confidence: float, rules: Rules
) -> pd.DataFrame:
    """`tabulation.persons.COLUMNS` and `suppressed`, one row a count or an estimate, as it is published.

    `rounds`: round -> its studies by name. Raises `UserError` for counts that are missing or cannot be.
    """
    parts = []
    for round_, studies in rounds.items():
        for name, study in studies.items():
            counts = read_counts(study.counts, languages)
            rows = study_rows(round_, name, study, counts, languages, confidence)
            parts.append(protect(rows, counts.cells.values(), rules))
    columns = tables()["persons"].names(list(languages))
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)
