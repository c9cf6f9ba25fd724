"""The release on record: what it holds, which commit it stands for, and what verify says."""

import subprocess

import pytest
from hrmonitor.cli.main import main
from hrmonitor.publication.release import (
    ReleaseError,
    commit_of,
    differences,
    digest_of,
    read_record,
    read_summary,
    source_files,
    write_record,
)  # fmt: skip


def git(folder, *arguments):
    who = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    run = subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True, text=True)
    return run.stdout.strip()


@pytest.fixture
def clone(tmp_path):
    """A clone with two sources and one result, the sources committed."""
    folder = tmp_path / "clone"
    for path, text in (("config.yaml", "a: 1\n"), ("raw/answers.csv", "x\n1\n"), ("results/table.csv", "x\n2\n")):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    (folder / ".gitignore").write_text("results/\n")
    git(folder, "init", "--quiet")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "-m", "first")
    return folder


def test_the_commit_is_the_last_that_changed_what_the_build_reads(clone):
    first = git(clone, "rev-parse", "HEAD")
    (clone / "README.md").write_text("words\n")
    git(clone, "add", ".")
    git(clone, "commit", "--quiet", "-m", "words")
    assert commit_of(clone, source_files(clone)) == (first, False)
    (clone / "config.yaml").write_text("a: 2\n")
    assert commit_of(clone, source_files(clone)) == (first, True)


def test_a_source_archive_has_the_commit_of_the_record_and_loses_it_when_changed(clone, tmp_path):
    write_record(clone)
    git(clone, "add", ".")
    git(clone, "commit", "--quiet", "-m", "record")
    archive = tmp_path / "archive"
    archive.mkdir()
    packed = subprocess.run(["git", "archive", "HEAD"], cwd=clone, check=True, capture_output=True).stdout
    subprocess.run(["tar", "-x"], cwd=archive, input=packed, check=True)
    assert (
        commit_of(archive, source_files(archive))
        == commit_of(clone, source_files(clone))
        == (git(clone, "rev-parse", "HEAD~1"), False)
    )
    assert digest_of(source_files(archive)) == digest_of(source_files(clone))
    (archive / "raw" / "answers.csv").write_text("x\n3\n")
    assert commit_of(archive, source_files(archive)) == ("unknown", False)


def test_an_archive_inside_another_clone_has_not_its_commit(clone):
    inner = clone / "unpacked"
    inner.mkdir()
    (inner / "config.yaml").write_text("a: 1\n")
    assert commit_of(inner, source_files(inner)) == ("unknown", False)


def test_a_release_of_uncommitted_files_is_refused(clone):
    (clone / "raw" / "answers.csv").write_text("x\n3\n")
    with pytest.raises(ReleaseError, match="Commit them, build"):
        write_record(clone)


def test_sha256sum_reads_the_record(clone):
    write_record(clone)
    run = subprocess.run(["sha256sum", "--check", "results.sha256"], cwd=clone, capture_output=True, text=True)
    assert run.returncode == 0 and run.stdout.count(": OK") == 3, run.stdout + run.stderr


def test_caches_and_locks_of_spreadsheets_are_no_sources(clone):
    (clone / "raw" / "__pycache__").mkdir()
    for name in ("__pycache__/a.pyc", "~$answers.xlsx", ".DS_Store"):
        (clone / "raw" / name).write_text("litter")
    assert list(source_files(clone)) == ["config.yaml", "raw/answers.csv"]


def test_a_difference_names_the_changed_inputs_through_all_steps():
    summary = (
        "output_file\tdate\trule\tlog-file(s)\tinput-file(s)\tshellcmd\tstatus\tplan\n"
        "results/middle.csv\t-\tone\t\traw/a.csv,raw/b.csv\t-\tok\tno update\n"
        "results/report.pdf\t-\ttwo\t\tresults/middle.csv,report/c.md\t-\tok\tno update\n"
    )
    recorded = {
        "raw/a.csv": "1",
        "raw/b.csv": "2",
        "report/c.md": "3",
        "results/report.pdf": "4",
        "results/gone.csv": "5",
    }
    found = {**recorded, "raw/b.csv": "other", "results/report.pdf": "other", "results/new.csv": "6"}
    del found["results/gone.csv"]
    assert differences(recorded, found, read_summary(summary)) == [
        ("results/gone.csv", "is missing", []),
        ("results/new.csv", "is not on record", []),
        ("results/report.pdf", "differs", ["raw/b.csv"]),
    ]


def test_a_damaged_record_is_refused_with_the_command(clone):
    (clone / "results.sha256").write_text("abc\n")
    with pytest.raises(ReleaseError, match="verify --update"):
        read_record(clone)


def test_verify_without_a_record_says_what_to_do(clone, monkeypatch, capsys):
    monkeypatch.chdir(clone)
    with pytest.raises(SystemExit):
        main(["verify"])
    assert "verify --update" in capsys.readouterr().err


def test_verify_before_a_build_is_one_sentence_and_no_list_of_all_results(clone, monkeypatch, capsys):
    write_record(clone)
    (clone / "results/table.csv").unlink()
    monkeypatch.chdir(clone)
    with pytest.raises(SystemExit):
        main(["verify"])
    shown = capsys.readouterr()
    assert "nothing has been built here yet" in shown.err and shown.out == ""
