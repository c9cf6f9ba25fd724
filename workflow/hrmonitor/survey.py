"""A round of the survey as every stage after cleaning sees it: who answered what, out of which facilities, to which questions.

In come the cleaned facilities, the register and the questionnaires; out goes one `Round` per round, in the order of their years. Nothing is
estimated here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd

from hrmonitor.cleaning.imputation_flags import drop_imputed
from hrmonitor.files.chunked import Columns
from hrmonitor.project.frame import frame_from, is_sample, questions_of, units_of
from hrmonitor.project.register import of_group
from hrmonitor.questionnaire.model import Questionnaire, read_validated

# Reasons for a missing value that keep a facility out of the base of a share.
OUT_OF_BASE = ("not_asked", "no_answer", "refused", "not_applicable")


@dataclass(frozen=True, eq=False)
class Round:
    """One round of the survey.

    `facilities` are the cleaned answers, one row a facility: `facility_id service province _mode`, then for each question its typed answer
    (`question/choice` for each option of a select-multiple) and `question__missing`, the reason where there is none. A table too large
    for memory gives its columns one by one (`files.chunked.columns_of`). `frame` are the units that the round speaks of: of a register the
    facilities open in `year` (`project.frame`).
    `themes` are the coded open answers of all rounds (`themes.prevalence.SETTLED` and `agreement_low`), empty where nothing was coded.
    """

    name: str
    year: int
    facilities: pd.DataFrame | Columns
    frame: pd.DataFrame
    questionnaire: Questionnaire
    themes: pd.DataFrame = field(default_factory=pd.DataFrame)
    # Only rounds of one group (a country, say) are a series over time; "" where the study has no groups.
    group: str = ""

    def asked(self, question: str) -> pd.Series:
        """Whether each facility was asked the question."""
        return asked(self.facilities, question)

    def in_base(self, question: str, dont_know_in_base: bool) -> pd.Series:
        """Whether each facility counts in the base of the question's shares."""
        return in_base(self.facilities, question, dont_know_in_base)

    def values_of(self, question: str) -> np.ndarray:
        """A number question's answers as floats, NaN where there is none."""
        return values_of(self.facilities, question)

    @cached_property
    def organisations(self) -> pd.Series:
        """The organisation of each facility that answered, in their order."""
        known = self.frame.set_index("facility_id")["organisation"]
        return self.facilities["facility_id"].map(known).fillna("").astype("category")

    @cached_property
    def of_service(self) -> dict[str, np.ndarray]:
        """Which facilities belong to each type of service of which some answered."""
        services = self.facilities["service"]
        members = {service: (services == service).to_numpy(dtype=bool) for service in self.frame["service"].unique()}
        return {service: its for service, its in members.items() if its.any()}

    def among(self, services: Iterable[str]) -> np.ndarray:
        """Which facilities belong to any of the services."""
        return np.logical_or.reduce([self.of_service[service] for service in services])

    def only_services(self, services: Iterable[str] | None) -> Round:
        """The round as if it had been about some types of service only; as it is where none are named."""
        if not services:
            return self
        kept = self.facilities["service"].isin(services)
        # What is left of a sample is a domain of it.
        frame = self.frame if is_sample(self.frame) else self.frame[self.frame["service"].isin(services)]
        return replace(self, facilities=self.facilities[kept].reset_index(drop=True), frame=frame)

    def without_imputed(self) -> Round:
        """The round as facilities answered: imputed values taken out."""
        return replace(self, facilities=drop_imputed(self.facilities))


def read_rounds(
    rounds: Mapping[str, Mapping],
    facilities: Sequence[str | Path],
    register: pd.DataFrame,
    themes: pd.DataFrame | None = None,
    read: Callable[[str | Path], pd.DataFrame | Columns] = pd.read_parquet,
) -> dict[str, Round]:
    """The rounds by name, sorted by year, then name.

    `rounds` gives `year`, `questionnaire` (its folder) and, where it is not the register, `frame` of each, and its `group` if it has one; `facilities` are the paths of their cleaned answers in the same order, which
    `read` reads (`files.chunked.columns_of` where a table may be too large for memory). `themes` are shared by all rounds.
    """
    paths = dict(zip(rounds, facilities, strict=True))
    themes = pd.DataFrame() if themes is None else themes
    found = {}
    for name in by_year(rounds):
        block, frame, facilities_of_it = rounds[name], frame_from(rounds[name]), read(paths[name])
        group = block.get("group") or ""
        units = units_of(name, block["year"], frame, of_group(register, group), facilities_of_it)
        form = questions_of(read_validated(block["questionnaire"]), frame)
        found[name] = Round(name, block["year"], facilities_of_it, units, form, themes, group)
    return found


def pairs_of(rounds: Iterable[Round]) -> Iterator[tuple[Round, Round]]:
    """(earlier, later): every two rounds that may be compared over time, which are those of one group."""
    return ((earlier, later) for earlier, later in combinations(rounds, 2) if earlier.group == later.group)


def by_year(rounds: Mapping[str, Mapping]) -> list[str]:
    """The names of the rounds, the earliest first."""
    return sorted(rounds, key=lambda name: (rounds[name]["year"], name))


def asked(facilities: pd.DataFrame | Columns, question: str) -> pd.Series:
    """Whether each facility was asked the question."""
    return facilities[f"{question}__missing"] != "not_asked"


def applies_to(facilities: pd.DataFrame | Columns, question: str, to_those_who_know: bool = False) -> np.ndarray:
    """Whether the question applies to each facility: it was asked, and not answered with "not applicable".

    to_those_who_know: nor with "don't know", for shares of those who gave an opinion.
    """
    out = ("not_asked", "not_applicable", *(["dont_know"] if to_those_who_know else []))
    return ~facilities[f"{question}__missing"].isin(out).to_numpy(dtype=bool)


def in_base(facilities: pd.DataFrame | Columns, question: str, dont_know_in_base: bool) -> pd.Series:
    """Whether each facility counts in the base of shares: asked, and answered (or "don't know")."""
    out = OUT_OF_BASE if dont_know_in_base else (*OUT_OF_BASE, "dont_know")
    return ~facilities[f"{question}__missing"].isin(out)


def values_of(facilities: pd.DataFrame | Columns, question: str) -> np.ndarray:
    """A number question's answers as floats, NaN where there is none."""
    return facilities[question].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
