"""A study of another subject, started from its form: it builds to the end, and no word of the shipped study is in what comes out."""

import re
import subprocess
import sys

import pandas as pd
import pytest
from endtoend.conftest import ROOT, Project
from endtoend.published_words import facilities_in, told_of
from library_study import SURVEY, write_answers, write_form, write_register
from unit.test_study_apart import of_the_study

# The program that made the report, the licence of its software, and years in which methods were published.
ALLOWED = re.compile(
    r"Harm Reduction Monitor( software)?|European\s+Union\s+Public\s+Licen[cs]e|\b20(17|18|20|21|22)\b|\d{4}-\d\d/schema"
)


@pytest.fixture(scope="module")
def libraries(tmp_path_factory) -> Project:
    place = tmp_path_factory.mktemp("libraries")
    in_english = [[cell for column, cell in enumerate(row) if column != 3] for row in SURVEY]
    form, register = write_form(place / "form.xlsx", in_english), write_register(place / "register.csv")
    command = [
        sys.executable, "-m", "hrmonitor", "new-study", str(place / "study"), "--form", str(form), "--register", str(register),
    ]  # fmt: skip
    made = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
    project = Project(place / "study")
    early = project.snakemake("--cores", "1", check=False)
    assert early.returncode == 1 and "raw/2024/exports/*" in early.stdout
    write_answers(place / "study/raw/2024/exports/answers.csv")
    report = place / "study/report/study/en/report.md"
    text = report.read_text(encoding="utf-8")
    text = text.replace(
        "# background\n",
        "# background\n\nIn {year}, {share} of our libraries answered; {open_weekends: yes} are open at weekends.\n",
    )
    text = text.replace("# recommendations\n", "# recommendations\n\n- Open **later**.\n")
    report.write_text(text, encoding="utf-8")
    # A unit of its own, with its words.
    project.write_config(project.config | {"unit": "library"})
    names = place / "study/report/study/en/names.yaml"
    own = (
        "unit:\n  one: library\n  many: libraries\n  a: a library\n  type: kind of library\n  types: kinds of library\n"
    )
    names.write_text(names.read_text(encoding="utf-8") + own, encoding="utf-8")
    project.snakemake("--cores", "2")
    return project


def test_it_is_built_in_full_and_counts_what_was_answered(libraries):
    results = libraries.folder / "results"
    report = results / "report"
    for name in (
        "report_en.pdf",
        "annex_en.pdf",
        "summary_en.pdf",
        "slides_en.pdf",
        "report_en.html",
        "index_en.html",
        "report_en.docx",
    ):
        assert (report / name).stat().st_size > 1000
    shares = pd.read_csv(results / "indicators.csv").query(
        "indicator == 'open_weekends' and statistic == 'share' and category == 'yes'"
    )
    # By hand: of the six public libraries that answered one is closed at weekends, and so is one of the six schools.
    assert shares.set_index("service")["estimate"].round(3).to_dict() == {
        "all": 0.833,
        "public": 0.833,
        "school": 0.833,
    }


def test_what_was_written_stands_in_the_report_and_what_was_not_does_not(libraries):
    told = (libraries.folder / "results/report/report_en.md").read_text(encoding="utf-8").replace("\\", "")
    assert "**Why.** In 2024, 86% of our libraries answered; 83% are open at weekends." in told
    assert "# Recommendations {#sec-recommendations}\n\n- Open **later**." in told
    assert "**Aims.**" not in told and "Funding" not in told
    # The prompts are for the writer.
    assert "<!--" not in told and "Who paid" not in told


def test_it_speaks_of_libraries_and_of_no_facility(libraries):
    told = (libraries.folder / "results/report/report_en.md").read_text(encoding="utf-8")
    assert "**12 of 14** libraries in the register answered" in told and "each kind of library counts" in told
    assert facilities_in(libraries.folder / "results") == {}


def test_no_word_of_the_shipped_study_is_in_any_result(libraries):
    pattern, found, seen = of_the_study(), {}, 0
    for path in sorted((libraries.folder / "results").rglob("*")):
        if not path.is_file() or "logs" in path.parts or path.name == "LICENSE.txt":
            continue
        told = told_of(path)
        seen += bool(told)
        # What stands where files of the engine are listed by path.
        told = re.sub(r"workflow/\S+", "", told)
        if words := {word.lower() for word in pattern.findall(ALLOWED.sub(" ", told))}:
            found[str(path.relative_to(libraries.folder))] = sorted(words)
    assert seen > 40 and found == {}
