"""Earlier editions in the hands of an attacker: what each printed, beside what this one prints, and what tells them apart.

A round of which anything changed since an edition is another round to the attacker, `2024 in spring`, who knows for whom the answers are still the same.
The record of an edition has its statements as the auditor read them then (`STATEMENTS`, `COUNTS` in `hrmonitor.editions`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from hrmonitor.declarations.csv_files import read_texts
from hrmonitor.disclosure.audit.protected import (
    Known,
    Target,
    base_of,
    few,
    gave,
    known,
    limits_of,
    numbers_of,
    protected,
)
from hrmonitor.disclosure.audit.published import COLUMNS, Published
from hrmonitor.editions import COUNTS, FOLDER, STATEMENTS, Edition
from hrmonitor.questionnaire.model import Question, Questionnaire
from hrmonitor.survey import Round

PLACE = ["kind", "round_from", "round", "service", "indicator", "category"]


@dataclass
class Earlier:
    """What the attacker has of all editions: `statements` and the counts beside them, under the names of `forms`; what they know
    besides; what nobody may learn from the difference; and pairs of unknowns that are still the same."""

    published: Published
    beside: Known
    forms: dict[str, Questionnaire]
    targets: list[Target] = field(default_factory=list)
    unchanged: list[tuple[tuple, tuple]] = field(default_factory=list)


def tables_of(published: Published) -> dict[str, pd.DataFrame]:
    """What the record of an edition keeps of what it published, by file."""
    rows = [
        ("size", "", *place, "", "", f"{registered} {kept}") for place, (registered, kept) in published.sizes.items()
    ]
    rows += [("base", "", *place, "", str(n)) for place, n in published.bases.items()]
    rows += [("population", "", *place, "", str(n)) for place, n in published.populations.items()]
    rows += [
        ("asked", "", round_, "", indicator, "", " ".join(its)) for (round_, indicator), its in published.asked.items()
    ]
    rows += [("pairs", *place, str(n)) for place, n in published.pairs.items()]
    statements = published.statements.drop_duplicates([name for name in COLUMNS if name != "source"])
    return {STATEMENTS: statements, COUNTS: pd.DataFrame(rows, columns=[*PLACE, "n"])}


def read_earlier(editions: Sequence[Edition], rounds: Sequence[Round], rules: dict) -> Earlier | None:
    """What the editions give an attacker of the `rounds` of today; `rules` is `disclosure:` of config.yaml."""
    found: Earlier | None = None
    for edition in editions:
        own = _of(edition, {one.name: one for one in rounds}, rules)
        found = own if found is None else _together(found, own)
    return found


def _of(edition: Edition, today: dict[str, Round], rules: dict) -> Earlier:
    names = {
        name: name if name in today and _same(one, today[name]) else f"{name} in {edition.name}"
        for name, one in edition.rounds.items()
    }
    changed = [edition.renamed[name] for name in names if names[name] != name]
    printed, besides = _published(edition, names), known(changed, rules)
    found = Earlier(
        replace(printed, bases=printed.bases | besides.bases),
        besides,
        {one.name: one.questionnaire for one in changed},
        [target for target in protected(changed, rules, {}) if target.parts],
    )
    for then in changed:
        name = then.name.removesuffix(f" in {edition.name}")
        if name in today:
            for target, same in _differences(then, today[name], rules):
                found.targets += target
                found.unchanged += same
    return found


def _published(edition: Edition, names: dict[str, str]) -> Published:
    statements, counts = (read_texts(edition.folder / name) for name in (STATEMENTS, COUNTS))
    for table in (statements, counts):
        for column in ("round_from", "round"):
            table[column] = table[column].replace(names)
    statements[["low", "high"]] = statements[["low", "high"]].astype(float)
    statements["source"] = f"{FOLDER}/{edition.name}/" + statements["source"]
    of = {kind: own.itertuples(index=False, name=None) for kind, own in counts.groupby("kind")}
    return Published(
        statements,
        {(one[2], one[3]): tuple(int(n) for n in one[-1].split()) for one in of.get("size", ())},  # type: ignore[misc]  # two numbers
        {one[2:5]: int(one[-1]) for one in of.get("base", ())},
        {one[2:5]: int(one[-1]) for one in of.get("population", ())},
        {(one[2], one[4]): one[-1].split() for one in of.get("asked", ())},
        {one[1:6]: int(one[-1]) for one in of.get("pairs", ())},
        [],
        [],
    )


def _together(one: Earlier, other: Earlier) -> Earlier:
    first, second = one.published, other.published
    published = Published(
        pd.concat([first.statements, second.statements]), first.sizes | second.sizes, first.bases | second.bases,
        first.populations | second.populations, first.asked | second.asked, first.pairs | second.pairs, [], [],
    )  # fmt: skip
    return Earlier(
        published, added(one.beside, other.beside), one.forms | other.forms,
        one.targets + other.targets, one.unchanged + other.unchanged,
    )  # fmt: skip


def added(one: Known, other: Known) -> Known:
    return Known(
        one.bases | other.bases, one.clients | other.clients, one.signed | other.signed, one.counts | other.counts,
        one.alike + other.alike,
    )  # fmt: skip


def beside_today(today: Published, earlier: Published) -> Published:
    """Both together; what today's files count counts."""
    return replace(
        today,
        statements=pd.concat([today.statements, earlier.statements], ignore_index=True),
        sizes=earlier.sizes | today.sizes,
        bases=earlier.bases | today.bases,
        populations=earlier.populations | today.populations,
        asked=earlier.asked | today.asked,
        pairs=earlier.pairs | today.pairs,
    )


def _same(then: Round, now: Round) -> bool:
    """Whether answers, register and themes of a round are all as they were."""
    tables = [
        [
            one.frame,
            one.facilities,
            one.themes[one.themes["round"].astype(str) == name] if len(one.themes) else one.themes,
        ]
        for one, name in ((then, now.name), (now, now.name))
    ]
    return all(
        sorted(before.columns) == sorted(after.columns)
        and _rows(before) == _rows(after.reindex(columns=before.columns))
        for before, after in zip(*tables, strict=True)
    )


def _rows(table: pd.DataFrame) -> list[tuple]:
    return sorted(table.astype("str").itertuples(index=False, name=None))


def _differences(then: Round, now: Round, rules: dict) -> Iterator[tuple[list[Target], list[tuple[tuple, tuple]]]]:
    """(what nobody may learn, unknowns that are still the same) of each question that both rounds ask."""
    ids = pd.Index(dict.fromkeys([*now.facilities["facility_id"], *then.facilities["facility_id"]]))
    services = _of_either(now, then, "service", "facilities").reindex(ids)
    owner = _of_either(now, then, "organisation", "frame").reindex(ids).fillna("")
    for indicator, question in now.questionnaire.by_indicator.items():
        before = then.questionnaire.by_indicator.get(indicator)
        if before is None or before.kind != question.kind:
            continue
        for letter, kind, moved in _moved(then, before, now, question, ids):
            for service, own in services.groupby(services):
                unknowns = tuple((letter, one.name, str(service), indicator, kind) for one in (now, then))
                its = own.index[moved["differs"].reindex(own.index)]
                if its.empty:
                    yield [], [unknowns]  # type: ignore[list-item]  # two of them
                    continue
                limits = _limits(letter, moved["by"].reindex(its), owner[its], rules)
                if limits:
                    parts = {unknowns[0]: 1.0, unknowns[1]: -1.0}
                    category = kind if letter == "m" else ""
                    yield [Target(now.name, str(service), indicator, category, "difference", parts, *limits)], []
    themes = {(one["question"], one["theme"]) for one in now.themes.to_dict("records")} if len(now.themes) else set()
    for asked, theme in sorted(themes):
        yield from _themes(then, now, f"{asked}/{theme}", owner, rules)


def _of_either(now: Round, then: Round, column: str, table: str) -> pd.Series:
    both = pd.concat([getattr(one, table).set_index("facility_id")[column] for one in (now, then)])
    return both[~both.index.duplicated()]


def _moved(
    then: Round, before: Question, now: Round, question: Question, ids: pd.Index
) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """(letter and kind of an unknown, whether and by how much each facility adds other than then)."""
    pairs = ((then, before), (now, question))

    def compared(values: list[pd.Series]) -> pd.DataFrame:
        first, second = (
            one.set_axis(pd.Index(round_.facilities["facility_id"])).reindex(ids)
            for one, (round_, _) in zip(values, pairs, strict=True)
        )
        differs = ~((first == second) | (first.isna() & second.isna()))
        return pd.DataFrame({"differs": differs, "by": second.fillna(0.0) - first.fillna(0.0)})

    if question.kind.startswith("select"):
        codes = [code for code in question.codes if code in before.codes]
        tables = [
            compared(
                [
                    gave(one.facilities, asked, code).astype(float).where(base_of(one.facilities, asked))
                    for one, asked in pairs
                ]
            )
            for code in codes
        ]
        # Who gives another category of an answer is told by all of them.
        any_differs = np.logical_or.reduce([table["differs"] for table in tables]) if tables else None
        for code, table in zip(codes, tables, strict=True):
            yield "m", code, table.assign(differs=any_differs)
        return
    numbers = [numbers_of(one.facilities, asked.name) for one, asked in pairs]
    yield "T", "sum", compared(numbers)
    if question.weighted_by and before.weighted_by and "client_mean" in question.statistics:
        weighed = [
            values * numbers_of(one.facilities, asked.weighted_by)
            for values, (one, asked) in zip(numbers, pairs, strict=True)
        ]
        yield "T", "client_mean", compared(weighed)


def _themes(
    then: Round, now: Round, name: str, owner: pd.Series, rules: dict
) -> Iterator[tuple[list[Target], list[tuple[tuple, tuple]]]]:
    question, theme = name.split("/", 1)
    coded = [
        one.themes[
            (one.themes["round"].astype(str) == one.name)
            & (one.themes["question"] == question)
            & (one.themes["theme"] == theme)
        ].set_index("facility_id")
        for one in (then, now)
    ]
    services = pd.concat([one["service"] for one in reversed(coded)])
    services = services[~services.index.duplicated()]
    before, after = (one["present"].astype(float).reindex(services.index) for one in coded)
    differs = ~((before == after) | (before.isna() & after.isna()))
    for service, own in services.groupby(services):
        unknowns = tuple(("m", one.name, str(service), name, "") for one in (now, then))
        its = own.index[differs.reindex(own.index)]
        if its.empty:
            yield [], [unknowns]  # type: ignore[list-item]  # two of them
            continue
        limits = _limits(
            "m", (after.fillna(0.0) - before.fillna(0.0)).reindex(its), owner.reindex(its).fillna(""), rules
        )
        if limits:
            parts = {unknowns[0]: 1.0, unknowns[1]: -1.0}
            yield [Target(now.name, str(service), name, "", "difference", parts, *limits)], []


def _limits(letter: str, by: pd.Series, owner: pd.Series, rules: dict) -> tuple[float, float, float, str] | None:
    why = "few facilities since an edition"
    if letter == "m":
        return (float(by.sum()), float(by.sum()), 1.0, why) if few(owner, rules) else None
    found = limits_of(by, owner, rules)
    return (*found[:3], why) if found else None
