"""Each claim of config.yaml against the answers."""

from hrmonitor.errors import for_people

with for_people(snakemake.log):
    import pandas as pd
    from hrmonitor.findings import Evidence, assess
    from hrmonitor.indicators import Settings
    from hrmonitor.questionnaire import read_questionnaire
    from hrmonitor.register import population, read_register
    from hrmonitor.sensitivity import reassess
    from hrmonitor.tables import check

    register = read_register(snakemake.input.register)
    themes = pd.read_csv(snakemake.input.themes, dtype={"round": "str"})
    evidence = {
        name: Evidence(
            name,
            pd.read_parquet(facilities),
            population(register, round_["year"]),
            read_questionnaire(round_["questionnaire"]),
            themes,
        )
        for (name, round_), facilities in zip(snakemake.params.rounds.items(), snakemake.input.facilities, strict=True)
    }
    table = assess(
        snakemake.params.findings,
        evidence,
        Settings(**snakemake.params.settings),
        snakemake.params.minimum_facilities,
    )
    check("findings", table).to_csv(snakemake.output.findings, index=False, float_format="%.10g", lineterminator="\n")
    again = reassess(
        snakemake.params.findings,
        evidence,
        register.set_index("facility_id")["organisation"],
        Settings(**snakemake.params.settings),
        snakemake.params.minimum_facilities,
    )
    check("sensitivity", again).to_csv(snakemake.output.sensitivity, index=False, lineterminator="\n")
