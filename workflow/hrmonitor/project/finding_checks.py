"""Findings against the questionnaires: every question, answer, theme, service and group that a test names is there.

Only light modules are imported here, because every `snakemake` call passes through.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Collection, Mapping

from hrmonitor.errors import ConfigError, QuestionnaireError
from hrmonitor.project.config import Disclosure, FigureOptions, Finding, FindingTest, RoundConfig
from hrmonitor.project.paths import nearest
from hrmonitor.project.result_fields import Asked, check_fields


def check_finding(name: str, finding: Finding, rounds: Mapping[str, RoundConfig], sheet: Callable) -> None:
    place = f"findings.{name}"
    if finding.round not in rounds:
        raise ConfigError(
            f"config.yaml, {place}.round: there is no round {finding.round!r}. Rounds: {', '.join(rounds)}."
        )
    round_ = rounds[finding.round]
    questions, choices = _questions(round_.questionnaire, sheet)
    for index, test in enumerate(finding.tests):
        if (test.since or finding.round) not in rounds:
            raise ConfigError(
                f"config.yaml, {place}.tests[{index}].since: there is no round {test.since!r}. Rounds: {', '.join(rounds)}."
            )
        for key in ("question", "now", "then"):
            if (named := getattr(test, key)) and named not in questions:
                raise ConfigError(
                    f"config.yaml, {place}.tests[{index}].{key}: the questionnaire of round {finding.round} "
                    f"has no question {named!r}.{nearest(named, list(questions))}"
                )
        known = choices.get(questions.get(test.question or "", ""), [])
        for category in test.categories or ():
            if category not in known:
                raise ConfigError(
                    f"config.yaml, {place}.tests[{index}].categories: question {test.question!r} has no answer "
                    f"{category!r}.{nearest(category, known)} Its answers: {', '.join(known) or 'none (no choice question)'}."
                )
        for key, codes in (("services", choices.get("service", [])), *_groups(test, questions, choices)):
            for code in getattr(test, key) or ():
                if code not in codes:
                    raise ConfigError(
                        f"config.yaml, {place}.tests[{index}].{key}: there is no {code!r}.{nearest(code, codes)} "
                        f"It can be: {', '.join(codes)}."
                    )
        if test.theme:
            _check_theme(f"{place}.tests[{index}].theme", test, round_)
    if finding.clients and finding.clients not in questions:
        raise ConfigError(
            f"config.yaml, {place}.clients: the questionnaire of round {finding.round} has no question {finding.clients!r}."
            f"{nearest(finding.clients, list(questions))}"
        )
    asked = asked_by(round_.questionnaire, sheet)
    check_fields(place, finding, asked.kinds, asked.choices)


def asked_by(folder: str, sheet: Callable) -> Asked:
    """The questions of a form with their kinds, and their answers."""
    questions, choices = _questions(folder, sheet)
    return Asked(
        _kinds(folder, sheet),
        {question: choices[named.split()[0]] for question, named in questions.items() if named},
    )


def check_published(findings: Mapping[str, Finding], reference: str) -> None:
    """Every series that stands beside a finding is a published one, with a number from the year on that config names."""
    for name, finding in findings.items():
        for index, one in enumerate(finding.published):
            place = f"config.yaml, findings.{name}.published[{index}]"
            known = {row["series"] for row in _sheet(f"{reference}/series.csv")}
            if one.series not in known:
                raise ConfigError(
                    f"{place}.series: {reference}/series.csv has no series {one.series!r}.{nearest(one.series, list(known))}"
                )
            years = [
                row["year"]
                for row in _sheet(f"{reference}/values.csv")
                if row["series"] == one.series and (row["value"] or row["low"] or row["high"])
            ]
            if not any(year.isdigit() and int(year) >= (one.from_ or 0) for year in years):
                raise ConfigError(f"{place}.from: {one.series!r} has no number from {one.from_} on.")


def check_comparisons(rounds: Collection[str], reference: str) -> None:
    """No pair of a published figure and ours is of a round that config.yaml has not: the build would stop at it after minutes."""
    path = f"{reference}/comparisons.csv"
    for number, row in enumerate(_sheet(path), start=2):
        if (name := row.get("round", "")) and name not in rounds:
            raise ConfigError(
                f"{path}, row {number}, round: config.yaml has no round {name!r}.{nearest(name, list(rounds))} Correct it, or take the row out."
            )


def _sheet(path: str) -> list[dict[str, str]]:
    """A file that `read_reference` checks in full later; one that is not there or has other columns is its matter."""
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            return [{key or "": value or "" for key, value in row.items()} for row in csv.DictReader(file)]
    except (OSError, UnicodeDecodeError):
        return []


def check_sensitive(
    sensitive: tuple[str, ...], findings: Mapping[str, Finding], rounds: Mapping[str, RoundConfig], sheet: Callable
) -> None:
    """A finding must not rest on numbers that are hidden, or would give them away."""
    for name, finding in findings.items():
        survey = sheet(f"{rounds[finding.round].questionnaire}/survey.csv")
        indicators = {row.get("name"): row.get("indicator") for row in survey}
        for index, test in enumerate(finding.tests):
            for key in ("question", "now", "then"):
                if indicators.get(getattr(test, key)) in sensitive and not test.theme:
                    raise ConfigError(
                        f"config.yaml, findings.{name}.tests[{index}].{key}: small counts of {getattr(test, key)!r} are hidden "
                        "(disclosure.sensitive), and the test would show them. Drop the test, or take the indicator out of that list."
                    )


def check_rounded(
    disclosure: Disclosure, figures: Mapping[str, FigureOptions], rounds: Mapping[str, RoundConfig], sheet: Callable
) -> None:
    """A figure cannot say that its shares are of rounded counts."""
    for name, figure in figures.items() if disclosure.round_sensitive else ():
        for round_ in [figure.round] if figure.round and figure.round in rounds else list(rounds):
            survey = sheet(f"{rounds[round_].questionnaire}/survey.csv")
            indicators = {row.get("name"): row.get("indicator") for row in survey}
            for question in (figure.question, *(figure.questions or ()), figure.then, figure.now):
                if question and indicators.get(question) in disclosure.sensitive:
                    raise ConfigError(
                        f"config.yaml, figures.{name}: the counts of {question!r} are rounded (disclosure.sensitive, disclosure.round_sensitive), "
                        "which a figure does not say. Take the question out of the figure, or set round_sensitive to 0."
                    )


def _groups(test: FindingTest, questions: dict[str, str], choices: dict[str, list[str]]) -> list[tuple[str, list[str]]]:
    """The codes that the two groups of a difference may have."""
    if not test.by:
        return []
    codes = ["interview", "questionnaire"] if test.by == "mode" else choices.get(questions.get(test.by, ""), [])
    return [("group", codes), ("against", codes)]


def _check_theme(place: str, test: FindingTest, round_: RoundConfig) -> None:
    if not round_.coding:
        raise ConfigError(f"config.yaml, {place}: the finding's round has no `coding`. Add it or drop the test.")
    with open(round_.coding.themes, encoding="utf-8-sig", newline="") as file:
        known = [row["theme"] for row in csv.DictReader(file) if row.get("question") == test.question]
    if test.theme not in known:
        raise ConfigError(
            f"config.yaml, {place}: {round_.coding.themes} has no theme {test.theme!r} for "
            f"{test.question!r}.{nearest(test.theme or '', known)}"
        )


def _kinds(folder: str, sheet: Callable) -> dict[str, str]:
    """Question name -> its type, such as select_one."""
    return {row.get("name", ""): row.get("type", "").partition(" ")[0] for row in sheet(f"{folder}/survey.csv")}


def _questions(folder: str, sheet: Callable) -> tuple[dict[str, str], dict[str, list[str]]]:
    """Question name -> choice list, and choice list -> codes, straight from the form's CSVs.

    `questionnaire.read_questionnaire` is the full reader; it loads pyxform, which costs a second that
    a `snakemake` call with nothing to do should not pay.
    """
    questions: dict[str, str] = {}
    choices: dict[str, list[str]] = {}
    for row in sheet(f"{folder}/survey.csv"):
        kind, _, list_name = row.get("type", "").partition(" ")
        questions[row.get("name", "")] = list_name if kind.startswith("select") else ""
    for row in sheet(f"{folder}/choices.csv"):
        choices.setdefault(row.get("list_name", ""), []).append(row.get("name", ""))
    for name, list_name in questions.items():
        if list_name and list_name.split()[0] not in choices:
            raise QuestionnaireError(
                f"{folder}/survey.csv, question {name}: choices.csv has no list {list_name!r}."
                f"{nearest(list_name, list(choices))}"
            )
    return questions, choices
