"""`hrmonitor build` brings the engine to a study and leaves alone what is the study's own."""

import os
from pathlib import Path

import pytest
from hrmonitor.cli.build_study import bring_engine
from hrmonitor.errors import ConfigError

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def engine(tmp_path):
    folder = tmp_path / "engine"
    for name in ("Snakefile", "Makefile", "setup.sh", "pyproject.toml", "requirements.txt", "LICENSE", ".gitignore",
                 "profiles/default/config.yaml", "workflow/hrmonitor/a.py", "workflow/hrmonitor/__pycache__/a.pyc", "docs/README.md",
                 "report/report.qmd", "report/annex.qmd", "report/open_data/LICENSE.txt"):  # fmt: skip
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"new {name}", encoding="utf-8")
    return folder


@pytest.fixture
def study(tmp_path):
    for name in ("config.yaml", "raw/2025/answers.csv", "report/study/en/report.md"):
        (tmp_path / "study" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "study" / name).write_text("own", encoding="utf-8")
    return tmp_path / "study"


def test_the_engine_comes_and_the_study_stays(engine, study):
    bring_engine(study, engine)
    assert (study / "Snakefile").read_text(encoding="utf-8") == "new Snakefile"
    assert (study / "workflow/hrmonitor/a.py").is_file() and not (study / "workflow/hrmonitor/__pycache__").exists()
    for name in ("config.yaml", "raw/2025/answers.csv", "report/study/en/report.md"):
        assert (study / name).read_text(encoding="utf-8") == "own"


def test_an_older_engine_makes_way_and_what_a_study_may_change_does_not(engine, study):
    bring_engine(study, engine)
    for name in (
        "workflow/hrmonitor/gone.py",
        "workflow/hrmonitor/a.py",
        "profiles/default/config.yaml",
        "report/open_data/LICENSE.txt",
    ):
        (study / name).write_text("old", encoding="utf-8")
    bring_engine(study, engine)
    assert not (study / "workflow/hrmonitor/gone.py").exists()
    assert (study / "workflow/hrmonitor/a.py").read_text(encoding="utf-8") == "new workflow/hrmonitor/a.py"
    assert (study / "profiles/default/config.yaml").read_text(encoding="utf-8") == "old"
    assert (study / "report/open_data/LICENSE.txt").read_text(encoding="utf-8") == "old"


def test_what_is_the_same_keeps_its_date_so_that_nothing_is_built_anew(engine, study):
    bring_engine(study, engine)
    os.utime(study / "Snakefile", (1, 1))
    bring_engine(study, engine)
    assert (study / "Snakefile").stat().st_mtime == 1


def test_a_folder_that_is_no_study_or_no_monitor_is_refused(engine, study, tmp_path):
    with pytest.raises(ConfigError, match=r"no study: it has no config\.yaml"):
        bring_engine(tmp_path / "elsewhere", engine)
    with pytest.raises(ConfigError, match="monitor's own folder"):
        bring_engine(study, study)
    (engine / "config.yaml").write_text("own", encoding="utf-8")
    with pytest.raises(ConfigError, match="has this engine already"):
        bring_engine(engine, engine)
