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
    from hrmonitor.reporting.outputs.typeset import choose_engine, metadata_of
    from hrmonitor.reporting.outputs.web_page import read_figure, web_page
    from hrmonitor.study import references

    lang, config = snakemake.wildcards.lang, build(Config, snakemake.params.config)
    words, figures = text(lang), Path("results/figures")
    name = overview_figure(config)
    shown = {f"{name}_{lang}.svg": read_figure(figures, name, config.figures[name].kind, lang)} if name else {}
    metadata = metadata_of(snakemake.params.config["report"], lang, words, config.newest_year, config.synthetic)
    metadata |= {"languages": list(config.languages), "contents": words["contents"]}
    content = front_page(config, lang, read_table("findings", snakemake.input.findings), figures)
    with tempfile.TemporaryDirectory() as folder:
        markdown = Path(folder, "index.md")
        markdown.write_text(content, encoding="utf-8")
        engine = choose_engine(config.report.engine)[0]
        pages = {f"report_{lang}.html": words["web"]["front"]["names"]["report"]}
        web_page(markdown, Path(snakemake.output.page), references(), metadata, engine, shown, None, pages)
