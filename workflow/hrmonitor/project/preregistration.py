"""What a round's findings were to be tested by, written down before its answers came in, and how it differs from what is tested now.

`hrmonitor preregister 2024` writes `preregistration.yaml` beside the round's questionnaire folder: the findings of the round and the
settings that its verdicts hang on, with a checksum over both and the commit of config.yaml that held them. A round without that file makes
no claim about when its tests were chosen.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from hrmonitor.errors import ConfigError
from hrmonitor.files.atomic import whole
from hrmonitor.project.config import Config, Estimation, Finding, Frame, Imputation, RoundConfig
from hrmonitor.project.keys import build, plain

FILE = "preregistration.yaml"
# Keys of config.yaml outside of `findings` on which a verdict hangs.
SETTINGS = (
    "confidence",
    "minimum_facilities",
    "minimum_organisations",
    "dont_know_in_base",
    "estimation",
    "imputation",
)
KEYS = ("round", "committed", "commit", "sha256", "settings", "findings")
HEAD = """# The findings of round {round} and their tests, as they were written down before its answers came in. `hrmonitor preregister` wrote
# this file; a change to it stops the build. docs/methods/findings.md says how the report uses it.
"""


@dataclass(frozen=True)
class Registration:
    """What was registered for a round: `committed` is the date (YYYY-MM-DD) of the `commit` of config.yaml."""

    round: str
    committed: str
    commit: str
    settings: dict[str, Any]
    findings: dict[str, Any]


@dataclass(frozen=True)
class Difference:
    """A key that is not as it was registered: of a finding, or of the settings (`finding` is None). `key` is empty for a finding that
    is new or gone. `test` is the number of the test that the key belongs to, from 1."""

    finding: str | None
    key: str
    test: int | None = None


def file_of(round_: RoundConfig) -> Path:
    return Path(round_.folder) / FILE


def registered_part(name: str, config: Config) -> tuple[dict, dict]:
    """(settings, findings of the round) in plain values, with defaults filled in; the settings with the frame of a round that names one."""
    findings = {key: plain(finding) for key, finding in config.findings.items() if finding.round == name}
    settings = {key: plain(getattr(config, key)) for key in SETTINGS}
    frame = config.rounds[name].frame if name in config.rounds else None
    if frame is not None:
        settings["frame"] = plain(replace(frame, sizes=None))
    return settings, findings


def digest(content: Mapping) -> str:
    """SHA-256 over all that the file says, whatever the order of its keys."""
    said = {key: value for key, value in content.items() if key != "sha256"}
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def write_registration(path: Path, registration: Registration) -> None:
    content = asdict(registration)
    content["sha256"] = digest(content)
    ordered = {key: content[key] for key in KEYS}
    text = HEAD.format(round=registration.round) + yaml.safe_dump(ordered, sort_keys=False, allow_unicode=True)
    with whole(path) as place:
        place.write_text(text, encoding="utf-8")


def read_registration(path: Path) -> Registration:
    """Raises `ConfigError` when the file is not as `write_registration` left it."""
    advice = "Put the file back as it was (git has it), or delete it: the report then says nothing of a registration."
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read as YAML. {advice}") from error
    if not isinstance(content, dict) or set(content) != set(KEYS):
        raise ConfigError(f"{path}: its keys must be {', '.join(KEYS)}. {advice}")
    if content["sha256"] != digest(content):
        raise ConfigError(f"{path}: the checksum is not that of what stands in the file, so it was changed. {advice}")
    return Registration(**{key: value for key, value in content.items() if key != "sha256"})


def differences(registration: Registration, config: Config) -> list[Difference]:
    """What is tested otherwise than was registered, settings first, then finding by finding; [] where they agree.

    Both sides get the defaults of today, so that a key which came later makes no difference.
    """
    settings, findings = registered_part(registration.round, config)
    found = [Difference(None, key) for key, _ in _differing(_with_defaults(registration.settings), settings)]
    for name in dict.fromkeys([*registration.findings, *findings]):
        if name not in registration.findings or name not in findings:
            found.append(Difference(name, ""))
            continue
        before = plain(build(Finding, registration.findings[name]))
        found += [Difference(name, key, test) for key, test in _differing(before, findings[name])]
    return found


def _with_defaults(settings: Mapping[str, Any]) -> dict[str, Any]:
    blocks = {"estimation": Estimation, "imputation": Imputation, "frame": Frame}
    return {key: plain(build(blocks[key], value)) if key in blocks else value for key, value in settings.items()}


def _differing(before: Mapping, now: Mapping, path: str = "") -> list[tuple[str, int | None]]:
    """(key, number of its test or None) of each key that is not the same."""
    found: list[tuple[str, int | None]] = []
    for key in dict.fromkeys([*before, *now]):
        old, new = before.get(key), now.get(key)
        if old == new:
            continue
        if key == "tests" and old and new and len(old) == len(new):
            for number, (one, other) in enumerate(zip(old, new, strict=True), start=1):
                found += [(inner, number) for inner, _ in _differing(one, other)]
        elif isinstance(old, dict) and isinstance(new, dict):
            found += [(inner, None) for inner, _ in _differing(old, new, f"{path}{key}.")]
        else:
            found.append((f"{path}{key}", None))
    return found
