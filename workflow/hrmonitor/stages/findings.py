"""Each claim of config.yaml against the answers, and again without a mode, an organisation and in the worst case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from hrmonitor.disclosure.rules import Rules
from hrmonitor.disclosure.theme_cells import without_digits
from hrmonitor.estimation.sampling_design import EstimationSettings
from hrmonitor.findings.confidential import gated
from hrmonitor.findings.sensitivity import reassess, summary
from hrmonitor.findings.verdicts import Least, assess, strengths, with_statements
from hrmonitor.project.config import Finding
from hrmonitor.survey import Round


def coded_answers(theme_agreement: pd.DataFrame, theme_basis: pd.DataFrame) -> pd.DataFrame:
    """`theme_basis` (which theme is in whose answer) with the lower end of alpha's interval (`agreement_low`), as `Round.themes` has it."""
    alphas = theme_agreement[theme_agreement["statistic"] == "alpha"]
    lower_ends = alphas.rename(columns={"ci_low": "agreement_low"})[["round", "question", "theme", "agreement_low"]]
    return theme_basis.merge(lower_ends, how="left")


# Over 6 parameters: a claim is held against all that the study knows, and told in every language of the report.
def findings(
    claims: Mapping[str, Finding],
    rounds: Mapping[str, Round],
    themes: pd.DataFrame,
    series: pd.DataFrame,
    settings: EstimationSettings,
    least: Least,
    languages: Sequence[str],
    suppressions: pd.DataFrame,
    rules: Rules,
) -> tuple[pd.DataFrame, pd.DataFrame, list[str]]:
    """(one row a test with the verdict on its finding, one row a finding and kind of repetition, what a user should know).

    `rounds` have their coded answers (`coded_answers`), `themes` is the table of the stage of that name, `series` the published national
    series, `suppressions` the cells that are hidden by `rules`.
    """
    how = (claims, rounds, series, settings, least)
    table, again = assess(*how), reassess(*how)
    table, again, notes = gated(table, again, claims, rounds, suppressions, settings, rules)
    table = with_statements(table, claims, list(languages))
    table = without_digits(table, claims, themes)
    table["strength"] = table["finding"].map(strengths(table, again))
    return table, summary(again), notes
