"""The two studies under examples/ build by config, forms and texts alone, each to its PDF, its page and its open data."""

import re
import shutil
import subprocess
import sys
from types import SimpleNamespace

import pandas as pd
import pytest
import yaml
from endtoend.conftest import ROOT
from pypdf import PdfReader

STUDIES = ("clients", "cities")
# The engine's words for the shipped study's unit, and what a text without its words or numbers would show.
WRONG = re.compile(r"\b[Ff]acilit(?:y|ies)\b|<<|>>|\bnan\b|\bNone\b")


def copy_of(study: str, folder):
    """The study as it is in git: without an engine or results from a build by hand."""
    for part in ("config.yaml", "raw", "report/study"):
        source, target = ROOT / "examples" / study / part, folder / part
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(source, target) if source.is_dir() else shutil.copy2(source, target)
    return folder


@pytest.fixture(scope="module", params=STUDIES)
def built(request, tmp_path_factory):
    """(name, results/, languages) of a study, built by the one command that its README names; without annex, slides and Word."""
    folder = copy_of(request.param, tmp_path_factory.mktemp("examples") / request.param)
    languages = yaml.safe_load((folder / "config.yaml").read_text(encoding="utf-8"))["languages"]
    wanted = [f"results/report/report_{lang}.{kind}" for lang in languages for kind in ("pdf", "html")]
    run = subprocess.run(
        [sys.executable, "-m", "hrmonitor", "build", str(folder), "--cores", "2", "--only", *wanted, "results/open_data/datapackage.json"],
        cwd=ROOT, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout[-3000:] + run.stderr[-3000:]
    return SimpleNamespace(name=request.param, results=folder / "results", languages=languages)


def told(results, lang: str) -> str:
    return (results / f"report/report_{lang}.md").read_text(encoding="utf-8")


def test_each_ends_in_its_report_and_its_open_data(built):
    for lang in built.languages:
        pages = PdfReader(built.results / f"report/report_{lang}.pdf").pages
        assert len(pages) > 8 and len("".join(page.extract_text() for page in pages)) > 8000
        assert (built.results / f"report/report_{lang}.html").stat().st_size > 100_000
    names = {path.name for path in (built.results / "open_data").glob("*.csv")}
    assert {"indicators.csv", "findings.csv", "changes.csv"} <= names


def test_it_speaks_of_its_own_unit_and_never_of_that_of_the_shipped_study(built):
    for lang in built.languages:
        assert WRONG.findall(told(built.results, lang)) == [], lang
    word = {"clients": "1,200** made-up clients", "cities": "30 of 36** made-up cities"}[built.name]
    assert word in told(built.results, "en")


def test_findings_come_out_as_the_generator_was_told(built):
    table = pd.read_csv(built.results / "findings.csv").drop_duplicates("finding").set_index("finding")
    expected = {
        "clients": {"sterile_equipment": "partly_supported", "drug_checking": "supported", "hepatitis_c": "not_supported", "stigma": "supported",
                    "public_use": "supported", "peers": "contradicted"},
        "cities": {"naloxone": "supported", "rooms": "supported", "funding": "partly_supported", "involvement": "not_supported",
                   "waiting": "supported", "smoking": "supported"},
    }[built.name]  # fmt: skip
    assert table["verdict"].to_dict() == expected


def test_built_indicators_are_those_of_r(built):
    """In the digits that are shown: the estimate of a sample ends where its standard error does, and nothing that is hidden is there."""
    expected = pd.read_csv(
        ROOT / "tests/reference_values/examples.csv", dtype={"round": "str"}, keep_default_na=False, na_values=["NA"]
    )
    keys = ["round", "service", "indicator", "category", "statistic"]
    table = pd.read_csv(built.results / "indicators.csv", dtype={"round": "str"}).fillna({"category": ""})
    both = expected[expected["study"] == built.name].merge(table, on=keys, suffixes=("_r", ""))
    shown = both[~both["suppressed"] & both["estimate"].notna()]
    assert len(shown) > 0.8 * len(both) > 150
    slack = 0.06 * shown["se"].fillna(0) + 1e-8 * shown["estimate_r"].abs() + 1e-9
    far = shown[(shown["estimate"] - shown["estimate_r"]).abs() > slack]
    assert far.empty, far[[*keys, "estimate", "estimate_r", "se"]]
