"""Every comparable indicator between each pair of rounds."""

from hrmonitor.jobs import job

with job(snakemake):
    import pandas as pd
    from hrmonitor.changes import all_changes
    from hrmonitor.disclosure.pattern import hide
    from hrmonitor.measures import Evidence
    from hrmonitor.questionnaire import read_validated
    from hrmonitor.register import open_in, read_register
    from hrmonitor.sampling import Settings
    from hrmonitor.tables import check

    register = read_register(snakemake.input.register)
    rounds = list(zip(snakemake.params.rounds.items(), snakemake.input.facilities, strict=True))
    rounds.sort(key=lambda item: (item[0][1]["year"], item[0][0]))
    evidence = {
        name: Evidence(
            name,
            pd.read_parquet(facilities),
            open_in(register, round_["year"]),
            read_validated(round_["questionnaire"]),
            pd.DataFrame(),
        )
        for (name, round_), facilities in rounds
    }
    pattern = pd.read_csv(snakemake.input.pattern, dtype="str", keep_default_na=False)
    table = hide(all_changes(evidence, Settings(**snakemake.params.settings)), "changes", pattern)
    check("changes", table).to_csv(snakemake.output[0], index=False, float_format="%.10g", lineterminator="\n")
