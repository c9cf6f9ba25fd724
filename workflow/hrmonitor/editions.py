"""Earlier editions: what went out before, and the answers that it was made of.

`hrmonitor publish NAME` writes the record of an edition, `editions/NAME/`. Who has two editions can subtract the one from the other, so each later build
hides what the difference would tell, and is attacked together with all records. A record holds the answers of single facilities, as `raw/` does: it is for the makers.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import pandas as pd
import yaml

from hrmonitor.declarations.csv_files import read_table
from hrmonitor.errors import UserError
from hrmonitor.files.checksums import sha256
from hrmonitor.project.register import read_register
from hrmonitor.survey import Round, read_rounds

FOLDER, ABOUT = "editions", "edition.yaml"
REGISTER, CODED = "register.csv", "theme_basis.csv"
STATEMENTS, COUNTS = "statements.csv", "counts.csv"
ANSWERS, FORM = "facilities.parquet", "questionnaire"


class EditionError(UserError):
    """The record of an edition cannot be written, or is not as it was written."""


@dataclass(frozen=True)
class Edition:
    """An edition that went out: `rounds` as they were then, by name, the pattern of its hidden cells (`disclosure.suppressions.COLUMNS`), and its
    table of `themes` as it was printed."""

    name: str
    folder: Path
    rounds: dict[str, Round]
    suppressions: pd.DataFrame
    themes: pd.DataFrame

    @property
    def coded(self) -> pd.DataFrame:
        """The themes of each answer in all rounds (`themes.prevalence.SETTLED`)."""
        return next(iter(self.rounds.values())).themes

    @cached_property
    def renamed(self) -> dict[str, Round]:
        """The rounds under names of their own, to stand beside today's: `2024 in spring`."""
        return {
            name: replace(one, name=f"{name} in {self.name}", themes=self._themes(one))
            for name, one in self.rounds.items()
        }

    def _themes(self, one: Round) -> pd.DataFrame:
        if one.themes.empty:
            return one.themes
        return one.themes.assign(round=one.themes["round"].astype(str) + f" in {self.name}")


def read_editions(root: str | Path = ".") -> list[Edition]:
    """The editions on record under `root`, the oldest first.

    Raises `EditionError` naming a file that is not as it was recorded.
    """
    found = []
    for about in Path(root, FOLDER).glob(f"*/{ABOUT}"):
        folder, said = about.parent, yaml.safe_load(about.read_text(encoding="utf-8"))
        _check(folder, said["record"])
        register = read_register(folder / REGISTER)
        coded = read_table("theme_basis", folder / CODED)
        rounds = {name: {"year": year, "questionnaire": folder / name / FORM} for name, year in said["rounds"].items()}
        answers = read_rounds(rounds, [folder / name / ANSWERS for name in rounds], register, coded)
        suppressions, themes = (read_table(name, folder / f"{name}.csv") for name in ("suppressions", "themes"))
        edition = Edition(folder.name, folder, answers, suppressions, themes)
        found.append((str(said["published"]), folder.name, edition))
    return [edition for *_, edition in sorted(found, key=lambda one: one[:2])]


def _check(folder: Path, expected: Mapping[str, str]) -> None:
    there = {
        path.relative_to(folder).as_posix(): sha256(path)
        for path in folder.rglob("*")
        if path.is_file() and path.name != ABOUT
    }
    for name in sorted(expected.keys() | there.keys()):
        if expected.get(name) != there.get(name):
            raise EditionError(
                f"{folder / name}: the record of edition {folder.name} is not as it was written. SHA-256 expected: {expected.get(name, 'no such file')}; "
                f"found: {there.get(name, 'no such file')}. Put the record back as it was, for instance with: git checkout -- {folder}"
            )


def write_edition(
    folder: Path, about: Mapping, copies: Mapping[str, str | Path], tables: Mapping[str, pd.DataFrame]
) -> None:
    """Write a record, whole or not at all: files to copy and tables to write, by their path within `folder`, and `about` with their checksums."""
    beside = folder.with_name(f".{folder.name}")
    shutil.rmtree(beside, ignore_errors=True)
    try:
        for name, source in copies.items():
            (beside / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, beside / name)
        for name, table in tables.items():
            table.to_csv(beside / name, index=False, lineterminator="\n")
        record = {name: sha256(beside / name) for name in sorted([*copies, *tables])}
        content = yaml.safe_dump({**about, "record": record}, sort_keys=False, allow_unicode=True)
        (beside / ABOUT).write_text(content, encoding="utf-8")
        beside.replace(folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
