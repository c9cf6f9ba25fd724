"""The front page of the monitor, in one language."""

from hrmonitor.build.job import job

with job(snakemake):
    import tempfile
    from pathlib import Path

    from hrmonitor.declarations.csv_files import read_table
    from hrmonitor.language import text
    from hrmonitor.project.config import Config
    from hrmonitor.project.keys import build
    from hrmonitor.reporting.outputs.front_page import front_page, overview_figure
    from hrmonitor.reporting.outputs.typeset import choose_engine
    from hrmonitor.reporting.outputs.web_page import read_figure, web_page

    lang, config = snakemake.wildcards.lang, build(Config, snakemake.params.config)
    words, figures = text(lang), Path("results/figures")
    name = overview_figure(config)
    shown = {f"{name}_{lang}.svg": read_figure(figures, name, config.figures[name].kind, lang)} if name else {}
    metadata = {
        "title": config.report.title[lang],
        "subtitle": config.report.subtitle[lang],
        "author": list(config.report.authors),
        "lang": lang,
        "languages": list(config.languages),
        "year": str(config.newest_year),
        "contents": words["contents"],
        "synthetic-mark": words["synthetic_mark"] if config.synthetic else "",
        "kinds": words["kinds"],
    }
    content = front_page(config, lang, read_table("findings", snakemake.input.findings), figures)
    with tempfile.TemporaryDirectory() as folder:
        markdown = Path(folder, "index.md")
        markdown.write_text(content, encoding="utf-8")
        engine = choose_engine(config.report.engine)[0]
        pages = {f"report_{lang}.html": words["web"]["front"]["names"]["report"]}
        web_page(
            markdown, Path(snakemake.output.page), Path("report/references.bib"), metadata, engine, shown, None, pages
        )
