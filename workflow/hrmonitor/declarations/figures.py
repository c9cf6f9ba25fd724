"""The kinds of figure, as each module of `figures/` declares its own in `FIGURE`."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from hrmonitor.declarations.tables import AUDITS, tables
from hrmonitor.errors import DeclarationError

FOLDER = Path(__file__).resolve().parent.parent / "figures"
# What a figure can be made from besides the declared tables: typed answers by round, the register, the published series, the books of themes.
OTHER_INPUTS = ("facilities", "register", "reference", "theme_books")
# The options that each figure has in config.yaml.
EVERY_FIGURE = ("kind", "title", "section")


@dataclass(frozen=True)
class Figure:
    """A kind of figure. `name` is that of its module and of `kind:` in config.yaml, `shows` a line on what it shows.

    `inputs`: tables that it is made from (`resources/tables.yaml`, `OTHER_INPUTS`). `options` and `optional`: its keys in config.yaml
    beside `EVERY_FIGURE`. `numbers`: columns of its data that are numbers and stand in no other table. `audit` or `no_audit`: how the
    disclosure audit reads its data, or why nothing can be told from them.

    table(data, options): what is drawn, as a frame, from which all else is made; draw(table, options, lang): the matplotlib figure;
    headline(table, options, lang): what it shows as a title, by rule from the data, or nothing where there is
    nothing to say; alt_text(table, options, lang): its main message in a sentence, for who does not see it; description(table, options, lang): all that it shows, a
    line a fact. `options` is the figure's block in config.yaml, with `confidence` and `synthetic`, and with `narrow` where it is drawn for
    a phone.
    """

    name: str
    shows: str
    inputs: tuple[str, ...]
    options: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    audit: str = ""
    no_audit: str = ""
    table: Callable | None = None
    draw: Callable | None = None
    alt_text: Callable | None = None
    description: Callable | None = None
    headline: Callable | None = None

    def __post_init__(self) -> None:
        where = f"hrmonitor/figures/{self.name}.py:"
        unknown = [name for name in self.inputs if name not in (*OTHER_INPUTS, *tables())]
        if unknown:
            raise DeclarationError(
                f"{where} there is no table {unknown[0]!r} to make it from; resources/tables.yaml has none."
            )
        if bool(self.audit) == bool(self.no_audit) or (self.audit and self.audit not in AUDITS):
            raise DeclarationError(
                f"{where} its data are public, so say in `audit` how the disclosure audit reads them ({', '.join(AUDITS)}), or in "
                "`no_audit` why nothing can be told from them."
            )


@cache
def figures() -> dict[str, Figure]:
    """Every kind by its name, without the functions.

    The modules import pandas and matplotlib, which a `snakemake` call with nothing to do should not wait for: what they declare
    is read from their text. Raises `DeclarationError` naming the module that declares too little.
    """
    found = {}
    for path in sorted(FOLDER.glob("*.py")):
        call = _declaration(path)
        if call is not None:
            found[path.stem] = _literal(path, call)
    return found


def _declaration(path: Path) -> ast.Call | None:
    """The call in `FIGURE = Figure(...)`; None for a module that is no kind of figure."""
    text = path.read_text(encoding="utf-8")
    if not re.search(r"^FIGURE = ", text, re.M):
        return None
    for line in ast.parse(text).body:
        if isinstance(line, ast.Assign) and getattr(line.targets[0], "id", "") == "FIGURE":
            return line.value if isinstance(line.value, ast.Call) else None
    return None


def _literal(path: Path, call: ast.Call) -> Figure:
    functions = ("table", "draw", "headline", "alt_text", "description")
    given = {part.arg: part.value for part in call.keywords}
    missing = [name for name in ("name", "shows", "inputs", *functions) if name not in given]
    if missing:
        raise DeclarationError(f"hrmonitor/figures/{path.name}: FIGURE does not say {missing[0]!r}.")
    facts = {name: ast.literal_eval(value) for name, value in given.items() if name and name not in functions}
    if facts["name"] != path.stem:
        raise DeclarationError(
            f"hrmonitor/figures/{path.name}: FIGURE is called {facts['name']!r}; give both one name."
        )
    return Figure(**facts)
