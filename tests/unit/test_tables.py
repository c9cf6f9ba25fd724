"""Tables that are not what they must be are refused; the open data package is valid by frictionless' own word."""

from pathlib import Path

import pandas as pd
import pytest
from hrmonitor.cleaning.submissions import STATUSES
from hrmonitor.declarations.checks import check
from hrmonitor.declarations.csv_files import read_table, write_table
from hrmonitor.declarations.tables import tables
from hrmonitor.errors import UserError
from hrmonitor.publication.open_data import write_package

ROOT = Path(__file__).resolve().parents[2]
FLOW = pd.DataFrame({"service": ["dcr"], "step": ["kept"], "n": [17]})
FINDINGS = pd.DataFrame(
    [
        (
            "f",
            "s",
            "s",
            "q",
            "share_above 0.5",
            0.6,
            0.5,
            0.7,
            20,
            True,
            "supported",
            0.01,
            0.02,
            3,
            0.6,
            0.5,
            0.7,
            18,
            None,
            "strong",
        )
    ],
    columns=[
        "finding",
        "statement_en",
        "statement_nl",
        "evidence",
        "test",
        "estimate",
        "ci_low",
        "ci_high",
        "n",
        "passed",
        "verdict",
        "p",
        "p_holm",
        "overturn",
        "known_estimate",
        "known_low",
        "known_high",
        "known_n",
        "changers",
        "strength",
    ],
)


def test_right_tables_pass():
    assert check("flow", FLOW) is not None
    assert check("findings", FINDINGS) is not None


@pytest.mark.parametrize(
    ("name", "table", "word"),
    [
        ("flow", FLOW.assign(n=-1), "n"),
        ("flow", FLOW.assign(extra=1), "extra"),
        ("findings", FINDINGS.assign(verdict="maybe"), "verdict"),
        ("findings", FINDINGS.assign(estimate=0.9), "outside its interval"),
    ],
)
def test_wrong_tables_are_refused(name, table, word):
    with pytest.raises(UserError, match=word):
        check(name, table)


ABOUT = {
    "name": "test",
    "title": "T",
    "description": "D",
    "makers": "M",
    "publication": "M",
    "keywords": [],
    "synthetic": True,
    "languages": ["en", "nl"],
}
FLOWS = pd.DataFrame({"round": ["2021"], "service": ["dcr"], "step": ["kept"], "n": [17]})
BOOK = pd.DataFrame(
    [("2021", "q", "", "text", "", "=1+1", "Wat?", "", "", "")], columns=tables()["codebook"].names(["en", "nl"])
)


def test_the_data_package_is_valid_and_a_broken_one_is_not(tmp_path):
    from frictionless import validate

    write_package(tmp_path, {"response_flow": FLOWS, "codebook": BOOK}, ABOUT)
    assert validate(str(tmp_path / "datapackage.json")).valid
    (tmp_path / "response_flow.csv").write_text("round,service,step,n\n2021,dcr,kept,many\n", encoding="utf-8")
    assert not validate(str(tmp_path / "datapackage.json")).valid


def test_a_column_is_described_as_its_table_means_it_in_the_words_of_its_language(tmp_path):
    write_package(tmp_path, {"response_flow": FLOWS, "codebook": BOOK}, ABOUT)
    readme = (tmp_path / "README.md").read_text(encoding="utf-8")
    assert "| `n` | integer | facilities | Facilities after this step |" in readme
    assert "Questions and answer categories in English and Dutch." in readme
    assert "| `label_nl` | string |  | Words of the question or the series in Dutch |" in readme


def test_only_synthetic_data_are_called_so(tmp_path):
    for synthetic in (True, False):
        write_package(tmp_path, {"response_flow": FLOWS}, ABOUT | {"synthetic": synthetic})
        for name in ("README.md", "CITATION.cff", "datapackage.json"):
            assert ("synthetic" in (tmp_path / name).read_text(encoding="utf-8")) == synthetic, name


@pytest.mark.parametrize("name", tables())
def test_a_table_without_rows_is_what_it_must_be_and_stays_so_on_disk(name, tmp_path):
    empty = pd.DataFrame(columns=tables()[name].names(["en", "nl"]))
    write_table(name, empty, tmp_path / "table.csv")
    read = read_table(name, tmp_path / "table.csv")
    assert list(read) == list(empty) and check(name, read).empty


def test_text_comes_back_letter_for_letter_and_numbers_as_numbers(tmp_path):
    codes = ["NA", "null", "None", "nan", "", "1.0", "007", "True"]
    rows = {"round": "2021", "service": codes, "indicator": codes, "category": codes, "statistic": "share", "n": [17.0, *[None] * 7],
            "population": 20, "estimate": [0.1 + 0.2, *[None] * 7], "ci_low": None, "ci_high": None, "unit": codes, "suppressed": True,
            "se": None, "deff": None, "imputed": 0, "suppression": ""}  # fmt: skip
    table = pd.DataFrame(rows).astype(dict.fromkeys(("estimate", "ci_low", "ci_high", "se", "deff"), float))
    write_table("indicators", table, tmp_path / "indicators.csv")
    read = read_table("indicators", tmp_path / "indicators.csv")
    for column in ("service", "indicator", "category", "unit"):
        assert read[column].tolist() == codes
    assert read["n"].tolist()[0] == 17 and read["n"].isna().tolist() == [False, *[True] * 7]
    assert read["suppressed"].tolist() == [True] * 8 and read["imputed"].dtype == "int64"


def test_a_file_of_another_version_is_refused_by_its_name(tmp_path):
    (tmp_path / "flow.csv").write_text("service,step,number\n", encoding="utf-8")
    with pytest.raises(UserError, match=r"flow\.csv: flow\.number is no column.*build again"):
        read_table("flow", tmp_path / "flow.csv")


def test_no_module_reads_our_tables_without_their_declaration():
    """`pd.read_csv` guesses: an option called NA would be nothing."""
    allowed = {
        "declarations/csv_files.py",
        "tabulation/against_published.py",
        "files/text_sheets.py",
        # By Arrow, with every column named as text.
        "files/handmade_csv.py",
        "simulation/__init__.py",
    }
    for path in [*(ROOT / "workflow/hrmonitor").rglob("*.py"), *(ROOT / "workflow/scripts").glob("*.py")]:
        name = path.relative_to(ROOT / "workflow").as_posix().removeprefix("hrmonitor/")
        assert name in allowed or "read_csv(" not in path.read_text(encoding="utf-8"), name


@pytest.mark.parametrize("status", STATUSES)
def test_whatever_becomes_of_a_submission_can_be_written(status):
    """Also where a person did not agree to take part, or somebody rejected the submission in the tool."""
    one = pd.DataFrame({"source": ["a.csv"], "row": [2], "service": [""], "facility_id": [""], "status": [status]})
    check("submissions", one)
