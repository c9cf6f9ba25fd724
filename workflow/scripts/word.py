"""The woven report as a Word document."""

from hrmonitor.build.job import job

with job(snakemake):
    from pathlib import Path

    from hrmonitor.language import text
    from hrmonitor.reporting.outputs.typeset import choose_engine, metadata_of
    from hrmonitor.reporting.outputs.word import to_word
    from hrmonitor.study import references

    params, lang = snakemake.params, snakemake.wildcards.lang
    engine, _ = choose_engine(params.report["engine"])
    metadata = metadata_of(params.report, lang, text(lang), params.year, params.synthetic, snakemake.wildcards.volume)
    to_word(
        Path(snakemake.input.markdown),
        Path(snakemake.output[0]),
        references(),
        metadata,
        Path(),
        engine,
    )
