"""An attack on what was published, before anybody else makes one."""


rule disclosure_audit:
    input:
        questionnaires=all_questionnaire_files(),
        facilities=expand("results/{round}/facilities.parquet", round=ROUNDS),
        register=REGISTER,
        editions=EDITIONS,
        theme_basis="results/theme_basis.csv",
        theme_books=THEME_BOOKS,
        reference=REFERENCE_FILES,
        published=[
            *expand("results/open_data/{table}.csv", table=PUBLIC_TABLES),
            *expand("results/figures/{figure}.csv", figure=FIGURES),
            *expand(
                "results/figures/{figure}_{lang}.{kind}",
                figure=FIGURES,
                lang=LANGUAGES,
                kind=["title.txt", "alt.txt", "long.txt"],
            ),
            *expand("results/report/index_{lang}.html", lang=LANGUAGES),
            *expand(
                "results/report/{volume}_{lang}.{format}",
                volume=VOLUMES,
                lang=LANGUAGES,
                format=["md", "html", "ipynb", "docx"],
            ),
            *expand(
                "results/figures/{figure}_{lang}.{kind}", figure=FIGURES, lang=LANGUAGES, kind=["svg", "narrow.svg"]
            ),
            *expand("results/report/slides_{lang}.pptx", lang=LANGUAGES),
            *expand("results/report/summary_{lang}.pdf", lang=LANGUAGES),
            "results/open_data/README.md",
        ],
        # What a person wrote and pages print.
        documents=[
            *(
                path
                for path in SOURCES
                if path.startswith("report/") and path.endswith((".qmd", ".yaml", ".bib", ".md"))
            ),
            *REFERENCES,
            *(f"{RESOURCES}/{name}.yaml" for name in ("cross", "glossary")),
        ],
        words=expand(WORDS, lang=LANGUAGES),
        names=NAMES,
    output:
        # For the makers: it says which cells are confidential in themselves, and `snakemake --report` is sent on.
        "results/disclosure_audit.csv",
    log:
        "results/logs/disclosure_audit.log",
    # What is sent on waits for the audit, and the audit for all pages.
    priority: 2
    params:
        rounds=rounds_with("year", "questionnaire", "frame", "group"),
        disclosure=DISCLOSURE,
        confidence=CONFIG.confidence,
        figures=plain(CONFIG.figures),
        main=CONFIG.main_round,
        languages=LANGUAGES,
        reference=CONFIG.report.reference,
        code=code_of("disclosure_audit.py"),
    script:
        "../scripts/disclosure_audit.py"
