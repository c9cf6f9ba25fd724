"""AAPOR outcome rates and contact outcomes, for all facilities, by type of service, province and mode."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from hrmonitor.response.dispositions import CODES, OUTCOMES

COLUMNS = ["round", "group", "level", "statistic", "n", "population", "estimate", "suppressed"]
RATES = ("RR1", "RR2", "RR3", "RR4", "RR5", "RR6", "COOP1", "CON1", "REF1")
NOT_APPROACHED = "not_approached"
# What is open about a group in any case: how many facilities there are and how many of them answered, as in the response flow.
OPEN = ("facilities", "RR2")
CONTACT = "contact_"


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


def response_table(
    round_: str, cases: pd.DataFrame, provinces: pd.Series, contacts_known: bool, minimum_cell: int
) -> pd.DataFrame:
    """Counts by disposition, contact outcomes and rates in `COLUMNS`; `estimate` is n / population.

    `cases` is the table of `dispositions`, `provinces` the class of each (`nonresponse.classes_of`). Where fewer than `minimum_cell`
    facilities of a service or province ended up in one way, only how many of them answered is shown (the rest is `suppressed`), also of
    the next smallest groups when the total would give them away. By mode there are only the facilities that answered: nobody has a mode before.
    e is one for the round, as no group has enough facilities for its own. Without contacts, rates of contact,
    cooperation and refusal are not there.
    """
    e = eligible_share(cases["disposition"].value_counts())
    by_province = cases.assign(province=provinces.to_numpy())
    answered = cases[cases["mode"] != ""]
    if (answered["mode"].value_counts() < minimum_cell).any():
        answered = answered.iloc[:0]
    parts = [_rows("all", "all", cases, e, contacts_known)]
    for group, table in (("service", cases), ("province", by_province)):
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
    """Blank how facilities ended up where so few did in one way that it could be laid at somebody's door."""
    if len(levels) < 2:
        return rows
    counts = rows[rows["statistic"].isin(CODES) | rows["statistic"].str.startswith(CONTACT)]
    wide = counts.pivot(index="level", columns="statistic", values="n").astype(int)
    silent = pd.Series({level: int((part["mode"] == "").sum()) for level, part in levels.items()}).sort_values(
        kind="stable"
    )
    contact = [name for name in wide if name.startswith(CONTACT)]
    few = _few(wide.drop(columns=contact), silent, minimum_cell, set())
    # What was said of a contact tells the disposition as well.
    few_contacts = _few(wide, silent, minimum_cell, few) if contact else set()
    of_contact = rows["statistic"].str.startswith(CONTACT)
    hidden = np.where(of_contact, rows["level"].isin(few_contacts), rows["level"].isin(few))
    hidden &= ~rows["statistic"].isin(OPEN)
    rows = rows.assign(suppressed=hidden)
    rows.loc[hidden, ["n", "population", "estimate"]] = float("nan")
    return rows


def _few(wide: pd.DataFrame, silent: pd.Series, minimum_cell: int, hidden: set[str]) -> set[str]:
    """Levels of which some count is small, and as many others that between them no count is: all levels together are known."""
    hidden = hidden | set(wide.index[((wide > 0) & (wide < minimum_cell)).any(axis=1)])
    others = [level for level in silent.index if level not in hidden and silent[level] > 0]

    def enough(levels: set[str]) -> bool:
        together = wide.loc[sorted(levels)].sum()
        return len(levels) > 1 and not ((together > 0) & (together < minimum_cell)).any()

    while hidden and others and not enough(hidden):
        # The smallest that is enough, or the smallest on the way.
        hidden.add(next((level for level in others if enough(hidden | {level})), others[0]))
        others = [level for level in others if level not in hidden]
    return hidden
