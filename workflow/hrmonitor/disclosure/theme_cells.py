"""Themes in open answers: small counts by type of service, and what would give them away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from hrmonitor.disclosure.complementary import hidden_cells
from hrmonitor.disclosure.linked_cells import Cell, Secret, System, Unknown
from hrmonitor.disclosure.rounding import COARSE, coarse, to_coarse
from hrmonitor.disclosure.rules import Rules, runs, too_few
from hrmonitor.editions import Edition
from hrmonitor.project.config import Finding

NUMBERS = ["estimate", "ci_low", "ci_high"]
ALL = "all"
P_DIGITS = 3


# Over 6 parameters: the table goes with what it was made of, the rules, and what other publications show or need of it.
def hide_themes(
    themes: pd.DataFrame, settled: pd.DataFrame, organisations: pd.Series, rules: Rules, kept: set[tuple[str, str]],
    editions: Sequence[Edition] = (),
) -> pd.DataFrame:  # fmt: skip
    """The estimates of themes (`themes.prevalence.COLUMNS`) with confidential cells blank and their totals in whole per cents.

    A share is hidden where too few facilities were coded or so few of them bring the theme up that they could be told; with it what
    would give it away. `settled` has the coded answers, `organisations` is facility_id -> organisation; the totals of themes in
    `kept` (question, theme) stay, because a finding rests on them. What `editions` printed stays printed.
    """
    table = themes.copy()
    table["estimate"] = table["estimate"].astype(float)
    for (question, theme), group in table.groupby(["question", "theme"], sort=False):
        coded = settled[(settled["question"] == question) & (settled["theme"] == theme)]
        system = _system(group, coded, organisations, rules, (question, theme) in kept)
        for edition in editions:
            _add_edition(system, group, coded, edition, organisations, rules)
        hidden = hidden_cells(system).cells
        if not hidden:
            continue
        of_group = table.index.isin(group.index)
        table.loc[of_group & table["service"].isin([name[0] for name in hidden]), NUMBERS] = np.nan
        rest = of_group & (table["service"] == ALL)
        table.loc[rest, NUMBERS] = coarse(table.loc[rest, NUMBERS])
        # The interval is a function of the parts that are hidden.
        table.loc[rest, NUMBERS[1:]] = np.nan
    return table


def _system(group: pd.DataFrame, coded: pd.DataFrame, organisations: pd.Series, rules: Rules, kept: bool) -> System:
    system, weights = System(), {}
    for row in group[group["n"] > 0].to_dict("records"):
        name = (row["service"],)
        if row["service"] == ALL:
            continue
        count, n = round(row["estimate"] * row["n"]), int(row["n"])
        system.unknowns[name] = Unknown(count, n, True)
        system.cells[name] = Cell({name: 1.0}, n)
        weights[name] = row["population"] / n
        own = coded.loc[coded["service"] == row["service"], "facility_id"].map(organisations)
        few = too_few(own, rules)
        if not few:
            # Who knows the rule knows which counts it hides.
            alike = [m for m in range(n + 1) if _small(m, rules) == _small(count, rules)]
            system.unknowns[name] = Unknown(count, n, True, runs=runs(alike))
        if few or _small(count, rules):
            system.secrets[name] = Secret({name: 1.0}, count, count, 1.0, (name,), "primary_count")
    if len(weights) > 1:
        size = sum(weight * system.unknowns[name].upper for name, weight in weights.items())
        loss = np.inf if kept else float(group["n"].max())
        printed = size * float(to_coarse(system.value(weights) / size))
        system.cells[(ALL,)] = Cell(weights, loss, size * COARSE / 2, printed)
        if _small(sum(unknown.value for unknown in system.unknowns.values()), rules):
            # That the total is hidden says that so few bring the theme up: with it goes where they do, and where nobody does.
            every = tuple(system.cells)
            system.secrets = {name: replace(one, stated_by=every) for name, one in system.secrets.items()}
    return system


# Over 6 parameters: as `hide_themes`, of one theme.
def _add_edition(
    system: System, group: pd.DataFrame, coded: pd.DataFrame, edition: Edition, organisations: pd.Series, rules: Rules
) -> None:
    """What an edition printed of the theme cannot be hidden; how far today's counts are from those of the edition is a secret if few made the difference."""
    place = ["round", "question", "theme"]
    wanted = group.iloc[0][place].to_dict()
    printed, then = (
        table[(table[place].astype("str") == pd.Series(wanted)).all(axis=1)] if len(table) else table
        for table in (edition.themes, edition.coded)
    )
    if printed.empty:
        return
    before, after = (one.set_index("facility_id")["present"].astype(float) for one in (then, coded))
    services = pd.concat([one.set_index("facility_id")["service"] for one in (coded, then)])
    services = services[~services.index.duplicated()]
    before, after = before.reindex(services.index), after.reindex(services.index)
    moved = (after.fillna(0.0) - before.fillna(0.0))[~((before == after) | (before.isna() & after.isna()))]
    sizes = [table.set_index("service")[["n", "population"]].astype(int).sort_index() for table in (group, printed)]
    if moved.empty and sizes[0].equals(sizes[1]):
        for row in printed[printed["estimate"].notna()].to_dict("records"):
            if (row["service"],) in system.cells:
                system.cells[row["service"],] = replace(system.cells[row["service"],], weight=np.inf)
        return
    weights: dict[tuple, float] = {}
    for row in printed[(printed["n"] > 0) & (printed["service"] != ALL)].to_dict("records"):
        unknown, n = (edition.name, row["service"]), int(row["n"])
        system.unknowns[unknown] = Unknown(float(before[services == row["service"]].sum()), n, True)
        weights[unknown] = row["population"] / n
        if pd.notna(row["estimate"]):
            system.cells[unknown] = Cell({unknown: 1.0}, np.inf)
    for row in printed[(printed["service"] == ALL) & printed["estimate"].notna()].to_dict("records"):
        size = sum(weight * system.unknowns[name].upper for name, weight in weights.items())
        rounded = pd.isna(row["ci_low"])
        system.cells[edition.name, ALL] = Cell(
            weights, np.inf, size * COARSE / 2 if rounded else 0.0, size * row["estimate"] if rounded else None
        )
    for service, own in services.groupby(services):
        name, its = ("difference", edition.name, str(service)), own.index.intersection(moved.index)
        factors = {one: sign for one, sign in (((str(service),), 1.0), ((edition.name, str(service)), -1.0)) if one in system.unknowns}  # fmt: skip
        if not factors:
            continue
        difference = float(moved[its].sum())
        system.unknowns[name] = Unknown(difference, len(its), True, -float(len(its)))
        system.known.append(({**factors, name: -1.0}, 0.0))
        if too_few(its.to_series().map(organisations), rules):
            system.secrets[name] = Secret({name: 1.0}, difference, difference, 1.0, (), "primary_count")


def _small(count: float, rules: Rules) -> bool:
    """Too few bring the theme up. Of a minimum of two that is one, and who knows the rule would know it: then nobody counts as few too."""
    return min(1, rules.minimum_cell - 2) <= count < rules.minimum_cell


def without_digits(findings: pd.DataFrame, tested: Mapping[str, Finding], themes: pd.DataFrame) -> pd.DataFrame:
    """Findings with the totals of themes of which a part is hidden in whole per cents without interval, and their p values in three digits.

    `tested` are the findings of config.yaml.
    """
    parts = themes[(themes["service"] != ALL) & (themes["n"] > 0)]
    partly = set(parts.loc[parts["estimate"].isna(), ["round", "question", "theme"]].itertuples(index=False, name=None))
    table = findings.copy()
    for name, rows in table.groupby("finding", sort=False):
        for index, test in zip(rows.index, tested[name].tests, strict=True):
            if test.theme and (tested[name].round, test.question, test.theme) in partly:
                table.loc[[index], NUMBERS[:1]] = coarse(table.loc[[index], NUMBERS[:1]])
                # As in the table of themes: the interval, and what would overturn it, are functions of the hidden parts.
                table.loc[index, NUMBERS[1:]] = np.nan
                table.loc[index, "overturn"] = pd.NA
                table.loc[[index], ["p", "p_holm"]] = table.loc[[index], ["p", "p_holm"]].astype(float).round(P_DIGITS)
    return table
