"""The generator repeats itself, and its scenarios differ as their names say."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

ROOT = Path(__file__).resolve().parents[2]


def write(folder: Path, scenario: str, **environment: str) -> dict[str, str]:
    for round_ in ("2018", "2021"):
        shutil.copytree(ROOT / f"raw/{round_}/questionnaire", folder / round_ / "questionnaire")
    code = f"from pathlib import Path; from hrmonitor.simulation import write_raw; write_raw(Path({str(folder)!r}), {scenario!r}, 20221124)"
    subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT / "workflow"), **environment},
    )
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_the_files_in_git_are_what_the_generator_writes(tmp_path):
    made = write(tmp_path, "published", PYTHONHASHSEED="7", TZ="Asia/Tokyo")
    shipped = {name: hashlib.sha256((ROOT / "raw" / name).read_bytes()).hexdigest() for name in made}
    assert made == shipped


@pytest.mark.parametrize(("scenario", "rises"), [("published", True), ("reversed", False)])
def test_scenarios_point_where_they_should(scenario, rises):
    truth = pd.read_csv(ROOT / f"tests/ground_truth/{scenario}/truth.csv", dtype=str)
    trend = truth[truth["question"] == "cee_trend"]["value"]
    up, down = trend.isin(["increase", "strong_increase"]).sum(), trend.isin(["decrease", "strong_decrease"]).sum()
    assert (up > 2 * down) if rises else (down > 2 * up)


def test_flat_is_noise_around_no_change():
    truth = pd.read_csv(ROOT / "tests/ground_truth/flat/truth.csv", dtype=str)
    for question in ("cee_trend", "age_trend", "ghb_trend"):
        trend = truth[truth["question"] == question]["value"]
        up, down = trend.isin(["increase", "strong_increase"]).sum(), trend.isin(["decrease", "strong_decrease"]).sum()
        assert 0.5 < up / down < 2
        assert min(up, down) > 5


def test_no_ground_truth_in_raw():
    names = {path.name for path in (ROOT / "raw").rglob("*")}
    assert not names & {path.name for path in (ROOT / "tests/ground_truth").rglob("*.csv")}
