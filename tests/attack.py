"""Attacks on the shipped set and on random surveys: what is hidden is sought with a pencil, the register and the published files.

The attacks are those of tests/attacks/, which have no code of `disclosure/`; `random_surveys.py` there makes the surveys.

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
from pathlib import Path

import numpy as np
import yaml
from attacks import across, asked, coordinates, functions, reasons, who_answered
from attacks.random_surveys import attacked
from attacks.weakened import WEAKENED, found
from hrmonitor.project.register import frame_of_year, read_register
from hrmonitor.questionnaire.model import Questionnaire, read_validated
from published_set import read_form

ROOT = Path(__file__).resolve().parents[1]


@cache
def form() -> Questionnaire:
    with tempfile.TemporaryDirectory() as folder:
        return read_form(Path(folder))


def tried(seed: int) -> tuple[Counter, list[str], float]:
    """`attacked`; an attack that breaks off has not shown that nothing follows."""
    try:
        return attacked(form(), seed)
    except Exception as error:
        return Counter(), [f"seed {seed}: broke off with {error!r}"], np.inf


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
    out += [f"a mark of figures/{name} stands for nothing published" for name in coordinates.recovered(results)]
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
        f"Random surveys tried: {surveys} (from the numbers 0 to {surveys - 1}), each also under other names, and as many of questions that add up.",
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
