"""Which verdicts survive: each finding again without a mode, without a large organisation, and in the worst case.

Without a mode or an organisation: its facilities count as ones that did not answer, so the population stays as it is; the agreement
between coders stays what it was. In the worst case all facilities that did not answer would have answered against the finding
(Manski's bounds); only tests of shares, themes and of rises against falls can be bounded so, as nothing limits what a number could have been.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from hrmonitor.errors import EstimationError
from hrmonitor.estimation import NONE, Estimate, worst_case_share
from hrmonitor.estimation.sampling_design import EstimationSettings, sizes_of
from hrmonitor.findings.tests import FALLS, RISES, theme_answers
from hrmonitor.findings.verdicts import Tested, assess, run_tests, verdict
from hrmonitor.survey import Round, applies_to
from hrmonitor.tabulation.indicators import domain_size, yes_of

COLUMNS = ["finding", "scenario", "left_out", "facilities", "verdict", "as_before"]
# An organisation is large when it has this many facilities among those that answered.
LARGE = 5


def reassess(
    findings: dict,
    evidence: dict[str, Round],
    series: pd.DataFrame,
    settings: EstimationSettings,
    minimum_facilities: int,
) -> pd.DataFrame:
    """One row a finding and scenario, in `COLUMNS`; `facilities` is the number that is left.

    `left_out` is the mode, or the number of facilities of the organisation.
    """
    before = _verdicts(assess(findings, evidence, series, settings, minimum_facilities))
    rows = []
    for name, finding in findings.items():
        own = evidence[finding["round"]]
        organisations = own.frame.set_index("facility_id")["organisation"]
        for scenario, left_out, kept in _scenarios(own.facilities, organisations):
            part = replace(own, facilities=own.facilities[kept].reset_index(drop=True))
            again = _verdict_again(finding, {**evidence, own.name: part}, series, settings, minimum_facilities)
            rows.append((name, scenario, left_out, int(kept.sum()), again))
        worst = _worst_case(finding["tests"], own, settings, minimum_facilities)
        rows.append((name, "worst_case", "", len(own.facilities), worst))
    table = pd.DataFrame(rows, columns=COLUMNS[:-1])
    return table.assign(as_before=table["verdict"] == table["finding"].map(before))


def _verdict_again(
    finding: dict, evidence: dict, series: pd.DataFrame, settings: EstimationSettings, minimum: int
) -> str:
    try:
        return verdict(run_tests(finding, evidence, series, settings, overturn=False), finding["tests"], minimum)
    except EstimationError:  # so few are left that the weights cannot stand for all
        return "not_assessable"


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


def _worst_case(tests: list[dict], evidence: Round, settings: EstimationSettings, minimum_facilities: int) -> str:
    """The verdict on the tests that can be bounded; `not_assessable` if none can."""
    bounded = [(test, found) for test in tests if (found := _bounded(test, evidence, settings)) is not None]
    return (
        verdict([found for _, found in bounded], [test for test, _ in bounded], minimum_facilities)
        if bounded
        else "not_assessable"
    )


def _bounded(test: dict, evidence: Round, settings: EstimationSettings) -> Tested | None:
    """The outcome with every facility that did not answer against the finding."""
    kind = test["test"]
    if "services" in test:
        evidence = evidence.only_services(test["services"])
    if kind == "theme_above":
        coded = theme_answers(test, evidence)
        low, _ = worst_case_share(int(coded["present"].sum()), len(coded), len(evidence.frame))
        passed = low > test["threshold"] and (coded["agreement"] >= test["min_alpha"]).any()
        return Tested(replace(NONE, n=len(coded)), np.nan, np.nan, bool(passed), None)
    if kind not in ("share_above", "share_below", "more_increased", "not_more_increased"):
        return None
    facilities, question = evidence.facilities, evidence.questionnaire[test["question"]]
    yes = yes_of(facilities, question, test.get("categories", question.codes), settings)
    n = int((~np.isnan(yes)).sum())
    applies = applies_to(facilities, question.name)
    size = domain_size(facilities["service"], applies, sizes_of(evidence.frame))
    if kind.startswith("share"):
        low, high = worst_case_share(int(np.nansum(yes)), n, size)
        passed = low > test["threshold"] if kind == "share_above" else high < test["threshold"]
    else:
        answers, silent = facilities[question.name], size - n
        rises, falls = int(answers.isin(RISES).sum()), int(answers.isin(FALLS).sum())
        passed = rises > falls + silent if kind == "more_increased" else rises + silent <= falls
    found: Estimate = replace(NONE, n=n)
    return Tested(found, np.nan, np.nan, bool(passed), None)
