"""The trend of every indicator over all rounds that asked it alike."""


rule trends:
    input:
        questionnaires=all_questionnaire_files(),
        facilities=expand("results/{round}/facilities.parquet", round=ROUNDS),
        register=CONFIG.register,
        changes="results/changes.csv",
    output:
        "results/trends.csv",
    log:
        "results/logs/trends.log",
    params:
        rounds=rounds_with("year", "questionnaire"),
        settings=ESTIMATION,
        # p_monotone, of few facilities, would tell what each did.
        minimum_facilities=max(CONFIG.minimum_facilities, CONFIG.disclosure.minimum_spread),
        minimum_organisations=CONFIG.minimum_organisations,
        code=code_of("trends.py"),
    script:
        "../scripts/trends.py"
