"""One job a figure: both languages, alt text, a description in words, and the data behind it."""

# What all figures know of the config as a whole.
FIGURE_OPTIONS = {"confidence": CONFIG.confidence, "synthetic": CONFIG.synthetic}


rule figure:
    input:
        questionnaires=all_questionnaire_files(),
        indicators=tables_for("indicators", "results/indicators.csv"),
        findings=tables_for("findings", "results/findings.csv"),
        themes=tables_for("themes", "results/themes.csv"),
        saturation=tables_for("saturation", "results/theme_saturation.csv"),
        theme_books=tables_for("themes", THEME_BOOKS),
        facilities=tables_for("facilities", per_round("facilities.parquet")),
        flow=tables_for("flow", per_round("flow.csv")),
        audit=tables_for("audit", per_round("audit.csv")),
        suppressions=tables_for("suppressions", "results/suppressions.csv"),
        register=tables_for("register", CONFIG.register),
        reference=tables_for("reference", REFERENCE_FILES),
        words=expand(f"{RESOURCES}/text/terms_{{lang}}.yaml", lang=LANGUAGES),
        look=f"{RESOURCES}/matplotlibrc",
    output:
        table=shown("results/figures/{figure}.csv", "figure_data", "Figures", figure="{figure}", form="data"),
        images=[
            (
                shown(path, "figure", "Figures", figure="{figure}", form=f"picture, {lang}")
                if path.endswith(".svg")
                else path
            )
            for lang in LANGUAGES
            for path in (f"results/figures/{{figure}}_{lang}.{kind}" for kind in ("svg", "png", "alt.txt", "long.txt"))
        ],
    log:
        "results/logs/figure_{figure}.log",
    params:
        options=lambda wildcards: plain(CONFIG.figures[wildcards.figure]) | FIGURE_OPTIONS,
        rounds=rounds_with("year", "questionnaire"),
        languages=LANGUAGES,
        disclosure=DISCLOSURE,
        reference=CONFIG.report.reference,
        code=lambda wildcards: code_of("figure.py", f"hrmonitor.figures.{CONFIG.figures[wildcards.figure].kind}"),
    script:
        "../scripts/figure.py"
