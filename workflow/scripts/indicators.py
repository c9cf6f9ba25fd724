"""Estimates with intervals for every analysable question of every round."""

from hrmonitor.build.job import job

with job(snakemake):
    import pandas as pd
    from hrmonitor.declarations.csv_files import read_table, write_table
    from hrmonitor.disclosure.rounding import round_totals
    from hrmonitor.disclosure.suppressions import hide
    from hrmonitor.estimation.sampling_design import EstimationSettings
    from hrmonitor.files.chunked import columns_of
    from hrmonitor.project.register import read_register
    from hrmonitor.survey import read_rounds
    from hrmonitor.tabulation.indicators import estimate_round

    register = read_register(snakemake.input.register)
    settings = EstimationSettings(**snakemake.params.settings)
    rounds = read_rounds(snakemake.params.rounds, snakemake.input.facilities, register, read=columns_of)
    tables = [estimate_round(round_, settings) for round_ in rounds.values()]
    suppressions = read_table("suppressions", snakemake.input.suppressions)
    table = hide(pd.concat(tables, ignore_index=True), "indicators", suppressions)
    table = round_totals(table, snakemake.params.rounding_base)
    write_table("indicators", table, snakemake.output[0])
