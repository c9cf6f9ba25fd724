"""Of whom a round speaks, where no register names them: a population of known size, or a sample of nobody knows how many.

A round's frame is a table with a row a unit, `facility_id organisation service province`, whatever its kind: of a register the facilities of the
year; of a population those who answered and, without names, all others; of a sample those who answered, with `stratum cluster weight fpc
lonely` beside them (what its design does not have is not there). Who answers for several others is their `organisation`: the primary sampling
unit, or everybody for himself.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from hrmonitor.errors import FrameError
from hrmonitor.files.chunked import Columns
from hrmonitor.personal_data import MASK
from hrmonitor.project.config import POPULATION, REGISTER, Frame
from hrmonitor.project.keys import build
from hrmonitor.project.register import COLUMNS, frame_of_year, read_register
from hrmonitor.questionnaire.model import Questionnaire

# What stands in the frame of a sample only.
STRATUM, LONELY = "stratum", "lonely"
# A population is a row a unit.
MOST_UNITS = 2_000_000
# Questions that every form has a use for, whatever else they say.
NEEDED = ("service", "province")


def frame_from(round_: Mapping) -> Frame | None:
    """The frame of a round's block in plain values; None if it is the register."""
    given = round_.get("frame")
    frame = given if isinstance(given, Frame) or given is None else build(Frame, dict(given))
    return None if frame is None or frame.kind == REGISTER else frame


def register_of(path: str | Path | None = None) -> pd.DataFrame:
    """The register (`register.read_register`); one of no facilities where the study has none."""
    return read_register(path) if path else pd.DataFrame(columns=COLUMNS, dtype="str")


def is_sample(frame: pd.DataFrame) -> bool:
    """Whether a round's frame is that of a sample, of which nobody knows the population."""
    return STRATUM in frame


def names_facilities(frame: pd.DataFrame) -> bool:
    """Whether a round's frame is a register, which knows who did not answer."""
    return "opened" in frame


def questions_of(form: Questionnaire, frame: Frame | None) -> Questionnaire:
    """The form without the questions that say who answered and how they were drawn, which are no answers."""
    aside = {
        name for name in (frame.aside if frame else ()) if name not in NEEDED and not form.questions[name].indicator
    }
    if not aside:
        return form
    from dataclasses import replace

    return replace(form, questions={name: one for name, one in form.questions.items() if name not in aside})


def units_of(
    name: str, year: int, frame: Frame | None, register: pd.DataFrame, facilities: pd.DataFrame | Columns
) -> pd.DataFrame:
    """The frame of a round, of which `facilities` are the cleaned answers. Raises `FrameError`."""
    if frame is None:
        return frame_of_year(register, year)
    columns = {one: facilities[one].reset_index(drop=True).astype("str") for one in ("facility_id", "service")}
    units = pd.DataFrame(columns).assign(organisation=columns["facility_id"], province="")
    return _population(name, units, frame) if frame.kind == POPULATION else _sample(name, units, frame, facilities)


def _population(name: str, units: pd.DataFrame, frame: Frame) -> pd.DataFrame:
    sizes, answered = frame.sizes or {}, units["service"].value_counts()
    if sum(sizes.values()) > MOST_UNITS:
        raise FrameError(
            f"{frame.counts}: more than {MOST_UNITS:,} units. Use a frame of `kind: sample` for so large a population."
        )
    for service, n in answered.items():
        if n > sizes.get(str(service), 0):
            raise FrameError(
                f"{frame.counts}: of {service!r} there are {sizes.get(str(service), 'none')}, but {n} answered in round {name}. Correct the count, or "
                "name in `frame.identity` of the round the question by which those who answered twice are known."
            )
    silent = [
        (f"silent-{name}-{service}-{number}", service)
        for service, size in sizes.items()
        for number in range(size - int(answered.get(service, 0)))
    ]
    others = pd.DataFrame(silent, columns=["facility_id", "service"], dtype="str")
    everybody = pd.concat([units, others.assign(organisation=others["facility_id"], province="")], ignore_index=True)
    # Types of service in the order of the counts, as a register has them in its own.
    place = everybody["service"].map({service: place for place, service in enumerate(sizes)})
    return everybody.iloc[np.argsort(place.to_numpy(), kind="stable")].reset_index(drop=True)


def _sample(name: str, units: pd.DataFrame, frame: Frame, facilities: pd.DataFrame | Columns) -> pd.DataFrame:
    design = frame.design
    units[STRATUM], units[LONELY] = "all", design.lonely if design else "fail"
    if design is None:
        return units
    for column, question in (("weight", design.weight), ("fpc", design.fpc)):
        if question:
            units[column] = facilities[question].reset_index(drop=True).astype("Float64").astype(float)
            _complete(name, question, ~(units[column] > 0) | ~np.isfinite(units[column]))
    for column, question in ((STRATUM, design.strata), ("cluster", design.cluster)):
        if question:
            given = facilities[question].reset_index(drop=True)
            _complete(name, question, given.isna())
            units[column] = given.astype("str")
    if design.cluster:
        units["organisation"] = units["cluster"]
    return units


def _complete(name: str, question: str, wrong: pd.Series) -> None:
    if wrong.any():
        raise FrameError(
            f"Round {name}, {question}: {int(wrong.sum())} of those who answered have none that can be used; the design needs one of everybody."
        )


class Respondents:
    """Those who answered a round without names, in place of the facilities of a register (`register.Known`).

    question: that which tells who answered; empty where every submission is somebody else.
    """

    def __init__(self, name: str, frame: Frame):
        self.name, self.of, self.question = name, frame, frame.identity or ""
        self._known: dict[str, str] = {}

    names_known = frozenset[str]()

    def match(self, written: pd.DataFrame) -> pd.Series:
        """The id of whoever made each submission: `written` has `source, row, name`. Raises `FrameError` where a submission does not say."""
        numbers = [f"respondent-{self.name}-{place + 1:07d}" for place in written.index]
        if not self.question:
            return pd.Series(numbers, index=written.index, dtype="str")
        names = written["name"].str.strip()
        for place in names.index[(names == "") | names.str.contains(MASK, regex=False)][:1]:
            what = "holds personal data" if names[place] else "is blank"
            raise FrameError(
                f"{_place(written.loc[place])}, {self.question}: it {what}, but it says who answered (`frame.identity` in config.yaml). Give every "
                "row a code that says nothing of a person, or take `identity` out: every row is another respondent then."
            )
        found = [self._known.setdefault(text, number) for text, number in zip(names, numbers, strict=True)]
        return pd.Series(found, index=written.index, dtype="str")

    def complete(self, submissions: pd.DataFrame, answers: pd.DataFrame, responses: pd.DataFrame) -> None:
        """See that everybody who counts has a type of service and a place in the design. Raises `FrameError` naming the first who has not."""
        kept = submissions["status"] == "kept"
        for place in submissions.index[kept & (submissions["service"] == "unknown")][:1]:
            raise FrameError(
                f"{_place(submissions.loc[place])}, service: there is none, but answers are told by it. Give it one; where a label is none of "
                "the form's, `labels:` of the round says what it means."
            )
        if "province" not in answers:
            answers["province"] = pd.Series(pd.NA, index=answers.index, dtype="str")
        design = self.of.design
        for question in design.questions if design else ():
            typed = answers[question]
            if question in (design.weight, design.fpc):  # type: ignore[union-attr]  # a question of it
                number = typed.astype("Float64").to_numpy(dtype=float, na_value=np.nan)
                wrong, wanted = ~(np.isfinite(number) & (number > 0)), "a number above 0"
            else:
                wrong, wanted = (
                    (typed.isna() | typed.astype("str").str.contains(MASK, regex=False)).to_numpy(),
                    "a label",
                )
            for place in submissions.index[kept & wrong][:1]:
                raw = responses[question].loc[place] if question in responses else pd.NA
                said = "nothing stands there" if pd.isna(raw) else f"{str(raw)!r} stands there"
                raise FrameError(
                    f"{_place(submissions.loc[place])}, {question}: {said}, but the design of round {self.name} needs {wanted} of everybody who answered "
                    f"({int((kept & wrong).sum())} have none). Correct the export, or take the submission out of it; it is not left out silently."
                )


def _place(row: pd.Series) -> str:
    return f"{row['source']}, row {row['row']}"


def respondents_of(name: str, frame: Frame | None) -> Respondents | None:
    """Who answers a round without a register; None where facilities of one do."""
    return None if frame is None else Respondents(name, frame)


__all__ = [
    "Respondents", "frame_from", "is_sample", "names_facilities", "questions_of", "register_of", "respondents_of", "units_of",
]  # fmt: skip
