"""Surveys made from one number, as they would be published, and every attack of this folder on them.

A survey has two rounds, three types of service, one choice and five numbers, and rules at random; besides there is one of questions that add up. In every
other survey answers of one organisation are taken to be independent, as where an attacker need not know who is whose to run our estimators. A secret is recovered
where one number is left and it is the true one.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from dataclasses import dataclass, replace
from math import isfinite
from pathlib import Path

import numpy as np
import pandas as pd
from attacks import across, functions, medians, moments, order, reasons, rounded, sums
from attacks.test_across import NAMES, PARTS, published, survey
from hrmonitor.disclosure.rules import Rules
from hrmonitor.estimation.sampling_design import EstimationSettings
from hrmonitor.findings.sensitivity import reassess, summary
from hrmonitor.findings.verdicts import Least
from hrmonitor.questionnaire.model import Questionnaire
from published_set import KEPT, SETTINGS, World, publish, random_world
from settings import finding

NUMBERS = {
    "clients": "clients",
    "clients_then": "clients_then",
    "syringes": "syringes_distributed_year",
    "overdoses": "overdoses",
}


@dataclass(frozen=True)
class Survey:
    """What was answered, the rules and how it was estimated; `folder` has what is published of it."""

    seed: int
    folder: Path
    world: World
    rules: Rules
    settings: EstimationSettings

    @classmethod
    def publish(cls, form: Questionnaire, seed: int, folder: Path, **rules) -> Survey:
        """The survey of this number; `rules` in place of those that it has."""
        world, own = random_world(form, seed)
        settings = replace(SETTINGS, clusters=("auto", "none")[seed % 2])
        one = cls(seed, folder, world, replace(own, **rules), settings)
        publish(folder, world, one.rules, settings)
        return one

    def table(self, name: str = "indicators") -> pd.DataFrame:
        return reasons.read(self.folder / "open_data" / f"{name}.csv")

    def answers(self, round_: str, service: str) -> pd.DataFrame:
        return self.world.rounds[round_].query("service == @service")

    def sizes(self, round_: str) -> dict[str, tuple[int, int]]:
        """Facilities in the register and those that answered of each service that the round was about."""
        there = set(self.world.rounds[round_]["service"])
        return {service: (size, kept) for service, (kept, size) in KEPT.items() if service in there}


def attacked(form: Questionnaire, seed: int) -> tuple[Counter, list[str], float]:
    """(secrets by kind, those recovered, the narrowest range left of a sum of few as a share of that which the rules demand) of one survey."""
    secrets, recovered, narrowest = Counter(), [], np.inf
    with tempfile.TemporaryDirectory() as name:
        one = Survey.publish(form, seed, Path(name) / "published")
        for kind, attack in ATTACKS.items():
            number, out = attack(one)
            secrets[kind] += number
            recovered += out
        for name, indicator in NUMBERS.items():
            hidden, out, narrow = of_sums(one, name, indicator)
            secrets["sums"] += hidden
            recovered += out
            narrowest = min(narrowest, narrow)
    number, out = of_questions_that_add_up(seed)
    secrets["left open"] += number
    return secrets, [f"seed {seed}: {one}" for one in recovered + out], narrowest


def of_counts(one: Survey) -> tuple[int, list[str]]:
    """Roles by service, for who guessed why each is hidden; where nothing is shown, or organisations are few, nobody can."""
    rules, world = one.rules, one.world
    primary = reasons.known_to_makers(one.folder, "role")
    table = one.table()
    shown = ((table["indicator"] == "role") & table["estimate"].notna()).any()
    owner = world.frame.set_index("facility_id")["organisation"]
    guessed = {}
    for place, rule in primary.items():
        answers = one.answers(*place[:2])["facility_id"]
        few = len(answers) < rules.minimum_cell or answers.map(owner).nunique() < rules.minimum_organisations
        if shown and not few and "role" in rules.sensitive:
            guessed[place] = rule
    many = {
        (round_, service): int(n)
        for round_, answers in world.rounds.items()
        for service, n in answers.groupby("service")["role"].count().items()
    }
    found = reasons.recovered(one.folder, "role", rules.minimum_cell, guessed, many)
    return _true_counts(one, primary, found)


def of_intervals(one: Survey) -> tuple[int, list[str]]:
    """The same roles, from shares and intervals of all services: worlds through our own estimators."""
    primary = reasons.known_to_makers(one.folder, "role")
    found: dict[tuple, int] = {}
    for round_ in one.world.rounds:
        found |= functions.recovered(one.folder, "role", round_, one.sizes(round_))
    return _true_counts(one, primary, found)


def _true_counts(one: Survey, primary: dict[tuple, bool], found: dict[tuple, int]) -> tuple[int, list[str]]:
    secret = {place for place, rule in primary.items() if rule and place[1] != "all"}
    return len(secret), [
        f"count {' '.join(place)} = {count}"
        for place, count in found.items()
        if place in secret and count == (one.answers(*place[:2])["role"] == place[2]).sum()
    ]


def of_sums(one: Survey, name: str, indicator: str) -> tuple[int, list[str], float]:
    rules = one.rules
    answered = {
        (round_, service): own
        for round_, table in one.world.rounds.items()
        for service, own in table.groupby("service")[name]
    }
    if any((own.dropna() < 0).any() for own in answered.values()):
        return 0, [], np.inf
    answers = {place: int(own.notna().sum()) for place, own in answered.items()}
    sizes = {place: (KEPT[place[1]][1], KEPT[place[1]][0]) for place in answers}
    why = pd.read_csv(one.folder / "suppressions.csv", dtype="str", keep_default_na=False)
    why = why[(why["indicator"] == indicator) & (why["statistic"] == "sum") & why["reason"].str.startswith("primary")]
    secret = dict(zip(zip(why["round"], why["service"], strict=True), why["reason"], strict=True))
    out, narrowest = [], np.inf
    for place, (low, high) in sums.ranges(one.folder, indicator, answers, sizes, rules.rounding_base).items():
        true = float(answered[place].sum())
        if place not in secret or not true or not isfinite(high - low):
            continue
        if secret[place] == "primary_count" and rules.protection:
            narrowest = min(narrowest, (high - low) / (2 * rules.protection / 100 * true))
        if high - low < 1e-3 * true and low - 1e-3 * true <= true <= high + 1e-3 * true:
            out.append(f"sum {indicator} {' '.join(place)} = {true:g}")
    return len(secret), out, narrowest


def of_moments(one: Survey) -> tuple[int, list[str]]:
    """Answers of three or four from their mean or total and whatever stands beside it. Where organisations count, the error is another and only the sum is known."""
    secrets, out = 0, []
    table = one.table().set_index(["indicator", "round", "service", "statistic"])
    for name, indicator in NUMBERS.items():
        for round_, answers in one.world.rounds.items():
            for service, own in answers.groupby("service")[name]:
                true = tuple(sorted(own.dropna()))
                if len(true) not in (3, 4) or true[0] < 0:
                    continue
                secrets += 1
                for statistic in ("mean", "total"):
                    if (indicator, round_, service, statistic) not in table.index:
                        continue
                    row = table.loc[(indicator, round_, service, statistic)].to_dict()
                    row |= {"service": service, "statistic": statistic}
                    if true in moments.told(row, len(true), KEPT[service][1], replace(one.settings, clusters="none")):
                        out.append(f"answers {indicator} {round_} {service}, by their {statistic}")
    return secrets, out


def of_medians(one: Survey) -> tuple[int, list[str]]:
    """The smallest and largest answers, where a median's interval ends at them and fewer than the minimum gave them."""
    secrets, out = 0, []
    rows = one.table().query("statistic == 'median' and service != 'all'")
    for row in rows.to_dict("records"):
        said = one.answers(row["round"], row["service"])
        said = said[said["clients"].notna()]
        if said.empty:
            continue
        found = medians.ends(row, said[["facility_id", "service"]], one.world.frame, one.settings)
        for end, true in zip(found, (said["clients"].min(), said["clients"].max()), strict=True):
            if (said["clients"] == true).sum() < one.rules.minimum_cell:
                secrets += 1
                if end == true:
                    out.append(f"answer {row['indicator']} {row['round']} {row['service']} = {true:g}, by a median")
    return secrets, out


def of_order(one: Survey) -> tuple[int, list[str]]:
    """What is published of the same answers under other names, file by file, and the rows of repetitions."""
    with tempfile.TemporaryDirectory() as name:
        publish(Path(name), order.renamed(one.world, one.seed), one.rules, one.settings)
        files, differ = order.differing(one.folder, Path(name))
    owners = one.world.frame.set_index("facility_id")["organisation"]
    rounds = {each.name: each for each in one.world.answered()}
    test = {"test": "share_above", "question": "role", "categories": ["manager"], "threshold": 0.5}
    again = reassess({"f": finding(test)}, rounds, pd.DataFrame(), one.settings, Least(10, 1))
    answered = one.world.rounds["2021"]["facility_id"].map(owners).value_counts()
    found = order.in_order_of_names(summary(again), owners)
    return files + int((answered >= order.LARGE).sum()), [
        *(f"names, by the bytes of {file}" for file in differ),
        *(f"how many of {owner} answered = {n}" for owner, n in found.items() if answered.get(owner) == n),
    ]


def of_rounded(one: Survey) -> tuple[int, list[str]]:
    """Roles of the same survey where their counts are rounded: few that gave one, or few that did not."""
    base, world, rules = (3, 5)[one.seed // 2 % 2], one.world, one.rules
    many = {
        (round_, service): len(own)
        for round_, table in world.rounds.items()
        for service, own in table.groupby("service")
    }
    with tempfile.TemporaryDirectory() as name:
        publish(Path(name), world, replace(rules, sensitive=("role",), round_sensitive=base), one.settings)
        found = rounded.recovered(Path(name), "role", base, many)
    secrets = {}
    for (round_, service), n in many.items():
        for role in world.form["role"].codes:
            count = int((one.answers(round_, service)["role"] == role).sum())
            if 0 < count < rules.minimum_cell or n - count < rules.minimum_cell:
                secrets[round_, service, role] = count
    return len(secrets), [
        f"rounded count {' '.join(place)} = {count}" for place, count in found.items() if secrets.get(place) == count
    ]


def of_questions_that_add_up(seed: int) -> tuple[int, list[str]]:
    random = np.random.default_rng(seed)
    left_open = {str(random.choice(list(NAMES))): list(random.choice(12, random.integers(1, 4), replace=False))}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        kind = str(random.choice(["parts", "calculated"])) if "all" not in left_open else "parts"
        one = survey(folder, kind, left_open)
        many = published(one, folder / "results", Rules(p_percent=float(random.choice([0, 10]))))
        found = across.recovered(folder / "results", PARTS, many)
    return sum(len(places) for places in left_open.values()), [
        f"left open {' '.join(place)} = {value}" for place, value in found.items()
    ]


ATTACKS = {
    "counts": of_counts,
    "counts, by intervals of all services": of_intervals,
    "counts, rounded": of_rounded,
    "answers of three or four, by errors": of_moments,
    "smallest and largest answers, by medians": of_medians,
    "names, by files and rows": of_order,
}
