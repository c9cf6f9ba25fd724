"""The groups of rounds in config.yaml: that every round has one or none has, and that nothing is compared across them unsaid.

Only light modules are imported here, because every `snakemake` call passes through.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from hrmonitor.errors import ConfigError
from hrmonitor.project.config import Config
from hrmonitor.project.paths import nearest

# Kinds of figure that need groups.
OF_GROUPS = "groups"


def check_codes(config: Mapping) -> None:
    """Raises `ConfigError` for a code that YAML reads as yes or no, such as that of Norway."""
    blocks, groups = config.get("rounds"), config.get("groups")
    names = groups.get("names") if isinstance(groups, Mapping) else None
    places = (
        {f"rounds.{name}.group": block.get("group") for name, block in blocks.items() if isinstance(block, Mapping)}
        if isinstance(blocks, Mapping)
        else {}
    )
    if isinstance(names, Mapping):
        places |= {"groups.names": next((code for code in names if isinstance(code, bool)), None)}
    for place, code in places.items():
        if isinstance(code, bool):
            raise ConfigError(
                f"config.yaml, {place}: YAML reads no, yes, on and off as false or true. Put the code between quotes, as 'no'."
            )


def check_groups(config: Config) -> None:
    """Raises `ConfigError` naming the round, group or finding that does not fit. Rounds without answers yet belong to a group too."""
    groups = config.groups
    with_one = {name: round_.group for name, round_ in config.rounds.items() if round_.group}
    if groups is None:
        for name in with_one:
            raise ConfigError(
                f"config.yaml, rounds.{name}.group: there are no `groups:` at the top level. Add them with their names (docs/guides/groups.md), or take "
                "this key out."
            )
        return
    seen: dict[tuple[str, int], str] = {}
    for name, round_ in config.rounds.items():
        if not round_.group:
            raise ConfigError(
                f"config.yaml, rounds.{name}: there are `groups:`, and this round has none. Give it `group:`, one of: {', '.join(groups.names)}."
            )
        if round_.group not in groups.names:
            raise ConfigError(
                f"config.yaml, rounds.{name}.group: groups.names has no {round_.group!r}.{nearest(round_.group, list(groups.names))} It has: "
                f"{', '.join(groups.names)}."
            )
        other = seen.setdefault((round_.group, round_.year), name)
        if other != name:
            raise ConfigError(
                f"config.yaml, rounds.{name}.year: round {other} is of group {round_.group} and of {round_.year} too, and nothing says which is the "
                "later. Give one of them another year, or another group."
            )
    for code in groups.names:
        if code not in with_one.values():
            raise ConfigError(
                f"config.yaml, groups.names.{code}: no round is of this group. Take it out, or give a round `group: {code}`."
            )
    _check_names(config)


def _check_names(config: Config) -> None:
    assert config.groups is not None
    for lang in config.languages:
        known: dict[str, str] = {}
        for code, name in config.groups.names.items():
            if known.setdefault(name[lang].strip().casefold(), code) != code:
                raise ConfigError(
                    f"config.yaml, groups.names.{code}.{lang}: another group is called {name[lang]!r} too. Give each a name of its own."
                )


def check_comparisons_of_groups(config: Config, sheet: Callable) -> None:
    """That no finding compares rounds of two groups as if one were the earlier of the other, and that figures of groups have some.

    Raises `ConfigError` naming the test or figure.
    """
    for name, finding in config.findings.items():
        for index, test in enumerate(finding.tests):
            since = test.since
            if since and config.rounds[since].group != config.rounds[finding.round].group:
                raise ConfigError(
                    f"config.yaml, findings.{name}.tests[{index}].since: round {since} is of group {config.rounds[since].group}, and the finding of round "
                    f"{finding.round}, which is of group {config.rounds[finding.round].group}. Only rounds of one group are a series over time; name an "
                    "earlier round of that group."
                )
    for name, figure in config.figures.items():
        if figure.kind != OF_GROUPS:
            continue
        if config.groups is None:
            raise ConfigError(
                f"config.yaml, figures.{name}.kind: {OF_GROUPS} shows groups of rounds side by side, and there are no `groups:`. Add them "
                "(docs/guides/groups.md), or take the figure out."
            )
        folders = {config.rounds[latest].questionnaire for latest in config.latest_rounds.values()}
        known = {row.get("indicator", "") for folder in folders for row in sheet(f"{folder}/survey.csv")} - {""}
        if figure.indicator not in known:
            raise ConfigError(
                f"config.yaml, figures.{name}.indicator: no latest round of a group has an indicator {figure.indicator!r}."
                f"{nearest(figure.indicator or '', sorted(known))} Name one that two groups have."
            )
