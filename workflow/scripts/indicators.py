"""Estimates with intervals for every analysable question of every round."""

from hrmonitor.jobs import job

with job(snakemake):
    import pandas as pd
    from hrmonitor.disclosure.pattern import hide
    from hrmonitor.disclosure.rounding import round_totals
    from hrmonitor.indicators import estimate_round
    from hrmonitor.on_disk import columns_of
    from hrmonitor.questionnaire import read_validated
    from hrmonitor.register import open_in, read_register
    from hrmonitor.sampling import Settings
    from hrmonitor.tables import check

    register = read_register(snakemake.input.register)
    settings = Settings(**snakemake.params.settings)
    tables = [
        estimate_round(
            name,
            columns_of(facilities),
            open_in(register, round_["year"]),
            read_validated(round_["questionnaire"]),
            settings,
        )
        for (name, round_), facilities in zip(snakemake.params.rounds.items(), snakemake.input.facilities, strict=True)
    ]
    pattern = pd.read_csv(snakemake.input.pattern, dtype="str", keep_default_na=False)
    table = hide(pd.concat(tables, ignore_index=True), "indicators", pattern)
    table = round_totals(table, snakemake.params.rounding_base)
    check("indicators", table).to_csv(snakemake.output[0], index=False, float_format="%.10g", lineterminator="\n")
