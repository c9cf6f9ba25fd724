"""A figure from its files to its files: what it is made from is read, and all that belongs to it is written."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import pandas as pd

from hrmonitor.cleaning.imputation_flags import drop_imputed
from hrmonitor.declarations.csv_files import read_table
from hrmonitor.declarations.tables import tables
from hrmonitor.figures import style
from hrmonitor.figures.data import Data, save
from hrmonitor.project.frame import register_of
from hrmonitor.tabulation.against_published import read_reference
from hrmonitor.themes.codebook import read_themes


def kind_of(name: str) -> Any:
    """The kind of figure of that name (`declarations.figures.Figure`), with the functions that draw it."""
    style.use_style()
    return import_module(f"hrmonitor.figures.{name}").FIGURE


def read_input(name: str, files: Any, rounds: Sequence[str], reference: str):
    """An input of figures by its name (`Figure.inputs`); of what there is for each round, a table by round.

    files: where it stands, one file a round in the order of `rounds` where it is by round. reference: the folder of published series.
    """
    if name == "register":
        return register_of(*files)
    if name == "reference":
        return read_reference(reference)
    if name == "theme_books":
        return pd.concat([read_themes(path) for path in files])
    if name == "facilities":
        # A figure that is made from answers shows what facilities answered.
        return {round_: drop_imputed(pd.read_parquet(path)) for round_, path in zip(rounds, files, strict=True)}
    if tables()[name].one_a_round:
        return {round_: read_table(name, path) for round_, path in zip(rounds, files, strict=True)}
    return read_table(name, files)


def draw(kind: Any, data: Data, options: dict, stem: Path) -> None:
    """Write the figure in all languages, for a page and for a phone, with its texts and its data, to files that begin with `stem`."""
    table = kind.table(data, options)
    table.to_csv(stem.with_suffix(".csv"), index=False, float_format="%.10g", lineterminator="\n")
    for lang in data.languages:
        own = stem.with_name(f"{stem.name}_{lang}")
        save(kind.draw(table, options, lang), own.with_suffix(".svg"), own.with_suffix(".png"))
        save(kind.draw(table, options | {"narrow": True}, lang), own.with_suffix(".narrow.svg"))
        texts = {
            "title": kind.headline(table, options, lang) or options["title"][lang],
            "alt": kind.alt_text(table, options, lang),
            "long": "\n".join(kind.description(table, options, lang)),
        }
        for name, text in texts.items():
            own.with_suffix(f".{name}.txt").write_text(text + "\n", encoding="utf-8")
