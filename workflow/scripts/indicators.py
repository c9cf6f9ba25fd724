"""Estimates with intervals for every analysable question of every round."""

from hrmonitor.build.job import job

with job(snakemake):
    import pandas as pd
    from hrmonitor.disclosure.rounding import round_totals
    from hrmonitor.disclosure.suppressions import hide
    from hrmonitor.estimation.sampling_design import EstimationSettings
    from hrmonitor.files.chunked import columns_of
    from hrmonitor.project.register import frame_of_year, read_register
    from hrmonitor.publication.tables import check
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
    suppressions = pd.read_csv(snakemake.input.suppressions, dtype="str", keep_default_na=False)
    table = hide(pd.concat(tables, ignore_index=True), "indicators", suppressions)
    table = round_totals(table, snakemake.params.rounding_base)
    check("indicators", table).to_csv(snakemake.output[0], index=False, float_format="%.10g", lineterminator="\n")
