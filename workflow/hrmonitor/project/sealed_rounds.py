"""Closed rounds: the checksums of a round's raw files, which stop the build when one of them changes afterwards.

A round is closed when `manifest.sha256` stands beside its questionnaire folder; `.venv/bin/hrmonitor close 2024` writes it.
"""

from __future__ import annotations

from pathlib import Path

from hrmonitor.errors import ConfigError
from hrmonitor.files.atomic import whole
from hrmonitor.files.checksums import sha256
from hrmonitor.project.config import RoundConfig

MANIFEST = "manifest.sha256"


def manifest_of(round_: RoundConfig) -> Path:
    return Path(round_.questionnaire).parent / MANIFEST


def raw_files(round_: RoundConfig) -> list[str]:
    """Every file of a round as `checks.check_config` gives it: questionnaire, exports and what people decided."""
    sheets = [path.as_posix() for path in Path(round_.questionnaire).glob("*.csv")]
    return sorted({*sheets, *round_.files, *round_.files_beside, *round_.decision_files})


def close(round_: RoundConfig) -> int:
    """Write the manifest in the form of `sha256sum`; gives the number of files."""
    lines = [f"{sha256(path)}  {path}" for path in raw_files(round_)]
    with whole(manifest_of(round_)) as place:
        place.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return len(lines)


def check_closed(name: str, round_: RoundConfig) -> None:
    """Raises `ConfigError` for the first file of a closed round that changed, went or came since it was closed."""
    manifest = manifest_of(round_)
    if not manifest.is_file():
        return
    pairs = [line.split("  ", 1) for line in manifest.read_text(encoding="utf-8").splitlines() if line]
    if any(len(pair) != 2 or len(pair[0]) != 64 for pair in pairs):
        raise ConfigError(f"{manifest}: a line is not a checksum and a path. {_what_to_do(name)}")
    expected = {path: digest for digest, path in pairs}
    found = {path: sha256(path) for path in raw_files(round_) if Path(path).is_file()}
    for path in sorted(expected.keys() | found.keys()):
        if expected.get(path) != found.get(path):
            raise ConfigError(
                f"{path}: round {name} is closed ({manifest}) and this file is not as it was then. SHA-256 expected: "
                f"{expected.get(path, 'no such file')}; found: {found.get(path, 'no such file')}. {_what_to_do(name)}"
            )


def _what_to_do(name: str) -> str:
    return f"Put the file back as it was, or, if the change is meant, delete the manifest and run: .venv/bin/hrmonitor close {name}"
