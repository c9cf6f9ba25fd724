"""The woven report as PDF."""

from hrmonitor.errors import for_people

with for_people(snakemake.log):
    from pathlib import Path

    from hrmonitor.language import text
    from hrmonitor.reporting.typeset import choose_engine, to_pdf

    report, lang = snakemake.params.report, snakemake.wildcards.lang
    engine, why = choose_engine(report["engine"])
    print(f"report_{lang}: {why}")
    words = text(lang)
    metadata = {
        "title": report["title"][lang],
        "subtitle": report["subtitle"][lang],
        "author": report["authors"],
        "lang": lang,
        "year": str(snakemake.params.year),
        "toc-title": words["contents"],
        "reference-section-title": words["references"],
        "synthetic-mark": words["synthetic_mark"] if snakemake.params.synthetic else "",
        "words": words["typeset"],
    }
    to_pdf(Path(snakemake.input.markdown), Path(snakemake.output.pdf), Path("report"), metadata, Path(), engine)
