"""Themes in the open answers of the rounds that were coded, and how the coders came to them."""

from hrmonitor.build.job import job

with job(snakemake):
    from pathlib import Path

    import pandas as pd
    from hrmonitor.declarations.csv_files import read_table, write_table
    from hrmonitor.disclosure.rules import Rules
    from hrmonitor.editions import read_editions
    from hrmonitor.estimation.sampling_design import EstimationSettings
    from hrmonitor.project.frame import register_of
    from hrmonitor.stages.themes import themes

    params, given = snakemake.params, snakemake.input
    answers = {
        name: (pd.read_parquet(responses), read_table("submissions", submissions))
        for name, responses, submissions in zip(params.rounds, given.responses, given.submissions, strict=True)
    }
    settings, rules = EstimationSettings(**params.settings), Rules(**params.disclosure)
    register = register_of(*given.register)
    tables, notes = themes(params.rounds, answers, register, settings, rules, params.findings, read_editions())
    # What is not as it might be, and where the themes were taken from.
    Path(snakemake.log[0]).write_text("".join(f"{note}\n" for note in notes), encoding="utf-8")
    tables.pop("quotes").to_parquet(snakemake.output.quotes, index=False)
    for name, table in tables.items():
        write_table("themes" if name == "themes" else f"theme_{name}", table, snakemake.output[name])
