"""What `check` read of a round and `decide` needs to know of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pandas as pd

from hrmonitor.cleaning.submissions import submissions_of
from hrmonitor.project.config import RoundConfig
from hrmonitor.project.frame import Respondents, frame_from, respondents_of
from hrmonitor.project.register import Known, read_decisions
from hrmonitor.questionnaire.model import Questionnaire
from hrmonitor.readers.column_notation import Notation
from hrmonitor.readers.export import Column, Export
from hrmonitor.readers.label_decisions import read_labels
from hrmonitor.readers.matching import Target
from hrmonitor.readers.open_decisions import OpenDecision

# Rows that are named; the rest are counted.
ROWS = 6


@dataclass
class ExportReading:
    """An export of the round, with the question of each column (None where none fits), the columns left over, and the questions that none answers."""

    source: str
    entry: dict
    export: Export
    targets: list[Target | None]
    unmatched: list[Column]
    missing: list[str]


@dataclass
class RoundReading:
    """A round's block of config.yaml as `checks.check_config` gives it, and what its files hold.

    `responses` are without personal data, None if no export could be read; `register` is the whole, `frame` that of the year.
    `notations` say how each column of each file is written, by source; `open` is what is to be decided about notations, labels and losses.
    """

    name: str
    round_: RoundConfig
    questionnaire: Questionnaire
    register: pd.DataFrame
    frame: pd.DataFrame
    exports: list[ExportReading] = field(default_factory=list)
    notations: list[tuple[str, Notation]] = field(default_factory=list)
    open: list[OpenDecision] = field(default_factory=list)
    responses: pd.DataFrame | None = None

    @property
    def home(self) -> Path:
        """The folder of the round, in which the records and the workbook are."""
        return Path(self.round_.folder)

    @cached_property
    def submissions(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """`submissions_of`, as the build sees them: with the labels that were decided. Needs `responses`."""
        assert self.responses is not None
        labels = read_labels(self.round_.labels, self.questionnaire) if self.round_.labels else {}
        if self.respondents:
            return submissions_of(
                self.responses, self.questionnaire, labels, self.round_.least_answered, respondents=self.respondents
            )
        known = Known(self.frame, self.name_decisions())
        return submissions_of(self.responses, self.questionnaire, labels, self.round_.least_answered, known.names_known)

    @property
    def respondents(self) -> Respondents | None:
        """Those who answer a round without a register, none of whom is known yet."""
        return respondents_of(self.name, frame_from({"frame": self.round_.frame}))

    def name_decisions(self) -> pd.DataFrame:
        """What people decided about names of facilities; empty where there is no record."""
        if self.round_.names:
            return read_decisions(self.round_.names, self.register)
        return pd.DataFrame(columns=["written", "service", "facility_id", "reason"])


def where(places: pd.DataFrame) -> str:
    """`interviews.csv: 3, 7, 12` from columns source and row."""
    parts = []
    for source, rows in places.groupby("source", sort=False)["row"]:
        more = f" + {len(rows) - ROWS}" if len(rows) > ROWS else ""
        parts.append(f"{source}: {', '.join(map(str, rows[:ROWS]))}{more}")
    return "; ".join(parts[:3]) + (f" + {len(parts) - 3}" if len(parts) > 3 else "")
