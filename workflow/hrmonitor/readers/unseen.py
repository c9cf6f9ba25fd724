"""Boxes that nobody saw: where a tool writes 0 for them, a 0 is not a no."""

from __future__ import annotations

import pandas as pd

from hrmonitor.questionnaire.model import Questionnaire
from hrmonitor.readers.export import Export
from hrmonitor.readers.matching import Target

# What Kobo, ODK Central and REDCap write for a box without a tick.
NO = {"0", "0.0", "false", "no", "nee", "unchecked"}


def blank_unseen(export: Export, targets: list[Target | None], questionnaire: Questionnaire) -> None:
    """Empty, in `export.data`, the boxes of a question that all say no where `export.unseen` has them all."""
    if export.unseen is False:
        return
    count = 0
    for question in questionnaire.answerable:
        places = [place for place, target in enumerate(targets) if target and target[0] == question.name and target[1]]
        if question.kind != "select_multiple" or not places:
            continue
        boxes = export.data[places]
        no = boxes.map(lambda text: text.strip().casefold() in NO, na_action="ignore").eq(True) | boxes.isna()
        untold = no.all(axis=1) & boxes.notna().any(axis=1)
        if isinstance(export.unseen, pd.DataFrame):
            untold &= export.unseen[places].all(axis=1)
        export.data[places] = boxes.mask(untold, axis=0)
        count += int(untold.sum())
    if count:
        export.facts.append(f"{count} times all boxes of a question say no where nobody need have seen them: no answer")
