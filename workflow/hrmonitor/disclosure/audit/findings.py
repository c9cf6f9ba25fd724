"""Tests of findings whose printed number rests on few facilities, on one organisation, or is an answer itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from hrmonitor.declarations.csv_files import read_table
from hrmonitor.disclosure.audit.protected import base_of, few, limits_of, numbers_of
from hrmonitor.survey import Round

# As findings.csv describes a test: its kind, a threshold, details, since a round, groups, and services in brackets.
TEST = re.compile(
    r"(?P<kind>\w+?)(?: -?[\d.e+-]+)?(?:: (?P<detail>.*?))?(?: since (?P<since>\S+?))?"
    r"(?:; (?P<by>\w+) (?P<group>.*?) against (?P<against>.*?))?(?: \((?P<services>[^()]*)\))?"
)


def told_by_tests(folder: Path, rounds: list[Round], rules: dict) -> list[str]:
    """Tests in `folder`/open_data/findings.csv that print a number that nobody may know, as `finding: test`."""
    path = folder / "open_data" / "findings.csv"
    if not path.exists():
        return []
    table = read_table("findings", path)
    found = []
    for row in table[table["estimate"].notna()].to_dict("records"):
        names, parsed = str(row["evidence"]).split(), TEST.fullmatch(str(row["test"]))
        own = [one for one in reversed(rounds) if all(name in one.questionnaire.questions for name in names)]
        # A test of a published series, or of themes, which are attacked as such.
        if not names or not own or (parsed and parsed["kind"].startswith("theme")):
            continue
        if parsed is None or any(
            _confidential(*group, parsed["kind"], rules) for group in _groups(own[0], names, parsed)
        ):
            found.append(f"{row['finding']}: {row['test']}")
    return found


def _groups(one: Round, names: list[str], parsed: re.Match[str]) -> Iterator[tuple[Round, list[str], pd.Series]]:
    """The facilities of each group that a test rests on."""
    facilities = one.facilities
    inside = pd.Series(True, index=facilities.index)  # type: ignore[union-attr]  # the audit reads rounds whole
    if parsed["services"]:
        inside &= facilities["service"].isin(parsed["services"].split(", "))
    for name in names:
        question = one.questionnaire[name]
        inside &= base_of(facilities, question) if question.kind.startswith("select") else numbers_of(facilities, name).notna()  # fmt: skip
    if not parsed["by"]:
        yield one, names, inside
        return
    by = facilities["_mode" if parsed["by"] == "mode" else parsed["by"]]
    for group in ("group", "against"):
        yield one, names, inside & by.isin(parsed[group].split(", "))


def _confidential(one: Round, names: list[str], inside: pd.Series, kind: str, rules: dict) -> bool:
    owner = one.facilities["facility_id"].map(one.frame.set_index("facility_id")["organisation"]).fillna("")
    if not inside.any():
        return False
    if few(owner[inside], rules):
        return True
    for name in names:
        if one.questionnaire[name].kind.startswith("select"):
            continue
        values = numbers_of(one.facilities, name)[inside]
        if kind.startswith("median"):
            middle = float(np.median(values))
            if min((values <= middle).sum(), (values >= middle).sum()) < rules["minimum_cell"]:
                return True
        elif limits_of(values, owner[inside], rules):
            return True
    return False
