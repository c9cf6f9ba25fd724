"""config.yaml, checked before anything runs: keys, paths, and the questions that findings name.

Only light modules are imported here, because every `snakemake` call passes through.
"""

from __future__ import annotations

import csv
import difflib
from collections.abc import Callable
from functools import cache
from glob import glob, has_magic
from pathlib import Path, PurePath

import yaml

from hrmonitor.declarations.figures import figures as figure_kinds
from hrmonitor.errors import ConfigError, QuestionnaireError
from hrmonitor.project.rounds import DECISION_KEYS, DECISIONS_WORKBOOK
from hrmonitor.project.sealed_rounds import check_closed
from hrmonitor.project.test_kinds import with_kinds
from hrmonitor.questionnaire.model import read_sheet
from hrmonitor.readers.privacy import RENAME, in_file_name
from hrmonitor.resources import RESOURCES

SCHEMA = RESOURCES / "config.schema.yaml"
DEFAULTS = {
    "minimum_facilities": 10,
    "minimum_organisations": 5,
    "dont_know_in_base": True,
    "imputation": {"method": "none"},
}
ESTIMATION = {
    "share_interval": "exact", "quantile_interval": "woodruff", "variance": "linearised", "strata": "service",
    "minimum_stratum": 5, "weights": "design", "margins": [], "trim": 0,
}  # fmt: skip
DISCLOSURE = {
    "minimum_organisations": 3, "p_percent": 10, "protection": 10, "rounding_base": 0, "sensitive": [],
}  # fmt: skip
# The shipped config has a thousand.
MOST_VALUES = 200_000
# What every form must ask, so that answers find their facility.
IDENTITY = {
    "facility_name": "by which answers are matched to the register",
    "service": "the type of service, a select_one of those in the register",
}
# What Excel and Windows leave in a folder.
LITTER = ("~$*", "Thumbs.db", "desktop.ini")


def check_config(config: dict) -> dict:
    """The config with defaults filled in and each round's `files` (its exports' paths, patterns expanded).

    `waiting` are the rounds that are prepared and have no answers yet: every pattern of their exports is without a
    file, and no finding or figure is about them. They are not among `rounds`, so that earlier rounds can be built.
    Raises `ConfigError` with the key that is wrong, what stands there and what would be right. Paths are
    relative to the working directory, as everywhere in the pipeline.
    """
    if _size(config, {}) > MOST_VALUES:
        raise ConfigError("config.yaml: aliases (&, *) make it too large to read. Write the values out.")
    config = {**DEFAULTS, "estimation": {}, **config}
    for section in ("rounds", "findings", "figures"):
        # YAML reads a bare 2024: as a number; a user need not know that.
        if isinstance(config.get(section), dict):
            config[section] = {str(name): block for name, block in config[section].items()}
    _check_schema(config)
    config["estimation"] = {**ESTIMATION, **config["estimation"]}
    config["disclosure"] = {**DISCLOSURE, **config["disclosure"]}
    _check_weights(config["estimation"])
    _check_file("register", config["register"])
    _check_folder("report.reference", config["report"]["reference"])
    waiting = [name for name, block in config["rounds"].items() if _waits(name, block, config)]
    rounds = {name: _check_round(name, block) for name, block in config["rounds"].items() if name not in waiting}
    if not rounds:
        raise ConfigError(
            f"config.yaml, rounds: no round has exports yet. Put them where {', '.join(waiting)} says in `exports:`."
        )
    # Each sheet is read once, however many findings ask it.
    sheet = cache(read_sheet)
    for name, finding in config["findings"].items():
        _check_finding(name, finding, rounds, sheet)
    if config["disclosure"]["sensitive"]:
        _check_sensitive(config["disclosure"]["sensitive"], config["findings"], rounds, sheet)
    _check_figures(config["figures"])
    imputation = {"classes": ["service"], **config["imputation"]}
    return {**config, "rounds": rounds, "waiting": waiting, "imputation": imputation}


def _size(value: object, known: dict[int, float]) -> float:
    """Number of values with all aliases written out, each place looked at once; without end if one holds itself."""
    if not isinstance(value, (dict, list)):
        return 1
    if id(value) not in known:
        known[id(value)] = float("inf")
        inner = value.values() if isinstance(value, dict) else value
        known[id(value)] = 1 + sum(_size(one, known) for one in inner)
    return known[id(value)]


def _check_schema(config: dict) -> None:
    from jsonschema import Draft202012Validator

    schema = with_kinds(yaml.load(SCHEMA.read_text(encoding="utf-8"), yaml.CSafeLoader))
    errors = sorted(Draft202012Validator(schema).iter_errors(config), key=lambda error: list(map(str, error.path)))
    if not errors:
        return
    error = errors[0]
    place = ".".join(str(part) for part in error.absolute_path) or "the top level"
    if error.validator == "additionalProperties":
        known = list(error.schema.get("properties", {}))
        # YAML takes null, true and 2021 for keys too.
        wrong = sorted(map(str, set(error.instance) - set(known)))[0]
        raise ConfigError(
            f"config.yaml, {place}: unknown key {wrong!r}.{_nearest(wrong, known)} "
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
            f"config.yaml, {place}: {error.instance!r} is not known.{_nearest(str(error.instance), known)} "
            f"It can be: {', '.join(known)}."
        )
    raise ConfigError(f"config.yaml, {place}: {error.message}. See docs/reference/config.md for what can stand here.")


def _waits(name: str, block: dict, config: dict) -> bool:
    used = {part.get("round") for section in ("findings", "figures") for part in config[section].values()}
    paths = [entry["path"] for entry in block["exports"]]
    return name not in used and all(has_magic(path) and not _files(path, block) for path in paths)


def _files(pattern: str, block: dict) -> list[str]:
    """The exports that a path or pattern means; not the folders, nor what Excel, Windows and `check` leave beside them."""
    workbook = PurePath(block["questionnaire"]).parent / DECISIONS_WORKBOOK
    found = (path for path in glob(pattern) if Path(path).is_file() and PurePath(path) != workbook)
    return sorted(path for path in found if not any(PurePath(path).match(litter) for litter in LITTER))


def _check_round(name: str, block: dict) -> dict:
    """The round's block with `files` (the exports) and `files_beside` (what they need to be read)."""
    place = f"rounds.{name}"
    _check_folder(f"{place}.questionnaire", block["questionnaire"])
    for sheet in ("survey.csv", "choices.csv", "settings.csv"):
        _check_file(f"{place}.questionnaire", f"{block['questionnaire']}/{sheet}")
    for key in ("contacts", *DECISION_KEYS):
        if key in block:
            _check_file(f"{place}.{key}", block[key])
    _check_identity(place, block["questionnaire"])
    files, files_beside = [], [block["labels"]] if "labels" in block else []
    for index, entry in enumerate(block["exports"]):
        _check_path(f"{place}.exports[{index}].path", entry["path"])
        found = _files(entry["path"], block)
        if not found:
            raise ConfigError(
                f"config.yaml, {place}.exports[{index}].path: no file matches {entry['path']!r}. "
                "Put the export there or correct the path."
            )
        _check_names(f"{place}.exports[{index}].path", found)
        files += [path for path in found if path not in files]
        for key in ("form", "columns"):
            if key in entry:
                _check_file(f"{place}.exports[{index}].{key}", entry[key])
                files_beside.append(entry[key])
    if "coding" in block:
        _check_file(f"{place}.coding.themes", block["coding"]["themes"])
        for index, path in enumerate(block["coding"].get("coders", [])):
            _check_file(f"{place}.coding.coders[{index}]", path)
        if "consensus" in block["coding"]:
            _check_file(f"{place}.coding.consensus", block["coding"]["consensus"])
    checked = {**block, "files": files, "files_beside": files_beside}
    check_closed(name, checked)
    return checked


def _check_identity(place: str, folder: str) -> None:
    """Who answered must be asked: answers are matched to the register and estimated by type of service."""
    asked = {row.get("name", "") for row in read_sheet(f"{folder}/survey.csv")}
    for name, what in IDENTITY.items():
        if name not in asked:
            raise ConfigError(
                f"config.yaml, {place}.questionnaire: {folder}/survey.csv has no question {name!r}, {what}. Every form needs "
                f"{' and '.join(map(repr, IDENTITY))}: add it, and say under `absent:` of an export if its tool did not ask it."
            )


def _check_weights(estimation: dict) -> None:
    if (estimation["weights"] == "design") != (not estimation["margins"]):
        raise ConfigError(
            "config.yaml, estimation.margins: name the columns of the register to which weights are poststratified or raked; "
            "with `weights: design` there are none."
        )


def _check_finding(name: str, finding: dict, rounds: dict, sheet: Callable) -> None:
    place = f"findings.{name}"
    if finding["round"] not in rounds:
        raise ConfigError(
            f"config.yaml, {place}.round: there is no round {finding['round']!r}. Rounds: {', '.join(rounds)}."
        )
    round_ = rounds[finding["round"]]
    questions, choices = _questions(round_["questionnaire"], sheet)
    for index, test in enumerate(finding["tests"]):
        if test.get("since", finding["round"]) not in rounds:
            raise ConfigError(
                f"config.yaml, {place}.tests[{index}].since: there is no round {test['since']!r}. Rounds: {', '.join(rounds)}."
            )
        for key in ("question", "now", "then"):
            if key in test and test[key] not in questions:
                raise ConfigError(
                    f"config.yaml, {place}.tests[{index}].{key}: the questionnaire of round {finding['round']} "
                    f"has no question {test[key]!r}.{_nearest(test[key], list(questions))}"
                )
        known = choices.get(questions.get(test.get("question"), ""), [])
        for category in test.get("categories", []):
            if category not in known:
                raise ConfigError(
                    f"config.yaml, {place}.tests[{index}].categories: question {test['question']!r} has no answer "
                    f"{category!r}.{_nearest(category, known)} Its answers: {', '.join(known) or 'none (no choice question)'}."
                )
        for key, codes in (("services", choices.get("service", [])), *_groups(test, questions, choices)):
            for code in test.get(key, []):
                if code not in codes:
                    raise ConfigError(
                        f"config.yaml, {place}.tests[{index}].{key}: there is no {code!r}.{_nearest(code, codes)} "
                        f"It can be: {', '.join(codes)}."
                    )
        if "theme" in test:
            _check_theme(f"{place}.tests[{index}].theme", test, round_)


def _check_sensitive(sensitive: list[str], findings: dict, rounds: dict, sheet: Callable) -> None:
    """A finding must not rest on numbers that are hidden, or would give them away."""
    for name, finding in findings.items():
        survey = sheet(f"{rounds[finding['round']]['questionnaire']}/survey.csv")
        indicators = {row.get("name"): row.get("indicator") for row in survey}
        for index, test in enumerate(finding["tests"]):
            for key in ("question", "now", "then"):
                if indicators.get(test.get(key)) in sensitive and "theme" not in test:
                    raise ConfigError(
                        f"config.yaml, findings.{name}.tests[{index}].{key}: small counts of {test[key]!r} are hidden "
                        "(disclosure.sensitive), and the test would show them. Drop the test, or take the indicator out of that list."
                    )


def _groups(test: dict, questions: dict[str, str], choices: dict[str, list[str]]) -> list[tuple[str, list[str]]]:
    """The codes that the two groups of a difference may have."""
    if "by" not in test:
        return []
    codes = ["interview", "questionnaire"] if test["by"] == "mode" else choices.get(questions.get(test["by"], ""), [])
    return [("group", codes), ("against", codes)]


def _check_theme(place: str, test: dict, round_: dict) -> None:
    if "coding" not in round_:
        raise ConfigError(f"config.yaml, {place}: the finding's round has no `coding`. Add it or drop the test.")
    with open(round_["coding"]["themes"], encoding="utf-8-sig", newline="") as file:
        known = [row["theme"] for row in csv.DictReader(file) if row.get("question") == test["question"]]
    if test["theme"] not in known:
        raise ConfigError(
            f"config.yaml, {place}: {round_['coding']['themes']} has no theme {test['theme']!r} for "
            f"{test['question']!r}.{_nearest(test['theme'], known)}"
        )


def _check_figures(figures: dict) -> None:
    kinds = sorted(figure_kinds())
    for name, figure in figures.items():
        if figure["kind"] not in kinds:
            raise ConfigError(
                f"config.yaml, figures.{name}.kind: {figure['kind']!r} is not known.{_nearest(figure['kind'], kinds)} "
                f"It can be: {', '.join(kinds)}."
            )


def _questions(folder: str, sheet: Callable) -> tuple[dict[str, str], dict[str, list[str]]]:
    """Question name -> choice list, and choice list -> codes, straight from the form's CSVs.

    `questionnaire.read_questionnaire` is the full reader; it loads pyxform, which costs a second that
    a `snakemake` call with nothing to do should not pay.
    """
    questions: dict = {}
    choices: dict = {}
    for row in sheet(f"{folder}/survey.csv"):
        kind, _, list_name = row.get("type", "").partition(" ")
        questions[row.get("name", "")] = list_name if kind.startswith("select") else ""
    for row in sheet(f"{folder}/choices.csv"):
        choices.setdefault(row.get("list_name", ""), []).append(row.get("name", ""))
    for name, list_name in questions.items():
        if list_name and list_name.split()[0] not in choices:
            raise QuestionnaireError(
                f"{folder}/survey.csv, question {name}: choices.csv has no list {list_name!r}."
                f"{_nearest(list_name, list(choices))}"
            )
    return questions, choices


def _check_file(key: str, path: str) -> None:
    _check_path(key, path)
    if not Path(path).is_file():
        raise ConfigError(f"config.yaml, {key}: there is no file {path!r}. Put it there or correct the path.")


def _check_folder(key: str, path: str) -> None:
    _check_path(key, path)
    if not Path(path).is_dir():
        raise ConfigError(f"config.yaml, {key}: there is no folder {path!r}. Make it or correct the path.")


def _check_path(key: str, path: str) -> None:
    """What is read lies in the project's folder, under a name that Snakemake and a log can hold."""
    if PurePath(path).is_absolute() or ".." in PurePath(path).parts:
        raise ConfigError(
            f"config.yaml, {key}: {path!r} leads out of the project's folder. Put the file under raw/, or a link to the folder "
            "where it is: results name their inputs by the path from the project's folder, wherever that stands."
        )
    _check_letters(f"config.yaml, {key}", path)
    try:
        Path(path).stat()
    except FileNotFoundError:
        pass  # said with what was looked for
    except OSError as error:
        raise ConfigError(
            f"config.yaml, {key}: {path!r} cannot be read ({error.strerror}). Correct the path."
        ) from error
    if kinds := in_file_name(path):
        raise ConfigError(f"config.yaml, {key}: the path holds personal data ({', '.join(kinds)}). {RENAME}")


def _check_names(key: str, files: list[str]) -> None:
    """The files that a pattern means, which config.yaml does not name itself; messages tell the place and not the name."""
    for number, path in enumerate(sorted(files, key=str.casefold), start=1):
        place = f"config.yaml, {key}: file {number} of the {len(files)} that it means, in order of name"
        _check_letters(place, path)
        if kinds := in_file_name(path):
            raise ConfigError(f"{place}: the name holds personal data ({', '.join(kinds)}). {RENAME}")


def _check_letters(place: str, path: str) -> None:
    """Braces are Snakemake's wildcards, angle brackets its path variables; what is not printed turns text around, ends a line or is half a letter."""
    wrong = next((letter for letter in path if letter in "{}<>" or not letter.isprintable()), "")
    if wrong:
        raise ConfigError(f"{place}: {wrong!r} is not allowed in a file name. Rename it.")


def _nearest(wrong: str, known: list[str]) -> str:
    near = difflib.get_close_matches(wrong, known, n=1)
    return f" Did you mean {near[0]!r}?" if near else ""
