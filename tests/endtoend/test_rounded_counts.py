"""A build with rounded counts: the audit lets it pass, tables and pages say that they are rounded, and no file has the exact ones."""

import json
import re

import pandas as pd
import pytest
from endtoend.conftest import Project
from small_survey import small_config, write_small


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> Project:
    """Of four rooms three are open at weekends."""
    folder = tmp_path_factory.mktemp("rounded") / "project"
    project = Project.without_study(folder, texts=True)
    config = small_config()
    config["disclosure"] |= {"sensitive": ["open_weekends"], "round_sensitive": 3}
    write_small(folder, config)
    project.snakemake("--cores", "2", "results/disclosure_audit.csv", "results/open_data/README.md")
    return project


def test_counts_are_multiples_that_add_up_and_the_audit_finds_nothing(small):
    shares = pd.read_csv(small.folder / "results/indicators.csv").query("statistic == 'share' and service == 'room'")
    assert (shares["estimate"] * shares["n"]).tolist() == [3, 0]
    assert set(shares["n"]) == {3}
    assert set(shares["suppression"]) == {"rounded_to_3"}
    assert shares[["ci_low", "ci_high"]].isna().all(axis=None)
    audit = pd.read_csv(small.folder / "results/disclosure_audit.csv")
    assert len(audit) and set(audit["verdict"]) == {"safe"}
    assert (audit["width"] >= 1).all()


@pytest.mark.parametrize(
    ("lang", "words"), [("en", "rounded to multiples of 3"), ("nl", "afgerond op veelvouden van 3")]
)
def test_a_reader_is_told(small, lang, words):
    report = small.folder / "results/report"
    # In the table of the service, and among the questions of the web page.
    assert f"| {words} |" in (report / f"annex_{lang}.md").read_text(encoding="utf-8")
    assert f"({words})" in (report / f"report_{lang}.html").read_text(encoding="utf-8")
    readme = (small.folder / "results/open_data/README.md").read_text(encoding="utf-8")
    assert "`rounded_to_3`" in readme
    package = json.loads((small.folder / "results/open_data/datapackage.json").read_text(encoding="utf-8"))
    (told,) = [
        field["description"]
        for table in package["resources"]
        if table["name"] == "indicators"
        for field in table["schema"]["fields"]
        if field["name"] == "suppression"
    ]
    assert "rounded_to_3: " in told


def test_no_file_has_the_exact_counts(small):
    """Neither the codebook and the questions left open, nor the shares and bounds of three of four."""
    results = small.folder / "results"
    gaps = pd.read_csv(results / "item_nonresponse.csv").query("question == 'open_weekends'")
    assert len(gaps) and gaps["n"].isna().all()
    bounds = pd.read_csv(results / "indicators.csv").query("statistic == 'share_bounds'")
    assert len(bounds) and bounds[["ci_low", "ci_high"]].isna().all(axis=None)
    for path in sorted((results / "report").glob("annex_*.md")):
        told = re.sub(r"[\\\u200b]", "", path.read_text(encoding="utf-8"))
        rows = [line for line in told.splitlines() if "[open_weekends]" in line]
        assert rows
        assert not any(character.isdigit() for row in rows for character in row.split("|")[2])
