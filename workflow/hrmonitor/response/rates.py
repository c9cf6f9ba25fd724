"""AAPOR outcome rates and contact outcomes, for all facilities, by type of service, province and mode."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from hrmonitor.disclosure.small_groups import pool_small
from hrmonitor.response.dispositions import CODES, OUTCOMES

COLUMNS = ["round", "group", "level", "statistic", "n", "population", "estimate", "suppressed"]
RATES = ("RR1", "RR2", "RR3", "RR4", "RR5", "RR6", "COOP1", "CON1", "REF1")
NOT_APPROACHED = "not_approached"
# What is open about a group in any case: how many facilities there are and how many of them answered, as in the response flow.
OPEN = ("facilities", "complete", "partial", "RR1", "RR2", "contact_interviewed", "contact_returned")


def eligible_share(counts: Mapping[str, int]) -> float:
    """AAPOR's e: the eligible among the facilities whose eligibility is known; 1 where none was found ineligible."""
    eligible = sum(counts.get(name, 0) for name, code in CODES.items() if code[0] in "12")
    known = eligible + counts.get("not_eligible", 0)
    return eligible / known if known else 1.0


def outcome_rates(counts: Mapping[str, int], e: float) -> dict[str, tuple[float, float]]:
    """Rate -> (numerator, denominator) from counts by disposition (AAPOR, Standard Definitions, 10th ed., 2023).

    I complete, P partial, R refusal and break-off, NC non-contact, O other, UH not attempted, UO otherwise unknown:
    RR1 = I / (I+P + R+NC+O + UH+UO), RR3 with e(UH+UO) there and RR5 without; RR2, RR4 and RR6 are the same with I+P above.
    COOP1 = I / (I+P+R+O), CON1 = (I+P+R+O) / (I+P + R+O+NC + UH+UO), REF1 = R / (I+P + R+NC+O + UH+UO).
    """
    complete, partial, refused, break_off, silent, other, not_attempted, unknown = (
        counts.get(name, 0) for name in CODES if name != "not_eligible"
    )
    answered, refused, unsure = complete + partial, refused + break_off, not_attempted + unknown
    eligible = answered + refused + silent + other
    contacted = answered + refused + other
    return {
        "RR1": (complete, eligible + unsure),
        "RR2": (answered, eligible + unsure),
        "RR3": (complete, eligible + e * unsure),
        "RR4": (answered, eligible + e * unsure),
        "RR5": (complete, eligible),
        "RR6": (answered, eligible),
        "COOP1": (complete, contacted),
        "CON1": (contacted, eligible + unsure),
        "REF1": (refused, eligible + unsure),
    }


def response_table(round_: str, cases: pd.DataFrame, contacts_known: bool, minimum_cell: int) -> pd.DataFrame:
    """Counts by disposition, contact outcomes and rates in `COLUMNS`; `estimate` is n / population.

    `cases` is the table of `dispositions`. Provinces with fewer than `minimum_cell` facilities are one level, `other`. Where
    fewer than that did not answer, the reasons are not shown (`suppressed`), nor are those of the next smallest group when
    the total would give them away. By mode there are only the facilities that answered: nobody has a mode before.
    e is one for the round, as no group has enough facilities for its own. Without contacts, rates of contact,
    cooperation and refusal are not there.
    """
    e = eligible_share(cases["disposition"].value_counts())
    provinces = cases.assign(province=pool_small(cases["province"], minimum_cell))
    answered = cases[cases["mode"] != ""]
    if (answered["mode"].value_counts() < minimum_cell).any():
        answered = answered.iloc[:0]
    parts = [_rows("all", "all", cases, e, contacts_known)]
    for group, table in (("service", cases), ("province", provinces)):
        levels = {level: part for level, part in table.groupby(group, sort=True)}
        rows = [_rows(group, level, part, e, contacts_known) for level, part in levels.items()]
        parts.append(_without_reasons(pd.concat(rows), levels, minimum_cell))
    for mode, part in answered.groupby("mode", sort=True):
        rows = _rows("mode", mode, part, e, contacts_known)
        by_answers = rows["statistic"].isin(["facilities", "complete", "partial", "break_off"])
        parts.append(rows[by_answers | (rows["statistic"].str.startswith("contact_") & (rows["n"] > 0))])
    table = pd.concat(parts, ignore_index=True)
    return table.assign(round=round_)[COLUMNS]


def _rows(group: str, level: str, cases: pd.DataFrame, e: float, contacts_known: bool) -> pd.DataFrame:
    counts = cases["disposition"].value_counts()
    found: list[tuple[str, float, float]] = [("facilities", len(cases), len(cases))]
    found += [(name, int(counts.get(name, 0)), len(cases)) for name in CODES]
    if contacts_known:
        outcomes = cases["outcome"].replace("", NOT_APPROACHED).value_counts()
        found += [(f"contact_{name}", int(outcomes.get(name, 0)), len(cases)) for name in (*OUTCOMES, NOT_APPROACHED)]
    for name, (n, population) in outcome_rates(counts, e).items():
        if contacts_known or name.startswith("RR"):
            found.append((name, n, population))
    if group == "all":
        found.append(("e", e, 1))
    rows = pd.DataFrame(found, columns=["statistic", "n", "population"]).astype({"n": float, "population": float})
    rows["estimate"] = (rows["n"] / rows["population"]).where(rows["population"] > 0)
    return rows.assign(group=group, level=level, suppressed=False)


def _without_reasons(rows: pd.DataFrame, levels: dict[str, pd.DataFrame], minimum_cell: int) -> pd.DataFrame:
    """Blank why facilities did not answer where so few did not that the reason could be laid at somebody's door."""
    silent = pd.Series({level: int((part["mode"] == "").sum()) for level, part in levels.items()}).sort_values()
    silent = silent[silent > 0]
    number = int((silent < minimum_cell).sum())
    # All levels together are known, so those that are hidden must have enough between them: one alone never has.
    while number and number < len(silent) and silent.iloc[:number].sum() < minimum_cell:
        number += 1
    few = silent.index[:number]
    hidden = rows["level"].isin(few) & ~rows["statistic"].isin(OPEN)
    rows = rows.assign(suppressed=hidden)
    rows.loc[hidden, ["n", "population", "estimate"]] = float("nan")
    return rows
