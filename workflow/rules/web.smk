"""The web pages: woven Markdown as one HTML file each, in every language."""

# Each is woven to results/report/{page}_{lang}.md; its name and title stand in report/text/{lang}.yaml, web.pages.
PAGES = ["report"]


wildcard_constraints:
    page="|".join(PAGES),


rule web_page:
    input:
        markdown="results/report/{page}_{lang}.md",
        figures=expand("results/figures/{figure}_{{lang}}.{kind}", figure=FIGURES, kind=["svg", "alt.txt"]),
        tables=expand("results/figures/{figure}.csv", figure=FIGURES),
        indicators="results/indicators.csv",
        questionnaires=all_questionnaire_files(),
        look=["report/web/page.html", "report/web/page.css", "report/web/page.js"],
        references=["report/references.bib", "report/filters/report.lua"],
        words="report/text/{lang}.yaml",
    output:
        page="results/report/{page}_{lang}.html",
    log:
        "results/logs/web_{page}_{lang}.log",
    params:
        report=config["report"],
        synthetic=config["synthetic"],
        year=YEAR,
        languages=LANGUAGES,
        rounds=rounds_with("title", "questionnaire"),
        figures=FIGURES,
        pages=PAGES,
        code=code_of("web_page.py"),
    script:
        "../scripts/web_page.py"
