"""What others can take along: open data, and where everything came from."""

# Put together as the package is made; all other public tables are results of rules.
OF_THE_PACKAGE = ["response_flow", "codebook", "reference_series"]


rule open_data:
    input:
        **{table: f"results/{table}.csv" for table in PUBLIC_TABLES if table not in OF_THE_PACKAGE},
        questionnaires=all_questionnaire_files(),
        flow=expand("results/{round}/flow.csv", round=ROUNDS),
        reference=REFERENCE_FILES,
        licence="report/open_data/LICENSE.txt",
        # It speaks English.
        words=[UNITS.format(lang="en"), *study_names("en")],
    output:
        readme=shown("results/open_data/README.md", "open_data_readme", "Public tables", table="read me first"),
        citation="results/open_data/CITATION.cff",
        licence="results/open_data/LICENSE.txt",
        package=shown("results/open_data/datapackage.json", "datapackage", "Public tables", table="description of all"),
        tables=[
            shown(f"results/open_data/{table}.csv", f"table_{table}", "Public tables", table=table)
            for table in PUBLIC_TABLES
        ],
    log:
        "results/logs/open_data.log",
    params:
        rounds=rounds_with("questionnaire"),
        # What a person wrote may have braces, which are no wildcards.
        report=lambda wildcards: {
            key: plain(CONFIG.report)[key] for key in ("title", "name", "authors", "keywords", "reference")
        },
        synthetic=CONFIG.synthetic,
        languages=LANGUAGES,
        unit=CONFIG.unit,
        frames=sorted(CONFIG.frames),
        groups=bool(CONFIG.groups),
        code=code_of("open_data.py"),
    script:
        "../scripts/open_data.py"


rule provenance:
    input:
        raw=sorted(
            {*REGISTER, *all_questionnaire_files(), *REFERENCE_FILES}
            | {file for block in CONFIG.rounds.values() for file in [*block.files, *block.decision_files]}
        ),
        workflow=["Snakefile", *sorted(f"workflow/rules/{path.name}" for path in (WORKFLOW / "rules").glob("*.smk"))],
        results=[
            *expand("results/open_data/{file}", file=["datapackage.json", "README.md", "CITATION.cff", "LICENSE.txt"]),
            *expand("results/open_data/{table}.csv", table=PUBLIC_TABLES),
            *expand("results/figures/{figure}.csv", figure=FIGURES),
            *expand(
                "results/figures/{figure}_{lang}.{kind}", figure=FIGURES, lang=LANGUAGES, kind=["svg", "narrow.svg"]
            ),
            *REPORTS,
            *BY_BOTH,
        ],
        # Waited for and not listed: the checksum of a table of which the most can be guessed would confirm a guess of the rest.
        audit="results/disclosure_audit.csv",
    output:
        shown("results/provenance/ro-crate-metadata.json", "provenance", "Checks and provenance", form="RO-Crate"),
    log:
        "results/logs/provenance.log",
    params:
        # By the time that a job is planned, all rules have been read.
        rules=lambda wildcards: sorted(rule.name for rule in workflow.rules),
        year=YEAR,
        engine=CONFIG.report.engine,
        synthetic=CONFIG.synthetic,
        publication=lambda wildcards: CONFIG.report.name,
        authors=lambda wildcards: list(CONFIG.report.authors),
        made_from=MADE_FROM,
        code=code_of("provenance.py"),
    script:
        "../scripts/provenance.py"
