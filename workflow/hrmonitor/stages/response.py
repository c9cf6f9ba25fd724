"""AAPOR outcome rates, non-response against the register, mode effects and item non-response of every round."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from hrmonitor.declarations.tables import tables as declared
from hrmonitor.disclosure.suppressions import questions_with_hidden_counts
from hrmonitor.estimation.sampling_design import EstimationSettings
from hrmonitor.project.frame import is_sample, names_facilities
from hrmonitor.project.register import of_group, read_contacts
from hrmonitor.response.dispositions import COLUMNS as CASES
from hrmonitor.response.dispositions import dispositions
from hrmonitor.response.items import item_nonresponse
from hrmonitor.response.modes import compare_modes
from hrmonitor.response.nonresponse import classes_of, compare
from hrmonitor.response.rates import response_table
from hrmonitor.survey import Round

# As an empty table has them.
TYPES = {"number": float, "share": float, "integer": "Int64", "boolean": bool}
TABLES = ("response", "nonresponse", "mode_effects", "item_nonresponse")


# Over 6 parameters: response is what lies between all that was asked and all that came in.
def response(
    rounds: Mapping[str, Round],
    submissions: Mapping[str, pd.DataFrame],
    contacts: Mapping[str, str | None],
    register: pd.DataFrame,
    suppressions: pd.DataFrame,
    settings: EstimationSettings,
    minimum_cell: int,
) -> tuple[dict[str, pd.DataFrame], dict[str, pd.DataFrame]]:
    """(`TABLES` of all rounds; the disposition of every case, by round). Without a register nobody is known not to have answered.

    `submissions` and `contacts` (the file of who was approached, or None) by round.
    """
    parts: dict[str, list[pd.DataFrame]] = {name: [] for name in TABLES}
    cases = {}
    for name, as_cleaned in rounds.items():
        one, path = as_cleaned.without_imputed(), contacts[name]
        hidden = questions_with_hidden_counts(suppressions, name)
        cases[name] = pd.DataFrame(columns=CASES, dtype="str")
        if names_facilities(one.frame):
            own = of_group(register, one.group)
            approached = read_contacts(path, own) if path else None
            cases[name] = dispositions(
                own,
                one.year,
                approached,
                path,  # type: ignore[arg-type]  # read only where there are contacts
                submissions[name],
                one.facilities,
                one.questionnaire,
            )
            provinces = classes_of(own, cases[name], one.year, minimum_cell)["province"]
            parts["response"].append(response_table(name, cases[name], provinces, approached is not None, minimum_cell))
            parts["nonresponse"].append(compare(name, own, cases[name], one.year, settings.seed, minimum_cell))
        # Its test takes everybody to count alike.
        if not is_sample(one.frame):
            parts["mode_effects"].append(
                compare_modes(name, one.facilities, one.questionnaire, settings, minimum_cell, hidden)
            )
        parts["item_nonresponse"].append(
            item_nonresponse(name, one.facilities, one.questionnaire, minimum_cell, hidden)
        )
    # A round in which all answered, or all in one mode, has no rows in some of them.
    tables = {
        name: pd.concat([part for part in own if len(part)] or own or [_nothing(name)], ignore_index=True)
        for name, own in parts.items()
    }
    return tables, cases


def _nothing(name: str) -> pd.DataFrame:
    columns = {column.name: TYPES.get(column.type, "object") for column in declared()[name].columns}
    return pd.DataFrame(columns=list(columns)).astype(columns)
