"""Which cells of the indicators and changes are hidden, and why."""

from hrmonitor.build.job import job

with job(snakemake):
    import sys
    from pathlib import Path

    from hrmonitor.declarations.csv_files import write_table
    from hrmonitor.disclosure.rules import Rules
    from hrmonitor.disclosure.suppressions import Answered, find_pattern
    from hrmonitor.estimation.sampling_design import EstimationSettings
    from hrmonitor.files.chunked import columns_of
    from hrmonitor.project.register import frame_of_year, read_register
    from hrmonitor.questionnaire.model import read_validated

    register = read_register(snakemake.input.register)
    rounds = list(zip(snakemake.params.rounds.items(), snakemake.input.facilities, strict=True))
    rounds.sort(key=lambda item: (item[0][1]["year"], item[0][0]))
    answered = [
        Answered(
            name,
            columns_of(facilities),
            frame_of_year(register, round_["year"]),
            read_validated(round_["questionnaire"]),
        )
        for (name, round_), facilities in rounds
    ]
    rules = Rules(**snakemake.params.disclosure)
    table, notes = find_pattern(answered, EstimationSettings(**snakemake.params.settings), rules)
    Path(snakemake.log[0]).write_text("".join(f"{note}\n" for note in notes), encoding="utf-8")
    print("".join(f"{note}\n" for note in notes), end="", file=sys.stderr)
    write_table("suppressions", table, snakemake.output[0])
