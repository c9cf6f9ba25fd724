"""The RO-Crate of a build; tests/endtoend/test_build.py holds the shipped one against its profile."""

import mimetypes

import pytest
from hrmonitor.publication.provenance import crate


@pytest.fixture
def files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("Snakefile", "clean.smk", "answers.csv", "report.pdf"):
        (tmp_path / name).write_text(name, encoding="utf-8")
    return ["answers.csv"], ["report.pdf"], ["Snakefile", "clean.smk"], ["clean"]


def of(files, commit=("abc", False)) -> dict:
    made = crate(*files, 2021, "built-in engine", True, {"commit": commit, "sources": "def"}, "Monitor", ["A", "B"])
    return {entity["@id"]: entity for entity in made["@graph"]}


@pytest.mark.parametrize(
    ("commit", "state"),
    [(("abc", False), "are those of"), (("abc", True), "differ from"), (("unknown", False), "outside a clone")],
)
def test_it_says_whether_the_files_are_those_of_the_commit(files, commit, state):
    entities = of(files, commit)
    assert entities["#commit"]["value"] == commit[0]
    assert state in entities["#state"]["value"]
    assert entities["#sources_sha256"]["value"] == "def"
    assert {"@id": "#state"} in entities["#run"]["object"]


def test_what_the_machine_thinks_of_file_types_does_not_show(files, monkeypatch):
    before = of(files)
    monkeypatch.setattr(mimetypes, "guess_type", lambda *_, **__: ("x/other", None))
    monkeypatch.setitem(mimetypes.types_map, ".csv", "x/other")
    assert of(files) == before
    assert before["../../answers.csv"]["encodingFormat"] == "text/csv"


def test_a_changed_file_changes_its_checksum(files, tmp_path):
    before = of(files)
    (tmp_path / "answers.csv").write_text("other", encoding="utf-8")
    changed = [key for key, entity in of(files).items() if entity != before[key]]
    assert changed == ["../../answers.csv"]
