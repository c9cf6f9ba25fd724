"""Each claim of config.yaml against the answers, and again without a mode, an organisation and in the worst case."""

from hrmonitor.build.job import job

with job(snakemake):
    import sys
    from pathlib import Path

    from hrmonitor.declarations.csv_files import read_table, write_table
    from hrmonitor.disclosure.rules import Rules
    from hrmonitor.estimation.sampling_design import EstimationSettings
    from hrmonitor.findings.verdicts import Least
    from hrmonitor.project.config import Finding
    from hrmonitor.project.keys import build
    from hrmonitor.project.register import read_register
    from hrmonitor.stages.findings import coded_answers, findings
    from hrmonitor.survey import read_rounds
    from hrmonitor.tabulation.against_published import read_reference

    params, register = snakemake.params, read_register(snakemake.input.register)
    themes = read_table("themes", snakemake.input.themes)
    coded = coded_answers(themes, read_table("theme_basis", snakemake.input.theme_basis))
    table, sensitivity, notes = findings(
        {name: build(Finding, finding) for name, finding in params.findings.items()},
        read_rounds(params.rounds, snakemake.input.facilities, register, coded),
        themes,
        read_reference(params.reference),
        EstimationSettings(**params.settings),
        Least(params.minimum_facilities, params.minimum_organisations),
        params.languages,
        read_table("suppressions", snakemake.input.suppressions),
        Rules(**params.disclosure),
    )
    Path(snakemake.log[0]).write_text("".join(f"{note}\n" for note in notes), encoding="utf-8")
    print("".join(f"{note}\n" for note in notes), end="", file=sys.stderr)
    write_table("findings", table, snakemake.output.findings)
    write_table("sensitivity", sensitivity, snakemake.output.sensitivity)
