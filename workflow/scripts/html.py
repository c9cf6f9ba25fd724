"""The woven report as one self-contained HTML page."""

from hrmonitor.errors import for_people

with for_people(snakemake.log):
    from pathlib import Path

    from hrmonitor.language import text
    from hrmonitor.reporting.typeset import choose_engine, to_html

    report, lang = snakemake.params.report, snakemake.wildcards.lang
    engine, _ = choose_engine(report["engine"])
    words = text(lang)
    metadata = {
        "title": report["title"][lang],
        "subtitle": report["subtitle"][lang],
        "author": report["authors"],
        "lang": lang,
        "reference-section-title": words["references"],
    }
    to_html(Path(snakemake.input.markdown), Path(snakemake.output.html), Path("report"), metadata, Path(), engine)
