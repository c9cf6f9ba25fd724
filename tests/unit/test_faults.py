"""One build at a time; a job refuses damaged and moving inputs, says in a sentence what the disk does, and records what it made."""

import errno
import fcntl
import os
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from hrmonitor.build import guard as builds
from hrmonitor.build import job as jobs
from hrmonitor.build.job import job
from hrmonitor.errors import UserError
from hrmonitor.files.atomic import whole

WORKFLOW = Path(__file__).resolve().parents[2] / "workflow"


@pytest.fixture(autouse=True)
def in_a_project(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(jobs.BUILD, raising=False)
    for name in (".snakemake", "raw", "results"):
        Path(name).mkdir()
    Path("raw/answers.csv").write_text("1\n")


def run(read: str, write: str, work=lambda: None) -> None:
    with job(SimpleNamespace(input=[read], output=[write], log=["results/logs/a.log"], config={})):
        text = Path(read).read_text()
        work()
        Path(write).write_text(text)


def refused(capsys, *arguments) -> str:
    with pytest.raises(SystemExit) as ended:
        run(*arguments)
    assert ended.value.code == 1
    said = capsys.readouterr().err
    assert said.startswith("FaultError: ")
    assert "Traceback" not in said
    assert said.count("\n") == 1
    return said


def elsewhere(code: str, **environment: str) -> subprocess.Popen:
    """Python in a process of its own; it has got so far when a line comes out, and goes on when a line goes in."""
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(WORKFLOW), **environment},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    return process


BUILD = "from hrmonitor.build.guard import begin; begin(); print('begun', flush=True); input()"
JOB = "from hrmonitor.build.job import _hold_lock; _hold_lock(); print('works', flush=True); input()"


def test_a_second_build_is_refused_and_a_killed_one_leaves_no_lock():
    first = elsewhere(BUILD)
    first.stdout.readline()
    with pytest.raises(UserError, match=rf"process {first.pid}\)\. Wait"):
        builds.begin()
    first.kill()
    first.communicate()
    second = elsewhere(BUILD)
    assert second.stdout.readline() == "begun\n"
    second.communicate("\n")


def test_a_build_waits_for_the_jobs_of_a_killed_one():
    orphan = elsewhere(JOB, **{jobs.BUILD: str(os.getpid())})
    orphan.stdout.readline()
    build = elsewhere(BUILD)
    with pytest.raises(subprocess.TimeoutExpired):
        build.wait(1)
    orphan.communicate("\n")
    assert build.stdout.readline() == "begun\n"
    build.communicate("\n")


def test_a_job_ends_itself_if_its_build_is_gone():
    gone = subprocess.Popen(["true"])
    gone.wait()
    late = elsewhere(JOB, **{jobs.BUILD: str(gone.pid)})
    assert late.communicate("\n")[0] == ""
    assert late.returncode == 1


def test_without_locks_a_build_says_so_and_goes_on(monkeypatch, capsys):
    def refuse(*_):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refuse)
    builds.begin()
    assert "has no locks" in capsys.readouterr().err


def test_a_damaged_intermediate_is_put_aside_with_what_somebody_wrote_into_it(capsys):
    run("raw/answers.csv", "results/clean.csv")
    run("results/clean.csv", "results/table.csv")
    Path("results/clean.csv").write_text("edited\n")
    said = refused(capsys, "results/clean.csv", "results/table.csv")
    assert "results/clean.csv was not as the build wrote it" in said
    assert not Path("results/clean.csv").exists()
    assert (jobs.SET_ASIDE / "results/clean.csv").read_text() == "edited\n"
    run("raw/answers.csv", "results/clean.csv")
    run("results/clean.csv", "results/table.csv")
    assert Path("results/table.csv").read_text() == "1\n"


def test_an_unreadable_record_is_none():
    run("raw/answers.csv", "results/clean.csv")
    (record,) = jobs.RECORDS.glob("*.json")
    record.write_text('{"sha256": "')
    run("results/clean.csv", "results/table.csv")
    assert Path("results/table.csv").read_text() == "1\n"


def test_an_input_that_changes_while_it_is_read_fails_the_job(capsys):
    def edit():
        Path("raw/answers.csv").write_text("1\n2\n")

    assert "raw/answers.csv: this file was changed while" in refused(capsys, "raw/answers.csv", "results/a.csv", edit)
    assert jobs.read_record("results/a.csv") is None


@pytest.mark.parametrize("number", jobs.SENTENCES)
def test_what_the_disk_does_becomes_a_sentence_in_the_log_too(capsys, number):
    def fail():
        raise OSError(number, os.strerror(number), "results/a.csv")

    said = refused(capsys, "raw/answers.csv", "results/a.csv", fail)
    assert "results/a.csv: " in said
    assert Path("results/logs/a.log").read_text() == said


def test_an_input_that_vanished_becomes_a_sentence(capsys):
    Path("raw/answers.csv").unlink()
    assert "raw/answers.csv: this file went away" in refused(capsys, "raw/answers.csv", "results/a.csv")


def test_on_a_full_disk_the_log_is_full_too(capsys):
    Path("results/logs").mkdir()
    Path("results/logs/a.log").symlink_to("/dev/full")
    said = refused(capsys, "raw/answers.csv", "results/a.csv", lambda: Path("/dev/full").write_text("1"))
    assert "the disk is full" in said


def test_folders_that_cannot_be_written_to_are_named(monkeypatch):
    assert builds.no_place_to_write(Path("results"), Path("not_there")) == []
    monkeypatch.setattr(builds.shutil, "disk_usage", lambda _: SimpleNamespace(free=1_000_000))
    assert builds.no_place_to_write(Path("results")) == [
        "The disk of results/ is full, or nearly: make room before you build."
    ]
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert builds.no_place_to_write(Path("results")) == [
        "results/ cannot be written: make it writable before you build."
    ]


def test_results_made_from_another_content_are_dated_back_whatever_the_clock_said():
    run("raw/answers.csv", "results/clean.csv")
    same = {"raw/answers.csv": jobs.sha256("raw/answers.csv"), "raw/new.csv": "1"}
    made = Path("results/clean.csv").stat().st_mtime
    builds.date_back(same)
    assert Path("results/clean.csv").stat().st_mtime == made
    builds.date_back({**same, "raw/answers.csv": "2"})
    assert Path("results/clean.csv").stat().st_mtime == 1


def test_results_from_the_future_come_back_in_their_order_and_sources_are_named():
    now = time.time()
    for name, date in (("old", now - 100), ("first", now + 1000), ("last", now + 1010)):
        Path("results", name).touch()
        os.utime(Path("results", name), (date, date))
    os.utime("raw/answers.csv", (now + 1000, now + 1000))
    (said,) = builds.back_from_the_future(Path("results"), ["raw/answers.csv"])
    assert said.startswith("raw/answers.csv is dated in the future")
    old, first, last = (Path("results", name).stat().st_mtime for name in ("old", "first", "last"))
    assert old == pytest.approx(now - 100)
    assert last - first == pytest.approx(10)
    assert last <= time.time()
    os.utime("raw/answers.csv")
    assert builds.back_from_the_future(Path("results"), ["raw/answers.csv"]) == []


def test_sources_that_changed_while_a_build_ran_are_named():
    assert builds.changed_meanwhile({"raw/a": "1"}, {"raw/a": "1"}) == ""
    said = builds.changed_meanwhile({"raw/a": "1", "raw/b": "1"}, {"raw/a": "2", "raw/c": "1"})
    assert "raw/a, raw/b, raw/c" in said


def test_a_file_appears_whole_or_not_at_all():
    Path("config.yaml").write_text("old")
    Path("config.yaml").chmod(0o640)
    with pytest.raises(RuntimeError), whole("config.yaml") as place:
        place.write_text("ha")
        raise RuntimeError
    assert Path("config.yaml").read_text() == "old"
    killed = elsewhere(
        "from hrmonitor.files.atomic import whole\nwith whole('config.yaml') as place:\n place.write_text('ha'); print(flush=True); input()"
    )
    killed.stdout.readline()
    killed.kill()
    killed.communicate()
    assert Path("config.yaml").read_text() == "old"
    with whole("config.yaml") as place:
        place.write_text("new")
    assert Path("config.yaml").read_text() == "new"
    assert Path("config.yaml").stat().st_mode & 0o777 == 0o640


def made_again(path: str) -> bool:
    return Path(path).stat().st_mtime == 1


def test_a_result_that_nobody_uses_and_somebody_edited_is_made_again_and_kept():
    run("raw/answers.csv", "results/report.csv")
    run("raw/answers.csv", "results/other.csv")
    outputs = ["results/report.csv", "results/other.csv", "results/not_made_yet.csv"]
    assert builds.distrust(outputs) == []
    Path("results/report.csv").write_text("2\n")
    (told,) = builds.distrust(outputs)
    assert told.startswith("results/report.csv is not as the build wrote it")
    assert made_again("results/report.csv") and not made_again("results/other.csv")
    assert (jobs.SET_ASIDE / "results/report.csv").read_text() == "2\n"


def test_a_copy_with_other_dates_is_what_the_build_wrote():
    run("raw/answers.csv", "results/report.csv")
    os.utime("results/report.csv")
    assert builds.distrust(["results/report.csv"]) == []
    assert not made_again("results/report.csv")


def test_without_records_nothing_in_results_is_trusted():
    run("raw/answers.csv", "results/report.csv")
    Path("results/2021").mkdir()
    Path("results/2021/check.html").write_text("of a command, and no result")
    for record in jobs.RECORDS.glob("*.json"):
        record.unlink()
    (told,) = builds.distrust(["results/report.csv"])
    assert "Of 1 files in results/ there is no record" in told
    assert made_again("results/report.csv") and not made_again("results/2021/check.html")
