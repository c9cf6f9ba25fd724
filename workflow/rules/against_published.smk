"""Our own indicators beside published figures."""


rule against_published:
    input:
        questionnaires=all_questionnaire_files(),
        indicators="results/indicators.csv",
        facilities=expand("results/{round}/facilities.parquet", round=ROUNDS),
        register=REGISTER,
        reference=REFERENCE_FILES,
    output:
        "results/against_published.csv",
    log:
        "results/logs/against_published.log",
    params:
        rounds=rounds_with("year", "questionnaire", "frame", "group"),
        reference=CONFIG.report.reference,
        languages=LANGUAGES,
        code=code_of("against_published.py"),
    script:
        "../scripts/against_published.py"
