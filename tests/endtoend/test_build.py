"""The shipped data, end to end: what the issue promises of a build."""

import csv
import hashlib
import json
import os
import re
import shutil
import sys
import warnings
from pathlib import Path

import byte_matrix
import frictionless
import isolated
import jupytext
import nbformat
import pandas as pd
import papermill
import pikepdf
import pypdf
import pytest
import yaml
from crate_check import breaches
from endtoend.conftest import ROOT, Project
from hrmonitor.build.environment import SAME_EVERYWHERE
from hrmonitor.build.job import RECORDS
from hrmonitor.declarations.public_files import VOLUMES
from hrmonitor.language import text as words_of
from hrmonitor.publication.release import read_record, result_files, source_files
from pages import empty_at_foot, room_below_chapters
from pdf_tags import elements, faults
from privacy_scanner import find_planted

KEPT_2021 = {"dcr": 17, "oat": 53, "hat": 17, "nsp": 29}


def ground_truth(name: str, scenario: str = "published") -> pd.DataFrame:
    return pd.read_csv(ROOT / "tests" / "ground_truth" / scenario / name, dtype=str, keep_default_na=False)


def result(project: Project, name: str) -> pd.DataFrame:
    return pd.read_csv(project.folder / "results" / name, dtype=str, keep_default_na=False)


@pytest.mark.parametrize("round_", ["2018", "2021"])
def test_the_response_flow_is_that_of_the_simulation(built, round_):
    order = ["service", "step"]
    expected = ground_truth(f"flow_{round_}.csv").sort_values(order).reset_index(drop=True)
    found = result(built, f"{round_}/flow.csv").sort_values(order).reset_index(drop=True)
    pd.testing.assert_frame_equal(found, expected)


def test_2021_keeps_the_facilities_that_were_interviewed(built):
    flow = result(built, "2021/flow.csv")
    kept = flow[flow["step"] == "kept"].set_index("service")["n"].astype(int)
    assert {service: kept[service] for service in KEPT_2021} == KEPT_2021
    facilities = pd.read_parquet(built.folder / "results/2021/facilities.parquet")
    assert facilities.groupby("service").size().to_dict() == KEPT_2021
    assert facilities["facility_id"].is_unique


def test_every_submission_is_kept_or_has_its_reason(built):
    for round_ in ("2018", "2021"):
        responses = pd.read_parquet(built.folder / f"results/{round_}/responses.parquet")
        submissions = result(built, f"{round_}/submissions.csv")
        assert len(submissions) == len(responses)
        fates = {"kept", "duplicate", "test", "empty", "out_of_frame"}
        assert set(submissions["status"]) <= fates
        audit = result(built, f"{round_}/audit.csv")
        removed = audit[audit["severity"] == "removed"]
        removed = set(zip(removed["source"], removed["row"], removed["rule"], strict=True))
        for _, one in submissions[submissions["status"] != "kept"].iterrows():
            assert (one["source"], one["row"], one["status"]) in removed


def test_every_injected_error_is_in_the_audit_trail(built):
    """Those that no cleaning can see are marked so, with the reason, in the ground truth itself."""
    errors = ground_truth("injected_errors.csv")
    assert len(errors) >= 100
    assert (errors.loc[errors["visible"] != "true", "reason"] != "").all()
    audit = pd.concat(result(built, f"{round_}/audit.csv") for round_ in ("2018", "2021"))
    lines = set(zip(audit["source"], audit["row"], audit["question"], audit["rule"], strict=True))
    visible = errors[errors["visible"] == "true"]
    missing = [
        row
        for row in zip(visible["source"], visible["row"], visible["question"], visible["expected_rule"], strict=True)
        if row not in lines
    ]
    assert not missing, f"{len(missing)} of {len(visible)} not seen, for example {missing[:8]}"


def test_published_supports_all_seven_findings(built):
    findings = result(built, "findings.csv")
    verdicts = findings.groupby("finding")["verdict"].first().to_dict()
    assert verdicts == dict.fromkeys(built.config["findings"], "supported")


@pytest.mark.parametrize("lang", ["en", "nl"])
@pytest.mark.parametrize(
    ("name", "pages"), [("report", range(16, 23)), ("annex", range(30, 80)), ("summary", [2]), ("slides", range(9, 13))]
)
def test_every_pdf_is_tagged_and_accessible(built, name, pages, lang):
    path = built.folder / f"results/report/{name}_{lang}.pdf"
    assert faults(path, lang) == []
    with pikepdf.open(path) as pdf:
        assert len(pdf.pages) in pages


@pytest.mark.parametrize("lang", ["en", "nl"])
@pytest.mark.parametrize("volume", VOLUMES)
def test_every_figure_and_table_of_a_volume_is_tagged(built, volume, lang):
    woven = (built.folder / f"results/report/{volume}_{lang}.md").read_text(encoding="utf-8")
    with pikepdf.open(built.folder / f"results/report/{volume}_{lang}.pdf") as pdf:
        tags = [tag for tag, _ in elements(pdf)]
    assert tags.count("Figure") == woven.count("{#fig-")
    assert tags.count("Table") == woven.count("{#tbl-")


@pytest.mark.parametrize("lang", ["en", "nl"])
@pytest.mark.parametrize(("volume", "most"), [("report", 1 / 3), ("annex", 1 / 3)])
def test_no_page_is_left_empty_and_no_chapter_begins_at_its_foot(built, volume, lang, most):
    """Only the last page may end early. A third of a page may be empty before a figure that was not narrowed."""
    pdf = built.folder / f"results/report/{volume}_{lang}.pdf"
    pages = empty_at_foot(pdf)
    assert len(pages) > 10
    assert [(place, round(share, 2)) for place, share in enumerate(pages[:-1], start=1) if share > most] == []
    room = room_below_chapters(pdf)
    assert len(room) > 10
    assert {chapter: round(left) for chapter, left in room.items() if left < 30} == {}


@pytest.mark.parametrize("lang", ["en", "nl"])
def test_a_foot_says_synthetic_only_where_made_up_answers_are(built, lang):
    mark = words_of(lang)["synthetic_mark"]
    pages = [page.extract_text() for page in pypdf.PdfReader(built.folder / f"results/report/annex_{lang}.pdf").pages]
    title = words_of(lang)["published"]["title"]
    first = next(place for place, page in enumerate(pages) if re.search(rf"^\d+ {title}$", page, re.M))
    published = pages[first + 1 : first + 8]
    assert all(title in page for page in published)
    assert [mark in page for page in published] == [False] * len(published)
    assert mark in pages[0] and mark in pages[first - 4]


@pytest.mark.parametrize("volume", VOLUMES)
def test_the_document_runs_in_its_own_folder_and_a_kernel_as_quarto_runs_it(built, monkeypatch, tmp_path, volume):
    monkeypatch.chdir(built.folder / "report")
    for name in ("JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR", "IPYTHONDIR"):
        monkeypatch.setenv(name, str(tmp_path))
    source = Path(f"{volume}.qmd").read_text(encoding="utf-8")
    notebook = jupytext.reads(source, fmt={"extension": ".Rmd", "format_name": "rmarkdown"})
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook.cells[1].metadata["tags"] = ["parameters"]
    nbformat.write(notebook, tmp_path / "source.ipynb")
    ran = papermill.execute_notebook(
        str(tmp_path / "source.ipynb"), str(tmp_path / "ran.ipynb"), {"lang": "en"}, progress_bar=False
    )
    shown = ["".join(output.data["text/markdown"]) for cell in ran.cells for output in cell.get("outputs", ())]
    shown = [part for part in shown if part.strip()]  # a chapter that this study does not have
    ours = (built.folder / f"results/report/{volume}_en.md").read_text(encoding="utf-8")
    assert len(shown) > 8
    assert "\n\n".join(part.strip("\n") for part in shown).replace("](../results/", "](results/") + "\n" == ours


# Quarto cannot be had from a package registry; this answers as it does to the calls that the pipeline makes of it.
QUARTO = """#!{python}
import subprocess, sys, pypandoc
if sys.argv[1] == "--version":
    print("1.9.38")
else:
    assert sys.argv[1] == "pandoc"
    sys.exit(subprocess.run([pypandoc.get_pandoc_path(), *sys.argv[2:]]).returncode)
"""


def test_with_quarto_both_engines_set_the_report_and_must_agree(workbench, tmp_path, monkeypatch):
    program = tmp_path / "bin" / "quarto"
    program.parent.mkdir()
    program.write_text(QUARTO.format(python=sys.executable), encoding="utf-8")
    program.chmod(0o755)
    assert workbench.jobs_to_run() == {}
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    assert workbench.jobs_to_run().get("engines_agree") == 4
    target = "results/report/engines/report_quarto_en.pdf"
    assert "Typesetting: Quarto 1.9." in workbench.snakemake("--cores", "2", target).stdout
    assert faults(workbench.folder / target, "en") == []
    # Another version of Quarto that loses a word is found out.
    program.write_text(
        program.read_text(encoding="utf-8").replace("*sys.argv[2:]", "*sys.argv[2:], '--metadata=title:Other'"),
        encoding="utf-8",
    )
    run = workbench.snakemake("--cores", "2", "--force", target, check=False)
    assert run.returncode != 0
    assert "do not set the same report" in run.stdout
    assert "“Other”" in run.stdout


def test_without_quarto_the_build_says_so_in_one_line(workbench):
    run = workbench.snakemake("--cores", "1", "--force", "results/report/summary_en.pdf")
    assert run.stdout.count("built-in engine (no Quarto on PATH; Quarto 1.9 or newer would be used)") == 1


def test_no_personal_data_in_any_result_or_log(built):
    planted = []
    with open(built.folder / "raw/2021/interviews.csv", encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file, delimiter=";"):
            planted += [row[column] for column in ("respondentname", "respondentemail", "respondentphone")]
    planted += (
        (ROOT / "tests/ground_truth/published/planted_personal_data.txt").read_text(encoding="utf-8").splitlines()
    )
    planted = sorted({value.strip() for value in planted if len(value.strip()) > 5})
    assert len(planted) > 30
    assert find_planted(built.folder / "results", planted) == []
    assert find_planted(built.folder / ".snakemake" / "log", planted) == []


def test_snakemake_report_has_words_for_every_result(built, tmp_path):
    """One file without a network: what people are to read of what `all` asks for, and what is public, each with a caption."""
    page = tmp_path / "report.html"
    built.snakemake("--report", str(page))
    text = page.read_text(encoding="utf-8")
    assert not re.search(r"""(src|href)=["'](https?:)?//""", text)
    start = text.index("{", text.index('<script id="results">'))
    shown = json.JSONDecoder().raw_decode(text, start)[0]

    plan = built.snakemake("--dry-run", "--force", "all", "--cores", "1", "--workflow-profile", "none").stdout
    asked = re.search(r"^(?:local)?rule all:\n +input: (.*)$", plan, re.M).group(1).split(", ")
    kinds = (".pdf", ".html", ".docx", ".pptx", "datapackage.json", "ro-crate-metadata.json")
    asked = [path for path in asked if path.endswith(kinds)]
    public = [f"results/open_data/{path.name}" for path in (built.folder / "results/open_data").glob("*.csv")]
    assert len(asked) >= 16
    assert len(public) >= 15
    words = {path: re.sub(r"<[^>]+>", "", result["caption"] or "") for path, result in shown.items()}
    assert [path for path in asked + public if len(words.get(path, "").split()) < 8] == []
    # What only the makers may see does not travel along.
    assert [path for path in shown if path.endswith(".parquet") or path.split("/")[1].isdigit()] == []
    assert not {"results/disclosure_audit.csv", "results/suppressions.csv"} & set(shown)


def test_the_provenance_keeps_the_workflow_run_profile(workbench, monkeypatch):
    """Also that every file which it names is there."""
    folder = workbench.folder / "results/provenance"
    assert breaches(folder, monkeypatch) == []
    path = folder / "ro-crate-metadata.json"
    crate = json.loads(path.read_text(encoding="utf-8"))
    root = next(entity for entity in crate["@graph"] if entity["@id"] == "./")
    del root["mainEntity"]
    path.write_text(json.dumps(crate), encoding="utf-8")
    assert any("mainEntity" in breach for breach in breaches(folder, monkeypatch))


def test_the_provenance_has_every_input_and_result_with_its_checksum(built):
    text = (built.folder / "results/provenance/ro-crate-metadata.json").read_text(encoding="utf-8")
    entities = {entity["@id"]: entity for entity in json.loads(text)["@graph"]}
    for identifier, entity in entities.items():
        if identifier.startswith("../../"):
            content = (built.folder / identifier.removeprefix("../../")).read_bytes()
            assert entity["sha256"] == hashlib.sha256(content).hexdigest(), identifier
            assert entity["contentSize"] == str(len(content))
    run, results = entities["#run"], built.folder / "results"
    made = {one["@id"].removeprefix("../../") for one in run["result"]}
    published = [path for part in ("report/*.*", "open_data/*", "figures/*.svg") for path in results.glob(part)]
    published = {
        path.relative_to(built.folder).as_posix() for path in published if path.suffix not in (".md", ".ipynb")
    }
    assert {path.rsplit(".", 1)[1] for path in published} >= {"pdf", "html", "docx", "pptx", "csv", "svg", "json"}
    assert published <= made
    used = {one["@id"].removeprefix("../../") for one in run["object"]}
    exports = [export["path"] for block in built.config["rounds"].values() for export in block["exports"]]
    read = {path.relative_to(built.folder).as_posix() for pattern in exports for path in built.folder.glob(pattern)}
    assert len(read) > 2
    assert read <= used
    assert run["instrument"] == {"@id": "../../Snakefile"}
    assert {one["name"] for one in entities.values() if one["@type"] == "HowToStep"} >= {
        "ingest",
        "clean",
        "weave",
        "all",
    }
    # The same bytes everywhere: no clock, no place.
    assert {"startTime", "endTime"} & set(run) == set()
    assert str(built.folder) not in text


def test_the_open_data_can_be_deposited(built):
    """Valid, and whoever has only the folder knows what it is, every column of it, and what may be done with it."""
    folder = built.folder / "results/open_data"
    assert frictionless.validate(str(folder / "datapackage.json")).valid
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    fields = [(table["name"], field) for table in package["resources"] for field in table["schema"]["fields"]]
    assert [(name, field["name"]) for name, field in fields if not field.get("description")] == []
    assert "synthetic" in package["description"]
    readme = (folder / "README.md").read_text(encoding="utf-8")
    for text in ("synthetic", "CC-BY-4.0", "`suppressed`", *(table["description"] for table in package["resources"])):
        assert text in readme
    # Every way in which a cell can be hidden is explained.
    hidden = set(result(built, "open_data/indicators.csv")["suppression"]) - {""}
    assert hidden
    assert [reason for reason in hidden if f"`{reason}`" not in readme] == []
    listed = {f"{table['name']}.csv" for table in package["resources"]}
    assert {path.name for path in folder.iterdir()} == listed | {
        "datapackage.json",
        "README.md",
        "CITATION.cff",
        "LICENSE.txt",
    }
    assert (folder / "LICENSE.txt").read_text(encoding="utf-8").startswith("Attribution 4.0 International")
    citation = yaml.safe_load((folder / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["title"].startswith(package["title"])
    assert {"cff-version", "message", "authors", "license"} <= citation.keys()


def test_nobody_on_another_machine_makes_the_same_bytes(built, tmp_path):
    """Without rights, network or writable files but its own, and with another value of everything that must not matter."""
    values = {factor: choices[-1] for factor, choices in byte_matrix.FACTORS.items()}
    # The first needs a library that CI does not have; a locale that is not there needs nothing.
    values |= {"clock": "today", "folder": "met spaties & één", "umask": "077"}
    project = Project.copy(tmp_path / values["folder"])
    with open(project.folder / "Snakefile", "a", encoding="utf-8") as file:
        file.write('\n\nrule surroundings:\n    output: "results/env"\n    shell: "env > {output}"\n')
    byte_matrix.date_files(project.folder, values)
    targets = [
        "results/env",
        "results/findings.csv",
        "results/figures/clients_trend.csv",
        "results/report/summary_en.pdf",
    ]
    env = byte_matrix.surroundings(values, tmp_path / "around")
    if isolated.missing():
        # A container may forbid what is to be tried; the bytes are compared all the same.
        assert "no namespaces" in isolated.missing() or "CI_RUN" not in os.environ, isolated.missing()
        warnings.warn(f"the build without rights and network was not tried: {isolated.missing()}", stacklevel=1)
        byte_matrix.snakemake(project.folder, env, values, targets)
    else:
        assert isolated.permitted(project.folder) == ""
        command = [sys.executable, "-m", "snakemake", "--cores", values["cores"], *targets]
        run = isolated.isolated(project.folder, *command, env=env, umask=0o077)
        assert run.returncode == 0, run.stdout[-6000:]
        assert "left behind" not in run.stdout
    variables = (project.folder / "results/env").read_text(encoding="utf-8").splitlines()
    assert {f"{name}={value}" for name, value in SAME_EVERYWHERE.items()} <= set(variables)
    made = project.digests()
    assert set(targets) <= {f"results/{path}" for path in made}
    assert {path: digest for path, digest in built.digests().items() if path in made} | {"env": made["env"]} == made


def test_the_release_on_record_is_of_these_sources_and_names_every_result(built):
    """After a change of what the build reads: `snakemake`, `python -m hrmonitor verify --update`, commit the record.

    Whether the bytes of results are those on record is for `verify`: this machine may have another C library.
    """
    _, recorded = read_record(ROOT)
    assert {path: digest for path, digest in recorded.items() if not path.startswith("results/")} == source_files(ROOT)
    assert {path for path in recorded if path.startswith("results/")} == set(result_files(built.folder))


def test_the_auditor_finds_nothing_in_the_shipped_results(built):
    audit = result(built, "disclosure_audit.csv")
    assert (audit["verdict"] == "safe").all()
    assert {"share", "difference", "theme"} <= set(audit["statistic"])


def test_a_table_that_gives_something_away_stops_the_build(workbench):
    """The auditor reads what is there, whoever wrote it."""
    path = workbench.folder / "results/open_data/indicators.csv"
    shown = path.read_text(encoding="utf-8")
    hidden = "2021,dcr,respondent_role,physician,share,"
    line = next(line for line in shown.split("\n") if line.startswith(hidden))
    path.write_text(shown.replace(line, f"{hidden}17,22,0.05882352941,,,share,False,,,0,"), encoding="utf-8")
    # As if the job that makes the table had written it so: else the build sees that somebody changed it.
    shutil.rmtree(workbench.folder / RECORDS)
    told = workbench.snakemake("--cores", "1", "--forcerun", "disclosure_audit", "--allowed-rules", "disclosure_audit", "--",
                               "results/disclosure_audit.csv", check=False)  # fmt: skip
    assert told.returncode != 0
    assert "DisclosureError" in told.stdout
    assert "Traceback" not in told.stdout
    log = (workbench.folder / "results/logs/disclosure_audit.log").read_text(encoding="utf-8")
    assert "2021/dcr/respondent_role/physician/share (few facilities; printed in open_data/indicators.csv)" in log
    assert not (workbench.folder / "results/disclosure_audit.csv").exists()
