"""Rounds without a register as the stages read them, for tests: the clients of `sample_survey`, cleaned."""

from pathlib import Path

import pandas as pd
import yaml
from hrmonitor.cleaning import clean
from hrmonitor.estimation.sampling_design import EstimationSettings
from hrmonitor.project.checks import check_config
from hrmonitor.project.config import Config
from hrmonitor.project.frame import frame_from, register_of, respondents_of
from hrmonitor.project.keys import plain
from hrmonitor.questionnaire.model import read_questionnaire
from hrmonitor.survey import Round, read_rounds
from sample_survey import COUNTS, clients, population_config, write_population, write_sample

SETTINGS = EstimationSettings(confidence=0.95, seed=1, dont_know_in_base=True)
RULES = {
    "minimum_spread": 10,
    "minimum_cell": 3,
    "minimum_organisations": 3,
    "p_percent": 10,
    "protection": 10,
    "round_sensitive": 0,
    "sensitive": ["violence"],
}
NO_NOTES = pd.DataFrame(columns=["source", "row", "question", "rule", "note"])


def survey_in(folder: Path, monkeypatch, config: dict | None = None, rows: list[dict] | None = None) -> Config:
    """Write a clients' survey into the folder, and go there."""
    write_sample(folder, config, rows)
    monkeypatch.chdir(folder)
    return check_config(yaml.safe_load(Path("config.yaml").read_text(encoding="utf-8")))


def cleaned(config: Config, rows: list[dict]) -> dict[str, pd.DataFrame]:
    block = config.rounds["2024"]
    lead = {
        "_source": "answers.csv",
        "_row": range(2, len(rows) + 2),
        "_mode": "interview",
        "_instrument": "",
        "_submitted_at": "",
        "_status": "",
    }
    responses = pd.DataFrame(rows, dtype="str").replace("", pd.NA).astype("str")
    responses = pd.concat([pd.DataFrame(lead, index=responses.index), responses], axis=1)
    form = read_questionnaire(block.questionnaire)
    frame = frame_from({"frame": plain(block.frame)})
    return clean(responses, NO_NOTES, form, register_of(), None, pd.DataFrame(columns=["written", "service", "facility_id", "reason"]), "names.csv", 2024,
                 respondents=respondents_of("2024", frame))  # fmt: skip


def round_of(config: Config, rows: list[dict], tmp_path: Path) -> Round:
    """The round as every stage reads it, from its block in plain values."""
    path = tmp_path / "facilities.parquet"
    cleaned(config, rows)["facilities"].to_parquet(path)
    blocks = {
        name: {"year": one.year, "questionnaire": one.questionnaire, "frame": plain(one.frame)}
        for name, one in config.rounds.items()
    }
    return read_rounds(blocks, [path], register_of())["2024"]


def population_round(tmp_path, monkeypatch, counts: str = COUNTS) -> Round:
    rows = clients()
    write_sample(tmp_path, population_config(), rows)
    write_population(tmp_path, counts)
    monkeypatch.chdir(tmp_path)
    return round_of(check_config(population_config()), rows, tmp_path)
