"""Our own indicators beside published figures, as comparisons.csv declares the pairs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from hrmonitor.survey import Round
from hrmonitor.tabulation.against_published import (
    answered_pairs,
    compare_with_published,
    own_counts,
    read_comparisons,
    read_derived,
    read_reference,
)


def against_published(
    rounds: Mapping[str, Round],
    indicators: pd.DataFrame,
    services: Sequence[str],
    reference: str | Path,
    languages: Sequence[str],
) -> tuple[pd.DataFrame, list[str]]:
    """One row a pair (`tabulation.against_published.BESIDE_COLUMNS`), and notes on pairs left out as nobody of a service answered.

    `reference` is the folder of published figures, `services` those of the register. Raises `UserError` for a pair that is wrong.
    """
    derived = read_derived(reference)
    counts = [own_counts(name, round_.facilities, round_.frame, indicators, derived) for name, round_ in rounds.items()]
    ours = pd.concat([indicators, *counts], ignore_index=True)
    forms = {name: round_.questionnaire for name, round_ in rounds.items()}
    comparisons, notes = answered_pairs(read_comparisons(reference, languages), ours, forms, list(services), derived)
    return compare_with_published(comparisons, ours, read_reference(reference), reference), notes
