"""Estimates with intervals for every analysable question, all rounds in one table."""


rule indicators:
    input:
        questionnaires=all_questionnaire_files(),
        facilities=expand("results/{round}/facilities.parquet", round=ROUNDS),
        register=REGISTER,
        suppressions="results/suppressions.csv",
    output:
        "results/indicators.csv",
    log:
        "results/logs/indicators.log",
    params:
        rounds=rounds_with("year", "questionnaire", "frame", "group"),
        settings=ESTIMATION,
        disclosure=DISCLOSURE,
        code=code_of("indicators.py"),
    script:
        "../scripts/indicators.py"
