"""Every comparable indicator between each pair of rounds."""

from hrmonitor.build.job import job

with job(snakemake):
    import pandas as pd
    from hrmonitor.declarations.csv_files import read_table, write_table
    from hrmonitor.disclosure.suppressions import hide
    from hrmonitor.estimation.sampling_design import EstimationSettings
    from hrmonitor.findings.tests import Evidence
    from hrmonitor.project.register import frame_of_year, read_register
    from hrmonitor.questionnaire.model import read_validated
    from hrmonitor.tabulation.changes import all_changes

    register = read_register(snakemake.input.register)
    rounds = list(zip(snakemake.params.rounds.items(), snakemake.input.facilities, strict=True))
    rounds.sort(key=lambda item: (item[0][1]["year"], item[0][0]))
    evidence = {
        name: Evidence(
            name,
            pd.read_parquet(facilities),
            frame_of_year(register, round_["year"]),
            read_validated(round_["questionnaire"]),
            pd.DataFrame(),
        )
        for (name, round_), facilities in rounds
    }
    suppressions = read_table("suppressions", snakemake.input.suppressions)
    table = hide(all_changes(evidence, EstimationSettings(**snakemake.params.settings)), "changes", suppressions)
    write_table("changes", table, snakemake.output[0])
