"""Attacks on the shipped set and on random surveys: what is hidden is sought with a pencil, the register and the published files.

The attacks are those of tests/attacks/, which have no code of `disclosure/`. A survey of two rounds, three types of service, one choice and five numbers
is made from one number, and so are the rules; besides, one of questions that add up. A secret is recovered where one number is left and it is the true one.

    .venv/bin/python tests/attack.py SURVEYS [--write FILE]

Exit status 1 if anything was recovered, a build without a defence was not caught, or there is no shipped set to attack.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from math import isfinite
from pathlib import Path

import numpy as np
import pandas as pd
import yaml
from attacks import across, asked, functions, moments, reasons, sums, who_answered
from attacks.test_across import NAMES, PARTS, published, survey
from attacks.weakened import WEAKENED, found
from hrmonitor.disclosure.rules import Rules
from hrmonitor.project.register import frame_of_year, read_register
from hrmonitor.questionnaire.model import Questionnaire, read_validated
from published_set import KEPT, World, publish, random_world, read_form

ROOT = Path(__file__).resolve().parents[1]
NUMBERS = {
    "clients": "clients",
    "clients_then": "clients_then",
    "syringes": "syringes_distributed_year",
    "overdoses": "overdoses",
}


@cache
def form() -> Questionnaire:
    with tempfile.TemporaryDirectory() as folder:
        return read_form(Path(folder))


def attacked(seed: int) -> tuple[Counter, list[str], float]:
    """(secrets by kind, those recovered, the narrowest range left of a sum of few as a share of that which the rules demand) of one survey."""
    world, rules = random_world(form(), seed)
    secrets, recovered, narrowest = Counter(), [], np.inf
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        publish(folder, world, rules)
        counts, out = _counts(folder, world, rules)
        secrets["counts"] += counts
        recovered += out
        for name, indicator in NUMBERS.items():
            hidden, out, narrow = _sums(folder, world, rules, name, indicator)
            secrets["sums"] += hidden
            recovered += out
            narrowest = min(narrowest, narrow)
        recovered += _few(folder, world)
    number, out = _across(seed)
    secrets["left open"] += number
    return secrets, [f"seed {seed}: {one}" for one in recovered + out], narrowest


def tried(seed: int) -> tuple[Counter, list[str], float]:
    """The same; an attack that breaks off has not shown that nothing follows."""
    try:
        return attacked(seed)
    except Exception as error:
        return Counter(), [f"seed {seed}: broke off with {error!r}"], np.inf


def _counts(folder: Path, world: World, rules: Rules) -> tuple[int, list[str]]:
    """Roles by service, for who guessed why each is hidden; where nothing is shown, or organisations are few, nobody can."""
    primary = reasons.known_to_makers(folder, "role")
    table = reasons.read(folder / "open_data" / "indicators.csv")
    shown = ((table["indicator"] == "role") & table["estimate"].notna()).any()
    owner = world.frame.set_index("facility_id")["organisation"]
    guessed = {}
    for place, rule in primary.items():
        answers = world.rounds[place[0]].query("service == @place[1]") if place[1] != "all" else []
        few = (
            len(answers) < rules.minimum_cell
            or answers["facility_id"].map(owner).nunique() < rules.minimum_organisations
        )
        if shown and not few and "role" in rules.sensitive:
            guessed[place] = rule
    secret = {place for place, rule in primary.items() if rule and place[1] != "all"}
    out = []
    many = {
        (round_, service): int(n)
        for round_, answers in world.rounds.items()
        for service, n in answers.groupby("service")["role"].count().items()
    }
    for place, count in reasons.recovered(folder, "role", rules.minimum_cell, guessed, many).items():
        answers = world.rounds[place[0]]
        if place in secret and count == ((answers["service"] == place[1]) & (answers["role"] == place[2])).sum():
            out.append(f"count {' '.join(place)} = {count}")
    return len(secret), out


def _sums(folder: Path, world: World, rules: Rules, name: str, indicator: str) -> tuple[int, list[str], float]:
    answered = {
        (round_, service): own
        for round_, table in world.rounds.items()
        for service, own in table.groupby("service")[name]
    }
    if any((own.dropna() < 0).any() for own in answered.values()):
        return 0, [], np.inf
    answers = {place: int(own.notna().sum()) for place, own in answered.items()}
    sizes = {place: (KEPT[place[1]][1], KEPT[place[1]][0]) for place in answers}
    why = pd.read_csv(folder / "suppressions.csv", dtype="str", keep_default_na=False)
    why = why[(why["indicator"] == indicator) & (why["statistic"] == "sum") & why["reason"].str.startswith("primary")]
    secret = dict(zip(zip(why["round"], why["service"], strict=True), why["reason"], strict=True))
    out, narrowest = [], np.inf
    for place, (low, high) in sums.ranges(folder, indicator, answers, sizes, rules.rounding_base).items():
        true = float(answered[place].sum())
        if place not in secret or not true or not isfinite(high - low):
            continue
        if secret[place] == "primary_count" and rules.protection:
            narrowest = min(narrowest, (high - low) / (2 * rules.protection / 100 * true))
        if high - low < 1e-3 * true and low - 1e-3 * true <= true <= high + 1e-3 * true:
            out.append(f"sum {indicator} {' '.join(place)} = {true:g}")
    return len(secret), out, narrowest


def _few(folder: Path, world: World) -> list[str]:
    """Answers of three or four from their total and its standard error."""
    table = reasons.read(folder / "open_data" / "indicators.csv")
    rows = table[
        (table["statistic"] == "total") & (table["service"] != "all") & table["n"].isin([3, 4]) & table["se"].notna()
    ]
    out = []
    for row in rows.to_dict("records"):
        n, size = int(row["n"]), int(row["population"])
        name = next((one for one, indicator in NUMBERS.items() if indicator == row["indicator"]), None)
        own = world.rounds[row["round"]].query("service == @row['service']")
        if name and tuple(sorted(own[name].dropna())) in moments.answers_of_few(
            row["estimate"] / size, row["se"] / size, n, size, 0.05
        ):
            out.append(f"answers {row['indicator']} {row['round']} {row['service']}")
    return out


def _across(seed: int) -> tuple[int, list[str]]:
    random = np.random.default_rng(seed)
    left_open = {str(random.choice(list(NAMES))): list(random.choice(12, random.integers(1, 4), replace=False))}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        one = survey(
            folder, str(random.choice(["parts", "calculated"])) if "all" not in left_open else "parts", left_open
        )
        many = published(one, folder / "results", Rules(p_percent=float(random.choice([0, 10]))))
        found = across.recovered(folder / "results", PARTS, many)
    return sum(len(places) for places in left_open.values()), [
        f"left open {' '.join(place)} = {value}" for place, value in found.items()
    ]


def shipped(results: Path) -> tuple[int, list[str]]:
    """(secrets, recovered) of the set in `results`: sensitive counts, what is left open, follow-ups, who answered."""
    config = yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8"))
    register, least = read_register(ROOT / config["register"]), config["disclosure"]["minimum_cell"]
    flow = reasons.read(results / "open_data" / "response_flow.csv").set_index(["round", "service", "step"])["n"]
    steps = ("register", "kept")
    places = [one for one in dict.fromkeys(one[:2] for one in flow.index) if one[1] != "all"]
    sizes = {
        one: (int(flow[*one, "register"]), int(flow[*one, "kept"]))
        for one in places
        if all((*one, step) in flow.index for step in steps) and flow[*one, "kept"]
    }
    secrets, out = 0, []
    for indicator in config["disclosure"]["sensitive"]:
        primary = reasons.known_to_makers(results, indicator)
        secrets += sum(primary.values())
        told = {place for place in reasons.recovered(results, indicator, least, primary) if primary[place]}
        for round_ in config["rounds"]:
            own = {service: size for (name, service), size in sizes.items() if name == str(round_)}
            told |= set(functions.recovered(results, indicator, str(round_), own))
        out += [f"count {indicator} {' '.join(place)}" for place in sorted(told)]
    for round_, about in config["rounds"].items():
        questions = read_validated(ROOT / about["questionnaire"]).questions
        out += _of_form(results, str(round_), questions, sizes)
        frame = frame_of_year(register, about["year"])
        known = who_answered.told(
            results,
            frame[frame["service"].isin([one for name, one in sizes if name == str(round_)])],
            str(round_),
            about["year"],
        )
        secrets += len(frame)
        out += [f"who answered, {round_}: {len(known)} facilities"] if known else []
    return secrets, out


def _of_form(results: Path, round_: str, questions: dict, sizes: dict) -> list[str]:
    """What follows from relations between the questions of a form."""
    table = reasons.read(results / "open_data" / "indicators.csv")
    totals = table[(table["statistic"] == "total") & (table["round"] == round_) & (table["service"] != "all")]
    many: dict[tuple, dict[str, int]] = {}
    for row in totals[totals["n"].notna()].to_dict("records"):
        many.setdefault((round_, row["service"]), {})[row["indicator"]] = int(row["n"])
    parts = {
        question.indicator: [questions[name].indicator for name in question.parts]
        for question in questions.values()
        if question.parts
    }
    out = [f"left open {' '.join(place)} = {value}" for place, value in across.recovered(results, parts, many).items()]
    follow_ups = {}
    for question in questions.values():
        word = question.relevant.replace(" ", "").split("'")
        name = word[0].removeprefix("selected(").removesuffix(",").removesuffix("=")[2:-1]
        if question.indicator and len(word) == 3 and name in questions and questions[name].indicator:
            follow_ups[question.indicator] = (questions[name].indicator, word[1])
    return out + [
        f"count {' '.join(place)} = {count}" for place, count in asked.recovered(results, sizes, follow_ups).items()
    ]


def _caught(name: str) -> tuple[bool, bool]:
    """(whether the auditor catches the build without the defence, whether it lets the same build with all of them pass)."""
    with tempfile.TemporaryDirectory() as folder:
        without = found(name, form(), Path(folder) / "without")
        whole = found(None, form(), Path(folder) / "whole", WEAKENED[name])
    return bool((without["verdict"] != "safe").any()), bool((whole["verdict"] == "safe").all())


def main(surveys: int, write: Path | None) -> int:
    start, secrets, recovered, narrowest = time.monotonic(), Counter(), [], np.inf
    with ProcessPoolExecutor(2) as pool:
        for kinds, out, narrow in pool.map(tried, range(surveys), chunksize=4):
            secrets += kinds
            recovered += out
            narrowest = min(narrowest, narrow)
        weakened = dict(zip(WEAKENED, pool.map(_caught, WEAKENED), strict=True))
    missed = [name for name, (caught, _) in weakened.items() if not caught]
    wrong = [name for name, (_, whole) in weakened.items() if not whole]
    lines = [
        f"Random surveys tried: {surveys} (from the numbers 0 to {surveys - 1}), and as many of questions that add up.",
        *(f"  secrets, {kind}: {number}" for kind, number in sorted(secrets.items())),
        f"  recovered: {len(recovered)}",
        f"  worst narrowing: of a sum of few facilities at least {narrowest:.0%} of the range that its rules demand is left.",
        f"Builds without one defence: {len(weakened)}, caught by the auditor: {len(weakened) - len(missed)}; with all of them stopped: {len(wrong)}.",
    ]
    built = (ROOT / "results" / "open_data" / "indicators.csv").exists()
    if built:
        number, out = shipped(ROOT / "results")
        recovered += [f"shipped: {one}" for one in out]
        lines.append(
            f"Shipped set: {number} secrets (hidden counts, and whether each facility of the register answered), recovered: {len(out)}."
        )
    else:
        lines.append("Shipped set: not attacked, as there is no results/. Build first.")
    lines += [
        f"  {one}"
        for one in [*recovered, *(f"not caught: {one}" for one in missed), *(f"stopped: {one}" for one in wrong)]
    ]
    lines.append(f"{time.monotonic() - start:.0f} s.")
    print("\n".join(lines))
    if write:
        write.write_text("\n".join([f"make attack ATTACKS={surveys}", "", *lines, ""]), encoding="utf-8")
    return int(bool(recovered or missed or wrong or not built))


if __name__ == "__main__":
    if len(sys.argv) not in (2, 4) or not sys.argv[1].isdigit():
        sys.exit(__doc__)
    sys.exit(main(int(sys.argv[1]), Path(sys.argv[3]) if len(sys.argv) == 4 else None))
