"""Which verdicts survive: each finding again without a mode, without a large organisation, with one vote an organisation, with disputed
codes, and in the worst case.

Without a mode or an organisation: its facilities count as ones that did not answer, so the population stays as it is; the agreement
between coders stays what it was. With disputed codes, where a theme is tested: it counts where any coder saw it, and again only where all
who coded the answer did, whatever they agreed on afterwards. In the worst case all facilities that did not answer would have spoken against what each test found
(`bounds`); where nothing limits what a number could have been, there is no worst case.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from hrmonitor.errors import EstimationError
from hrmonitor.estimation.sampling_design import EstimationSettings
from hrmonitor.findings.bounds import BOUNDS
from hrmonitor.findings.verdicts import Least, Tested, measure_of, run_tests, telling, verdict
from hrmonitor.project.config import Finding, FindingTest
from hrmonitor.project.frame import is_sample
from hrmonitor.project.test_kinds import BELOW, kind_of
from hrmonitor.survey import Round

COLUMNS = ["finding", "scenario", "left_out", "facilities", "verdict", "as_before"]
PUBLISHED = [
    "finding", "scenario", "left_out", "repetitions", "telling", "changed", "facilities", "verdict", "as_before",
]  # fmt: skip
ORGANISATION = "without_organisation"
# An organisation is large when it has this many facilities among those that answered.
LARGE = 5


def reassess(
    findings: Mapping[str, Finding],
    evidence: Mapping[str, Round],
    series: pd.DataFrame,
    settings: EstimationSettings,
    least: Least,
) -> pd.DataFrame:
    """One row a finding and scenario, in `COLUMNS`; `facilities` is the number that is left.

    `left_out` is the mode, or the number of facilities of the organisation. For the makers; `summary` is published.
    """
    rows, before = [], {}
    for name, finding in findings.items():
        tested = run_tests(finding, evidence, series, settings, overturn=False)
        before[name] = verdict(tested, finding.tests, least)
        own = evidence[finding.round]
        organisations = own.frame.set_index("facility_id")["organisation"]
        for scenario, left_out, kept in _scenarios(own.facilities, organisations):
            part = replace(own, facilities=own.facilities[kept].reset_index(drop=True))
            again = _verdict_again(finding, {**evidence, own.name: part}, series, settings, least)
            rows.append((name, scenario, left_out, int(kept.sum()), again))
        if own.organisations.nunique() < len(own.organisations) and not is_sample(own.frame):
            voted = _verdict_again(finding, evidence, series, replace(settings, one_vote=True), least)
            rows.append((name, "one_vote", "", len(own.organisations), voted))
        for scenario, other in _codings(finding, own):
            again = _verdict_again(finding, {**evidence, own.name: other}, series, settings, least)
            rows.append((name, scenario, "", len(own.facilities), again))  # type: ignore[arg-type]  # a round that is read whole has frames
        if is_sample(own.frame):  # of which nobody is known to be silent
            continue
        worst = _worst_case(finding, tested, evidence, settings, least)
        rows.append((name, "worst_case", "", len(own.facilities), worst))  # type: ignore[arg-type]  # a round that is read whole has frames
    table = pd.DataFrame(rows, columns=COLUMNS[:-1])
    return table.assign(as_before=table["verdict"] == table["finding"].map(before))


def summary(again: pd.DataFrame) -> pd.DataFrame:
    """The table of `reassess` as it is published, in `PUBLISHED`: all repetitions without an organisation are one row.

    A row each would say, by its size or by its place, how many facilities of which organisation answered. `telling` repetitions leave
    enough facilities to say something (`verdicts.telling`), and `changed` of these give another verdict.
    """
    table = again.assign(telling=telling(again).astype(int), repetitions=1)
    table["changed"] = table["telling"] * (~table["as_before"]).astype(int)
    of_organisations = table["scenario"] == ORGANISATION
    table.loc[of_organisations, "left_out"] = ""
    counts = ["repetitions", "telling", "changed"]
    together = table.groupby(["finding", "scenario", "left_out"], sort=False)[counts].sum()
    rows = table.drop_duplicates(["finding", "scenario", "left_out"]).set_index(together.index.names)
    rows = rows.drop(columns=counts).join(together).reset_index()
    several = rows["scenario"] == ORGANISATION
    rows["facilities"] = rows["facilities"].astype("Int64").mask(several)
    rows["verdict"] = rows["verdict"].astype("object").mask(several)
    rows["as_before"] = rows["as_before"].mask(several, rows["changed"] == 0).astype(bool)
    return rows[PUBLISHED]


def _verdict_again(
    finding: Finding, evidence: Mapping[str, Round], series: pd.DataFrame, settings: EstimationSettings, least: Least
) -> str:
    try:
        return verdict(run_tests(finding, evidence, series, settings, overturn=False), finding.tests, least)
    except EstimationError:  # so few are left that the weights cannot stand for all
        return "not_assessable"


def _scenarios(facilities: pd.DataFrame, organisations: pd.Series):
    modes = facilities["_mode"]
    for mode in sorted(modes.unique()) if modes.nunique() > 1 else []:
        yield "without_mode", mode, modes != mode
    theirs = facilities["facility_id"].map(organisations)
    counts = theirs.value_counts()
    for organisation in sorted(counts.index[counts >= LARGE]):
        yield ORGANISATION, str(counts[organisation]), theirs != organisation


def _codings(finding: Finding, round_: Round):
    """The round with a theme in each answer in which any coder saw it, and only in those in which all did.

    Answers that the coders saw together alone, as those of a consensus that nobody coded before, stay as they are.
    """
    if not any(test.theme for test in finding.tests) or round_.themes.empty:
        return
    themes = round_.themes
    coded, saw = themes["coders"] > 0, themes["saw"]
    for scenario, counts in (("codes_of_any", saw > 0), ("codes_of_all", saw == themes["coders"])):
        yield scenario, replace(round_, themes=themes.assign(present=themes["present"].where(~coded, counts)))


def _worst_case(
    finding: Finding, tested: list[Tested], evidence: Mapping[str, Round], settings: EstimationSettings, least: Least
) -> str:
    """The verdict if all that did not answer had spoken against each test as it came out; `not_assessable` if one has no bounds.

    Against a test that passed; in favour of one that did not.
    """
    tests, round_ = finding.tests, evidence[finding.round]
    again = []
    for test, one in zip(tests, tested, strict=True):
        if measure_of(test) == "slope":  # no facility stands behind it
            again.append(one)
            continue
        limited = round_.only_services(test.services)
        bounds = BOUNDS[measure_of(test)](test, limited, evidence, settings) if measure_of(test) in BOUNDS else None
        if bounds is None:
            return "not_assessable"
        again.append(_at_worst(test, one, bounds))
    return verdict(again, tests, least)


def _at_worst(test: FindingTest, one: Tested, bounds: tuple[float, float]) -> Tested:
    kind = kind_of(test)
    threshold, below = kind.threshold_of(test), kind.direction == BELOW
    against, in_favour = (bounds[1], bounds[0]) if below else bounds
    holds = against < threshold if below else against > threshold
    could_hold = in_favour < threshold if below else in_favour > threshold
    could_be_opposed = in_favour > threshold if below else in_favour < threshold
    return replace(
        one, passed=holds if one.passed else could_hold and one.sound, opposed=one.opposed and could_be_opposed
    )
