"""Every comparable indicator between each pair of rounds."""

from hrmonitor.build.job import job

with job(snakemake):
    import pandas as pd
    from hrmonitor.disclosure.suppressions import hide
    from hrmonitor.estimation.sampling_design import EstimationSettings
    from hrmonitor.project.register import read_register
    from hrmonitor.publication.tables import check
    from hrmonitor.survey import read_rounds
    from hrmonitor.tabulation.changes import all_changes

    register = read_register(snakemake.input.register)
    rounds = read_rounds(snakemake.params.rounds, snakemake.input.facilities, register)
    suppressions = pd.read_csv(snakemake.input.suppressions, dtype="str", keep_default_na=False)
    table = hide(all_changes(rounds, EstimationSettings(**snakemake.params.settings)), "changes", suppressions)
    check("changes", table).to_csv(snakemake.output[0], index=False, float_format="%.10g", lineterminator="\n")
