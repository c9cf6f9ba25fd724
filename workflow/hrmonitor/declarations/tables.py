"""The tables that rules hand on and people read, as `resources/tables.yaml` declares them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from hrmonitor.errors import DeclarationError
from hrmonitor.resources import RESOURCES

DECLARATIONS = RESOURCES / "tables.yaml"
TYPES = ("text", "integer", "number", "share", "boolean")
# How the disclosure audit can read a public table; `disclosure/audit/published.py` has a function for each.
AUDITS = ("estimates", "themes", "gaps", "findings", "marks", "sizes")
# A column a language ends in its code.
BY_LANGUAGE = "{lang}"
CODE = r"[a-z]{2,3}"


@dataclass(frozen=True)
class Column:
    """A column: `type` is one of `TYPES`; with `gaps` a cell may be blank; `unit` is that of every row. `elsewhere` describes it where a study
    has no register.

    A `name` that ends in `{lang}` stands for a column a language; an `optional` one may be there in none.
    """

    name: str
    type: str = "text"
    gaps: bool = False
    minimum: float | None = None
    one_of: tuple[str, ...] = ()
    description: str = ""
    unit: str = ""
    optional: bool = False
    elsewhere: str = ""

    @property
    def by_language(self) -> bool:
        return BY_LANGUAGE in self.name

    def is_named(self, name: str) -> bool:
        """Whether a column of a table is this one, or this one in some language."""
        return name == self.name or (
            self.by_language and bool(re.fullmatch(self.name.replace(BY_LANGUAGE, CODE), name))
        )


@dataclass(frozen=True)
class Table:
    """A table: `public` ones are in the data package, and have an `audit` (one of `AUDITS`) or a reason for `no_audit`. `frames` are the kinds of
    frame that it can speak of, if not all; `elsewhere` describes it where a study has no register; one `of_groups` only a study with groups of
    rounds has."""

    name: str
    description: str
    columns: tuple[Column, ...]
    public: bool = False
    audit: str = ""
    no_audit: str = ""
    one_a_round: bool = False
    frames: tuple[str, ...] = ()
    elsewhere: str = ""
    of_groups: bool = False

    def __post_init__(self) -> None:
        where = f"resources/tables.yaml, table {self.name}:"
        if not re.fullmatch(r"[a-z_]+", self.name) or not self.description or not self.columns:
            raise DeclarationError(f"{where} a name in small letters, a description and columns are needed.")
        if self.public and bool(self.audit) == bool(self.no_audit):
            raise DeclarationError(
                f"{where} it is public, so say in `audit` how the disclosure audit reads it, or in `no_audit` why nothing can be "
                "told from it."
            )
        if self.audit and self.audit not in AUDITS:
            raise DeclarationError(
                f"{where} the disclosure audit has no {self.audit!r}. It can be: {', '.join(AUDITS)}."
            )
        for column in self.columns:
            if column.type not in TYPES:
                raise DeclarationError(
                    f"{where} {column.name} has the type {column.type!r}. It can be: {', '.join(TYPES)}."
                )
            if self.public and not column.description:
                raise DeclarationError(f"{where} it is public, so say in `description` what {column.name} holds.")

    def column(self, name: str) -> Column:
        """The declaration of a column by its name in the table; raises `KeyError`."""
        for column in self.columns:
            if column.is_named(name):
                return column
        raise KeyError(f"{self.name}.{name}")

    def names(self, languages: list[str]) -> list[str]:
        """The columns of the table in those languages."""
        return list(_in_languages((column.name for column in self.columns), languages))


def _in_languages(names: Iterator[str], languages: list[str]) -> Iterator[str]:
    for name in names:
        yield from (name.replace(BY_LANGUAGE, lang) for lang in languages) if BY_LANGUAGE in name else (name,)


@cache
def tables() -> dict[str, Table]:
    """Every table by its name, in the order of the data package.

    Raises `DeclarationError` naming the table whose declaration is not complete: a public one without an audit among them.
    """
    return read_declarations(DECLARATIONS)


def public_tables(frames: Collection[str] = (), groups: bool = True) -> dict[str, Table]:
    """The tables of the data package; of a study whose rounds have these kinds of frame, those that can speak of one of them, and those of
    `groups` where its rounds belong to some."""
    return {
        name: table
        for name, table in tables().items()
        if table.public
        and (not frames or not table.frames or set(table.frames) & set(frames))
        and (groups or not table.of_groups)
    }


@cache
def shared_columns() -> dict[str, Column]:
    """What a column of a name holds wherever its table says nothing else."""
    shared = yaml.load(DECLARATIONS.read_text(encoding="utf-8"), yaml.CSafeLoader)["columns"]
    return {name: _column(name, shared) for name in shared}


def read_declarations(path: Path) -> dict[str, Table]:
    """The declarations of a file; raises as `tables` does."""
    declared = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    shared = declared["columns"]
    found = {}
    for name, block in declared["tables"].items():
        columns = tuple(_column(entry, shared) for entry in block.pop("columns", []))
        found[name] = Table(name=name, columns=columns, **{"description": "", **block})
    return found


def _column(entry: str | dict, shared: dict[str, dict]) -> Column:
    name, own = (entry, {}) if isinstance(entry, str) else next(iter(entry.items()))
    facts = {**(shared.get(name) or {}), **(own or {})}
    if own and "description" in own:
        facts["elsewhere"] = own.get("elsewhere", "")
    return Column(name=name, **{**facts, "one_of": tuple(facts.get("one_of", ()))})
