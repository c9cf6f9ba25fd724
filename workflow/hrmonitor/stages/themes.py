"""Themes in the open answers of the rounds that were coded, and how the coders came to them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import pandas as pd

from hrmonitor.disclosure.rules import Rules
from hrmonitor.disclosure.theme_cells import hide_themes
from hrmonitor.editions import Edition
from hrmonitor.estimation.sampling_design import EstimationSettings
from hrmonitor.project.register import frame_of_year, of_group
from hrmonitor.themes.agreement import AGREEMENT, CONFUSION, agreement_table, confusion_table
from hrmonitor.themes.codebook import read_themes
from hrmonitor.themes.coding import answers_to_code, read_coding, side_by_side
from hrmonitor.themes.prevalence import COLUMNS, QUOTES, SETTLED, adjudicate, cleared_quotes, estimate_themes
from hrmonitor.themes.saturation import SATURATION, saturation_table

HEADINGS = {
    "themes": COLUMNS,
    "agreement": AGREEMENT,
    "confusion": CONFUSION,
    "saturation": SATURATION,
    "basis": SETTLED,
    "quotes": QUOTES,
}


# Over 6 parameters: rounds, their answers and register, how to estimate and what to hide, and what must stay.
def themes(
    rounds: Mapping[str, Mapping],
    answers: Mapping[str, tuple[pd.DataFrame, pd.DataFrame]],
    register: pd.DataFrame,
    settings: EstimationSettings,
    rules: Rules,
    tested: Collection[tuple[str, str, str]],
    editions: Sequence[Edition] = (),
) -> tuple[dict[str, pd.DataFrame], list[str]]:
    """The tables of `HEADINGS` over all rounds, hidden cells blank, and notes on where the themes were taken from.

    `rounds` gives `year` and `coding` (paths of `themes`, `coders`, `consensus`) of each coded round; `answers` its responses and
    submissions; `tested` are (round, question, theme) that a finding rests on, which stay where they can; so does what `editions` printed. Raises `CleaningError`.
    """
    tables = {name: [pd.DataFrame(columns=heading)] for name, heading in HEADINGS.items()}
    notes: list[str] = []
    for name, round_ in rounds.items():
        responses, submissions = answers[name]
        own, told = _of_round(name, round_, responses, submissions, register, settings)
        organisations = register.set_index("facility_id")["organisation"]
        of_round = {(question, theme) for in_round, question, theme in tested if in_round == name}
        own["themes"] = hide_themes(own["themes"], own["basis"], organisations, rules, of_round, editions)
        for table, part in own.items():
            tables[table].append(part)
        notes += told
    joined = {
        name: pd.concat([part for part in parts if len(part)] or parts, ignore_index=True)
        for name, parts in tables.items()
    }
    return joined, notes


def _of_round(
    name: str,
    round_: Mapping,
    responses: pd.DataFrame,
    submissions: pd.DataFrame,
    register: pd.DataFrame,
    settings: EstimationSettings,
) -> tuple[dict[str, pd.DataFrame], list[str]]:
    files = round_["coding"]
    book = read_themes(files["themes"])
    answers = answers_to_code(name, book, responses, submissions, register, settings.seed)
    coders = [read_coding(path, book, answers) for path in files.get("coders", [])]
    consensus = read_coding(files["consensus"], book, answers) if "consensus" in files else None
    wide, told = side_by_side(coders, answers)
    settled = adjudicate(name, wide, consensus, answers)
    organisations = register.set_index("facility_id")["organisation"]
    agreement = agreement_table(name, book, wide, organisations, settings.confidence, settings.seed)
    alphas = agreement[agreement["statistic"] == "alpha"].set_index(["question", "theme"])["estimate"].to_dict()
    frame = frame_of_year(of_group(register, round_.get("group")), round_["year"])
    tables = {
        "themes": estimate_themes(name, book, settled, alphas, frame, settings),
        "agreement": agreement,
        "confusion": confusion_table(name, book, wide),
        "saturation": saturation_table(name, settled, settings.seed),
        "basis": settled,
        "quotes": cleared_quotes(name, [*coders, *([consensus] if consensus else [])], answers, settled),
    }
    counts = settled.groupby("basis").size()
    notes = [f"{name}: {note}" for note in [*told, *(consensus.notes if consensus else [])]]
    notes += [f"{name}: {number} themes of answers taken from: {basis}" for basis, number in counts.items()]
    return tables, notes
