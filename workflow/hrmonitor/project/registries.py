"""What other rooms declare and config.yaml names: survey tools, kinds of test, kinds of figure.

Only their names are taken, when the keys of config.yaml are checked; nothing here runs a reader or draws a figure.
"""

from __future__ import annotations

from hrmonitor.build.code_digest import PACKAGE
from hrmonitor.declarations.figures import figures
from hrmonitor.project.test_kinds import KINDS


def tools() -> list[str]:
    """`tool:` of an export: each is called as its module, and modules of readers import pandas, for which no `snakemake` call should wait."""
    modules = (PACKAGE / "readers" / "tools").glob("[a-z]*.py")
    return ["auto", *sorted(path.stem for path in modules)]


def test_kinds() -> list[str]:
    """`test:` of a finding's test."""
    return list(KINDS)


def figure_kinds() -> list[str]:
    """`kind:` of a figure."""
    return sorted(figures())


def register_figures() -> set[str]:
    """Kinds of figure that show facilities of the register, or who of them answered."""
    return {name for name, kind in figures().items() if {"register", "flow", "tipping_points"} & set(kind.inputs)}
