"""What changed between rounds, for every indicator that both asked alike."""


rule changes:
    input:
        questionnaires=all_questionnaire_files(),
        facilities=expand("results/{round}/facilities.parquet", round=ROUNDS),
        register=REGISTER,
        suppressions="results/suppressions.csv",
    output:
        "results/changes.csv",
    log:
        "results/logs/changes.log",
    params:
        rounds=rounds_with("year", "questionnaire", "frame", "group"),
        settings=ESTIMATION,
        disclosure=DISCLOSURE,
        code=code_of("changes.py"),
    script:
        "../scripts/changes.py"
