"""Personal data of every kind, planted in every place where people write, is in no result and in no log.

In the name of a file it stops the build, because Snakemake's own log and the provenance name all files (tests/unit/test_privacy_kinds.py).
Built is what reads the answers, cleans them and takes the codes in; the report is searched by test_build.py.
"""

import csv
import io

import openpyxl
import pytest
from endtoend.conftest import Project
from openpyxl.comments import Comment
from privacy_scanner import find_planted
from stdnum.iban import calc_check_digits
from stdnum.nl import bsn

PLACES = [
    "open text", "other, namely", "contact column", "number field", "form metadata", "cell comment",
    "coder's remark", "consensus note",
]  # fmt: skip
# What reads the answers, cleans them and takes the codes in; what is made later is made from these files alone.
TARGETS = ["results/2021/audit.csv", "results/2021/facilities.parquet", "results/themes.csv"]


def planted(kind: str, number: int) -> str:
    """Personal data of a kind, another for each number, all of it made up."""
    account = f"TEST{4000000000 + number}"
    digits = next(f"{n:09d}" for n in range(100000000 + 1000 * number, 10**9) if bsn.is_valid(f"{n:09d}"))
    return {
        "name": f"Wil{'abcdefghijk'[number]}mina Ooster{'abcdefghijk'[number]}dijk",
        "e-mail": f"planted.{number}@instelling.example",
        "phone (Dutch)": f"06-1830427{number}",
        "phone (abroad)": f"+32 475 12 34 5{number}",
        "BSN": digits,
        "postcode and number": f"1093 KX 11{number}",
        "IBAN": f"NL{calc_check_digits(f'NL00{account}')}{account}",
        "date of birth": f"1{number}-03-1961",
    }[kind]


KINDS = ["name", "e-mail", "phone (Dutch)", "phone (abroad)", "BSN", "postcode and number", "IBAN", "date of birth"]


def sentence(kind: str, value: str) -> str:
    return f"geboren {value}" if kind == "date of birth" else f"Vraag naar {value} bij ons."


def plant_in_interviews(path, everything: dict) -> None:
    """One row a kind; the contact column of the next rows holds every name, as somebody's contact."""
    with open(path, encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    columns = {"open text": "barriersopen", "other, namely": "barriers[other]", "number field": "clientsnow"}
    for row, kind in zip(rows, KINDS, strict=False):
        for place, column in columns.items():
            row[column] = sentence(kind, everything[kind, place])
        row["respondentphone"] = everything[kind, "contact column"]
    for row, place in zip(rows[20:], PLACES, strict=False):
        row["respondentname"] = everything["name", place]
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0].keys(), delimiter=";", quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(out.getvalue(), encoding="utf-8-sig")


def plant_in_forms(folder, everything: dict) -> None:
    """Copies of a returned form with the data as author, and in a comment on a cell."""
    first = folder / "vragenlijst_01.xlsx"
    for number, kind in enumerate(KINDS):
        workbook = openpyxl.load_workbook(first)
        workbook.properties.creator = workbook.properties.lastModifiedBy = everything[kind, "form metadata"]
        workbook.properties.description = sentence(kind, everything[kind, "form metadata"])
        sheet = workbook.worksheets[0]
        sheet["C4"].comment = Comment(
            sentence(kind, everything[kind, "cell comment"]), everything[kind, "cell comment"]
        )
        workbook.save(folder / f"copy_{number}.xlsx")


def plant_in_coding(folder, everything: dict) -> None:
    for name, delimiter, column, encoding, place in (
        ("coder_2.csv", ";", "opmerking", "cp1252", "coder's remark"),
        ("consensus.csv", ",", "remark", "utf-8", "consensus note"),
    ):
        with open(folder / name, encoding=encoding, newline="") as file:
            rows = list(csv.DictReader(file, delimiter=delimiter))
        for row, kind in zip(rows, KINDS, strict=False):
            row[column] = sentence(kind, everything[kind, place])
        with open(folder / name, "w", encoding=encoding, newline="") as file:
            writer = csv.DictWriter(file, rows[0].keys(), delimiter=delimiter)
            writer.writeheader()
            writer.writerows(rows)


@pytest.fixture(scope="module")
def with_plants(tmp_path_factory):
    project = Project.copy(tmp_path_factory.mktemp("planted"))
    everything = {(kind, place): planted(kind, number) for kind in KINDS for number, place in enumerate(PLACES)}
    raw = project.folder / "raw/2021"
    plant_in_interviews(raw / "interviews.csv", everything)
    plant_in_forms(raw / "returned", everything)
    plant_in_coding(raw / "coding", everything)
    project.snakemake("--cores", "2", *TARGETS)
    return project, everything


def test_no_kind_from_any_place_is_in_a_result_or_a_log(with_plants):
    project, everything = with_plants
    values = list(everything.values())
    assert len(set(values)) == len(KINDS) * len(PLACES) == 64
    in_raw = {value for _, value in find_planted(project.folder / "raw", values)}
    assert set(values) - in_raw == set(), "not planted"
    found = find_planted(project.folder / "results", values) + find_planted(
        project.folder / ".snakemake" / "log", values
    )
    leaked = {value: path for path, value in found}
    print(f"{'kind':<20}" + "".join(f"{place:>16}" for place in PLACES))
    for kind in KINDS:
        print(f"{kind:<20}" + "".join(f"{int(everything[kind, place] in leaked):>16}" for place in PLACES))
    assert {key: leaked[value] for key, value in everything.items() if value in leaked} == {}
