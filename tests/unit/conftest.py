"""What several unit tests begin from."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hrmonitor.questionnaire.model import read_questionnaire

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def form(request, tmp_path_factory):
    """The questionnaire that a test module writes down as `SURVEY` and `CHOICES`."""
    folder = tmp_path_factory.mktemp("form")
    (folder / "survey.csv").write_text(request.module.SURVEY, encoding="utf-8")
    (folder / "choices.csv").write_text(request.module.CHOICES, encoding="utf-8")
    (folder / "settings.csv").write_text(
        "form_title,form_id,version,default_language\nF,f,1,Nederlands (nl)\n", encoding="utf-8"
    )
    return read_questionnaire(folder)


@pytest.fixture
def project(tmp_path, monkeypatch):
    """The shipped answers and config in a folder of their own, in which the test runs."""
    shutil.copy(ROOT / "config.yaml", tmp_path)
    shutil.copytree(ROOT / "raw", tmp_path / "raw")
    monkeypatch.chdir(tmp_path)
    return tmp_path
