"""Trends: of every indicator over all rounds that asked it alike, and of published series."""


rule trends:
    input:
        questionnaires=all_questionnaire_files(),
        facilities=expand("results/{round}/facilities.parquet", round=ROUNDS),
        register=REGISTER,
        changes="results/changes.csv",
        indicators="results/indicators.csv",
    output:
        "results/trends.csv",
    log:
        "results/logs/trends.log",
    params:
        rounds=rounds_with("year", "questionnaire", "frame", "group"),
        settings=ESTIMATION,
        # p_monotone, of few facilities, would tell what each did.
        minimum_facilities=max(CONFIG.minimum_facilities, CONFIG.disclosure.minimum_spread),
        minimum_organisations=CONFIG.minimum_organisations,
        code=code_of("trends.py"),
    script:
        "../scripts/trends.py"


rule series_trends:
    input:
        reference=REFERENCE_FILES,
    output:
        "results/series_trends.csv",
    log:
        "results/logs/series_trends.log",
    params:
        reference=CONFIG.report.reference,
        confidence=CONFIG.confidence,
        code=code_of("series_trends.py"),
    script:
        "../scripts/series_trends.py"
