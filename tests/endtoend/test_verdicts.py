"""Other data, other verdicts: the report has no typed number."""

import pandas as pd
import pytest
from endtoend.conftest import Project
from hrmonitor.study import study
from pypdf import PdfReader

TREND_FINDINGS = ["use_stagnated", "migrants_cee", "ageing_somatic", "ghb_need"]


def scenario(folder, name: str) -> Project:
    """The project with raw data of another truth, in English only."""
    from hrmonitor.simulation import write_raw

    project = Project.copy(folder)
    config = project.config
    write_raw(project.folder / "raw", name, config["seed"])
    config["languages"] = ["en"]
    project.write_config(config)
    return project


def verdicts(project: Project) -> dict[str, str]:
    findings = pd.read_csv(project.folder / "results/findings.csv")
    return findings.groupby("finding")["verdict"].first().to_dict()


@pytest.fixture(scope="module")
def reversed_(tmp_path_factory) -> Project:
    project = scenario(tmp_path_factory.mktemp("reversed"), "reversed")
    project.snakemake("--cores", "2", "results/report/report_en.pdf", "results/report/summary_en.pdf")
    return project


def test_reversed_supports_none_of_findings_1_to_6(reversed_):
    found = verdicts(reversed_)
    del found["monitoring_needed"]
    assert "supported" not in found.values(), found


def test_flat_supports_no_trend_finding(tmp_path):
    project = scenario(tmp_path, "flat")
    project.snakemake("--cores", "2", "results/findings.csv")
    found = verdicts(project)
    assert all(found[name] != "supported" for name in TREND_FINDINGS), found


def test_the_pdf_says_what_the_data_say(built, reversed_):
    """The number that stands in the published report is gone from the reversed one, and the new one is there."""
    texts, numbers = {}, {}
    for name, project in (("published", built), ("reversed", reversed_)):
        reader = PdfReader(project.folder / "results/report/report_en.pdf")
        texts[name] = " ".join(page.extract_text() for page in reader.pages)
        findings = pd.read_csv(project.folder / "results/findings.csv")
        first = findings[(findings["finding"] == "migrants_cee")].iloc[1]
        numbers[name] = f"{first['estimate'] * 100:.0f}%"
    assert numbers["published"] != numbers["reversed"]
    for name, text in texts.items():
        assert numbers[name] in text
    assert texts["published"] != texts["reversed"]


def test_the_summary_draws_no_lesson_from_a_finding_that_is_not_supported(built, reversed_):
    findings = study("en").findings
    meaning = {name: parts["next step in the summary"].text for name, parts in findings.items()}
    for project in (built, reversed_):
        pages = PdfReader(project.folder / "results/report/summary_en.pdf").pages
        assert len(pages) == 2
        told = " ".join(" ".join(page.extract_text() for page in pages).split())
        lessons = {name for name, sentence in meaning.items() if sentence in told}
        assert lessons == {name for name, verdict in verdicts(project).items() if verdict == "supported"}


def test_the_words_turn_with_the_data(built, reversed_):
    """Rises in one truth are falls in the other, and no sentence tells a direction that its interval leaves open."""
    told = {}
    for name, project in (("published", built), ("reversed", reversed_)):
        woven = (project.folder / "results/report/report_en.md").read_text(encoding="utf-8")
        told[name] = woven[woven.index("{#sec-migrants-cee}") : woven.index("{#sec-ageing-somatic}")]
    # The published series beside the finding is the same in both.
    share = "the share of clients from Central and Eastern Europe"
    assert "more rises than falls" in told["published"] and f"{share} rose by" in told["published"]
    assert "more falls than rises" in told["reversed"] and f"{share} fell by" in told["reversed"]
    assert f"{share} rose by" not in told["reversed"] and f"{share} fell by" not in told["published"]
