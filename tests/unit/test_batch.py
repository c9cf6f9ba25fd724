"""A job of many pieces makes those that changed, in processes of their own, and tells how one failed."""

import os
import signal
from pathlib import Path

import pytest
from hrmonitor.build.batch import digest_of, put_on_record, side_by_side, to_make
from hrmonitor.build.job import FaultError
from hrmonitor.errors import UserError

PIECES = ["a", "b", "c", "d", "e"]


@pytest.fixture(autouse=True)
def in_a_project(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path(".snakemake").mkdir()


def write(piece: str) -> None:
    Path(f"{piece}.txt").write_text(piece)


@pytest.mark.parametrize("processes", [1, 2, 9])
def test_every_piece_is_made_whatever_the_number_of_processes(processes):
    side_by_side(write, PIECES, processes)
    assert sorted(path.name for path in Path().glob("*.txt")) == [f"{piece}.txt" for piece in PIECES]


def test_a_piece_stays_while_its_files_and_what_it_is_made_from_are_as_they_were():
    files = {piece: [f"{piece}.txt"] for piece in PIECES}
    made_from = {piece: digest_of({"title": piece}) for piece in PIECES}
    assert to_make(made_from, files) == PIECES
    side_by_side(write, PIECES, 2)
    put_on_record(made_from, files)
    assert to_make(made_from, files) == []
    Path("b.txt").unlink()
    Path("c.txt").write_text("damaged")
    assert to_make(made_from | {"e": digest_of({"title": "another"})}, files) == ["b", "c", "e"]
    assert to_make(made_from, files | {"d": ["d.txt", "d_nl.txt"]}) == ["b", "c", "d"]


@pytest.mark.parametrize("error", [UserError("config.yaml: no such question."), OSError(28, "full", "d.txt")])
def test_an_error_that_a_user_can_act_on_comes_out_of_the_process(error):
    def fail(piece: str) -> None:
        if piece == "d":
            raise error
        write(piece)

    with pytest.raises(type(error)) as raised:
        side_by_side(fail, PIECES, 2)
    assert str(raised.value) == str(error)
    assert Path("e.txt").exists()


def test_a_process_that_is_killed_is_not_taken_for_done():
    def end(piece: str) -> None:
        if piece == "d":
            os.kill(os.getpid(), signal.SIGKILL)

    with pytest.raises(FaultError, match="run snakemake again"):
        side_by_side(end, PIECES, 2)


def test_a_process_with_a_fault_of_ours_shows_where_it_is(capfd):
    with pytest.raises(FaultError, match="run snakemake again"):
        side_by_side(lambda piece: 1 / (piece != "d"), PIECES, 2)
    assert "ZeroDivisionError" in capfd.readouterr().err
