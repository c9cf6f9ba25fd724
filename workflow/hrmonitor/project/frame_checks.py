"""The frame of a round in config.yaml: that its questions are in the form, its counts are numbers, and nothing is asked that it cannot give.

Only light modules are imported here, because every `snakemake` call passes through.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from dataclasses import replace

from hrmonitor.errors import ConfigError
from hrmonitor.project.config import POPULATION, REGISTER, SAMPLE, Config, Finding, Frame, RoundConfig
from hrmonitor.project.paths import check_file, nearest
from hrmonitor.project.registries import register_figures
from hrmonitor.project.test_kinds import kind_of

# Keys of a round that speak of facilities of the register, and what is not made for other frames.
OF_REGISTER = {
    "contacts": "who was approached is told of facilities of the register",
    "names": "nobody is matched to the register",
    "coding": "themes are estimated for facilities of the register only",
}
# What a finding can test in a sample, whose rounds nothing links and of which nobody is known to be silent.
IN_SAMPLE = ("share", "net", "median", "ratio", "paired_change", "difference", "slope")
LABELS = ("select_one", "text", "integer", "calculate", "hidden")
NUMBERS = ("integer", "decimal", "calculate")
SERVICE = "service"


def check_frame(place: str, round_: RoundConfig, sheet: Callable) -> RoundConfig:
    """The round with the `sizes` of its frame. Raises `ConfigError` naming the key that does not fit."""
    frame = round_.frame
    if frame is None:
        return round_
    where = f"config.yaml, {place}.frame"
    for key, kind in (("counts", POPULATION), ("design", SAMPLE)):
        if getattr(frame, key) is not None and frame.kind != kind:
            raise ConfigError(
                f"{where}.{key}: only a frame of `kind: {kind}` has this key. Take it out, or change `kind`."
            )
    if frame.kind == REGISTER:
        if frame.identity:
            raise ConfigError(
                f"{where}.identity: facilities of the register are known by `facility_name`. Take this key out."
            )
        return round_
    for key, why in OF_REGISTER.items():
        if getattr(round_, key):
            raise ConfigError(f"config.yaml, {place}.{key}: the frame is no register, and {why}. Take this key out.")
    _check_questions(where, frame, round_.questionnaire, sheet)
    if frame.kind == POPULATION:
        if not frame.counts:
            raise ConfigError(f"{where}.counts: name the CSV with how many there are - `service, population`.")
        check_file(f"{place}.frame.counts", frame.counts)
        frame = replace(frame, sizes=_sizes(frame.counts, round_.questionnaire, sheet))
    return replace(round_, frame=frame)


def _check_questions(where: str, frame: Frame, folder: str, sheet: Callable) -> None:
    rows = {row.get("name", ""): row for row in sheet(f"{folder}/survey.csv")}
    design = frame.design
    asked: list[tuple[str, str | None, tuple[str, ...]]] = [("identity", frame.identity, LABELS)]
    if design:
        asked += [("design.strata", design.strata, LABELS), ("design.cluster", design.cluster, LABELS),
                  ("design.weight", design.weight, NUMBERS), ("design.fpc", design.fpc, NUMBERS)]  # fmt: skip
    for key, name, kinds in asked:
        if name is None:
            continue
        if name not in rows:
            raise ConfigError(
                f"{where}.{key}: {folder}/survey.csv has no question {name!r}.{nearest(name, list(rows))}"
            )
        kind = rows[name].get("type", "").split(" ")[0]
        if kind not in kinds:
            raise ConfigError(
                f"{where}.{key}: the question {name!r} is of type {kind!r}; it can be: {', '.join(kinds)}."
            )
        # Who answered is asked like a contact; it must come through, as a code that says nothing of a person.
        if (rows[name].get("pii") or "").lower() == "yes":
            raise ConfigError(
                f"{where}.{key}: the question {name!r} is marked as personal data (`pii`), which is left out as the exports are read. Use a "
                "question with a code that says nothing of a person."
            )
        if key != "design.strata" and (rows[name].get("indicator") or "").strip():
            raise ConfigError(
                f"{where}.{key}: the question {name!r} has an `indicator`, but it is no answer. Leave that cell of the form empty."
            )
    if frame.kind == SAMPLE and not (design and (design.weight or design.fpc)):
        # Without weights a sum over those who answered is a total of nobody.
        for name, row in rows.items():
            if "total" in (row.get("statistic") or "").split():
                raise ConfigError(
                    f"{where}.design: the question {name!r} asks for a total, which a sample without weights cannot give. Name the question with the "
                    f"weight in `design.weight`, or take `total` out of `statistic` in {folder}/survey.csv."
                )


def _sizes(path: str, folder: str, sheet: Callable) -> dict[str, int]:
    """Type of service -> how many there are."""
    types = {row.get("name", ""): row.get("type", "") for row in sheet(f"{folder}/survey.csv")}
    codes = [
        row.get("name", "")
        for row in sheet(f"{folder}/choices.csv")
        if row.get("list_name") == types.get(SERVICE, "").partition(" ")[2]
    ]
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ConfigError(f"{path}: the file cannot be read ({error}). Save it as CSV in UTF-8.") from error
    found: dict[str, int] = {}
    for number, row in enumerate(rows, start=2):
        if not {SERVICE, "population"} <= set(row):
            raise ConfigError(f"{path}: the file needs the columns {SERVICE} and population.")
        service, size = (row[SERVICE] or "").strip(), (row["population"] or "").strip()
        if service not in codes:
            raise ConfigError(
                f"{path}, row {number}, {SERVICE}: the form has no type {service!r}.{nearest(service, codes)} It has: {', '.join(codes)}."
            )
        if service in found:
            raise ConfigError(f"{path}, row {number}: {service!r} stands here a second time.")
        if not (size.isascii() and size.isdigit()):
            raise ConfigError(
                f"{path}, row {number}, population: {size!r} is no whole number; write it in digits alone."
            )
        found[service] = int(size)
    if not found:
        raise ConfigError(f"{path}: the file has no rows. Give every type of service how many there are.")
    return found


def check_uses(config: Config) -> None:
    """What the rest of config.yaml asks of rounds without a register. Raises `ConfigError` for the first thing that they cannot give."""
    framed = {name: round_ for name, round_ in config.rounds.items() if round_.framed_by != REGISTER}
    if config.has_register and not config.register:
        name = next(name for name in config.rounds if name not in framed)
        raise ConfigError(
            f"config.yaml, the top level: the key 'register' is missing, and round {name} is about its facilities. Add it, or name another "
            f"frame in `rounds.{name}.frame:` (docs/guides/frames.md)."
        )
    for name, round_ in framed.items():
        for key, wanted in (("weights", "design"), ("strata", "service")):
            if (value := getattr(config.estimation, key)) != wanted:
                raise ConfigError(
                    f"config.yaml, estimation.{key}: `{value}` needs the register, but the frame of round {name} is a {round_.framed_by}. "
                    f"Set it to `{wanted}`."
                )
    for name in (name for name, round_ in framed.items() if round_.framed_by == SAMPLE):
        _check_sample(name, config)
    for name, figure in config.figures.items():
        shown = [figure.round] if figure.round else ([] if config.has_register else list(framed))
        without = [round_ for round_ in shown if round_ in framed]
        if figure.kind in register_figures() and without:
            raise ConfigError(
                f"config.yaml, figures.{name}.kind: {figure.kind} shows facilities of the register, but the frame of round {without[0]} is a "
                f"{framed[without[0]].framed_by}. Take the figure out, or give it a round with a register."
            )
    for name, finding in config.findings.items():
        _check_finding(name, finding, config.rounds)


def _check_sample(name: str, config: Config) -> None:
    for key, value, wanted in (
        ("estimation.variance", config.estimation.variance, "linearised"),
        ("estimation.quantile_interval", config.estimation.quantile_interval, "woodruff"),
        ("imputation.method", config.imputation.method, "none"),
    ):
        if value != wanted:
            raise ConfigError(
                f"config.yaml, {key}: `{value}` is not made for a sample, which the frame of round {name} is. Set it to `{wanted}`."
            )


def _check_finding(name: str, finding: Finding, rounds: Mapping[str, RoundConfig]) -> None:
    for index, test in enumerate(finding.tests):
        for round_ in {finding.round, test.since or finding.round}:
            if rounds[round_].framed_by == SAMPLE and (kind_of(test).measure not in IN_SAMPLE or test.since):
                raise ConfigError(
                    f"config.yaml, findings.{name}.tests[{index}].test: {test.test} is not made for a sample, which the frame of round {round_} "
                    "is. docs/guides/frames.md lists the tests that are."
                )
