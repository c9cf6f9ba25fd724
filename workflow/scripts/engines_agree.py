"""The report by both engines, and whether they say the same."""

from hrmonitor.build.job import job

with job(snakemake):
    from pathlib import Path

    from hrmonitor.errors import UserError
    from hrmonitor.language import text
    from hrmonitor.reporting.outputs.typeset import metadata_of, to_pdf, words_that_differ
    from hrmonitor.study import references

    params, lang = snakemake.params, snakemake.wildcards.lang
    metadata = metadata_of(params.report, lang, text(lang), params.year, params.synthetic, snakemake.wildcards.volume)
    made = {"pandoc": Path(snakemake.output.pandoc), "quarto": Path(snakemake.output.quarto)}
    for engine, path in made.items():
        to_pdf(Path(snakemake.input.markdown), path, references(), metadata, Path(), engine)
    differ = words_that_differ(*made.values())
    if differ:
        raise UserError(
            f"Quarto and the built-in engine do not set the same report ({differ}). Write `engine: pandoc` under report in "
            "config.yaml to use the built-in engine alone, and tell us the version of Quarto."
        )
