"""Which verdicts survive: each finding again without a mode, without a large organisation, and in the worst case.

Without a mode or an organisation: its facilities count as ones that did not answer, so the population stays as it is. Themes
are taken as coded; they are not estimated anew. In the worst case all facilities that did not answer would have answered
against the finding (Manski's bounds); only tests of shares and of rises against falls can be bounded so, as nothing limits
what a number could have been.
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from hrmonitor.estimation import worst_case_share
from hrmonitor.findings import FALLS, RISES, Evidence, assess, verdict
from hrmonitor.indicators import Settings, domain_size, has_category, in_base

COLUMNS = ["finding", "scenario", "left_out", "facilities", "verdict", "as_before"]
# An organisation is large when it has this many facilities among those that answered.
LARGE = 5


def reassess(
    findings: dict,
    evidence: dict[str, Evidence],
    organisations: pd.Series,
    settings: Settings,
    minimum_facilities: int,
) -> pd.DataFrame:
    """One row a finding and scenario, in `COLUMNS`; `facilities` is the number that is left.

    `left_out` is the mode, or the number of facilities of the organisation. `organisations` maps facility_id to organisation.
    """
    before = _verdicts(assess(findings, evidence, settings, minimum_facilities))
    rows = []
    for name, finding in findings.items():
        own = evidence[finding["round"]]
        for scenario, left_out, kept in _scenarios(own.facilities, organisations):
            part = replace(own, facilities=own.facilities[kept].reset_index(drop=True))
            again = assess({name: finding}, {finding["round"]: part}, settings, minimum_facilities)
            rows.append((name, scenario, left_out, int(kept.sum()), _verdicts(again)[name]))
        worst = _worst_case(finding["tests"], own, settings, minimum_facilities)
        rows.append((name, "worst_case", "", len(own.facilities), worst))
    table = pd.DataFrame(rows, columns=COLUMNS[:-1])
    return table.assign(as_before=table["verdict"] == table["finding"].map(before))


def _verdicts(table: pd.DataFrame) -> dict[str, str]:
    return table.drop_duplicates("finding").set_index("finding")["verdict"].to_dict()


def _scenarios(facilities: pd.DataFrame, organisations: pd.Series):
    modes = facilities["_mode"]
    for mode in sorted(modes.unique()) if modes.nunique() > 1 else []:
        yield "without_mode", mode, modes != mode
    theirs = facilities["facility_id"].map(organisations)
    counts = theirs.value_counts()
    for organisation in sorted(counts.index[counts >= LARGE]):
        # By its size: who answered what, and how many of an organisation's facilities did, is nobody's business.
        yield "without_organisation", str(counts[organisation]), theirs != organisation


def _worst_case(tests: list[dict], evidence: Evidence, settings: Settings, minimum_facilities: int) -> str:
    """The verdict on the tests that can be bounded; `not_assessable` if none can."""
    passed, n = [], []
    for test in tests:
        found = _bounded(test, evidence, settings)
        if found is not None:
            passed.append(found[0])
            n.append(found[1])
    return verdict(passed, n, minimum_facilities) if passed else "not_assessable"


def _bounded(test: dict, evidence: Evidence, settings: Settings) -> tuple[bool, int] | None:
    """(passed, facilities behind it) with every facility that did not answer against the finding."""
    kind = test["test"]
    if kind not in ("share_above", "share_below", "more_increased", "not_more_increased"):
        return None
    facilities, question = evidence.facilities, evidence.questionnaire[test["question"]]
    base = in_base(facilities, question.name, settings.dont_know_in_base)
    n, size = int(base.sum()), domain_size(facilities, question.name, evidence.population)
    if kind.startswith("share"):
        gave = pd.concat([has_category(facilities, question, code) for code in test["categories"]], axis=1).any(axis=1)
        low, high = worst_case_share(int((gave & base).sum()), n, size)
        return (low > test["threshold"] if kind == "share_above" else high < test["threshold"]), n
    answers, silent = facilities[question.name], size - n
    rises, falls = int(answers.isin(RISES).sum()), int(answers.isin(FALLS).sum())
    return (rises > falls + silent if kind == "more_increased" else rises + silent <= falls), n
