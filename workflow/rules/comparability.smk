"""Which indicators of two rounds may be set side by side."""


rule comparability:
    input:
        questionnaires=all_questionnaire_files(),
    output:
        "results/comparability.csv",
    log:
        "results/logs/comparability.log",
    params:
        rounds=rounds_with("year", "questionnaire", "group"),
        languages=LANGUAGES,
        code=code_of("comparability.py"),
    script:
        "../scripts/comparability.py"
