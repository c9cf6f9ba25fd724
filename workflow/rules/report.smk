"""The two volumes, report and annex: woven (numbers into text), then typeset (text onto pages)."""

from hrmonitor.reporting.outputs.typeset import both_engines, choose_engine

FIGURES = list(CONFIG.figures)
# What the cells of the document import.
CHAPTERS = [
    "hrmonitor.reporting.story",
    *sorted(name for name in modules() if name.startswith("hrmonitor.reporting.chapters.")),
]
REPORT_FILES = [f"{RESOURCES}/templates/report.typ", *REFERENCES, f"{RESOURCES}/templates/report.lua"]

# Both engines' pages, for as long as both are there.
BY_BOTH = (
    expand("results/report/engines/{volume}_{engine}_{lang}.pdf", volume=VOLUMES, engine=ENGINES, lang=LANGUAGES)
    if CONFIG.report.engine == "auto" and both_engines()
    else []
)

RESPONSE_TABLES = ["response", "nonresponse", "mode_effects", "item_nonresponse"]


wildcard_constraints:
    volume="|".join(VOLUMES),


rule weave:
    input:
        document="report/{volume}.qmd",
        words=WORDS,
        questionnaires=all_questionnaire_files(),
        facilities=expand(
            "results/{round}/{table}",
            round=ROUNDS,
            table=["facilities.parquet", "responses.parquet", "submissions.csv", "flow.csv", "audit.csv"],
        ),
        tables=expand(
            "results/{table}.csv",
            table=[
                "suppressions",
                "indicators",
                "findings",
                "sensitivity",
                "test_units",
                "tipping_points",
                "imputed_tests",
                "changes",
                "comparability",
                "against_published",
                "persons",
                "trends",
                *(["groups", "group_comparability"] if CONFIG.groups else []),
            ],
        ),
        study=lambda wildcards: STUDY[wildcards.lang],
        lists=[f"{RESOURCES}/{name}.yaml" for name in ("cross", "glossary")],
        response=[f"results/{table}.csv" for table in RESPONSE_TABLES],
        dispositions=expand("results/{round}/dispositions.csv", round=ROUNDS),
        themes=["results/themes.csv", *THEME_TABLES, "results/theme_quotes.parquet"],
        figures=expand("results/figures/{figure}_{{lang}}.alt.txt", figure=FIGURES),
        register=REGISTER,
        reference=REFERENCE_FILES,
        raw=[file for block in CONFIG.rounds.values() for file in [*block.files, *block.decision_files]],
    output:
        markdown="results/report/{volume}_{lang}.md",
        notebook="results/report/{volume}_{lang}.ipynb",
    log:
        "results/logs/weave_{volume}_{lang}.log",
    # The web page waits for it, and the audit for that.
    priority: 1
    params:
        config=plain(CONFIG),
        made_from=MADE_FROM,
        code=code_of("weave.py", *CHAPTERS),
    script:
        "../scripts/weave.py"


rule typeset:
    input:
        markdown="results/report/{volume}_{lang}.md",
        figures=expand("results/figures/{figure}_{{lang}}.svg", figure=FIGURES),
        files=REPORT_FILES,
        words=WORDS,
    output:
        pdf=shown("results/report/{volume}_{lang}.pdf", "report", "Reports", language="{lang}", form="{volume}, PDF"),
    log:
        "results/logs/typeset_{volume}_{lang}.log",
    params:
        report=plain(CONFIG.report),
        synthetic=CONFIG.synthetic,
        year=YEAR,
        code=code_of("typeset.py"),
    script:
        "../scripts/typeset.py"


# Only where Quarto is installed beside the built-in engine and the config leaves the choice open.
rule engines_agree:
    input:
        markdown="results/report/{volume}_{lang}.md",
        figures=expand("results/figures/{figure}_{{lang}}.svg", figure=FIGURES),
        files=REPORT_FILES,
        words=WORDS,
    output:
        **{
            engine: shown(
                f"results/report/engines/{{volume}}_{engine}_{{lang}}.pdf",
                "engines",
                "Checks and provenance",
                language="{lang}",
                form=f"{{volume}}, PDF by {engine}",
            )
            for engine in ENGINES
        },
    log:
        "results/logs/engines_agree_{volume}_{lang}.log",
    params:
        report=plain(CONFIG.report),
        synthetic=CONFIG.synthetic,
        year=YEAR,
        code=code_of("engines_agree.py"),
    script:
        "../scripts/engines_agree.py"
