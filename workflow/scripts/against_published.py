"""Our own indicators beside published figures, as comparisons.csv declares the pairs."""

from hrmonitor.build.job import job

with job(snakemake):
    from pathlib import Path

    from hrmonitor.declarations.csv_files import read_table, write_table
    from hrmonitor.project.frame import register_of
    from hrmonitor.stages.against_published import against_published
    from hrmonitor.survey import read_rounds

    params, register = snakemake.params, register_of(*snakemake.input.register)
    rounds = read_rounds(params.rounds, snakemake.input.facilities, register)
    indicators = read_table("indicators", snakemake.input.indicators)
    services = list(register["service"].unique())
    table, notes = against_published(rounds, indicators, services, params.reference, params.languages)
    Path(snakemake.log[0]).write_text("".join(f"{note}\n" for note in notes), encoding="utf-8")
    write_table("against_published", table, snakemake.output[0])
