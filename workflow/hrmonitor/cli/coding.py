"""Working papers for people: coding sheets, the consensus round, and what stands under "other, namely".

They hold what respondents wrote, so they go beside the raw data and never into `results/`. Nothing is written over: someone may have
filled it in.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pandas as pd

from hrmonitor.declarations.csv_files import read_table
from hrmonitor.errors import ConfigError
from hrmonitor.project.config import Config, RoundConfig
from hrmonitor.project.frame import register_of
from hrmonitor.questionnaire.model import Questionnaire, read_questionnaire


def coding_sheets(name: str, config: Config, out: str | None, coders: int, lang: str) -> list[str]:
    """Write a workbook for each coder of round `name` into `out` (raw/{name}/coding/sheets); returns lines for the terminal."""
    from hrmonitor.themes.coding_sheets import shuffled, write_sheets

    _, form, book, answers = _coding(name, config)
    folder = Path(out or f"raw/{name}/coding/sheets")
    paths = [_free(folder / f"coder_{number}.xlsx") for number in range(1, coders + 1)]
    for number, path in enumerate(paths, start=1):
        write_sheets(path, shuffled(answers, config.seed, f"{name}/coder_{number}"), book, form, lang)
    counts = answers[answers["kept"]].groupby("question", sort=False).size()
    return [
        *(f"{path}" for path in paths),
        "answers: " + ", ".join(f"{question} {number}" for question, number in counts.items()),
        f"When they are filled in, name them under `coders:` of round {name} in config.yaml. docs/guides/coding.md goes on from here.",
    ]


def consensus_sheet(name: str, config: Config, out: str | None, lang: str) -> list[str]:
    """Write the workbook of the answers on which the coders of round `name` differ (raw/{name}/coding/sheets/consensus.xlsx)."""
    from hrmonitor.themes.coding import read_coding, side_by_side
    from hrmonitor.themes.coding_sheets import disagreements, write_sheets

    files, form, book, answers = _coding(name, config)
    if not files:
        raise ConfigError(
            f"config.yaml, rounds.{name}.coding: there are no `coders`. Name the files that they filled in."
        )
    wide, notes = side_by_side([read_coding(path, book, answers) for path in files], answers)
    differing = disagreements(wide, answers[answers["kept"]], book, lang).sort_values(["question", "key"])
    path = _free(Path(out or f"raw/{name}/coding/sheets") / "consensus.xlsx")
    write_sheets(path, differing, book, form, lang)
    return [
        f"{path}: {len(differing)} answers to talk about",
        *notes,
        f"Fill in the themes on which you agree, and name it as `consensus:` of round {name} in config.yaml.",
    ]


def other_answers(name: str, config: Config, out: str | None, lang: str) -> list[str]:
    """Write the workbook of what stands under "other, namely" in round `name` (raw/{name}/other_answers.xlsx)."""
    from hrmonitor.cleaning.other_answers import COLUMNS, read_other
    from hrmonitor.cli.other_answers import list_other, write_other

    round_ = _round(name, config)
    responses, submissions = _tables(name)
    form = read_questionnaire(round_.questionnaire)
    decisions = read_other(round_.other, form) if round_.other else pd.DataFrame(columns=COLUMNS)
    table = list_other(responses, submissions, form, decisions, lang)
    path = _free(Path(out or f"raw/{name}/other_answers.xlsx"))
    write_other(path, table, form, lang)
    open_ = int((table["decision"] == "").sum())
    return [
        f"{path}: {len(table)} texts, {open_} without a decision",
        f"Fill in `decision` and `reason`, and name the file as `other:` of round {name} in config.yaml.",
    ]


def _coding(name: str, config: Config) -> tuple[list[str], Questionnaire, pd.DataFrame, pd.DataFrame]:
    """The coders' files (none yet, perhaps), the form, the book of themes and the answers of `answers_to_code`."""
    from hrmonitor.themes.codebook import read_themes
    from hrmonitor.themes.coding import answers_to_code

    round_ = _round(name, config)
    if not round_.coding:
        raise ConfigError(
            f"config.yaml, rounds.{name}: there is no `coding`. Add it with `themes:`, the file of themes to code; docs/guides/coding.md says how."
        )
    form, book = read_questionnaire(round_.questionnaire), read_themes(round_.coding.themes)
    responses, submissions = _tables(name)
    register = register_of(config.register)
    answers = answers_to_code(name, book, responses, submissions, register, config.seed)
    return list(round_.coding.coders), form, book, answers


def _round(name: str, config: Config) -> RoundConfig:
    if name not in config.rounds:
        raise ConfigError(f"config.yaml has no round {name!r}. Rounds: {', '.join(config.rounds)}.")
    return config.rounds[name]


def _tables(name: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The round's responses and submissions, as the exports are now: Snakemake makes them anew where it must."""
    responses, submissions = f"results/{name}/responses.parquet", f"results/{name}/submissions.csv"
    run = subprocess.run(
        [sys.executable, "-m", "snakemake", "--cores", "1", responses, submissions],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    if run.returncode:
        told = re.search(r"^\w+Error: .*", run.stdout, re.M)
        raise ConfigError(f"round {name} cannot be read yet. {told.group() if told else run.stdout[-2000:]}")
    return pd.read_parquet(responses), read_table("submissions", submissions)


def _free(path: Path) -> Path:
    if path.exists():
        raise ConfigError(
            f"{path} is there already, and someone may have filled it in. Move it away, or say with --out where the new one goes."
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    return path
