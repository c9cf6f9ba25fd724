"""Each claim of config.yaml against the answers."""


rule findings:
    input:
        questionnaires=all_questionnaire_files(),
        facilities=expand("results/{round}/facilities.parquet", round=ROUNDS),
        register=REGISTER,
        themes="results/themes.csv",
        theme_agreement="results/theme_agreement.csv",
        theme_basis="results/theme_basis.csv",
        reference=REFERENCE_FILES,
        suppressions="results/suppressions.csv",
    output:
        findings="results/findings.csv",
        sensitivity="results/sensitivity.csv",
        test_units="results/test_units.csv",
        tipping_points="results/tipping_points.csv",
        imputed_tests="results/imputed_tests.csv",
    log:
        "results/logs/findings.log",
    params:
        findings=plain(CONFIG.findings),
        rounds=rounds_with("year", "questionnaire", "frame", "group"),
        settings=ESTIMATION,
        disclosure=DISCLOSURE,
        reference=CONFIG.report.reference,
        languages=LANGUAGES,
        sets=CONFIG.imputation.sets if CONFIG.imputation.method == "chained" else 0,
        minimum_facilities=CONFIG.minimum_facilities,
        minimum_organisations=CONFIG.minimum_organisations,
        code=code_of("findings.py"),
    script:
        "../scripts/findings.py"
