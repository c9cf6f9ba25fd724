"""Groups of rounds (countries, regions, cities) side by side, of the latest round of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from hrmonitor.declarations.tables import tables
from hrmonitor.project.config import Groups
from hrmonitor.questionnaire.model import Questionnaire
from hrmonitor.questionnaire.side_by_side import comparability_of, standings
from hrmonitor.tabulation.groups import beside_each_other, types_of


def groups(
    rounds: Mapping[str, str],
    forms: Mapping[str, Questionnaire],
    indicators: pd.DataFrame,
    settings: Groups,
    languages: Sequence[str],
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(the tables groups, group_comparability). `rounds` gives the latest round of each group, in the order of the report, `forms` its form.

    `indicators` are those that are published. Nothing is computed anew: what is hidden there is hidden here, no two groups are added up, and
    which rows there are follows from forms and published rows alone.
    """
    found = standings(forms)
    table = beside_each_other(indicators, found, rounds, settings.services)
    names = {
        f"group_{lang}": table["group"].map({code: name[lang] for code, name in settings.names.items()})
        for lang in languages
    }
    table = table.assign(**names)[tables()["groups"].names(list(languages))]
    compared = comparability_of(found, rounds, languages)
    types = types_of(indicators, rounds)
    places = zip(compared["indicator"], compared["group"], strict=True)
    compared["services"] = [types.get(place, "") for place in places]
    return table, compared[tables()["group_comparability"].names(list(languages))]
