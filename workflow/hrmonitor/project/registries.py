"""What other rooms declare and config.yaml names: survey tools, kinds of test, kinds of figure.

Only their names are taken, when the keys of config.yaml are checked; nothing here runs a reader or draws a figure.
"""

from __future__ import annotations

from importlib import import_module

from hrmonitor.build.code_digest import PACKAGE
from hrmonitor.project.test_kinds import KINDS


def tools() -> list[str]:
    """`tool:` of an export."""
    return ["auto", *import_module("hrmonitor.readers").TOOLS]


def test_kinds() -> list[str]:
    """`test:` of a finding's test."""
    return list(KINDS)


def figure_kinds() -> list[str]:
    """`kind:` of a figure, read from the text of the modules: they import matplotlib, for which no `snakemake` call should wait."""
    paths = (PACKAGE / "figures").glob("*.py")
    return sorted(path.stem for path in paths if "\nKIND" in path.read_text(encoding="utf-8"))
