"""Each claim of config.yaml against the answers, and again without a mode, an organisation and in the worst case."""

from hrmonitor.build.job import job

with job(snakemake):
    from hrmonitor.declarations.csv_files import read_table, write_table
    from hrmonitor.disclosure.rules import Rules
    from hrmonitor.estimation.sampling_design import EstimationSettings
    from hrmonitor.findings.by_client import by_units
    from hrmonitor.findings.tipping import tipping_points
    from hrmonitor.findings.verdicts import Least
    from hrmonitor.project.config import Finding
    from hrmonitor.project.keys import build
    from hrmonitor.project.register import read_register
    from hrmonitor.stages.findings import coded_answers, findings
    from hrmonitor.survey import read_rounds
    from hrmonitor.tabulation.against_published import read_reference

    params, register = snakemake.params, read_register(snakemake.input.register)
    themes = read_table("themes", snakemake.input.themes)
    agreement = read_table("theme_agreement", snakemake.input.theme_agreement)
    coded = coded_answers(agreement, read_table("theme_basis", snakemake.input.theme_basis))
    claims = {name: build(Finding, finding) for name, finding in params.findings.items()}
    rounds = read_rounds(params.rounds, snakemake.input.facilities, register, coded)
    series, settings = read_reference(params.reference), EstimationSettings(**params.settings)
    least = Least(params.minimum_facilities, params.minimum_organisations)
    table, sensitivity = findings(
        claims,
        rounds,
        themes,
        series,
        settings,
        least,
        params.languages,
    )
    write_table("findings", table, snakemake.output.findings)
    write_table("sensitivity", sensitivity, snakemake.output.sensitivity)
    units = by_units(claims, rounds, series, settings, Rules(**params.disclosure))
    write_table("test_units", units, snakemake.output.test_units)
    points = tipping_points(claims, rounds, series, settings, least)
    write_table("tipping_points", points, snakemake.output.tipping_points)
