"""`preregister`: write down what a round's findings will be tested by, before there are answers to look at."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from hrmonitor.errors import ConfigError
from hrmonitor.project.checks import check_keys
from hrmonitor.project.config import Config
from hrmonitor.project.finding_checks import check_finding
from hrmonitor.project.keys import build
from hrmonitor.project.paths import files_of
from hrmonitor.project.preregistration import Registration, file_of, registered_part, write_registration
from hrmonitor.publication.release import commit_of_file
from hrmonitor.questionnaire.model import read_sheet


def preregister(name: str, given: dict, root: Path) -> str:
    """Write the round's `preregistration.yaml`; gives what to tell.

    Raises `ConfigError` for a round that has answers already, is registered already, or of which no finding is; `ReleaseError` outside a
    git clone, or when config.yaml is not committed, as its date is that of its commit.
    """
    config = _read(name, given)
    round_ = config.rounds[name]
    path = file_of(round_)
    if path.exists():
        raise ConfigError(
            f"{path}: round {name} is registered already. To register it anew, delete that file and commit that."
        )
    there = [file for export in round_.exports for file in files_of(export.path, round_.folder)]
    if there:
        raise ConfigError(
            f"round {name} has answers already ({there[0]}): what is written down now was not written down before. A round can be "
            "registered as long as no file of its exports is there."
        )
    settings, findings = registered_part(name, config)
    if not findings:
        raise ConfigError(
            f'config.yaml has no finding of round {name}. Set `round: "{name}"` in those that its answers are to test.'
        )
    commit, committed = commit_of_file(root, "config.yaml")
    write_registration(path, Registration(name, committed, commit, settings, findings))
    return (
        f"{path}: {len(findings)} findings, as committed on {committed} ({commit[:12]}). Commit this file too, and push it to where "
        "others see when it came: a date in a clone of your own proves nothing to them."
    )


def _read(name: str, given: dict) -> Config:
    """config.yaml with the keys and findings of the round checked; its answers need not be there, as for a build."""
    given = {**given, **{part: {str(key): block for key, block in (given.get(part) or {}).items()}
                         for part in ("rounds", "findings", "figures")}}  # fmt: skip
    if name not in given["rounds"]:
        raise ConfigError(f"config.yaml has no round {name!r}. Rounds: {', '.join(given['rounds'])}.")
    check_keys(given)
    config = build(Config, given)
    sheet = cache(read_sheet)
    for key, finding in config.findings.items():
        if finding.round == name:
            check_finding(key, finding, config.rounds, sheet)
    return config
