"""The report in other forms: Word, slides of a talk, two pages for policy officers."""

# What the pages are made from.
WOVEN = ("md", "ipynb")
# Everything that a person reads.
REPORTS = expand(
    "results/report/{name}",
    name=[
        f"{name}_{lang}.{kind}"
        for lang in LANGUAGES
        for name, kinds in DOCUMENTS.items()
        for kind in kinds
        if kind not in WOVEN
    ],
)
# What `brief` reads of the results.
BRIEF_TABLES = [
    "results/findings.csv",
    *per_round("flow.csv"),
    *(round_.preregistration for round_ in CONFIG.rounds.values() if round_.preregistration),
]


rule word:
    input:
        markdown="results/report/{volume}_{lang}.md",
        figures=expand("results/figures/{figure}_{{lang}}.png", figure=FIGURES),
        files=[f"{RESOURCES}/templates/reference.docx", *REFERENCES, f"{RESOURCES}/templates/report.lua"],
        words=WORDS,
    output:
        shown("results/report/{volume}_{lang}.docx", "report", "Reports", language="{lang}", form="{volume}, Word"),
    log:
        "results/logs/word_{volume}_{lang}.log",
    params:
        report=plain(CONFIG.report),
        synthetic=CONFIG.synthetic,
        year=YEAR,
        code=code_of("word.py"),
    script:
        "../scripts/word.py"


rule policy_summary:
    input:
        template=f"{RESOURCES}/templates/summary.typ",
        tables=BRIEF_TABLES,
        words=WORDS,
        study=lambda wildcards: STUDY[wildcards.lang],
        questionnaires=all_questionnaire_files(),
    output:
        shown("results/report/summary_{lang}.pdf", "summary", "Reports", language="{lang}", form="summary, PDF"),
    log:
        "results/logs/policy_summary_{lang}.log",
    params:
        config=plain(CONFIG),
        code=code_of("policy_summary.py"),
    script:
        "../scripts/policy_summary.py"


rule slides:
    input:
        template=f"{RESOURCES}/templates/slides.typ",
        tables=BRIEF_TABLES,
        words=WORDS,
        study=lambda wildcards: STUDY[wildcards.lang],
        questionnaires=all_questionnaire_files(),
        figures=expand(
            "results/figures/{figure}_{{lang}}.{kind}",
            figure=FIGURES,
            kind=["svg", "png", "title.txt", "alt.txt", "long.txt"],
        ),
        data=expand("results/figures/{figure}.csv", figure=FIGURES),
    output:
        pdf=shown("results/report/slides_{lang}.pdf", "slides", "Reports", language="{lang}", form="slides, PDF"),
        pptx=shown(
            "results/report/slides_{lang}.pptx", "slides", "Reports", language="{lang}", form="slides, PowerPoint"
        ),
    log:
        "results/logs/slides_{lang}.log",
    params:
        config=plain(CONFIG),
        code=code_of("slides.py"),
    script:
        "../scripts/slides.py"
