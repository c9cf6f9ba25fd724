"""The paths that config.yaml names: files and folders that are there, in the project's folder, under names that nobody is hurt by."""

from __future__ import annotations

import difflib
from glob import glob
from pathlib import Path, PurePath

from hrmonitor.errors import ConfigError
from hrmonitor.personal_data import RENAME, in_file_name
from hrmonitor.project.rounds import DECISIONS_WORKBOOK

# What Excel and Windows leave in a folder.
LITTER = ("~$*", "Thumbs.db", "desktop.ini")


def files_of(pattern: str, round_folder: PurePath) -> list[str]:
    """The exports that a path or pattern means; not the folders, nor what Excel, Windows and `check` leave beside them."""
    workbook = round_folder / DECISIONS_WORKBOOK
    found = (path for path in glob(pattern) if Path(path).is_file() and PurePath(path) != workbook)
    return sorted(path for path in found if not any(PurePath(path).match(litter) for litter in LITTER))


def check_file(key: str, path: str) -> None:
    check_path(key, path)
    if not Path(path).is_file():
        raise ConfigError(f"config.yaml, {key}: there is no file {path!r}. Put it there or correct the path.")


def check_folder(key: str, path: str) -> None:
    check_path(key, path)
    if not Path(path).is_dir():
        raise ConfigError(f"config.yaml, {key}: there is no folder {path!r}. Make it or correct the path.")


def check_path(key: str, path: str) -> None:
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


def check_names(key: str, files: list[str]) -> None:
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


def nearest(wrong: str, known: list[str]) -> str:
    near = difflib.get_close_matches(wrong, known, n=1)
    return f" Did you mean {near[0]!r}?" if near else ""
