"""What is published is declared: a table, a figure or a file that nothing speaks of stops by name."""

import shutil
from dataclasses import replace

import pytest
import yaml
from hrmonitor.declarations.figures import Figure, figures
from hrmonitor.declarations.public_files import covered, not_covered
from hrmonitor.declarations.tables import AUDITS, DECLARATIONS, Table, public_tables, read_declarations, tables
from hrmonitor.disclosure.audit.tables import READERS
from hrmonitor.errors import DeclarationError, DisclosureError
from published_set import BOOK, DERIVED, FIGURES, Survey, publish, read_form, read_published, usual_world

RULES = {"minimum_cell": 3, "rounding_base": 0, "round_sensitive": 0}


def declared(tmp_path, **changes):
    """The declarations with the table `codebook` changed."""
    content = yaml.safe_load(DECLARATIONS.read_text(encoding="utf-8"))
    content["tables"]["codebook"] |= changes
    (tmp_path / "tables.yaml").write_text(yaml.safe_dump(content), encoding="utf-8")
    return read_declarations(tmp_path / "tables.yaml")


def test_the_declarations_are_complete_as_they_are(tmp_path):
    assert declared(tmp_path) == tables()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"no_audit": ""}, "table codebook: it is public, so say in `audit` how"),
        ({"no_audit": "", "audit": "by_hand"}, "has no 'by_hand'"),
        ({"columns": [{"round": {"description": ""}}]}, "say in `description` what round holds"),
        ({"columns": [{"round": {"type": "words"}}]}, "round has the type 'words'"),
        ({"description": ""}, "a description and columns are needed"),
    ],
)
def test_a_public_table_without_a_treatment_stops_by_name(changes, words, tmp_path):
    with pytest.raises(DeclarationError, match=words):
        declared(tmp_path, **changes)


def test_the_audit_has_a_reader_for_each_way_that_can_be_declared():
    assert set(READERS) == set(AUDITS)


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"audit": ""}, "barriers.py: its data are public"), ({"inputs": ("indicator",)}, "no table 'indicator'")],
)
def test_a_figure_without_a_treatment_stops_by_name(changes, words):
    with pytest.raises(DeclarationError, match=words):
        replace(figures()["barriers"], **changes)


def test_every_table_and_figure_has_its_files():
    names = covered(["trend"], ["en"])
    assert {f"open_data/{name}.csv" for name in public_tables()} <= names
    assert {"figures/trend.csv", "figures/trend_en.svg", "report/report_en.pdf", "report/annex_en.html"} <= names


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    folder = tmp_path_factory.mktemp("published")
    made = usual_world(read_form(folder / "form"))
    publish(folder / "results", made)
    return folder / "results", made


@pytest.mark.parametrize(
    "name",
    ["open_data/answers.csv", "figures/clients.csv", "report/draft_en.md", "report/notes.xlsx", "open_data/old/x.csv"],
)
def test_a_public_file_that_no_declaration_speaks_of_stops_the_audit_by_name(world, tmp_path, name):
    folder = shutil.copytree(world[0], tmp_path / "results")
    survey = Survey(dict.fromkeys(world[1].rounds, world[1].form), set(), FIGURES, BOOK, ["en", "nl"], DERIVED)
    assert not_covered(folder, list(FIGURES), ["en", "nl"]) == []
    read_published(folder, survey, RULES)
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text("service,clients\ndcr,3\n", encoding="utf-8")
    with pytest.raises(DisclosureError, match=f"results/{name}"):
        read_published(folder, survey, RULES)


def test_what_a_file_manager_leaves_behind_is_no_public_file(tmp_path):
    (tmp_path / "figures").mkdir()
    for name in (".DS_Store", "Thumbs.db", "desktop.ini", "~$clients.csv"):
        (tmp_path / "figures" / name).write_text("", encoding="utf-8")
    assert not_covered(tmp_path, [], ["en"]) == []


def test_a_table_or_a_figure_needs_a_name_that_can_be_one():
    with pytest.raises(DeclarationError, match="a name in small letters"):
        Table("Our Table", "d", tables()["flow"].columns)
    assert isinstance(figures()["scale"], Figure)
