"""Published tables come in, with the options of a figure in config.yaml; where a figure needs answers, it aggregates them here.

Out go, for each figure and language, the image, a short alt text, a full description, and the data that was drawn. A figure shows
nothing that disclosure control hides, and computes no estimate of its own.

Each module is one kind of figure and has

- `KIND`: one line on what it shows, and `INPUTS`: which of `TABLES` it needs;
- `table(data, options)`: what is drawn, as a frame; figure and texts are all made from it;
- `draw(table, options, lang)`: the matplotlib figure;
- `alt_text(table, options, lang)`: its main message in a sentence or two, for readers who cannot see it;
- `description(table, options, lang)`: everything it shows, one line a fact.

`options` is the figure's block in config.yaml, with `confidence` and `synthetic` of the config as a whole.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from hrmonitor.disclosure.rules import Rules
from hrmonitor.questionnaire.model import Questionnaire

TABLES = (
    "indicators",
    "findings",
    "themes",
    "saturation",
    "facilities",
    "flow",
    "audit",
    "register",
    "reference",
    "suppressions",
)


@dataclass
class Data:
    """The tables that a figure may use; facilities, flow, audit and questionnaires by round. `suppressions` is the
    pattern of hidden cells, `rules` are those of disclosure control."""

    questionnaires: dict[str, Questionnaire]
    indicators: pd.DataFrame | None = None
    findings: pd.DataFrame | None = None
    themes: pd.DataFrame | None = None
    saturation: pd.DataFrame | None = None
    register: pd.DataFrame | None = None
    reference: pd.DataFrame | None = None
    theme_labels: pd.DataFrame | None = None
    suppressions: pd.DataFrame | None = None
    facilities: dict[str, pd.DataFrame] = field(default_factory=dict)
    flow: dict[str, pd.DataFrame] = field(default_factory=dict)
    audit: dict[str, pd.DataFrame] = field(default_factory=dict)
    years: dict[str, int] = field(default_factory=dict)
    rules: Rules = field(default_factory=Rules)


def save(figure, stem: Path) -> None:
    """`stem`.svg and `stem`.png without date or software in them, so that the same data give the same bytes."""
    figure.savefig(stem.with_suffix(".svg"), metadata={"Date": None, "Creator": None})
    figure.savefig(stem.with_suffix(".png"), metadata={"Software": None})
