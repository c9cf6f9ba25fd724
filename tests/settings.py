"""Blocks of config.yaml for tests: the shipped config, findings with the keys that a test is about, and a small config."""

from __future__ import annotations

from pathlib import Path

import yaml
from hrmonitor.project.config import Config, Disclosure, Finding, Report, RoundConfig
from hrmonitor.project.keys import build
from hrmonitor.questionnaire.model import Questionnaire, read_questionnaire

ROOT = Path(__file__).resolve().parents[1]


def shipped() -> Config:
    """config.yaml as it is, paths not checked."""
    return build(Config, yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8")))


def write_form(folder: Path, survey: str, choices: str) -> Questionnaire:
    """A questionnaire of these two sheets, written into the folder and read."""
    for name, content in (
        ("survey", survey),
        ("choices", choices),
        ("settings", "form_title,form_id,version\nF,f,1\n"),
    ):
        (folder / f"{name}.csv").write_text(content, encoding="utf-8")
    return read_questionnaire(folder)


def finding(*tests: dict, **keys) -> Finding:
    """A finding of round 2021 with these tests; what a reader would see is left empty."""
    block = {"number": 1, "round": "2021", "statement": {"en": "F", "nl": "F"}, "reason": "", **keys}
    return build(Finding, {**block, "tests": [{"why": "", **test} for test in tests]})


def small_config(minimum_cell: int = 3, rounds: dict[str, RoundConfig] | None = None) -> Config:
    """A config without findings and figures."""
    text = {"en": "", "nl": ""}
    return Config(
        synthetic=True, seed=1, confidence=0.95, languages=("en", "nl"), register="raw/register.csv", rounds=rounds or {}, findings={},
        figures={}, disclosure=Disclosure(minimum_cell), report=Report("auto", text, text, ("A",), "raw/reference"),
    )  # fmt: skip
