"""A change reruns the rules that use it and what follows, and no other."""

import pytest

# Rules that begin from the woven Markdown, and those that begin from the findings.
REPORT = {"weave", "typeset", "web_page", "word", "disclosure_audit", "provenance"}
BRIEF = {"policy_summary", "slides"}
# The page that says how the findings fared.
FRONT = {"front_page"}
AFTER_FINDINGS = {"figure", "open_data"} | REPORT | BRIEF | FRONT
AFTER_INDICATORS = {"against_published"} | AFTER_FINDINGS - {"policy_summary"}
HIDDEN = {"suppressions", "indicators", "changes", "trends", "response"} | AFTER_INDICATORS
AFTER_CLEAN = {"themes", "findings"} | HIDDEN | BRIEF | FRONT
# Rules that read no answers, and use a module of those that do.
SERIES = {"series_trends"}

# The module that is edited, and every rule that must run again.
TABLE = [
    ("build/environment.py", {"ingest", "clean", "comparability", "persons"} | SERIES | AFTER_CLEAN),
    ("readers/tools/limesurvey.py", {"ingest", "clean"} | SERIES | AFTER_CLEAN),
    ("readers/privacy.py", {"ingest", "clean"} | AFTER_CLEAN),
    ("files/chunked.py", {"ingest", "clean"} | SERIES | AFTER_CLEAN),
    ("project/register.py", {"ingest", "clean"} | SERIES | AFTER_CLEAN),
    ("tabulation/indicators.py", {"findings"} | SERIES | HIDDEN | BRIEF | FRONT),
    ("estimation/designs.py", {"persons"} | SERIES | AFTER_CLEAN),
    ("tabulation/changes.py", {"findings"} | HIDDEN | BRIEF | FRONT),
    ("questionnaire/comparability.py", {"comparability", "findings"} | HIDDEN | BRIEF | FRONT),
    ("themes/prevalence.py", {"themes", "findings"} | AFTER_FINDINGS),
    ("disclosure/suppressions.py", {"findings"} | HIDDEN | BRIEF | FRONT),
    ("disclosure/theme_cells.py", {"themes", "findings"} | AFTER_FINDINGS),
    ("disclosure/small_groups.py", {"response"} | AFTER_FINDINGS - {"policy_summary"}),
    ("disclosure/audit/attack.py", {"disclosure_audit"}),
    ("response/modes.py", {"response", "open_data"} | REPORT),
    ("cleaning/imputation.py", {"clean"} | AFTER_CLEAN),
    ("reporting/chapters/response.py", REPORT),
    ("findings/verdicts.py", {"findings"} | AFTER_FINDINGS),
    ("findings/sensitivity.py", {"findings"} | AFTER_FINDINGS),
    ("figures/barriers.py", {"figure", "slides"} | REPORT | FRONT),
    ("reporting/outputs/weave.py", REPORT),
    ("reporting/outputs/typeset.py", REPORT - {"weave"} | BRIEF | FRONT),
    ("reporting/outputs/web_page.py", {"web_page", "disclosure_audit", "provenance"} | FRONT),
    ("reporting/chapters/quality.py", REPORT),
    ("reporting/markdown.py", REPORT | BRIEF | FRONT),
    ("reporting/outputs/brief.py", {"provenance", "disclosure_audit"} | BRIEF),
    ("reporting/outputs/word.py", {"word", "provenance", "disclosure_audit"}),
    ("reporting/outputs/slides.py", {"slides", "provenance", "disclosure_audit"}),
    ("reporting/story.py", REPORT | BRIEF),
    (
        "tabulation/against_published.py",
        {"against_published", "findings", "figure", "open_data"} | SERIES | REPORT | BRIEF | FRONT,
    ),
    ("reporting/chapters/national.py", REPORT),
    ("publication/open_data.py", {"open_data", "provenance", "disclosure_audit"}),
    ("simulation/truth.py", set()),
]


def test_a_second_build_has_nothing_to_do(built):
    assert "Nothing to be done" in built.snakemake("--cores", "4").stdout


def test_a_copied_folder_stays_up_to_date(workbench):
    assert workbench.jobs_to_run() == {}


def test_a_result_that_is_gone_is_missed_also_if_it_only_stands_between_others(workbench):
    files = {"2021/flow.csv": "clean", "suppressions.csv": "suppressions", "theme_quotes.parquet": "themes"}
    files |= {
        "figures/ageing_en.long.txt": "figure",
        "report/annex_nl.ipynb": "weave",
        "changes.csv": "changes",
    }
    for file in files:
        (workbench.folder / "results" / file).unlink()
    assert set(files.values()) <= workbench.jobs_to_run().keys()


@pytest.mark.parametrize(("module", "rules"), TABLE, ids=[row[0] for row in TABLE])
def test_an_edited_module_reruns_its_rules_and_what_follows(workbench, module, rules):
    path = workbench.folder / "workflow" / "hrmonitor" / module
    path.write_text(path.read_text(encoding="utf-8") + "\n# edited\n", encoding="utf-8")
    # The last page shows the checksum of all files that the build reads.
    assert set(workbench.jobs_to_run()) - {"all"} == rules | REPORT


@pytest.mark.parametrize("lang", ["en", "nl"])
def test_a_sentence_reruns_weave_and_typeset_alone(workbench, lang):
    path = workbench.folder / f"workflow/hrmonitor/resources/languages/{lang}/report.yaml"
    sentences = path.read_text(encoding="utf-8")
    path.write_text(sentences.replace("colophon:\n", "colophon: # edited\n", 1), encoding="utf-8")
    assert workbench.jobs_to_run(f"results/report/report_{lang}.pdf") == {"weave": 1, "typeset": 1}


@pytest.mark.parametrize("lang", ["en", "nl"])
def test_a_sentence_of_the_study_reruns_the_report_and_no_number(workbench, lang):
    path = workbench.folder / "report/study" / lang / "report.md"
    path.write_text(path.read_text(encoding="utf-8") + "\n<!-- edited -->\n", encoding="utf-8")
    assert workbench.jobs_to_run(f"results/report/report_{lang}.pdf") == {"weave": 1, "typeset": 1}
    assert set(workbench.jobs_to_run()) - {"all"} == REPORT | BRIEF | FRONT


@pytest.mark.parametrize(("lang", "more"), [("en", {"open_data"}), ("nl", set())])
def test_a_name_of_the_study_draws_the_figures_anew_and_counts_nothing(workbench, lang, more):
    """The open data speak English, with the study's words for its unit."""
    path = workbench.folder / f"report/study/{lang}/names.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "# edited\n", encoding="utf-8")
    assert set(workbench.jobs_to_run()) - {"all"} == {"figure"} | more | REPORT | BRIEF | FRONT


def test_another_unit_changes_all_that_speaks_of_it_and_no_number(workbench):
    workbench.write_config(workbench.config | {"unit": "organisation"})
    assert set(workbench.jobs_to_run()) - {"all"} == {"figure", "open_data"} | REPORT | BRIEF | FRONT


@pytest.mark.parametrize(("lang", "more"), [("en", {"open_data"}), ("nl", set())])
def test_a_word_of_the_engine_for_a_unit_changes_all_that_speaks_of_it_and_no_number(workbench, lang, more):
    path = workbench.folder / f"workflow/hrmonitor/resources/languages/{lang}/units.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "# edited\n", encoding="utf-8")
    assert set(workbench.jobs_to_run()) - {"all"} == {"figure"} | more | REPORT | BRIEF | FRONT


def test_a_changed_title_draws_its_figure_and_no_other(workbench):
    config = workbench.config
    config["figures"]["other_trends"]["title"]["nl"] += ", anders"
    workbench.write_config(config)
    before = workbench.digests()
    assert workbench.jobs_to_run("results/figures/barriers.csv") == {"figure": 1}
    workbench.snakemake("--cores", "2", "results/figures/barriers.csv")
    assert (workbench.folder / "results/logs/figure.log").read_text(encoding="utf-8") == "Drawn: other_trends.\n"
    after = workbench.digests()
    assert before.keys() == after.keys()
    changed = {path for path in before if before[path] != after[path]}
    assert changed and all(path.startswith("figures/other_trends_nl.") for path in changed)
