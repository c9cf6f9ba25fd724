"""The volumes as web pages: woven Markdown as one HTML file each, in every language."""


def for_explorer(files: list[str]):
    """An input function: those files for the volume that all estimates can be looked up in."""
    return lambda wildcards: files if wildcards.volume == VOLUMES[0] else []


rule web_page:
    input:
        markdown="results/report/{volume}_{lang}.md",
        pictures=expand("results/figures/{figure}_{{lang}}.svg", figure=FIGURES),
        descriptions=expand(
            "results/figures/{figure}_{{lang}}.{kind}", figure=FIGURES, kind=["narrow.svg", "alt.txt", "long.txt"]
        ),
        tables=expand("results/figures/{figure}.csv", figure=FIGURES),
        indicators=for_explorer(["results/indicators.csv"]),
        questionnaires=for_explorer(all_questionnaire_files()),
        look=[f"{RESOURCES}/web/page.{kind}" for kind in ("html", "css", "js")],
        references=REFERENCES,
        filter=f"{RESOURCES}/templates/report.lua",
        words=WORDS,
        names=lambda wildcards: study_names(wildcards.lang),
    output:
        page=shown(
            "results/report/{volume}_{lang}.html", "web_page", "Reports", language="{lang}", form="{volume}, HTML"
        ),
    log:
        "results/logs/web_{volume}_{lang}.log",
    # The audit waits for it.
    priority: 1
    params:
        report=plain(CONFIG.report),
        synthetic=CONFIG.synthetic,
        year=YEAR,
        languages=LANGUAGES,
        unit=CONFIG.unit,
        rounds=rounds_with("title", "questionnaire"),
        volumes=VOLUMES,
        kinds={name: CONFIG.figures[name].kind for name in FIGURES},
        # What the explorer opens on.
        tested=sorted(
            [finding.round, asked]
            for finding in CONFIG.findings.values()
            for test in finding.tests
            for asked in (test.question, test.now, test.then)
            if asked
        ),
        code=code_of("web_page.py"),
    script:
        "../scripts/web_page.py"


rule front_page:
    input:
        findings="results/findings.csv",
        figures=expand(
            "results/figures/{figure}_{{lang}}.{kind}",
            figure=[name for name in FIGURES if CONFIG.figures[name].kind == "overview"],
            kind=["svg", "narrow.svg", "title.txt", "alt.txt", "long.txt"],
        ),
        look=[f"{RESOURCES}/web/page.{kind}" for kind in ("html", "css", "js")],
        references=REFERENCES,
        words=WORDS,
        study=lambda wildcards: STUDY[wildcards.lang],
    output:
        page=shown(
            "results/report/index_{lang}.html", "web_page", "Reports", language="{lang}", form="front page, HTML"
        ),
    log:
        "results/logs/front_page_{lang}.log",
    # The audit waits for it.
    priority: 1
    params:
        config=plain(CONFIG),
        code=code_of("front_page.py"),
    script:
        "../scripts/front_page.py"
