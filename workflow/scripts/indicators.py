"""Estimates with intervals for every analysable question of every round."""

from hrmonitor.errors import for_people

with for_people(snakemake.log):
    import pandas as pd
    from hrmonitor.disclosure import suppress
    from hrmonitor.indicators import estimate_round
    from hrmonitor.on_disk import columns_of
    from hrmonitor.questionnaire import read_questionnaire
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
            read_questionnaire(round_["questionnaire"]),
            settings,
        )
        for (name, round_), facilities in zip(snakemake.params.rounds.items(), snakemake.input.facilities, strict=True)
    ]
    table = suppress(pd.concat(tables, ignore_index=True), snakemake.params.minimum_cell)
    check("indicators", table).to_csv(snakemake.output[0], index=False, float_format="%.10g", lineterminator="\n")
