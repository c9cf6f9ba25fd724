"""Which cells of the indicators and changes are hidden, and why."""

from hrmonitor.build.job import job

with job(snakemake):
    import sys
    from pathlib import Path

    from hrmonitor.declarations.csv_files import write_table
    from hrmonitor.disclosure.rules import Rules
    from hrmonitor.editions import read_editions
    from hrmonitor.estimation.sampling_design import EstimationSettings
    from hrmonitor.files.chunked import columns_of
    from hrmonitor.project.frame import register_of
    from hrmonitor.stages.suppressions import suppressions
    from hrmonitor.survey import read_rounds

    params, register = snakemake.params, register_of(*snakemake.input.register)
    rounds = read_rounds(params.rounds, snakemake.input.facilities, register, read=columns_of)
    settings, rules = EstimationSettings(**params.settings), Rules(**params.disclosure)
    table, notes = suppressions(rounds, settings, rules, read_editions())
    Path(snakemake.log[0]).write_text("".join(f"{note}\n" for note in notes), encoding="utf-8")
    print("".join(f"{note}\n" for note in notes), end="", file=sys.stderr)
    write_table("suppressions", table, snakemake.output[0])
