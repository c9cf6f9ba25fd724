"""The pages of the shipped rounds, read back: also the PDFs that the audit of a build leaves out, and numbers that are hidden."""

import re
import shutil

import numpy as np
import pandas as pd
import pytest
from endtoend.conftest import ROOT, Project
from hrmonitor.declarations.public_files import DOCUMENTS
from hrmonitor.disclosure.audit import numbers

TEXTS = ["config.yaml", "raw/*/questionnaire/*.csv", "raw/reference/*.csv", "raw/*/coding/themes.csv", "report/*",
         "report/study/*", "report/study/*/*", "workflow/hrmonitor/resources/*.yaml", "workflow/hrmonitor/resources/references.bib",
         "workflow/hrmonitor/resources/languages/*/*.yaml"]  # fmt: skip


def odd(project: Project) -> dict[str, list[str]]:
    """As the audit finds them; texts of respondents have none that are telling."""
    written = [path.read_text(encoding="utf-8") for name in TEXTS for path in sorted(ROOT.glob(name)) if path.is_file()]
    config = project.config
    return numbers.unexplained(project.folder / "results", config["languages"], written, config["figures"])


def test_every_telling_number_of_every_page_is_in_a_table(built, monkeypatch):
    monkeypatch.setattr(numbers, "ONLY_PDF", [name for name, kinds in DOCUMENTS.items() if "pdf" in kinds])
    read = {path.suffix for lang in ("en", "nl") for path in numbers.pages(built.folder / "results", lang)}
    assert {".pdf", ".docx", ".pptx", ".html", ".md", ".ipynb", ".svg", ".txt"} <= read
    assert odd(built) == {}


def test_the_codebook_has_the_medians_of_the_tables(built):
    """The median of an odd number of facilities is what one of them said, if it is not rounded."""
    table = pd.read_csv(built.folder / "results/open_data/indicators.csv", dtype={"round": "str"})
    medians = table[(table["statistic"] == "median") & (table["round"] == "2021")].set_index(["indicator", "service"])
    book = (built.folder / "results/report/annex_en.md").read_text(encoding="utf-8").replace("\\", "")
    # The newest round comes first, and an earlier one may have asked the same.
    printed = dict(reversed(re.findall(r"\[([\w\u200b]+)\] \| median ([\d,.]+)", book)))
    form = pd.read_csv(ROOT / "raw/2021/questionnaire/survey.csv").set_index("name")["indicator"]
    compared = 0
    for name, shown in printed.items():
        indicator = form.get(name.replace("\u200b", ""))
        own = medians.xs(indicator) if indicator in medians.index.get_level_values(0) else medians.head(0)
        if "all" in own.index or len(own) == 1:
            value = float(own["estimate"].get("all", own["estimate"].iloc[0]))
            assert float(shown.replace(",", "")) == pytest.approx(value, abs=0.051), name
            compared += 1
    assert compared > 20


def test_a_count_of_the_map_is_no_percentage(built):
    page = (built.folder / "results/report/annex_en.html").read_text(encoding="utf-8")
    assert not re.search(r">\d,\d{3}%<", page)


def test_what_is_hidden_is_caught_from_four_digits_on(built, tmp_path):
    """Sums of single services that no table has, rounded as a page would print them."""
    project = Project(tmp_path)
    shutil.copytree(built.folder / "results", tmp_path / "results", ignore=shutil.ignore_patterns("logs", "20*"))
    shutil.copy(built.folder / "config.yaml", tmp_path / "config.yaml")
    facilities = pd.read_parquet(built.folder / "results/2021/facilities.parquet")
    columns = [name for name in facilities.select_dtypes("number") if not name.startswith("_")]
    # What one facility less would add up to: numbers like those that are published, and not among them.
    sums = {
        f"{value:,.0f}" for name in columns for value in (facilities[name].sum() - facilities[name].dropna()).tolist()
    }
    telling = sorted(value for value in sums if len(value) > 4)
    chosen = np.random.default_rng(1).choice(telling, 200, replace=False)
    page = tmp_path / "results/report/report_en.md"
    page.write_text(
        page.read_text(encoding="utf-8") + "\n\n".join(f"\n\nIn all {one} of them." for one in chosen), encoding="utf-8"
    )
    caught = set(odd(project)["report/report_en.md"]) & set(chosen)
    print(f"{len(caught)} of {len(chosen)}")
    assert len(caught) >= 0.9 * len(chosen)
