"""Estimates with intervals for every analysable question of every round."""

from hrmonitor.build.job import job

with job(snakemake):
    import pandas as pd
    from hrmonitor.declarations.csv_files import read_table, write_table
    from hrmonitor.disclosure.rounding import round_totals
    from hrmonitor.disclosure.suppressions import hide
    from hrmonitor.estimation.sampling_design import EstimationSettings
    from hrmonitor.files.chunked import columns_of
    from hrmonitor.project.register import frame_of_year, read_register
    from hrmonitor.questionnaire.model import read_validated
    from hrmonitor.tabulation.indicators import estimate_round

    register = read_register(snakemake.input.register)
    settings = EstimationSettings(**snakemake.params.settings)
    tables = [
        estimate_round(
            name,
            columns_of(facilities),
            frame_of_year(register, round_["year"]),
            read_validated(round_["questionnaire"]),
            settings,
        )
        for (name, round_), facilities in zip(snakemake.params.rounds.items(), snakemake.input.facilities, strict=True)
    ]
    suppressions = read_table("suppressions", snakemake.input.suppressions)
    table = hide(pd.concat(tables, ignore_index=True), "indicators", suppressions)
    table = round_totals(table, snakemake.params.rounding_base)
    write_table("indicators", table, snakemake.output[0])
