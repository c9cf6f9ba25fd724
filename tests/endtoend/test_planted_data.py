"""One build with two plantings: personal data of every kind in every place where people write, and hostile text in all the others.

No personal data is in a result or a log; hostile text is everywhere text, in each format. In the name of a file personal data stops
the build (tests/unit/test_privacy_kinds.py), because Snakemake's own log and the provenance name all files.
"""

import csv
import io
import json
import re
import subprocess
import sys
import zipfile

import openpyxl
import pytest
from endtoend.conftest import Project
from endtoend.hostile_text import TEXTS, plant_hostile_text, rewrite
from openpyxl.comments import Comment
from privacy_scanner import find_planted
from stdnum.iban import calc_check_digits
from stdnum.nl import bsn

PLACES = [
    "open text", "other, namely", "contact column", "number field", "form metadata", "cell comment", "coder's remark", "consensus note",
    "Word metadata", "SPSS labels", "coding workbook",
]  # fmt: skip
# What messages quote; none of it gets as far as a build.
QUOTED = ["heading", "facility name", "choice answer"]


def planted(kind: str, number: int) -> str:
    """Personal data of a kind, another for each number, all of it made up."""
    account = f"TEST{4000000000 + number}"
    digits = next(f"{n:09d}" for n in range(100000000 + 1000 * number, 10**9) if bsn.is_valid(f"{n:09d}"))
    letter = "abcdefghijklmnopq"[number]
    return {
        "name": f"Wil{letter}mina Ooster{letter}dijk",
        "e-mail": f"planted.{number:02d}@instelling.example",
        "phone (Dutch)": f"06-183042{number:02d}",
        "phone (abroad)": f"+32 475 12 34 {50 + number}",
        "BSN": digits,
        "postcode and number": f"1093 KX {110 + number}",
        "IBAN": f"NL{calc_check_digits(f'NL00{account}')}{account}",
        "date of birth": f"{10 + number}-03-1961",
    }[kind]


KINDS = ["name", "e-mail", "phone (Dutch)", "phone (abroad)", "BSN", "postcode and number", "IBAN", "date of birth"]


def sentence(kind: str, value: str) -> str:
    return f"geboren {value}" if kind == "date of birth" else f"Vraag naar {value} bij ons."


def plant_in_interviews(path, everything: dict) -> None:
    """One row a kind; the contact column of the next rows holds every name, as somebody's contact."""
    columns = {"open text": "barriersopen", "other, namely": "barriers[other]", "number field": "clientsnow"}

    def change(rows):
        for row, kind in zip(rows, KINDS, strict=False):
            for place, column in columns.items():
                row[column] = sentence(kind, everything[kind, place])
            row["respondentphone"] = everything[kind, "contact column"]
        for row, place in zip(rows[20:], [*PLACES, *QUOTED], strict=False):
            row["respondentname"] = everything["name", place]

    rewrite(path, change, ";", "utf-8-sig")


def plant_in_forms(folder, everything: dict) -> None:
    """Copies of a returned workbook and of a Word document: the data as author, description, and in a comment."""
    import docx
    from hrmonitor.forms.exports.fillable import write_document
    from hrmonitor.questionnaire.model import read_questionnaire

    write_document(folder / "form.docx", read_questionnaire(folder.parent / "questionnaire"), "nl")
    for number, kind in enumerate(KINDS):
        workbook = openpyxl.load_workbook(folder / "vragenlijst_01.xlsx")
        workbook.properties.creator = workbook.properties.lastModifiedBy = everything[kind, "form metadata"]
        workbook.properties.description = sentence(kind, everything[kind, "form metadata"])
        comment = everything[kind, "cell comment"]
        workbook.worksheets[0]["C4"].comment = Comment(sentence(kind, comment), comment)
        workbook.save(folder / f"copy_{number}.xlsx")
        document = docx.Document(folder / "form.docx")
        properties, value = document.core_properties, everything[kind, "Word metadata"]
        properties.author = properties.last_modified_by = properties.comments = properties.keywords = value
        document.add_paragraph(sentence(kind, value))
        document.save(folder / f"document_{number}.docx")
    (folder / "form.docx").unlink()


def plant_in_spss(path, everything: dict) -> None:
    """In the notes of the file, in labels of variables, and in labels of codes that nobody has."""
    import pyreadstat

    frame, meta = pyreadstat.read_sav(str(path), user_missing=True)
    told = [sentence(kind, everything[kind, "SPSS labels"]) for kind in KINDS]
    labels = dict(zip(meta.column_names, meta.column_labels, strict=True))
    for variable, text in zip([name for name in labels if name not in meta.variable_value_labels], told, strict=False):
        labels[variable] = f"{labels[variable]} {text}"
    values = {name: dict(of) for name, of in meta.variable_value_labels.items()}
    for variable, text in zip(values, told, strict=False):
        values[variable][977.0] = text
    pyreadstat.write_sav(
        frame, str(path), column_labels=labels, variable_value_labels=values, missing_ranges=meta.missing_ranges,
        variable_measure=meta.variable_measure, note=told,
    )  # fmt: skip


def plant_in_coding(folder, everything: dict) -> None:
    def remarks(column, place):
        def change(rows):
            for row, kind in zip(rows, KINDS, strict=False):
                row[column] = sentence(kind, everything[kind, place])

        return change

    rewrite(folder / "coder_2.csv", remarks("opmerking", "coder's remark"), ";", "cp1252")
    rewrite(folder / "consensus.csv", remarks("remark", "consensus note"))
    # The other coder used a workbook.
    with open(folder / "coder_1.csv", encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file, delimiter=";"))
    workbook = openpyxl.Workbook()
    values = [everything[kind, "coding workbook"] for kind in KINDS]
    for number, row in enumerate(rows):
        workbook.active.append([*row, "remark" if number == 0 else values[number % len(KINDS)]])
    workbook.active["A2"].comment = Comment(values[1], values[1])
    workbook.properties.creator = workbook.properties.keywords = values[2]
    workbook.create_sheet("aantekeningen").append(values)
    workbook.save(folder / "coder_1.xlsx")
    (folder / "coder_1.csv").unlink()


@pytest.fixture(scope="module")
def with_plants(tmp_path_factory):
    project = Project.copy(tmp_path_factory.mktemp("planted"))
    numbered = list(enumerate([*PLACES, *QUOTED]))
    everything = {(kind, place): planted(kind, number) for kind in KINDS for number, place in numbered}
    raw = project.folder / "raw/2021"
    plant_in_interviews(raw / "interviews.csv", everything)
    plant_in_forms(raw / "returned", everything)
    plant_in_spss(project.folder / "raw/2018/gebruiksruimten_2018.sav", everything)
    plant_in_coding(raw / "coding", everything)
    # A person's name in a heading cannot be told from a question.
    del everything["name", "heading"]
    config = project.config
    config["languages"] = ["en"]
    config["rounds"]["2021"]["coding"]["coders"][0] = "raw/2021/coding/coder_1.xlsx"
    documents = {"path": "raw/2021/returned/*.docx", "tool": "word_form", "mode": "questionnaire"}
    config["rounds"]["2021"]["exports"].append(documents)
    project.write_config(config)
    plant_hostile_text(project.folder, spared=len(KINDS))
    project.snakemake("--cores", "2")
    for command in ("coding-sheets", "other-answers"):
        hrmonitor(project, command, "2021", check=True)
    return project, everything


def hrmonitor(project, *arguments: str, check: bool = False) -> str:
    """What the command says on the screen."""
    run = subprocess.run(
        [sys.executable, "-m", "hrmonitor", *arguments], cwd=project.folder, check=False, capture_output=True, text=True,
        env={"PYTHONPATH": str(project.folder / "workflow"), "PATH": "/usr/bin:/bin", "COLUMNS": "400", "PYTHONUTF8": "1"},
    )  # fmt: skip
    assert not check or run.returncode == 0, run.stdout + run.stderr
    return run.stdout + run.stderr


def shown_table(places: list[str], leaked: dict, everything: dict) -> None:
    print(f"\n{'kind':<20}" + "".join(f"{place:>16}" for place in places))
    for kind in KINDS:
        cells = (
            str(int(everything[kind, place] in leaked)) if (kind, place) in everything else "-" for place in places
        )
        print(f"{kind:<20}" + "".join(f"{cell:>16}" for cell in cells))


def test_no_kind_from_any_place_is_in_a_result_or_a_log(with_plants):
    project, everything = with_plants
    values = [everything[kind, place] for kind in KINDS for place in PLACES]
    assert len(set(values)) == len(KINDS) * len(PLACES) == 88
    in_raw = {value for _, value in find_planted(project.folder / "raw", values)}
    assert [value for value in values if value not in in_raw and value not in spss_texts(project)] == [], "not planted"
    found = find_planted(project.folder / "results", values)
    found += find_planted(project.folder / ".snakemake" / "log", values)
    leaked = {value: path for path, value in found}
    shown_table(PLACES, leaked, everything)
    assert leaked == {}


def spss_texts(project) -> str:
    import pyreadstat

    _, meta = pyreadstat.read_sav(str(project.folder / "raw/2018/gebruiksruimten_2018.sav"))
    return str((meta.notes, meta.column_labels, meta.variable_value_labels))


def test_messages_do_not_quote_personal_data(with_plants, tmp_path):
    """`check` finds unknown facilities, columns and answers; the build stops at the columns."""
    built, everything = with_plants
    project = Project.copy(tmp_path / "project", source=built.folder)

    def change(rows):
        for row, kind in zip(rows, KINDS, strict=False):
            row["facilityname"] = sentence(kind, everything[kind, "facility name"])
            row["clientstrend"] = sentence(kind, everything[kind, "choice answer"])

    rewrite(project.folder / "raw/2021/interviews.csv", change, ";", "utf-8-sig")
    path = project.folder / "raw/2021/interviews.csv"
    lines = path.read_text(encoding="utf-8-sig").split("\n", 1)
    headings = [sentence(kind, everything[kind, "heading"]) for kind in KINDS if (kind, "heading") in everything]
    rows = list(csv.reader(io.StringIO("\n".join(lines), newline=""), delimiter=";"))
    with open(path, "w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";", quoting=csv.QUOTE_ALL)
        writer.writerows([*row, *(headings if number == 0 else "x" * len(headings))] for number, row in enumerate(rows))
    values = [value for (_, place), value in everything.items() if place in QUOTED]
    checked = hrmonitor(project, "check", "2021")
    stopped = project.snakemake("--cores", "1", "results/2021/audit.csv", check=False)
    assert stopped.returncode and "▇▇▇" in stopped.stdout and "nor are 6 more" in stopped.stdout, stopped.stdout
    assert checked.count("▇▇▇") > 20 and "cannot be built yet" in checked
    found = [("the screen of check", value) for value in values if value.lower() in checked.lower()]
    found += [("the screen of the build", value) for value in values if value.lower() in stopped.stdout.lower()]
    for folder in ("results", ".snakemake/log"):
        found += find_planted(project.folder / folder, values)
    shown_table(QUOTED, {value for _, value in found}, everything)
    assert found == []


# --- hostile text ------------------------------------------------------------------------------------------

# Attributes that hold words for people; no browser acts on them.
WORDS = {"alt", "title", "aria-label", "content", "value", "label", "summary"}


@pytest.mark.parametrize("page", ["report_en", "annex_en"])
def test_hostile_text_makes_no_element_attribute_or_script_of_a_page(with_plants, page):
    from lxml import html

    text = (with_plants[0].folder / f"results/report/{page}.html").read_text(encoding="utf-8")
    root = html.document_fromstring(text)
    for element in root.iter():
        if not isinstance(element.tag, str):
            assert "zq" not in (element.text or "")
            continue
        assert "zq" not in element.tag
        for name, value in element.attrib.items():
            assert "zq" not in name
            # Headings give their letters and digits to their address on the page.
            inert = (
                name in WORDS
                or name.startswith("data-")
                or (name in ("id", "href") and re.fullmatch(r"#?[\w.-]+", value))
            )
            assert "zq" not in value or inert, (element.tag, name, value[:200])
        if element.tag in ("script", "style"):
            code = element.text or ""
            if element.get("type") == "application/json":
                json.loads(code)
            else:
                assert "zq" not in code, code[max(0, code.find("zq") - 200) :][:400]
    said = root.text_content()
    assert "root:x:0" not in text
    missing = [line for line in TEXTS if " ".join(line.replace("\u202e", "").split()) not in flat(said)]
    assert missing == [], f"not shown as it is: {missing}"


def flat(text: str) -> str:
    return " ".join(text.replace("\u202e", "").split())


def test_hostile_text_stands_letter_for_letter_in_the_pdf(with_plants):
    folder = with_plants[0].folder / "results/report"
    text = ""
    for name in ("report_en", "annex_en", "summary_en", "slides_en"):
        text += subprocess.run(
            ["pdftotext", "-raw", str(folder / f"{name}.pdf"), "-"], capture_output=True, text=True, check=True
        ).stdout
    # Lines are broken, words hyphenated and quotation marks set as a printer does.
    said = re.sub(r"[\s\u00ad\u2010-]", "", text).translate(str.maketrans("‘’“”", "''\"\""))
    assert "root:x:0" not in said
    # What would turn text around is left out.
    missing = [line for line in TEXTS if re.sub(r"[\s\u202e-]", "", line) not in said]
    assert missing == [], f"not shown as it is: {missing}"


def test_hostile_text_is_no_field_link_or_part_of_an_office_document(with_plants):
    from lxml import etree

    for name in ("report_en.docx", "annex_en.docx", "slides_en.pptx"):
        with zipfile.ZipFile(with_plants[0].folder / f"results/report/{name}") as archive:
            shown = ""
            for member in archive.namelist():
                assert "zq" not in member
                if not member.endswith((".xml", ".rels")):
                    continue
                root = etree.fromstring(archive.read(member))
                for element in root.iter(etree.Element):
                    tag = etree.QName(element).localname
                    if tag == "tblCaption":
                        continue
                    # Words for people: the alternative text and title of a picture, and the caption of a table above. Letters and digits
                    # of a heading make the name of its bookmark.
                    acted = {
                        key: value
                        for key, value in element.attrib.items()
                        if key not in ("descr", "title", "name")
                        and not (tag in ("bookmarkStart", "hyperlink") and re.fullmatch(r"[\w.-]+", value))
                    }
                    assert "zq" not in str(acted) and "zq" not in tag, (member, tag, acted)
                    assert tag not in ("instrText", "fldSimple") or "zq" not in "".join(element.itertext())
                    shown += (element.text or "") if tag == "t" else ""
            assert "zq" in shown and "root:x:0" not in shown


def test_no_cell_of_any_table_is_a_formula(with_plants):
    folder = with_plants[0].folder
    seen = ""
    tables = [path for path in sorted((folder / "results").rglob("*.csv"))]
    assert len(tables) > 40
    for path in tables:
        with open(path, encoding="utf-8", newline="") as file:
            for row in csv.reader(file):
                for cell in row:
                    seen += cell if "zq" in cell else ""
                    assert not cell.startswith(("=", "+", "@", "\t", "\r")), (path, cell)
                    assert not cell.startswith("-") or is_number(cell), (path, cell)
    assert all(f"zq2{number}" in seen for number in range(5)), "a formula was not written anywhere"
    books = [*(folder / "raw/2021/coding/sheets").glob("*.xlsx"), folder / "raw/2021/other_answers.xlsx"]
    assert len(books) >= 3
    for path in books:
        cells = [cell for sheet in openpyxl.load_workbook(path) for row in sheet.iter_rows() for cell in row]
        assert [cell.value for cell in cells if cell.data_type == "f"] == []
        assert any("zq" in str(cell.value) for cell in cells), path


def is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def test_the_notebook_holds_hostile_text_as_text(with_plants):
    for name in ("report_en", "annex_en"):
        notebook = json.loads((with_plants[0].folder / f"results/report/{name}.ipynb").read_text(encoding="utf-8"))
        for cell in notebook["cells"]:
            if cell["cell_type"] == "code" and "injected-parameters" not in cell["metadata"]["tags"]:
                assert "zq" not in "".join(cell["source"])
