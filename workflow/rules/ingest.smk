"""Read the exports of a round into one table of strings; personal data stops here."""


rule ingest:
    input:
        questionnaire=lambda wildcards: questionnaire_files(wildcards.round),
        exports=lambda wildcards: config["rounds"][wildcards.round]["files"],
        beside=lambda wildcards: config["rounds"][wildcards.round]["files_beside"],
        register=config["register"],
        names=lambda wildcards: config["rounds"][wildcards.round].get("names", []),
        decisions=lambda wildcards: [
            config["rounds"][wildcards.round][key] for key in READING_KEYS if key in config["rounds"][wildcards.round]
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
