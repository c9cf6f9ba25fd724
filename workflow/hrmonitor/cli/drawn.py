"""What `check` tells of a round without a register: how many answered, and how they were drawn."""

from __future__ import annotations

import numpy as np

from hrmonitor.cli.decisions.reading import RoundReading
from hrmonitor.cli.hidden_tests import round_of
from hrmonitor.cli.table import Table
from hrmonitor.errors import UserError
from hrmonitor.estimation.sampling_design import drawn_design
from hrmonitor.project.frame import is_sample


def drawn(reading: RoundReading, stops: list[str]) -> Table:
    """One row a fact. What would stop a build, such as a missing weight, is added to `stops` by its file and row."""
    table = Table("Who answered, and how they were drawn", ["what", "number"], empty="See the end.")
    frame = reading.round_.frame
    if frame is None or reading.responses is None:
        return table
    try:
        one = round_of(reading)
        design = drawn_design(one.facilities, one.frame) if is_sample(one.frame) else None
    except UserError as error:
        stops.append(str(error).split("\n")[0])
        return table
    answered = len(one.facilities["facility_id"])
    table.rows = [
        ["known by", f"the question {frame.identity}" if frame.identity else "the row: each is another respondent"],
        ["respondents", str(answered)],
    ]
    if design is None or design.units is None:
        return table
    table.rows += [
        ["strata", str(len(design.coded[0]))],
        ["primary sampling units", str(len(design.units.owner))],
        ["known of the population", "nothing" if design.units.endless else "the number of primary sampling units"],
    ]
    if frame.design and frame.design.weight:
        low, high = (f"{end:g}" for end in (design.weights.min(), design.weights.max()))
        table.rows.append(["weights", f"{low} to {high}, adding up to {design.weights.sum():,.6g}"])
        # Kish 1965: what unequal weights alone cost.
        worth = design.weights.sum() ** 2 / (design.weights**2).sum()
        table.rows.append(["answers that are worth as much, weighted alike", str(int(np.round(worth)))])
    return table
