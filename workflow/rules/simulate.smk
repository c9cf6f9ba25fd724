"""Write the synthetic raw data anew. Not part of `all`: raw/ is an input, and its files are in git."""


rule simulate:
    input:
        all_questionnaire_files(),
    log:
        "results/logs/simulate.log",
    params:
        seed=CONFIG.seed,
        code=code_of("simulate.py"),
    script:
        "../scripts/simulate.py"
