"""Each claim of config.yaml against the answers, and again without a mode, an organisation and in the worst case."""

from hrmonitor.jobs import job

with job(snakemake):
    import pandas as pd
    from hrmonitor.disclosure.theme_cells import without_digits
    from hrmonitor.findings import assess, strengths
    from hrmonitor.measures import Evidence
    from hrmonitor.questionnaire import read_validated
    from hrmonitor.reference import read_reference
    from hrmonitor.register import open_in, read_register
    from hrmonitor.sampling import Settings
    from hrmonitor.sensitivity import reassess
    from hrmonitor.tables import check

    register = read_register(snakemake.input.register)
    estimated = pd.read_csv(snakemake.input.themes, dtype={"round": "str"})
    alphas = estimated.loc[estimated["service"] == "all", ["round", "question", "theme", "agreement"]]
    themes = pd.read_csv(snakemake.input.theme_basis, dtype={"round": "str"}).merge(alphas, how="left")
    evidence = {
        name: Evidence(
            name,
            pd.read_parquet(facilities),
            open_in(register, round_["year"]),
            read_validated(round_["questionnaire"]),
            themes,
        )
        for (name, round_), facilities in zip(snakemake.params.rounds.items(), snakemake.input.facilities, strict=True)
    }
    how = (
        snakemake.params.findings,
        evidence,
        read_reference(snakemake.params.reference),
        Settings(**snakemake.params.settings),
        snakemake.params.minimum_facilities,
    )
    table, again = assess(*how), reassess(*how)
    table = without_digits(table, snakemake.params.findings, estimated)
    table["strength"] = table["finding"].map(strengths(table, again))
    check("findings", table).to_csv(snakemake.output.findings, index=False, float_format="%.10g", lineterminator="\n")
    check("sensitivity", again).to_csv(snakemake.output.sensitivity, index=False, lineterminator="\n")
