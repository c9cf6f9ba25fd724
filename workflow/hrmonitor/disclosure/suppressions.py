"""Which cells of the rounds of a survey are hidden, and why; and hiding them.

The pattern has no values, and every table that shows the same numbers uses it. It is not published: why a cell is hidden says that a
small count is 1 or 2, and that what was hidden with it is neither. Published tables say only that a cell is hidden. `table` is `indicators`, `changes`
or `companions` (questions, by name, of which the codebook, the questions left open and the mode effects would repeat hidden counts).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np
import pandas as pd

from hrmonitor.disclosure.complementary import hidden_cells
from hrmonitor.disclosure.editions import add_editions, beside, notes_of
from hrmonitor.disclosure.linked_cells import System
from hrmonitor.disclosure.related import joint, related
from hrmonitor.disclosure.rounded_counts import SAID as ROUNDED_TO
from hrmonitor.disclosure.rounded_counts import cells, changes_of, is_rounded
from hrmonitor.disclosure.rounding import COARSE, coarse
from hrmonitor.disclosure.rules import Rules
from hrmonitor.disclosure.samples import hidden_of_sample
from hrmonitor.disclosure.systems import COUNT, in_both, system_of, unsafe_quantiles
from hrmonitor.editions import Edition
from hrmonitor.errors import ComparisonError, ConfigError
from hrmonitor.estimation.sampling_design import EstimationSettings
from hrmonitor.estimation.statistics import stating, treated
from hrmonitor.project.frame import is_sample
from hrmonitor.questionnaire.comparability import comparable
from hrmonitor.questionnaire.model import Question, Questionnaire
from hrmonitor.survey import Round, pairs_of
from hrmonitor.tabulation.indicators import ALL

COLUMNS = ["table", "round_from", "round", "service", "indicator", "category", "statistic", "reason"]
COMPLEMENTARY, ROUNDED = "complementary", "rounded"
# How many were asked is how many gave an answer that is hidden.
FOLLOW_UP = "follow_up"
# What published tables say of a cell.
HIDDEN = "hidden"
# Reasons that say how a cell is treated.
SAID = (ROUNDED, FOLLOW_UP, *ROUNDED_TO.values())


def find_pattern(
    rounds: list[Round], settings: EstimationSettings, rules: Rules, editions: Sequence[Edition] = ()
) -> tuple[pd.DataFrame, list[str]]:
    """(`COLUMNS`, one row a hidden or rounded cell; what a user should know). `rounds` are in the order of their years; what
    `editions` printed stays printed.

    Raises `ConfigError` when an indicator is called sensitive that does not exist or whose follow-up questions would tell it.
    """
    _check_sensitive(rounds, rules)
    _check_editions(editions, rounds, rules)
    indicators = list(dict.fromkeys(name for one in rounds for name in one.questionnaire.by_indicator))
    samples = [one for one in rounds if is_sample(one.frame)]
    rows: list[tuple] = []
    asked: list[tuple] = []
    notes = notes_of(editions, rounds, rules)
    for indicator in indicators:
        quantiles = list(unsafe_quantiles(indicator, rounds, settings, rules))
        rows += [_row(name, COUNT) for name in quantiles]
        rows += _companions_of_medians(quantiles, rounds)
    rounds = [one for one in rounds if one not in samples]
    for one in samples:
        for group in related(list(one.questionnaire.by_indicator), [one]):
            system, hidden = hidden_of_sample(group, one, settings, rules)
            reasons = {name: secret.reason for secret in system.secrets.values() for name in secret.stated_by}
            rows += [_row(name, reasons.get(name, COMPLEMENTARY)) for name in sorted(hidden)]
            rows += _companions(hidden, [one])
            asked += _follow_up_cells(hidden, [one])
    rounded = {name for name in indicators if any(is_rounded(question, rules) for question in _asked(name, rounds))}
    for indicator in sorted(rounded):
        rows += _rounded_cells(indicator, rounds, settings, rules)
    for group in related([name for name in indicators if name not in rounded], rounds):
        earlier = beside(group, rounds, editions)
        systems = {indicator: system_of(indicator, rounds, settings, rules) for indicator in group}
        for indicator, own in systems.items():
            add_editions(own, indicator, earlier, settings, rules)
        then = [one for edition in earlier for one in edition.then if one not in edition.edition.rounds.values()]
        system = systems[group[0]] if len(group) == 1 else joint(systems, [*rounds, *then], rules)
        if not system.secrets:
            continue
        found = hidden_cells(system)
        hidden, named = found.cells, ", ".join(group)
        if not found.kept:
            notes.append(f"{named}: what everybody knows tells a confidential number; nothing of it is shown.")
        elif found.gap:
            notes.append(
                f"{named}: too many cells to choose the best from; at most {found.gap:.1%} of what is hidden could be shown."
            )
        reasons = {name: secret.reason for secret in system.secrets.values() for name in secret.stated_by}
        rows += [_row(name, reasons.get(name, COMPLEMENTARY)) for name in sorted(hidden)]
        for indicator in group:
            rows += _changes_of_all(indicator, {name for name in hidden if name[4] == indicator}, rounds)
        rows += _rounded(system, hidden)
        rows += _companions(hidden, rounds)
        asked += _follow_up_cells(hidden, rounds)
    # First, as the first reason counts.
    table = pd.DataFrame(asked + rows, columns=COLUMNS).drop_duplicates(COLUMNS[:-1])
    return table.sort_values(COLUMNS, kind="stable").reset_index(drop=True), notes


def _row(name: tuple, reason: str) -> tuple:
    return (*name, reason)


def _changes_of_all(indicator: str, hidden: set[tuple], rounds: list[Round]) -> list[tuple]:
    """The changes of all services together go with any part of them: how they are weighted is not in the system."""
    touched = {round_ for name in hidden for round_ in (name[1], name[2])}
    rows = []
    for earlier, later in pairs_of(rounds):
        try:
            link = comparable(earlier.questionnaire, later.questionnaire, indicator)
        except (ComparisonError, KeyError):
            continue
        if len(in_both(link, earlier, later)) < 2 or not {earlier.name, later.name} & touched:
            continue
        question = link.later
        shares = question.kind.startswith("select")
        for category in question.codes if shares else [""]:
            for statistic in ("change", "paired_change") if shares else ("change", "paired_change", "paired_ratio"):
                name = ("changes", earlier.name, later.name, ALL, indicator, category, statistic)
                rows.append(_row(name, COMPLEMENTARY))
    return rows


def _rounded(system: System, hidden: set[tuple]) -> list[tuple]:
    """Shares of all services of which a part is hidden, themselves shown: without the digits that would tell the part."""
    parts = {name[:3] + name[4:] for name in hidden if name[0] == "indicators"}
    return [
        _row(name, ROUNDED)
        for name, cell in system.cells.items()
        if name not in hidden and cell.slack >= COARSE / 2 and name[3] == ALL and name[:3] + name[4:] in parts
    ]


def _asked(indicator: str, rounds: list[Round]) -> list[Question]:
    return [one.questionnaire.by_indicator[indicator] for one in rounds if indicator in one.questionnaire.by_indicator]


def _rounded_cells(indicator: str, rounds: list[Round], settings: EstimationSettings, rules: Rules) -> list[tuple]:
    """The shares of an indicator of which counts are rounded, and whatever else is a function of its counts."""
    rows, shares = [], set()
    for one in rounds:
        question = one.questionnaire.by_indicator.get(indicator)
        for service, category, shown in cells(question, one, settings, rules) if question else []:
            name = ("indicators", "", one.name, service, indicator, category, "share")
            few = COMPLEMENTARY if service == ALL else COUNT
            rows.append(_row(name, ROUNDED_TO[rules.round_sensitive] if shown else few))
            shares.add(name)
    rows += [_row(name, COMPLEMENTARY) for name in changes_of(indicator, rounds)]
    return rows + _companions(shares, rounds)


def _companions(hidden: set[tuple], rounds: list[Round]) -> list[tuple]:
    """Questions whose counts other tables repeat: that of which answers are hidden, and those asked only after one of its answers."""
    told = {(name[2], name[4]) for name in hidden if name[0] == "indicators" and name[6] == "share"}
    rows = []
    for one in rounds:
        for indicator in sorted(indicator for round_, indicator in told if round_ == one.name):
            question = one.questionnaire.by_indicator[indicator]
            names = [question.name, *[follow.name for follow in _follow_ups(question, one.questionnaire)]]
            rows += [("companions", "", one.name, ALL, name, "", "all", COMPLEMENTARY) for name in names]
    return rows


def _follow_up_cells(hidden: set[tuple], rounds: list[Round]) -> list[tuple]:
    """All that is published of questions that are asked after one of the answers of which a service's counts are hidden, there and of all."""
    told = {
        (name[2], name[4], name[3])
        for name in hidden
        if name[0] == "indicators" and name[6] == "share" and name[3] != ALL
    }
    rows = []
    for one, (_, indicator, service) in ((one, name) for one in rounds for name in sorted(told) if name[0] == one.name):
        for question in _asked_after(one.questionnaire.by_indicator[indicator], one.questionnaire):
            shares = question.kind.startswith("select")
            cells = ["share"] if shares else sorted({treated(name).cell or name for name in question.statistics})
            changed = ["change", "paired_change", *([] if shares else ["paired_ratio"])]
            pairs = [
                (other.name, one.name) if other.year < one.year else (one.name, other.name)
                for other in rounds
                if other is not one
            ]
            for place, category in product((service, ALL), question.codes if shares else [""]):
                where = (place, question.indicator, category)
                rows += [_row(("indicators", "", one.name, *where, cell), FOLLOW_UP) for cell in cells]
                rows += [_row(("changes", *pair, *where, cell), FOLLOW_UP) for pair in pairs for cell in changed]
            rows.append(_row(("companions", "", one.name, ALL, question.name, "", "all"), FOLLOW_UP))
    return rows


def _asked_after(question: Question, questionnaire: Questionnaire) -> list[Question]:
    """Follow-ups with an indicator, those that depend on them too."""
    found, waiting = {question.name: question}, [question]
    while waiting:
        for follow in _follow_ups(waiting.pop(), questionnaire):
            if follow.name not in found:
                found[follow.name] = follow
                waiting.append(follow)
    return [one for one in found.values() if one is not question and one.indicator]


def _companions_of_medians(quantiles: list[tuple], rounds: list[Round]) -> list[tuple]:
    """Questions of which the codebook gives the median of all that answered."""
    rows = []
    for one in rounds:
        for _, _, round_, service, indicator, _, statistic in quantiles:
            question = one.questionnaire.by_indicator.get(indicator)
            if round_ == one.name and statistic == "median" and service in _everybody(question, one):  # type: ignore[arg-type]  # indicators in this table have a question
                rows.append(("companions", "", round_, ALL, question.name, "", "all", COMPLEMENTARY))  # type: ignore[union-attr]  # indicators in this table have a question
    return rows


def _everybody(question: Question, one: Round) -> set[str]:
    """`ALL`, or the one service of which somebody answered."""
    answered = set(one.facilities["service"][~np.isnan(one.values_of(question.name))])
    return {ALL} | (answered if len(answered) == 1 else set())


def _follow_ups(question: Question, questionnaire: Questionnaire) -> list[Question]:
    """Questions that are asked depending on the answer to this one."""
    return [other for other in questionnaire if f"${{{question.name}}}" in other.relevant]


def _check_sensitive(rounds: list[Round], rules: Rules) -> None:
    known = {name for one in rounds for name in one.questionnaire.by_indicator}
    for indicator in rules.sensitive:
        if indicator not in known:
            raise ConfigError(
                f"config.yaml, disclosure.sensitive: no questionnaire has an indicator {indicator!r}. Correct the name or take it out."
            )
        for one in rounds:
            question = one.questionnaire.by_indicator.get(indicator)
            follow_ups = (
                [other.name for other in _follow_ups(question, one.questionnaire) if other.indicator]
                if question
                else []
            )
            if follow_ups:
                raise ConfigError(
                    f"config.yaml, disclosure.sensitive: {indicator!r} decides in round {one.name} who is asked "
                    f"{', '.join(follow_ups)}; the number of answers to these would tell its small counts. Take it out, or give "
                    "these questions no `indicator`."
                )


def _check_editions(editions: Sequence[Edition], rounds: list[Round], rules: Rules) -> None:
    """Counts that are hidden in one edition and rounded in another tell more than either."""
    for edition in editions:
        for one in rounds:
            for indicator in rules.sensitive if one.name in edition.rounds else ():
                then = edition.suppressions
                own = then[(then["round"] == one.name) & (then["indicator"] == indicator)]
                base = next((base for base, said in ROUNDED_TO.items() if (own["reason"] == said).any()), 0)
                if base != rules.round_sensitive and indicator in one.questionnaire.by_indicator:
                    raise ConfigError(
                        f"config.yaml, disclosure.round_sensitive: it is {rules.round_sensitive}, and {indicator!r} of round {one.name} went out in edition "
                        f"{edition.name} with {base}; the two together would tell more than either. Set it to {base} again."
                    )


# --- hiding ---------------------------------------------------------------------------------------------------

BLANK = ("n", "estimate", "ci_low", "ci_high", "se", "deff")


def hide(table: pd.DataFrame, name: str, pattern: pd.DataFrame) -> pd.DataFrame:
    """The table with the pattern's cells blank: `suppressed` says which, `suppression` where a share or its count was rounded instead.

    `name` is `indicators` or `changes`. Raises `DisclosureError` naming a statistic that nothing says how to treat.
    """
    for statistic in table["statistic"].unique():
        treated(statistic)
    rows = pattern[pattern["table"] == name]
    keys = ["round_from", "round", "service", "indicator", "category"]
    why = {}
    for row in rows.to_dict("records"):
        for statistic in stating(row["statistic"]):
            why[(*(row[key] for key in keys), statistic)] = row["reason"] if row["reason"] in SAID else HIDDEN
    told = table.assign(round_from=table.get("round_from", ""))
    found = pd.Series(
        [why.get(tuple(place), "") for place in told[[*keys, "statistic"]].itertuples(index=False)],
        index=table.index,
        dtype="str",
    )
    # The bounds of a share of which a part is hidden are a plain count of all parts; those of a rounded one, of the exact count.
    of_rounded = found.isin([ROUNDED, *ROUNDED_TO.values()])
    found = found.mask(of_rounded & (table["statistic"] == "share_bounds"), HIDDEN)
    hidden = ~found.isin(["", ROUNDED, *ROUNDED_TO.values()])
    table = table.assign(suppressed=hidden, suppression=found.where(found != FOLLOW_UP, HIDDEN))
    # What is rounded is blank until `rounded_counts.show_rounded` fills it in.
    blank = hidden | found.isin(list(ROUNDED_TO.values()))
    table["n"] = table["n"].astype("Int64").mask(blank)
    if "population" in table:
        # The facilities that a question applies to are the share that gave the answer before it.
        table["population"] = table["population"].astype("Int64").mask((found == FOLLOW_UP).to_numpy())
    table.loc[blank, [column for column in BLANK[1:] if column in table]] = np.nan
    rounded = found == ROUNDED
    table.loc[rounded, ["estimate"]] = coarse(table.loc[rounded, ["estimate"]])
    # The interval is a function of the parts that are hidden.
    table.loc[rounded, [column for column in ("ci_low", "ci_high", "se", "deff") if column in table]] = np.nan
    return table


def questions_with_hidden_counts(pattern: pd.DataFrame, round_: str) -> set[str]:
    """Questions of a round of which other tables must not repeat counts."""
    companions = pattern[(pattern["table"] == "companions") & (pattern["round"] == round_)]
    return set(companions["indicator"])
