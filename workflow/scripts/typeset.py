"""The woven report as PDF."""

from hrmonitor.build.job import job

with job(snakemake):
    from pathlib import Path

    from hrmonitor.language import text
    from hrmonitor.reporting.outputs.typeset import choose_engine, metadata_of, to_pdf
    from hrmonitor.study import references

    params, lang = snakemake.params, snakemake.wildcards.lang
    engine, _ = choose_engine(params.report["engine"])
    metadata = metadata_of(params.report, lang, text(lang), params.year, params.synthetic, snakemake.wildcards.volume)
    to_pdf(
        Path(snakemake.input.markdown),
        Path(snakemake.output[0]),
        references(),
        metadata,
        Path(),
        engine,
    )
