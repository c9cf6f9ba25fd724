"""The trend of every indicator over all rounds that asked it alike."""

from hrmonitor.build.job import job

with job(snakemake):
    from hrmonitor.declarations.csv_files import read_table, write_table
    from hrmonitor.estimation.sampling_design import EstimationSettings
    from hrmonitor.project.frame import register_of
    from hrmonitor.stages.trends import trends
    from hrmonitor.survey import read_rounds

    params, register = snakemake.params, register_of(*snakemake.input.register)
    rounds = read_rounds(params.rounds, snakemake.input.facilities, register)
    changes = read_table("changes", snakemake.input.changes)
    settings = EstimationSettings(**params.settings)
    indicators = read_table("indicators", snakemake.input.indicators)
    table = trends(rounds, changes, indicators, settings, params.minimum_facilities, params.minimum_organisations)
    write_table("trends", table, snakemake.output[0])
