"""What a figure is made from, and how it is saved."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from hrmonitor.disclosure.rules import Rules
from hrmonitor.language import LANGUAGES, settable
from hrmonitor.questionnaire.model import Questionnaire


@dataclass
class Data:
    """The tables that a figure asked for, by their names (`data["indicators"]`); what there is for each round, by round.

    `rules` are those of disclosure control; `languages` those of the texts; `groups` is the group of each round that has one; `claims` is `findings:` of config.yaml in plain values, for the kinds
    that are made from findings.
    """

    questionnaires: dict[str, Questionnaire]
    tables: dict[str, pd.DataFrame | dict[str, pd.DataFrame]] = field(default_factory=dict)
    years: dict[str, int] = field(default_factory=dict)
    rules: Rules = field(default_factory=Rules)
    languages: list[str] = field(default_factory=list)
    claims: dict[str, dict] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Without a word of the languages, those in which the questionnaires have labels."""
        forms = self.questionnaires.values()
        self.languages = self.languages or [lang for lang in LANGUAGES if any(lang in form.languages for form in forms)]

    def __getitem__(self, name: str):
        return self.tables[name]


def save(figure, *files: Path) -> None:
    """The figure as SVG or PNG, by the ends of their names, without date or software in them, so that the same data give the same bytes."""
    from matplotlib.text import Text

    for text in figure.findobj(Text):
        # Letters of people: a control character would make an SVG that no program reads.
        if (shown := settable(text.get_text())) != text.get_text():
            text.set_text(shown)
    for file in files:
        marks = {"Software": None} if file.suffix == ".png" else {"Date": None, "Creator": None}
        figure.savefig(file, metadata=marks)
