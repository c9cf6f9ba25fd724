"""What may not be shown, decided once for all tables."""


rule suppressions:
    input:
        questionnaires=all_questionnaire_files(),
        facilities=expand("results/{round}/facilities.parquet", round=ROUNDS),
        register=REGISTER,
        editions=EDITIONS,
    output:
        "results/suppressions.csv",
    log:
        "results/logs/suppressions.log",
    params:
        rounds=rounds_with("year", "questionnaire", "frame", "group"),
        settings=ESTIMATION,
        disclosure=DISCLOSURE,
        code=code_of("suppressions.py"),
    script:
        "../scripts/suppressions.py"
