"""Every comparable indicator between each pair of rounds."""

from hrmonitor.build.job import job

with job(snakemake):
    from hrmonitor.declarations.csv_files import read_table, write_table
    from hrmonitor.disclosure.suppressions import hide
    from hrmonitor.estimation.sampling_design import EstimationSettings
    from hrmonitor.project.register import read_register
    from hrmonitor.survey import read_rounds
    from hrmonitor.tabulation.changes import all_changes

    register = read_register(snakemake.input.register)
    rounds = read_rounds(snakemake.params.rounds, snakemake.input.facilities, register)
    suppressions = read_table("suppressions", snakemake.input.suppressions)
    table = hide(all_changes(rounds, EstimationSettings(**snakemake.params.settings)), "changes", suppressions)
    write_table("changes", table, snakemake.output[0])
