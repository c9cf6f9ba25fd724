"""Each claim of config.yaml against the answers, and again without a mode, an organisation and in the worst case."""

from hrmonitor.build.job import job

with job(snakemake):
    import pandas as pd
    from hrmonitor.disclosure.theme_cells import without_digits
    from hrmonitor.estimation.sampling_design import EstimationSettings
    from hrmonitor.findings.sensitivity import reassess
    from hrmonitor.findings.verdicts import assess, strengths
    from hrmonitor.project.register import read_register
    from hrmonitor.publication.tables import check
    from hrmonitor.survey import read_rounds
    from hrmonitor.tabulation.against_published import read_reference

    register = read_register(snakemake.input.register)
    estimated = pd.read_csv(snakemake.input.themes, dtype={"round": "str"})
    alphas = estimated.loc[estimated["service"] == "all", ["round", "question", "theme", "agreement"]]
    themes = pd.read_csv(snakemake.input.theme_basis, dtype={"round": "str"}).merge(alphas, how="left")
    evidence = read_rounds(snakemake.params.rounds, snakemake.input.facilities, register, themes)
    how = (
        snakemake.params.findings,
        evidence,
        read_reference(snakemake.params.reference),
        EstimationSettings(**snakemake.params.settings),
        snakemake.params.minimum_facilities,
    )
    table, again = assess(*how), reassess(*how)
    table = without_digits(table, snakemake.params.findings, estimated)
    table["strength"] = table["finding"].map(strengths(table, again))
    check("findings", table).to_csv(snakemake.output.findings, index=False, float_format="%.10g", lineterminator="\n")
    check("sensitivity", again).to_csv(snakemake.output.sensitivity, index=False, lineterminator="\n")
