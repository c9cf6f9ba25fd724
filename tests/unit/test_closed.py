"""A closed round: a raw file that changed, went or came stops with one message."""

from dataclasses import replace

import pytest
from hrmonitor.errors import ConfigError
from hrmonitor.project.config import RoundConfig
from hrmonitor.project.keys import build
from hrmonitor.project.sealed_rounds import check_closed, close


@pytest.fixture
def round_(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "raw/2021/questionnaire").mkdir(parents=True)
    for path in ("raw/2021/questionnaire/survey.csv", "raw/2021/answers.csv", "raw/2021/names.csv"):
        (tmp_path / path).write_text("a\n")
    block = {"year": 2021, "title": {"en": "", "nl": ""}, "questionnaire": "raw/2021/questionnaire"}
    return build(
        RoundConfig, {**block, "exports": [], "names": "raw/2021/names.csv", "files": ["raw/2021/answers.csv"]}
    )


def test_an_open_round_may_change(round_, tmp_path):
    (tmp_path / "raw/2021/answers.csv").write_text("b\n")
    check_closed("2021", round_)


def test_a_closed_round_that_is_as_it_was_passes(round_):
    assert close(round_) == 3
    check_closed("2021", round_)


@pytest.mark.parametrize("path", ["raw/2021/questionnaire/survey.csv", "raw/2021/answers.csv", "raw/2021/names.csv"])
def test_a_changed_file_stops_with_both_checksums_and_what_to_do(round_, tmp_path, path):
    close(round_)
    (tmp_path / path).write_text("b\n")
    with pytest.raises(ConfigError, match=rf"^{path}: .*expected: 87428fc5.*found: 0263829989.*hrmonitor close 2021"):
        check_closed("2021", round_)


def test_a_file_that_went_and_one_that_came_stop_too(round_, tmp_path):
    close(round_)
    (tmp_path / "raw/2021/late.csv").write_text("b\n")
    with pytest.raises(ConfigError, match=r"late\.csv: .*expected: no such file"):
        check_closed("2021", replace(round_, files=("raw/2021/answers.csv", "raw/2021/late.csv")))
    (tmp_path / "raw/2021/answers.csv").unlink()
    with pytest.raises(ConfigError, match=r"answers\.csv: .*found: no such file"):
        check_closed("2021", replace(round_, files=()))
