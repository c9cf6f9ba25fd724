"""What people wrote: themes as the coders saw them, their agreement, and whether more answers would bring more themes."""

THEME_TABLES = [f"results/theme_{name}.csv" for name in ("agreement", "confusion", "saturation", "basis")]


rule themes:
    input:
        coding=[path for round_ in CONFIG.coded.values() for path in round_.coding.paths],
        responses=expand("results/{round}/responses.parquet", round=list(CONFIG.coded)),
        submissions=expand("results/{round}/submissions.csv", round=list(CONFIG.coded)),
        register=REGISTER,
        editions=EDITIONS,
    output:
        themes="results/themes.csv",
        agreement="results/theme_agreement.csv",
        confusion="results/theme_confusion.csv",
        saturation="results/theme_saturation.csv",
        basis="results/theme_basis.csv",
        quotes="results/theme_quotes.parquet",
    log:
        "results/logs/themes.log",
    params:
        rounds={
            name: {"year": round_.year, "group": round_.group, "coding": plain(round_.coding)}
            for name, round_ in CONFIG.coded.items()
        },
        settings=ESTIMATION,
        disclosure=DISCLOSURE,
        findings=list(CONFIG.tested_themes()),
        code=code_of("themes.py"),
    script:
        "../scripts/themes.py"
