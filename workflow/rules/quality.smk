"""The page on data quality: response flow, completeness, what cleaning changed, values that nobody could use."""

DATA_FIGURES = [name for name in FIGURES if CONFIG.figures[name].section in ("data", "quality", "quality_page")]


rule weave_quality:
    input:
        document="report/quality.qmd",
        words=WORDS,
        questionnaires=all_questionnaire_files(),
        rounds=expand(
            "results/{round}/{table}",
            round=ROUNDS,
            table=["facilities.parquet", "responses.parquet", "submissions.csv", "flow.csv", "audit.csv"],
        ),
        open_questions="results/item_nonresponse.csv",
        suppressions="results/suppressions.csv",
        figures=expand("results/figures/{figure}_{{lang}}.alt.txt", figure=DATA_FIGURES),
    output:
        markdown="results/report/quality_{lang}.md",
        notebook="results/report/quality_{lang}.ipynb",
    log:
        "results/logs/weave_quality_{lang}.log",
    # The web page waits for it, and the audit for that.
    priority: 1
    params:
        config=plain(CONFIG),
        code=code_of("weave.py", "hrmonitor.reporting.chapters.quality", "hrmonitor.reporting.story"),
    script:
        "../scripts/weave.py"
