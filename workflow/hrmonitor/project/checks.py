"""config.yaml, read and checked before anything runs: keys, paths, and the questions that findings name.

Only light modules are imported here, because every `snakemake` call passes through.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from glob import has_magic

from hrmonitor.errors import ConfigError
from hrmonitor.language import LANGUAGES, without_controls
from hrmonitor.project.config import DECISION_KEYS, REGISTER, Config, Estimation, RoundConfig
from hrmonitor.project.finding_checks import (
    check_finding,
    check_published,
    check_rounded,
    check_sensitive,
)
from hrmonitor.project.frame_checks import SERVICE, check_frame, check_uses
from hrmonitor.project.group_checks import check_codes, check_comparisons_of_groups, check_groups
from hrmonitor.project.keys import build, schema_of
from hrmonitor.project.paths import check_file, check_folder, check_names, check_path, files_of, nearest
from hrmonitor.project.preregistration import file_of, read_registration
from hrmonitor.project.rounds import NAME, NO_NAME
from hrmonitor.project.sealed_rounds import check_closed
from hrmonitor.questionnaire.model import read_sheet

# What every form must ask, so that answers find their facility.
IDENTITY = {
    "facility_name": "by which answers are matched to the register",
    "service": "the type of service, a select_one of those in the register",
}
# The shipped config has a thousand.
MOST_VALUES = 200_000


def without_names(rounds: Mapping[str, RoundConfig]) -> list[str]:
    """What is wrong where an export is said to have no names of facilities."""
    return [
        f"config.yaml, rounds.{name}.exports[{index}].absent: {NO_NAME}"
        for name, round_ in rounds.items()
        for index, export in enumerate(round_.exports)
        if NAME in export.absent and round_.framed_by == REGISTER
    ]


def check_config(config: dict, looking: bool = False) -> Config:
    """What config.yaml says, with defaults filled in and each round's `files` (its exports' paths, patterns expanded).

    `waiting` are the rounds that are prepared and have no answers yet: every pattern of their exports is without a
    file, and no figure is about them, nor a finding that is not registered. They are not among `rounds`, nor their findings among
    `findings`, so that earlier rounds can be built.
    Raises `ConfigError` with the key that is wrong, what stands there and what would be right; `looking` at a round's files goes on
    where only a build must stop (`without_names`). Paths are
    relative to the working directory, as everywhere in the pipeline.
    """
    if _size(config, {}) > MOST_VALUES:
        raise ConfigError("config.yaml: aliases (&, *) make it too large to read. Write the values out.")
    config = dict(config)
    for section in ("rounds", "findings", "figures"):
        # YAML reads a bare 2024: as a number; a user need not know that.
        if isinstance(config.get(section), dict):
            config[section] = {str(name): block for name, block in config[section].items()}
    check_codes(config)
    check_keys(config)
    read = build(Config, _shown(config))
    _check_weights(read.estimation)
    check_groups(read)
    if read.register:
        check_file("register", read.register)
    check_folder("report.reference", read.report.reference)
    waiting = tuple(name for name, round_ in read.rounds.items() if _waits(name, round_, read))
    # Each sheet is read once, however many findings ask it.
    sheet = cache(read_sheet)
    rounds = {name: _check_round(name, round_, sheet) for name, round_ in read.rounds.items() if name not in waiting}
    if not rounds:
        wanted = ", ".join(export.path for name in waiting for export in read.rounds[name].exports)
        raise ConfigError(f"config.yaml, rounds: no round has exports yet. Put them there: {wanted}.")
    if not looking and (wrong := without_names(rounds)):
        raise ConfigError(wrong[0])
    findings = {name: finding for name, finding in read.findings.items() if finding.round not in waiting}
    for name, finding in findings.items():
        check_finding(name, finding, rounds, sheet)
    check_published(findings, read.report.reference)
    check_sensitive(read.disclosure.sensitive, findings, rounds, sheet)
    check_rounded(read.disclosure, read.figures, rounds, sheet)
    checked = replace(read, rounds=rounds, findings=findings, waiting=waiting)
    check_uses(checked)
    check_comparisons_of_groups(checked, sheet)
    return checked


def _shown(value):
    """The same without control characters, which YAML can write, and which no file of the office may hold; one alone is a delimiter."""
    if isinstance(value, dict):
        return {key: _shown(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_shown(one) for one in value]
    return without_controls(value) if isinstance(value, str) and len(value) > 1 else value


def _size(value: object, known: dict[int, float]) -> float:
    """Number of values with all aliases written out, each place looked at once; without end if one holds itself."""
    if not isinstance(value, (dict, list)):
        return 1
    if id(value) not in known:
        known[id(value)] = float("inf")
        inner = value.values() if isinstance(value, dict) else value
        known[id(value)] = 1 + sum(_size(one, known) for one in inner)
    return known[id(value)]


def check_keys(config: Mapping) -> None:
    """Raises `ConfigError` for the first key that is unknown, missing or has a value that it cannot have."""
    from jsonschema import Draft202012Validator

    schema = schema_of(Config)
    # What a study says must be in each language of its report.
    spoken = config.get("languages")
    schema["$defs"]["Text"]["required"] = [lang for lang in LANGUAGES if isinstance(spoken, list) and lang in spoken]
    errors = sorted(Draft202012Validator(schema).iter_errors(config), key=lambda error: list(map(str, error.path)))
    if not errors:
        return
    error = errors[0]
    place = ".".join(str(part) for part in error.absolute_path) or "the top level"
    if error.validator == "additionalProperties":
        known = list(error.schema.get("properties", {}))
        # YAML takes null, true and 2024 for keys too.
        wrong = sorted(map(str, set(error.instance) - set(known)))[0]
        raise ConfigError(
            f"config.yaml, {place}: unknown key {wrong!r}.{nearest(wrong, known)} "
            f"Keys that can stand here: {', '.join(known)}."
        )
    if error.validator == "required":
        missing = [key for key in error.validator_value if key not in error.instance]
        raise ConfigError(
            f"config.yaml, {place}: the key {missing[0]!r} is missing. Add it; docs/reference/config.md explains it."
        )
    if error.validator == "enum":
        known = [str(value) for value in error.validator_value]
        raise ConfigError(
            f"config.yaml, {place}: {error.instance!r} is not known.{nearest(str(error.instance), known)} "
            f"It can be: {', '.join(known)}."
        )
    raise ConfigError(f"config.yaml, {place}: {error.message}. See docs/reference/config.md for what can stand here.")


def _check_weights(estimation: Estimation) -> None:
    if (estimation.weights == "design") != (not estimation.margins):
        raise ConfigError(
            "config.yaml, estimation.margins: name the columns of the register to which weights are poststratified or raked; "
            "with `weights: design` there are none."
        )


def _waits(name: str, round_: RoundConfig, config: Config) -> bool:
    # Findings that are registered for a round wait for its answers with it.
    sections = (config.figures,) if file_of(round_).is_file() else (config.findings, config.figures)
    used = {block.round for section in sections for block in section.values()}
    paths = [export.path for export in round_.exports]
    return name not in used and all(has_magic(path) and not files_of(path, round_.folder) for path in paths)


def _check_round(name: str, round_: RoundConfig, read: Callable) -> RoundConfig:
    """The round with `files` (the exports) and `files_beside` (what they need to be read)."""
    place = f"rounds.{name}"
    check_folder(f"{place}.questionnaire", round_.questionnaire)
    for sheet in ("survey.csv", "choices.csv", "settings.csv"):
        check_file(f"{place}.questionnaire", f"{round_.questionnaire}/{sheet}")
    _check_identity(place, round_)
    round_ = check_frame(place, round_, read)
    for key in ("contacts", *DECISION_KEYS):
        if path := getattr(round_, key):
            check_file(f"{place}.{key}", path)
    files: list[str] = []
    files_beside: list[str] = []
    for index, export in enumerate(round_.exports):
        where = f"{place}.exports[{index}]"
        check_path(f"{where}.path", export.path)
        found = files_of(export.path, round_.folder)
        if not found:
            raise ConfigError(
                f"config.yaml, {where}.path: no file matches {export.path!r}. Put the export there or correct the path."
            )
        check_names(f"{where}.path", found)
        files += [path for path in found if path not in files]
        for key in ("form", "columns"):
            if path := getattr(export, key):
                check_file(f"{where}.{key}", path)
                files_beside.append(path)
    if round_.coding:
        check_file(f"{place}.coding.themes", round_.coding.themes)
        for index, path in enumerate(round_.coding.coders):
            check_file(f"{place}.coding.coders[{index}]", path)
        if round_.coding.consensus:
            check_file(f"{place}.coding.consensus", round_.coding.consensus)
    for study, own in (round_.persons or {}).items():
        check_file(f"{place}.persons.{study}.counts", own.counts)
    checked = replace(
        round_, files=tuple(files), files_beside=tuple(files_beside), preregistration=_registration(name, round_)
    )
    check_closed(name, checked)
    return checked


def _registration(name: str, round_: RoundConfig) -> str | None:
    """The file with what was registered for the round, whole and of this round, if there is one."""
    path = file_of(round_)
    if not path.is_file():
        return None
    if (registered := read_registration(path).round) != name:
        raise ConfigError(
            f"{path}: this is the registration of round {registered}, not of {name}. Take it out of this folder."
        )
    return path.as_posix()


def _check_identity(place: str, round_: RoundConfig) -> None:
    """Who answered must be asked: answers are matched to the register, if there is one, and estimated by type of service."""
    folder, named = round_.questionnaire, round_.framed_by == REGISTER
    asked = {row.get("name", "") for row in read_sheet(f"{folder}/survey.csv")}
    if not named and SERVICE not in asked:
        raise ConfigError(
            f"config.yaml, {place}.questionnaire: {folder}/survey.csv has no question 'service', the group by which answers are told, such as "
            "a type of service or a city. Add it as a select_one; one option will do."
        )
    for name, what in IDENTITY.items():
        if name not in asked and named:
            raise ConfigError(
                f"config.yaml, {place}.questionnaire: {folder}/survey.csv has no question {name!r}, {what}. Every form needs "
                f"{' and '.join(map(repr, IDENTITY))}: add it"
                + (
                    "."
                    if name == NAME
                    else ", and say under `absent:` of an export if its tool did not ask it: it comes from the register then."
                )
            )
