"""From statements to what follows from them: what each says of the unknowns, and whether a target can be worked out."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from hrmonitor.disclosure.audit.editions import Earlier, added, beside_today
from hrmonitor.disclosure.audit.functions import told_beside
from hrmonitor.disclosure.audit.problem import Problem
from hrmonitor.disclosure.audit.protected import Known, Target
from hrmonitor.disclosure.audit.published import Published
from hrmonitor.disclosure.audit.related import add_groups, together
from hrmonitor.disclosure.audit.samples import finer_than_their_error, told_of_sample
from hrmonitor.disclosure.audit.told import About, add_told
from hrmonitor.editions import FOLDER
from hrmonitor.errors import DisclosureError
from hrmonitor.questionnaire.model import Questionnaire

COLUMNS = ["round", "service", "indicator", "category", "statistic", "reason", "shown_in", "width", "verdict"]
SAFE, SHOWN, NARROWED = "safe", "shown", "narrowed"
# What earlier editions tell by themselves: no later one can take it back.
OUT = "out"
# Ten digits are exact to about this share of a number.
SLACK = 1e-6


# Over 6 parameters: an attack has what is protected, what was published, what is known besides, and the rules.
def audit(
    targets: list[Target],
    published: Published,
    beside: Known,
    forms: dict[str, Questionnaire],
    rounds: list[str],
    confidence: float,
    minimum_spread: int = 10,
    who_answered: dict[str, int] | None = None,
    tests: list[str] | None = None,
    earlier: Earlier | None = None,
) -> pd.DataFrame:
    """`COLUMNS`, one row a target: whether it is printed or can be narrowed beyond its range, and how wide a range is left.

    The width is what anybody can work out from the published files; it tells nothing that they do not. `beside` is what the attacker
    knows besides (`known`). `rounds` in the order of their years; `confidence` is that of the intervals, which turn into counts; `minimum_spread` as in config.yaml;
    `who_answered` and `tests` are what `told_of` and `told_by_tests` find; `earlier`, what editions on record told (`read_earlier`). Files that name a facility, and figures with
    marks of too few of them, have rows of their own.
    """
    rows = _of_samples([one for one in targets if one.parts and one.round in beside.samples], published, forms)
    targets = [one for one in targets if not (one.parts and one.round in beside.samples)]
    today = replace(published, bases=published.bases | beside.bases)
    linear = [one for one in rounds if one not in beside.samples]
    attack = _Attack(today, beside, forms, linear, confidence, [])
    if earlier is not None:
        targets, attack = [*targets, *earlier.targets], attack.with_earlier(earlier)
    by_indicator: dict[str, list[Target]] = {}
    for target in targets:
        by_indicator.setdefault(target.indicator, []).append(target)
    groups = together(attack.beside.alike)
    for group in dict.fromkeys(groups.get(indicator, (indicator,)) for indicator in by_indicator):
        own = [target for indicator in group for target in by_indicator.get(indicator, [])]
        found = _judged_all(group, own, attack, today.statements)
        if earlier is not None and any(row[-1] != SAFE for row in found):
            found = _less_what_is_out(found, _judged_all(group, own, attack.of_editions(), today.statements.head(0)))
        rows += found
    fine = finer_than_their_error(published.statements, beside.samples)
    rows += [(*place, reason, source, np.nan, SHOWN) for *place, reason, source in fine]
    beside_estimates = told_beside(today.statements, today.bases, today.asked, forms, minimum_spread)
    rows += [(*place, reason, source, np.nan, SHOWN) for *place, reason, source in beside_estimates]
    rows += [
        (round_, "", "", "", "answered", f"told of {n} facilities", "", np.nan, NARROWED)
        for round_, n in (who_answered or {}).items()
    ]
    rows += [
        ("", "", "", "", "test", f"the number of a test, {one}", "open_data/findings.csv", np.nan, SHOWN)
        for one in tests or []
    ]
    for verdict_reason, files in (
        ("names a facility", published.ids),
        ("a mark for too few facilities", published.marks),
    ):
        rows += [("", "", "", "", "", verdict_reason, file, np.nan, SHOWN) for file in files]
    table = pd.DataFrame(rows, columns=COLUMNS).astype({"width": float})
    # Quantiles that are fit to print are no cells to protect.
    no_cell = table["width"].isna() & (table["verdict"] == SAFE)
    return table[~no_cell].drop_duplicates().reset_index(drop=True)


def _of_samples(targets: list[Target], published: Published, forms: dict[str, Questionnaire]) -> list[tuple]:
    """The rows of targets in samples, whose numbers are hidden outright or not at all."""
    rows = []
    for target in targets:
        shown = told_of_sample(target, published.statements, published.bases, forms[target.round])
        width, verdict = (np.nan, SHOWN) if shown else (np.inf, SAFE)
        rows.append((*target.name, target.reason, " ".join(shown), width, verdict))
    return rows


@dataclass(frozen=True)
class _Attack:
    """All that an attacker has: `audit`'s parameters, and `unchanged` pairs of unknowns that are the same."""

    published: Published
    beside: Known
    forms: dict[str, Questionnaire]
    rounds: list[str]
    confidence: float
    unchanged: list[tuple[tuple, tuple]]

    def with_earlier(self, earlier: Earlier) -> _Attack:
        """With what editions on record told."""
        return replace(
            self,
            published=beside_today(self.published, earlier.published),
            beside=added(earlier.beside, self.beside),
            forms=earlier.forms | self.forms,
            rounds=[*self.rounds, *earlier.forms],
            unchanged=earlier.unchanged,
        )

    def of_editions(self) -> _Attack:
        """Without what is printed today."""
        statements = self.published.statements
        old = statements["source"].str.startswith(f"{FOLDER}/")
        return replace(self, published=replace(self.published, statements=statements[old]))


def _judged_all(group: tuple[str, ...], targets: list[Target], attack: _Attack, printed: pd.DataFrame) -> list[tuple]:
    """A row for each target of some indicators of which the answers add up; `printed` are the statements that show a target outright."""
    problem = _joint(group, targets, attack)
    return [_judged(target, problem, printed[printed["indicator"] == target.indicator]) for target in targets]


def _less_what_is_out(found: list[tuple], by_editions: list[tuple]) -> list[tuple]:
    """The rows in which what is told is what the editions tell by themselves."""
    return [
        (*row[:-1], OUT) if row[-1] != SAFE and old[-1] != SAFE else row
        for row, old in zip(found, by_editions, strict=True)
    ]


def _joint(group: tuple[str, ...], targets: list[Target], attack: _Attack) -> Problem | None:
    """What is printed of indicators of which the answers add up, as one problem; None if nothing of them could be worked out."""
    if not any(target.parts for target in targets):
        return None
    published, beside = attack.published, attack.beside
    problem = Problem(lower=-np.inf if beside.signed & set(group) else 0.0)
    for indicator in group:
        told = published.statements[published.statements["indicator"] == indicator]
        # Where nothing of an indicator is printed, all is hidden alike, and nobody can guess of which cell the rule is about.
        guessed = {} if told.empty else beside.counts
        problem.values |= {("m", *place): one for place, one in guessed.items() if place[2] == indicator}
        about = About(indicator, problem, published, beside.clients, attack.confidence)
        add_told(about, told, [one for one in targets if one.indicator == indicator], attack.forms, attack.rounds)
    add_groups(problem, beside.alike, group)
    same = [pair for pair in attack.unchanged if all(one in problem.whole for one in pair)]
    problem.constraints += [({now: 1.0, then: -1.0}, 0.0, 0.0) for now, then in same]
    return problem


def _judged(target: Target, problem: Problem | None, told: pd.DataFrame) -> tuple:
    """The row of a target."""
    shown = _shown(target, told)
    if not target.parts or problem is None:
        return (*target.name, target.reason, " ".join(shown), np.nan, SHOWN if shown else SAFE)
    low, high = problem.bounds(target.parts)
    verdict = SHOWN if shown else SAFE if _wide(target, low, high) else NARROWED
    return (*target.name, target.reason, " ".join(shown), high - low, verdict)


def refuse(table: pd.DataFrame) -> None:
    """Raises `DisclosureError` naming the cells that the published files give away, and by which file or that it follows."""
    out = table[~table["verdict"].isin([SAFE, OUT])]
    if out.empty:
        return
    named = [
        f"{'/'.join(part for part in row[:5] if part) or row[6]} "
        f"({row[5]}; {'printed in ' + row[6] if row[8] == SHOWN else 'follows from other numbers'})"
        for row in out.itertuples(index=False)
    ]
    more = f", and {len(named) - 10} more" if len(named) > 10 else ""
    late = (
        " If few facilities answered after an edition on record, leave their answers out until there are more of them."
    )
    unheard = (
        " A number that no public table has may come from answers that nobody hid or rounded: print it from a table; what is yours to say, write "
        "in config.yaml, the form or a document of report/."
    )
    raise DisclosureError(
        f"The published files give away {len(named)} numbers that must be hidden: {'; '.join(named[:10])}{more}. Do not publish results/. "
        "All of them are listed in results/logs/disclosure_audit.csv; what must be hidden is set in `disclosure:` of config.yaml."
        f"{late if 'answered' in set(out['statistic']) else ''}{unheard if 'number' in set(out['statistic']) else ''}"
    )


def _wide(target: Target, low: float, high: float) -> bool:
    slack = SLACK * max(1.0, abs(target.low), abs(target.high))
    return low <= target.low + slack and high >= target.high - slack and high - low >= target.width - slack


def _shown(target: Target, told: pd.DataFrame) -> list[str]:
    """The files that print the target itself."""
    own = told[
        (told["round"] == target.round) & (told["service"] == target.service) & (told["category"] == target.category)
    ]
    own = own[own["round_from"] == ""]
    if target.parts:
        says = {"share": ["share"], "theme": ["theme"], "sum": ["mean", "total"], "client_mean": ["client_mean"]}
        return sorted(set(own.loc[own["statistic"].isin(says.get(target.statistic, [])), "source"]))
    estimate = own[own["statistic"] == target.statistic]
    files = set(estimate.loc[(estimate["high"] < target.low) | (estimate["low"] > target.high), "source"])
    if target.low > target.high:
        files |= set(estimate["source"])
    for end in ("ci_low", "ci_high"):
        limit = own[own["statistic"] == f"{target.statistic}/{end}"]
        files |= set(limit.loc[(limit["high"] < target.low) | (limit["low"] > target.high), "source"])
    return sorted(files)
