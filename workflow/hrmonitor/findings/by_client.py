"""What each test measures by clients beside by facilities: a facility then counts for as many clients as it has.

A facility is what answers, and so the unit of every test; large and small ones count alike in it. Where a claim is about people, the same number
by clients shows whether small facilities speak for it alone. It is no test of its own, and has no interval: clients are not counted once,
and those of a facility share what it answered.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from hrmonitor.disclosure.rules import Rules, dominance, too_few
from hrmonitor.estimation import of_item, ratio
from hrmonitor.estimation.sampling_design import EstimationSettings, round_design
from hrmonitor.findings.bounds import FALLS, RISES, needed, theme_answers
from hrmonitor.findings.tests import MEASURES
from hrmonitor.findings.verdicts import describe, measure_of
from hrmonitor.project.config import Finding, FindingTest
from hrmonitor.survey import Round, applies_to
from hrmonitor.tabulation.indicators import yes_of

COLUMNS = ["finding", "test", "estimate", "n", "client_estimate", "client_n"]
# A hundredth: finer digits would help somebody who knows nearly all facilities to work out the last one.
DIGITS = 2


def by_units(
    findings: Mapping[str, Finding],
    evidence: Mapping[str, Round],
    series: pd.DataFrame,
    settings: EstimationSettings,
    rules: Rules,
) -> pd.DataFrame:
    """One row a test, in `COLUMNS`, findings by their number; by clients only where the finding names its question on clients (`clients`).

    The number by clients is blank where the test is about sums of clients already (a ratio), where no facility has one value to weight (a
    median, a change, a series), and where it would rest on too few or be dominated by one organisation.
    """
    rows = []
    for name, finding in sorted(findings.items(), key=lambda item: item[1].number):
        for test in finding.tests:
            own = evidence[finding.round]
            limited = own.only_services(test.services)
            found = MEASURES[measure_of(test)](test, limited, evidence, series, settings).at(settings.confidence)
            clients, n = _by_clients(test, limited, finding.clients, settings, rules)
            rows.append((name, describe(test), np.round(found.value, DIGITS), found.n, clients, n))
    table = pd.DataFrame(rows, columns=COLUMNS)
    return table.astype({"n": "Int64", "client_n": "Int64"})


def _by_clients(
    test: FindingTest, round_: Round, clients: str | None, settings: EstimationSettings, rules: Rules
) -> tuple[float, int | None]:
    """(the estimate by clients, facilities that it rests on); (NaN, None) where there is none, or it may not be shown."""
    values, applies = _values(test, round_, settings)
    if clients is None or values is None:
        return np.nan, None
    weights = round_.values_of(clients)
    known = ~np.isnan(values * weights) & applies
    organisations = round_.organisations[known].astype(str).reset_index(drop=True)
    parts = [pd.Series(np.abs(part[known])) for part in (weights, values * weights)]
    if not known.any() or too_few(organisations, rules) or any(dominance(part, organisations, rules) for part in parts):
        return np.nan, None
    design, (values, weights) = of_item(
        round_design(round_.facilities, round_.frame, settings), applies, values, weights
    )
    found = ratio(design, values * weights, weights, settings.confidence)
    return float(np.round(found.value, DIGITS)), int(known.sum())


def _values(test: FindingTest, round_: Round, settings: EstimationSettings) -> tuple[np.ndarray | None, np.ndarray]:
    """(what each facility adds to the test, NaN where it adds nothing; whether the test is about it); None for tests of other things."""
    measure, facilities = measure_of(test), round_.facilities
    if measure == "share":
        values = yes_of(facilities, round_.questionnaire[needed(test.question)], needed(test.categories), settings)
        return values, applies_to(facilities, needed(test.question), not settings.dont_know_in_base)
    if measure in ("rises", "net"):
        answers = facilities[needed(test.question)]
        rise, fall = (answers.isin(ways).to_numpy(dtype=float) for ways in (RISES, FALLS))
        given = answers.notna().to_numpy(dtype=bool)
        values = np.where(given, rise - fall, np.nan) if measure == "net" else np.where(rise + fall > 0, rise, np.nan)
        applies = applies_to(facilities, needed(test.question))
        # Those that report no change are known to be outside of a share of rises.
        return values, applies & ~(given & np.isnan(values))
    if measure == "paired_change":
        now, then = needed(test.now), needed(test.then)
        return round_.values_of(now) - round_.values_of(then), applies_to(facilities, now) & applies_to(
            facilities, then
        )
    if measure == "theme":
        present = theme_answers(test, round_).set_index("facility_id")["present"].astype(float)
        values = facilities["facility_id"].map(present).to_numpy(dtype=float)
        return values, ~np.isnan(values)
    return None, np.zeros(len(round_.organisations), dtype=bool)
