"""The page on data quality as HTML."""

from hrmonitor.errors import for_people

with for_people(snakemake.log):
    from pathlib import Path

    from hrmonitor.language import text
    from hrmonitor.reporting.typeset import choose_engine, to_html

    report, lang = snakemake.params.report, snakemake.wildcards.lang
    engine, _ = choose_engine(report["engine"])
    words = text(lang)
    metadata = {
        "title": words["quality"]["title"],
        "subtitle": report["title"][lang],
        "lang": lang,
        "toc-title": words["contents"],
    }
    to_html(Path(snakemake.input.markdown), Path(snakemake.output[0]), Path("report"), metadata, Path(), engine)
