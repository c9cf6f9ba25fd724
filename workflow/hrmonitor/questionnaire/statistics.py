"""The statistics that a form may ask for in its column `statistic`, and what each is of.

What they mean, and how disclosure control treats them, is declared in `estimation.statistics`; that module refuses to load when the
two do not name the same statistics.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Asked:
    """What a form says by a name: `of` choices or numbers; `weighted` when it needs `weighted_by`; `adds` up facilities; `p` of a quantile."""

    of: str
    weighted: bool = False
    adds: bool = False
    p: float | None = None


STATISTICS = {
    "share": Asked("choices"),
    "mean": Asked("numbers"),
    "client_mean": Asked("numbers", weighted=True),
    "total": Asked("numbers", adds=True),
    "p10": Asked("numbers", p=0.1),
    "p25": Asked("numbers", p=0.25),
    "median": Asked("numbers", p=0.5),
    "p75": Asked("numbers", p=0.75),
    "p90": Asked("numbers", p=0.9),
}
QUANTILES = {name: asked.p for name, asked in STATISTICS.items() if asked.p is not None}
# Units of a count of people, and the unit of their sum over facilities: who visits two of them is in it twice.
PEOPLE = ("persons", "people", "clients", "patients", "participants")
REGISTRATIONS = "registrations"
WEIGHTED = tuple(name for name, asked in STATISTICS.items() if asked.weighted)
