"""Who answered and who did not, whether the mode of asking mattered, and which questions stayed open."""


rule response:
    input:
        questionnaires=all_questionnaire_files(),
        facilities=expand("results/{round}/facilities.parquet", round=ROUNDS),
        submissions=expand("results/{round}/submissions.csv", round=ROUNDS),
        contacts=[round_.contacts for round_ in CONFIG.rounds.values() if round_.contacts],
        register=REGISTER,
        suppressions="results/suppressions.csv",
    output:
        response="results/response.csv",
        nonresponse="results/nonresponse.csv",
        mode_effects="results/mode_effects.csv",
        item_nonresponse="results/item_nonresponse.csv",
        dispositions=expand("results/{round}/dispositions.csv", round=ROUNDS),
    log:
        "results/logs/response.log",
    params:
        rounds=rounds_with("year", "questionnaire", "frame", "group", "contacts"),
        settings=ESTIMATION,
        minimum_cell=CONFIG.disclosure.minimum_cell,
        code=code_of("response.py"),
    script:
        "../scripts/response.py"
