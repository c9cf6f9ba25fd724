"""`hrmonitor publish` puts on record what was built, and nothing else; later builds read the record."""

import os
import subprocess
import sys

import pandas as pd
import yaml
from hrmonitor.declarations.csv_files import read_table
from hrmonitor.disclosure.audit import known, read_earlier, read_published
from hrmonitor.disclosure.audit.protected import gave
from hrmonitor.editions import read_editions
from hrmonitor.project.checks import check_config
from hrmonitor.project.keys import plain
from hrmonitor.project.register import read_register
from hrmonitor.stages.disclosure_audit import survey_of
from hrmonitor.survey import read_rounds


def publish(project, name: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "hrmonitor", "publish", name],
        cwd=project.folder,
        env={**os.environ, "PYTHONPATH": str(project.folder / "workflow")},
        capture_output=True,
        text=True,
        check=False,
    )


def test_what_was_built_goes_on_record_and_is_attacked_together_with_the_next_build(workbench):
    told = publish(workbench, "2026-first")
    assert told.returncode == 0, told.stderr
    record = workbench.folder / "editions" / "2026-first"
    about = yaml.safe_load((record / "edition.yaml").read_text(encoding="utf-8"))
    assert {"results/report/report_en.pdf", "results/open_data/indicators.csv"} <= about["files"].keys()
    assert about["rounds"] == {"2018": 2018, "2021": 2021}
    # Answers that went out do not change unnoticed.
    assert (workbench.folder / "raw" / "2021" / "manifest.sha256").exists()
    assert {"suppressions", "themes", "disclosure_audit"} <= workbench.jobs_to_run().keys()

    editions = read_editions(workbench.folder)
    (edition,) = editions
    config = check_config(workbench.config)
    earlier = read_earlier(editions, list(edition.rounds.values()), plain(config.disclosure))
    statements = earlier.published.statements
    indicators = pd.read_csv(workbench.folder / "results" / "indicators.csv", keep_default_na=False, dtype="str")
    shown = indicators.query(
        "round == '2021' and indicator == 'ghb_trend' and statistic == 'share' and suppressed == 'False'"
    )
    seen = statements.query("round == '2021' and indicator == 'ghb_trend' and statistic == 'share'")
    assert len(shown) and set(shown["service"]) <= set(seen["service"])

    again = publish(workbench, "2026-first")
    assert again.returncode == 1 and "choose another name" in again.stderr


def test_what_the_auditor_reads_of_counts_is_true(built):
    """All that the files say of how many facilities of a service gave an answer, against the answers."""
    config = check_config(built.config)
    results = built.folder / "results"
    register = read_register(built.folder / config.register)
    rounds = {
        name: {"year": one.year, "questionnaire": built.folder / one.questionnaire}
        for name, one in config.rounds.items()
    }
    coded = read_table("theme_basis", results / "theme_basis.csv")
    answered = read_rounds(rounds, [results / name / "facilities.parquet" for name in rounds], register, coded)
    books = [built.folder / one.coding.themes for one in config.coded.values()]
    reference = built.folder / config.report.reference
    survey = survey_of(
        answered, set(register["facility_id"]), plain(config.figures), config.languages, books, reference
    )
    rules = plain(config.disclosure)
    said, bases = read_published(results, survey, rules).statements, known(list(answered.values()), rules).bases
    checked, wrong = 0, []
    for row in said[said["statistic"].isin(["share", "count"])].itertuples(index=False):
        question = answered[row.round].questionnaire.by_indicator.get(row.indicator) if not row.round_from else None
        if question is None or not question.kind.startswith("select") or row.service in ("all", "everybody"):
            continue
        table = answered[row.round].facilities
        count = int((gave(table, question, row.category) & (table["service"] == row.service)).sum())
        factor = bases[row.round, row.service, row.indicator] if row.statistic == "share" else 1
        checked += 1
        if not row.low * factor - 1e-6 <= count <= row.high * factor + 1e-6:
            wrong.append((*row, count))
    assert checked > 1000
    assert wrong == []


def test_what_was_not_built_from_what_is_there_is_refused(workbench):
    path = workbench.folder / "results" / "open_data" / "indicators.csv"
    content = path.read_text(encoding="utf-8")
    path.write_text(content.replace("0.", "0.1", 1), encoding="utf-8")
    told = publish(workbench, "first")
    assert told.returncode == 1 and "results/open_data/indicators.csv is not as it was built" in told.stderr
    path.write_text(content, encoding="utf-8")
    config = workbench.folder / "config.yaml"
    config.write_text(config.read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")
    told = publish(workbench, "first")
    assert told.returncode == 1 and "changed after results/ was built" in told.stderr
    told = publish(workbench, "../first")
    assert told.returncode == 1 and "no name for an edition" in told.stderr
    assert not (workbench.folder / "editions").exists()


def test_a_record_that_was_changed_stops_the_build(workbench):
    assert publish(workbench, "first").returncode == 0
    path = workbench.folder / "editions" / "first" / "statements.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("0.5", "0.6", 1), encoding="utf-8")
    told = workbench.snakemake("--cores", "1", "results/suppressions.csv", check=False)
    assert (
        told.returncode != 0 and "statements.csv: the record of edition first is not as it was written" in told.stdout
    )
    assert "Traceback" not in told.stdout
