"""Read the exports of a round into one table of strings; personal data stops here."""


rule ingest:
    input:
        questionnaire=lambda wildcards: questionnaire_files(wildcards.round),
        exports=lambda wildcards: list(CONFIG.rounds[wildcards.round].files),
        beside=lambda wildcards: list(CONFIG.rounds[wildcards.round].files_beside),
        register=REGISTER,
        names=lambda wildcards: CONFIG.rounds[wildcards.round].names or [],
        decisions=lambda wildcards: [
            path for path in (getattr(CONFIG.rounds[wildcards.round], key) for key in READING_KEYS) if path
        ],
    output:
        responses="results/{round}/responses.parquet",
        notes="results/{round}/ingest.csv",
    log:
        "results/logs/ingest_{round}.log",
    params:
        round=round_config("questionnaire", "exports", "files", "labels", "names", *READING_KEYS),
        code=code_of("ingest.py"),
    script:
        "../scripts/ingest.py"
