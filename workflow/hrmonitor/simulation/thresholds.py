"""How often a finding is supported that is not true, at the very threshold of one of its tests; and how often the test passes beyond it.

Of each test a round is drawn in which what it measures lies at its threshold, all other tests of the finding being far beyond theirs: the
finding is then supported where this one passes, whose p value, as the largest, is held against the whole error. So the share of
rounds in which its interval clears the threshold is the share of false findings at that boundary, or, beyond it, the power of the test.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from hrmonitor.estimation.sampling_design import EstimationSettings
from hrmonitor.findings.bounds import needed
from hrmonitor.findings.tests import MEASURES
from hrmonitor.findings.verdicts import measure_of
from hrmonitor.project.config import Finding, FindingTest
from hrmonitor.project.register import frame_of_year
from hrmonitor.project.test_kinds import BELOW, kind_of
from hrmonitor.questionnaire.model import Questionnaire
from hrmonitor.simulation import facilities
from hrmonitor.survey import Round

COLUMNS = ["world", "finding", "test", "measure", "beyond", "rounds", "passed"]
# What share of facilities a question with a condition applies to; of those that report a trend, how many see a change.
APPLIES, CHANGERS = 0.62, 0.8
# Spread of numbers: of clients then and of their change, on the log scale; of a change of a percentage, in points.
SIZES, GROWTH, POINTS = 0.55, 0.14, 4.0
# By how much beyond its threshold a truth lies, a step: a share, a ratio, points.
STEPS = {"share": 0.05, "theme": 0.05, "rises": 0.05, "net": -0.05, "ratio": 0.02, "paired_change": 0.5}


@dataclass(frozen=True)
class Likeness:
    """icc: correlation of the answers of an organisation. together: organisations answer as a whole or not at all. drawn: what is at the
    threshold is not the facilities of the register, which a finding is about, but the world that they might have been drawn from."""

    icc: float = 0.0
    together: bool = False
    drawn: bool = False


WORLDS = {
    "independent": Likeness(),
    "organisations alike": Likeness(icc=0.1),
    "organisations answer as one": Likeness(icc=0.1, together=True),
}
# What would come of it if the finding were about more than the facilities that there are.
DRAWN_WORLDS = {
    "organisations alike, drawn": Likeness(icc=0.1, drawn=True),
    "organisations answer as one, drawn": Likeness(icc=0.1, together=True, drawn=True),
}


# Over 6 parameters: the design of a simulation - the world, what is asked and tested, of whom, how often and by which rules.
def simulate(
    world: str,
    findings: Mapping[str, Finding],
    form: Questionnaire,
    register: pd.DataFrame,
    year: int,
    rounds: int,
    settings: EstimationSettings,
    steps: tuple[int, ...] = (0,),
) -> pd.DataFrame:
    """One row a test and step beyond its threshold (0: at it), in `COLUMNS`."""
    frame = frame_of_year(register, year).reset_index(drop=True)
    worlds = WORLDS | DRAWN_WORLDS
    likeness, number = worlds[world], list(worlds).index(world)
    random = np.random.default_rng([settings.seed, number])
    # Who answers is drawn once a round, and the same for all tests.
    who = [_answering(likeness, register, frame, random) for _ in range(rounds)]
    rows = []
    for name, finding in findings.items():
        for place, test in enumerate(finding.tests, start=1):
            for step in steps:
                random = np.random.default_rng([settings.seed, finding.number, place, step, number])
                truth = _truth(test, step)
                passed = [_passes(test, truth, likeness, form, frame, chosen, random, settings) for chosen in who]
                rows.append((world, name, place, test.test, step, rounds, sum(passed)))
    return pd.DataFrame(rows, columns=COLUMNS)


def _truth(test: FindingTest, step: int) -> float:
    kind = kind_of(test)
    away = abs(STEPS[kind.measure]) * step
    return kind.threshold_of(test) + (-away if kind.direction == BELOW else away)


# Over 6 parameters: a round is drawn from the world, asked by the form, of the register, and tested by the settings.
def _passes(test, truth, world: Likeness, form, frame, chosen, random, settings) -> bool:
    kind = kind_of(test)
    asked = _asked(test, form, frame, random)
    answers = _answers(test, truth, world, form, frame, asked, random)
    known = frame.loc[chosen, ["facility_id", "service", "province"]].assign(_mode="interview").reset_index(drop=True)
    own = answers.loc[chosen].reset_index(drop=True)
    round_ = Round("", 0, pd.concat([known, own], axis=1), frame, form, _coded(test, known, own))
    found = MEASURES[measure_of(test)](test, round_, {"": round_}, pd.DataFrame(), settings).at(settings.confidence)
    threshold = kind.threshold_of(test)
    return bool(found.n and (found.high < threshold if kind.direction == BELOW else found.low > threshold))


def _asked(test: FindingTest, form: Questionnaire, frame: pd.DataFrame, random: np.random.Generator) -> np.ndarray:
    name = needed(test.question or test.now)
    conditional = bool(form[name].relevant) if name in form.questions else False
    return random.random(len(frame)) < (APPLIES if conditional else 1.0)


def _answering(world: Likeness, register, frame, random) -> np.ndarray:
    """Which rows of the frame answer."""
    if not world.together:
        who = facilities.who_answers(register, random)["facility_id"]
        return np.flatnonzero(frame["facility_id"].isin(who))
    organisations = frame["organisation"].unique()
    rate = sum(facilities.ANSWER_2021.values()) / sum(facilities.OPEN_2021.values())
    while True:
        some = random.choice(organisations, max(2, round(rate * len(organisations))), replace=False)
        chosen = frame["organisation"].isin(some)
        if (frame[chosen].groupby("service").size().reindex(frame["service"].unique(), fill_value=0) > 1).all():
            return np.flatnonzero(chosen)


def _alike(world: Likeness, frame: pd.DataFrame, random: np.random.Generator) -> np.ndarray:
    """Standard normal numbers, of which those of an organisation go together."""
    places = pd.factorize(frame["organisation"])[0]
    common = random.standard_normal(places.max() + 1)[places]
    return np.sqrt(world.icc) * common + np.sqrt(1 - world.icc) * random.standard_normal(len(frame))


# Over 6 parameters: what `_passes` knows of a round.
def _answers(test, truth, world: Likeness, form, frame, asked, random) -> pd.DataFrame:
    measure = measure_of(test)
    if measure in ("share", "theme"):
        yes = _ranked(_alike(world, frame, random), asked, truth, world, measure, test)
        return _as_choice(test, form, yes, asked) if measure == "share" else pd.DataFrame({"present": yes})
    if measure in ("rises", "net"):
        rising = truth * CHANGERS if measure == "rises" else (CHANGERS + truth) / 2
        place = _alike(world, frame, random)
        cuts = stats.norm.ppf([rising, rising + (1 - CHANGERS)])
        if not world.drawn:
            # At the threshold to the facility, on the side where the claim does not hold.
            counts = np.round(np.array([rising, rising + (1 - CHANGERS)]) * asked.sum()).astype(int)
            order = np.sort(place[asked])
            cuts = [order[max(count - 1, 0)] for count in counts]
        said = np.where(place <= cuts[0], "increase", np.where(place <= cuts[1], "stable", "decrease")).astype(object)
        said[~asked] = None
        return _with_reason(test.question, said, asked)
    then = np.exp(4.5 + SIZES * random.standard_normal(len(frame)))
    drift = _alike(world, frame, random)
    if measure == "ratio":
        now = then * np.exp(GROWTH * drift)
        expected = now[asked].sum() / then[asked].sum() if not world.drawn else np.exp(GROWTH**2 / 2)
        now *= truth / expected
    else:
        then = 45 + 8 * random.standard_normal(len(frame))
        change = POINTS * drift
        now = then + truth + change - (0.0 if world.drawn else change[asked].mean())
    parts = [
        _with_reason(name, np.where(asked, values, np.nan), asked)
        for name, values in ((test.now, now), (test.then, then))
    ]
    return pd.concat(parts, axis=1)


# Over 6 parameters: which facilities say yes hangs on all that is known of them.
def _ranked(place, asked, truth, world: Likeness, measure, test) -> np.ndarray:
    """Who says yes: a share `truth` of those asked, to the facility, or in expectation where the world is drawn."""
    if world.drawn:
        return (place < stats.norm.ppf(truth)).astype(float)
    # On the side of the threshold where the claim does not hold.
    exact = truth * asked.sum()
    count = int(np.ceil(exact - 1e-9)) if kind_of(test).direction == BELOW else int(np.floor(exact + 1e-9))
    yes = np.zeros(len(place))
    yes[np.flatnonzero(asked)[np.argsort(place[asked], kind="stable")[:count]]] = 1.0
    return yes


def _as_choice(test: FindingTest, form: Questionnaire, yes: np.ndarray, asked: np.ndarray) -> pd.DataFrame:
    question, categories = form[needed(test.question)], needed(test.categories)
    if question.kind == "select_multiple":
        answers = pd.DataFrame(
            {
                f"{question.name}/{code}": pd.array((yes == 1) & (code == categories[0]), dtype="boolean")
                for code in question.codes
            }
        )
        answers.loc[~asked] = pd.NA
        return answers.assign(**{f"{question.name}__missing": _reasons(asked)})
    other = next(choice.name for choice in question.choices if not choice.missing and choice.name not in categories)
    said = np.where(yes == 1, categories[0], other).astype(object)
    said[~asked] = None
    return _with_reason(question.name, said, asked)


def _with_reason(name: str, values: np.ndarray, asked: np.ndarray) -> pd.DataFrame:
    column = pd.Series(values, dtype="Float64" if np.issubdtype(np.asarray(values).dtype, np.floating) else object)
    return pd.DataFrame({name: column, f"{name}__missing": _reasons(asked)})


def _reasons(asked: np.ndarray) -> pd.Series:
    return pd.Series("not_asked", index=range(len(asked)), dtype=object).where(~pd.Series(asked), None)


def _coded(test: FindingTest, known: pd.DataFrame, own: pd.DataFrame) -> pd.DataFrame:
    """The open answers that bear the theme, with coders that agree."""
    if measure_of(test) != "theme":
        return pd.DataFrame()
    return known[["facility_id", "service"]].assign(
        round="",
        question=test.question,
        theme=test.theme,
        present=own["present"] == 1,
        agreement=0.9,
        agreement_low=0.8,
    )
