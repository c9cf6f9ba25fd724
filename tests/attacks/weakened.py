"""Builds of the small survey from which one defence is taken out, each with what the auditor then has to say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hrmonitor.disclosure import rules, suppressions, systems, theme_cells
from hrmonitor.disclosure.audit import audit, known, protected, read_published
from hrmonitor.disclosure.audit.published import Survey
from hrmonitor.disclosure.complementary import SuppressionSet
from hrmonitor.disclosure.rules import Rules
from hrmonitor.response.items import item_nonresponse
from hrmonitor.stages import changes as changes_stage
from hrmonitor.stages import indicators as indicators_stage
from hrmonitor.themes.prevalence import estimate_themes
from published_set import BOOK, KEPT, RULES, SETTINGS, World, few_roles_world, usual_world, write

Patch = Callable[[pytest.MonkeyPatch], None]


@dataclass(frozen=True)
class Weakened:
    """`without` takes the defence out; `questions` are all that the build is about (none: themes); `world` and `rules` of the survey."""

    without: Patch
    questions: tuple[str, ...]
    world: Callable[..., World] = usual_world
    rules: Rules = RULES


def _set(where, name: str, value) -> Patch:
    return lambda patch: patch.setattr(where, name, value)


def _several(*patches: Patch) -> Patch:
    return lambda patch: [one(patch) for one in patches] and None


def _only_forced(system) -> SuppressionSet:
    """What is confidential in itself, and nothing that would give it away."""
    return SuppressionSet({name for one in system.secrets.values() for name in one.stated_by}, 0.0, 0.0)


def _few_answers(form) -> World:
    """In 2021 two rooms say how many overdoses they had; three treatment centres and seven heroin units how many clients; seven rooms how many then."""
    world = usual_world(form)
    table = world.rounds["2021"]
    for service, name, many in (
        ("dcr", "overdoses", 2),
        ("dcr", "clients_then", 7),
        ("oat", "clients", 3),
        ("hat", "clients", 7),
    ):
        rest = table.index[table["service"] == service][many:]
        table.loc[rest, name] = pd.NA
        table.loc[rest, f"{name}__missing"] = "no_answer"
    return world


def _two_organisations(form) -> World:
    """All rooms are of two organisations."""
    world = usual_world(form)
    rooms = world.frame["service"] == "dcr"
    world.frame.loc[rooms, "organisation"] = np.where(np.arange(rooms.sum()) % 2, "A", "B")
    return world


def _keep(table, *_args, **_more):
    return table


def _nothing(*_args, **_more):
    return []


# Without the rule of dominance, which hides much of what the others hide too.
FEW = Rules(p_percent=0)

WEAKENED = {
    "few facilities are shown": Weakened(_set(systems, "too_few", lambda *_: False), ("overdoses",), _few_answers, FEW),
    "two organisations are shown": Weakened(_set(rules, "too_few", lambda *_: False), ("role",), _two_organisations),
    "sums of two organisations": Weakened(_set(systems, "too_few", lambda *_: False), ("clients",), _two_organisations, FEW),
    "no rule of dominance": Weakened(_set(systems, "dominance", lambda *_: 0.0), ("syringes",)),
    "no small counts": Weakened(_set(rules, "small_count", lambda *_: False), ("role",)),
    "reasons can be guessed": Weakened(_set(systems, "runs_of_counts", lambda *_: ()), ("role",), few_roles_world),
    "no complementary counts": Weakened(_set(suppressions, "hidden_cells", _only_forced), ("role",)),
    "no complementary sums": Weakened(_set(suppressions, "hidden_cells", _only_forced), ("syringes",)),
    "no whole per cents": Weakened(_set(suppressions, "_rounded", _nothing), ("role",), few_roles_world),
    "digits of a rounded share": Weakened(_set(suppressions, "coarse", _keep), ("role",), few_roles_world),
    "medians of few": Weakened(_set(suppressions, "unsafe_quantiles", _nothing), ("clients",), _few_answers),
    "ends of quantiles": Weakened(_set(systems, "safe_quantile", lambda *_: True), ("clients",), _few_answers),
    "intervals stay": Weakened(_set(suppressions, "BLANK", ("n", "estimate")), ("role",)),
    "estimates stay": Weakened(_set(suppressions, "BLANK", ("n", "ci_low", "ci_high")), ("role",)),
    "bounds stay": Weakened(_set(suppressions, "stating", lambda cell: (cell,)), ("role",)),
    "moments of few": Weakened(_set(indicators_stage, "without_moments", _keep), ("clients",), _few_answers),
    "all digits": Weakened(_set(indicators_stage, "justified", _keep), ("clients",)),
    "changes with moments": Weakened(
        _several(_set(changes_stage, "without_moments", _keep), _set(changes_stage, "without_moments_of", _keep)),
        ("overdoses",), _few_answers,
    ),
    "changes in all digits": Weakened(_set(changes_stage, "justified", _keep), ("clients",)),
    "moments of one round of few": Weakened(_set(changes_stage, "few_answers", lambda *_: set()), ("clients_then",), _few_answers),
    "changes are no part of it": Weakened(_set(systems, "_add_changes", _nothing), ("syringes",)),
    "questions left open": Weakened(_set(suppressions, "_companions", _nothing), ("role", "role_other")),
    "small themes": Weakened(_set(theme_cells, "_small", lambda *_: False), ()),
    "themes in all digits": Weakened(_set(theme_cells, "coarse", _keep), ()),
    "no complementary themes": Weakened(_set(theme_cells, "hidden_cells", _only_forced), ()),
    "nothing is hidden": Weakened(_set(indicators_stage, "hide", lambda table, *_: table.assign(suppressed=False, suppression="")), ("clients",), _two_organisations),
}  # fmt: skip
# Those of a second or more; the first has a test of its own in test_reasons.py.
SLOW = ("reasons can be guessed", "no whole per cents", "digits of a rounded share")


def found(name: str | None, form, folder: Path, weakened: Weakened | None = None) -> pd.DataFrame:
    """What the auditor says of the build without the defence `name`; of the same build with all of them if `name` is None."""
    one = weakened or WEAKENED[name]
    with pytest.MonkeyPatch.context() as patch:
        if name:
            one.without(patch)
        return _audited(one, one.world(form), folder)


def _audited(one: Weakened, world: World, folder: Path) -> pd.DataFrame:
    chosen = {key: question for key, question in world.form.questions.items() if key in ("service", *one.questions)}
    world.form = replace(world.form, questions=chosen)
    one = replace(one, rules=replace(one.rules, sensitive=tuple({*one.rules.sensitive} & {*one.questions})))
    (folder / "open_data").mkdir(parents=True)
    answered = {round_.name: round_ for round_ in world.answered()}
    if one.questions:
        answered = {key: replace(round_, themes=pd.DataFrame()) for key, round_ in answered.items()}
    pattern, _ = suppressions.find_pattern(list(answered.values()), SETTINGS, one.rules)
    tables = {"response_flow": _flow(world)}
    if one.questions:
        tables["indicators"] = indicators_stage.indicators(answered, pattern, SETTINGS, one.rules)
        tables["changes"] = changes_stage.changes(answered, pattern, SETTINGS, one.rules)
        gaps = [
            item_nonresponse(key, table, world.form, one.rules.minimum_cell, suppressions.questions_with_hidden_counts(pattern, key))
            for key, table in world.rounds.items()
        ]  # fmt: skip
        tables["item_nonresponse"] = pd.concat(gaps, ignore_index=True)
    else:
        shares = estimate_themes("2021", BOOK, world.settled, {}, world.frame, SETTINGS)
        organisations = world.frame.set_index("facility_id")["organisation"]
        tables["themes"] = theme_cells.hide_themes(shares, world.settled, organisations, one.rules, set())
    for name, table in tables.items():
        write(table, folder / "open_data" / f"{name}.csv")
    forms = dict.fromkeys(answered, world.form)
    asked, survey = one.rules.__dict__, Survey(forms, set(), {}, BOOK, ["en", "nl"], {})
    rounds = list(answered.values())
    return audit(protected(rounds, asked, {}), read_published(folder, survey, asked), known(rounds, asked), forms, list(forms), SETTINGS.confidence)  # fmt: skip


def _flow(world: World) -> pd.DataFrame:
    rows = [
        (round_, service, step, sum(n[place] for n in sizes))
        for round_, table in world.rounds.items()
        for asked in [table["service"].unique()]
        for service, sizes in [*((one, [KEPT[one]]) for one in asked), ("all", [KEPT[one] for one in asked])]
        for step, place in (("kept", 0), ("register", 1))
    ]
    return pd.DataFrame(rows, columns=["round", "service", "step", "n"])
