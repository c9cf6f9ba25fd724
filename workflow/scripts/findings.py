"""Each claim of config.yaml against the answers, and again without a mode, an organisation and in the worst case."""

from hrmonitor.build.job import job

with job(snakemake):
    from hrmonitor.declarations.csv_files import read_table, write_table
    from hrmonitor.disclosure.theme_cells import without_digits
    from hrmonitor.estimation.sampling_design import EstimationSettings
    from hrmonitor.findings.sensitivity import reassess
    from hrmonitor.findings.verdicts import Least, assess, strengths, with_statements
    from hrmonitor.project.register import read_register
    from hrmonitor.survey import read_rounds
    from hrmonitor.tabulation.against_published import read_reference

    register = read_register(snakemake.input.register)
    estimated = read_table("themes", snakemake.input.themes)
    alphas = estimated.loc[estimated["service"] == "all", ["round", "question", "theme", "agreement"]]
    themes = read_table("theme_basis", snakemake.input.theme_basis).merge(alphas, how="left")
    evidence = read_rounds(snakemake.params.rounds, snakemake.input.facilities, register, themes)
    how = (
        snakemake.params.findings,
        evidence,
        read_reference(snakemake.params.reference),
        EstimationSettings(**snakemake.params.settings),
        Least(snakemake.params.minimum_facilities, snakemake.params.minimum_organisations),
    )
    table = with_statements(assess(*how), snakemake.params.findings, snakemake.params.languages)
    again = reassess(*how)
    table = without_digits(table, snakemake.params.findings, estimated)
    table["strength"] = table["finding"].map(strengths(table, again))
    write_table("findings", table, snakemake.output.findings)
    write_table("sensitivity", again, snakemake.output.sensitivity)
