"""Each claim of config.yaml against the answers, and again without a mode, an organisation and in the worst case."""

from hrmonitor.build.job import job

with job(snakemake):
    import sys
    from pathlib import Path

    import pandas as pd
    from hrmonitor.declarations.csv_files import read_table, write_table
    from hrmonitor.disclosure.rules import Rules
    from hrmonitor.estimation.sampling_design import EstimationSettings
    from hrmonitor.findings.by_client import by_units
    from hrmonitor.findings.confidential import without_hidden
    from hrmonitor.findings.imputed import COLUMNS, imputed_tests
    from hrmonitor.findings.tipping import tipping_points
    from hrmonitor.findings.verdicts import Least
    from hrmonitor.project.config import Finding
    from hrmonitor.project.frame import register_of
    from hrmonitor.project.keys import build
    from hrmonitor.stages.findings import coded_answers, findings
    from hrmonitor.survey import read_rounds
    from hrmonitor.tabulation.against_published import read_reference

    params, register = snakemake.params, register_of(*snakemake.input.register)
    themes = read_table("themes", snakemake.input.themes)
    agreement = read_table("theme_agreement", snakemake.input.theme_agreement)
    coded = coded_answers(agreement, read_table("theme_basis", snakemake.input.theme_basis))
    claims = {name: build(Finding, finding) for name, finding in params.findings.items()}
    rounds = read_rounds(params.rounds, snakemake.input.facilities, register, coded)
    series, settings = read_reference(params.reference), EstimationSettings(**params.settings)
    least = Least(params.minimum_facilities, params.minimum_organisations)
    table, sensitivity, notes = findings(
        claims,
        rounds,
        themes,
        series,
        settings,
        least,
        params.languages,
        read_table("suppressions", snakemake.input.suppressions),
        Rules(**params.disclosure),
    )
    Path(snakemake.log[0]).write_text("".join(f"{note}\n" for note in notes), encoding="utf-8")
    print("".join(f"{note}\n" for note in notes), end="", file=sys.stderr)
    write_table("findings", table, snakemake.output.findings)
    write_table("sensitivity", sensitivity, snakemake.output.sensitivity)
    units = by_units(claims, rounds, series, settings, Rules(**params.disclosure))
    write_table("test_units", without_hidden(units, table), snakemake.output.test_units)
    points = tipping_points(claims, rounds, series, settings, least)
    write_table("tipping_points", without_hidden(points, table), snakemake.output.tipping_points)
    imputed = pd.DataFrame(columns=COLUMNS)
    if params.sets:
        imputed = imputed_tests(claims, rounds, series, settings, least, params.sets)
    write_table("imputed_tests", without_hidden(imputed, table), snakemake.output.imputed_tests)
