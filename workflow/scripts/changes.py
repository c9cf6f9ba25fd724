"""Every comparable indicator between each pair of rounds."""

from hrmonitor.build.job import job

with job(snakemake):
    from hrmonitor.declarations.csv_files import read_table, write_table
    from hrmonitor.disclosure.rules import Rules
    from hrmonitor.estimation.sampling_design import EstimationSettings
    from hrmonitor.project.frame import register_of
    from hrmonitor.stages.changes import changes
    from hrmonitor.survey import read_rounds

    params, register = snakemake.params, register_of(*snakemake.input.register)
    rounds = read_rounds(params.rounds, snakemake.input.facilities, register)
    hidden = read_table("suppressions", snakemake.input.suppressions)
    table = changes(rounds, hidden, EstimationSettings(**params.settings), Rules(**params.disclosure))
    write_table("changes", table, snakemake.output[0])
