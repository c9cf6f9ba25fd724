"""A change reruns the rules that use it and what follows, and no other."""

import pytest

REPORT = {"weave", "typeset"}
AFTER_FIGURES = REPORT
AFTER_FINDINGS = {"figure", "open_data", "provenance"} | REPORT
AFTER_INDICATORS = {"against_published", "figure", "open_data", "provenance"} | REPORT
AFTER_CLEAN = {"indicators", "changes", "themes", "findings", "response"} | AFTER_INDICATORS

# The module that is edited, and every rule that must run again.
TABLE = [
    ("readers/limesurvey.py", {"ingest", "clean"} | AFTER_CLEAN),
    ("privacy.py", {"ingest", "clean"} | AFTER_CLEAN),
    ("register.py", {"clean"} | AFTER_CLEAN),
    ("indicators.py", {"indicators", "changes", "findings", "response"} | AFTER_INDICATORS),
    ("estimation/design.py", {"indicators", "changes", "themes", "findings", "response"} | AFTER_INDICATORS),
    ("changes.py", {"changes", "findings"} | AFTER_FINDINGS),
    ("comparability.py", {"comparability", "changes", "findings"} | AFTER_FINDINGS),
    ("themes/prevalence.py", {"themes", "findings"} | AFTER_FINDINGS),
    ("disclosure.py", {"indicators", "changes", "response"} | AFTER_INDICATORS),
    ("response/modes.py", {"response", "open_data", "provenance"} | REPORT),
    ("cleaning/imputation.py", {"clean"} | AFTER_CLEAN),
    ("reporting/response_chapter.py", {"provenance"} | REPORT),
    ("findings.py", {"findings"} | AFTER_FINDINGS),
    ("sensitivity.py", {"findings"} | AFTER_FINDINGS),
    ("figures/barriers.py", {"figure"} | REPORT | {"provenance"}),
    ("reporting/weave.py", {"weave", "typeset", "provenance"}),
    ("reporting/typeset.py", {"typeset", "provenance"}),
    ("reference.py", {"against_published", "findings", "figure", "open_data", "provenance"} | REPORT),
    ("reporting/national_chapter.py", {"weave", "typeset", "provenance"}),
    ("package.py", {"open_data", "provenance"}),
    ("simulation/truth.py", set()),
]


def test_a_second_build_has_nothing_to_do(built):
    assert "Nothing to be done" in built.snakemake("--cores", "4").stdout


def test_a_copied_folder_stays_up_to_date(workbench):
    assert workbench.jobs_to_run() == {}


@pytest.mark.parametrize(("module", "rules"), TABLE, ids=[row[0] for row in TABLE])
def test_an_edited_module_reruns_its_rules_and_what_follows(workbench, module, rules):
    path = workbench.folder / "workflow" / "hrmonitor" / module
    path.write_text(path.read_text(encoding="utf-8") + "\n# edited\n", encoding="utf-8")
    # The last page shows the checksum of all files that the build reads.
    assert set(workbench.jobs_to_run()) - {"all"} == rules | REPORT | {"provenance"}
