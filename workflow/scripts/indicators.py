"""Estimates with intervals for every analysable question of every round."""

from hrmonitor.build.job import job

with job(snakemake):
    from hrmonitor.declarations.csv_files import read_table, write_table
    from hrmonitor.disclosure.rules import Rules
    from hrmonitor.estimation.sampling_design import EstimationSettings
    from hrmonitor.files.chunked import columns_of
    from hrmonitor.project.frame import register_of
    from hrmonitor.stages.indicators import indicators
    from hrmonitor.survey import read_rounds

    params, register = snakemake.params, register_of(*snakemake.input.register)
    rounds = read_rounds(params.rounds, snakemake.input.facilities, register, read=columns_of)
    hidden = read_table("suppressions", snakemake.input.suppressions)
    table = indicators(rounds, hidden, EstimationSettings(**params.settings), Rules(**params.disclosure))
    write_table("indicators", table, snakemake.output[0])
