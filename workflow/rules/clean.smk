"""From strings to typed answers of one submission a facility, with every change on record."""


rule clean:
    input:
        questionnaire=lambda wildcards: questionnaire_files(wildcards.round),
        responses="results/{round}/responses.parquet",
        notes="results/{round}/ingest.csv",
        register=REGISTER,
        decisions=lambda wildcards: [
            path
            for path in (
                getattr(CONFIG.rounds[wildcards.round], key) for key in ("contacts", "names", "other", "labels")
            )
            if path
        ],
    output:
        facilities="results/{round}/facilities.parquet",
        audit="results/{round}/audit.csv",
        flow="results/{round}/flow.csv",
        submissions="results/{round}/submissions.csv",
    log:
        "results/logs/clean_{round}.log",
    params:
        round=round_config(
            "year",
            "questionnaire",
            "frame",
            "group",
            "contacts",
            "names",
            "other",
            "labels",
            "least_answered",
            "accept",
        ),
        imputation=plain(CONFIG.imputation),
        seed=CONFIG.seed,
        code=code_of("clean.py"),
    script:
        "../scripts/clean.py"
