"""Our own indicators beside published figures, as comparisons.csv declares the pairs."""

from hrmonitor.build.job import job

with job(snakemake):
    from pathlib import Path

    import pandas as pd
    from hrmonitor.declarations.csv_files import read_table, write_table
    from hrmonitor.project.register import frame_of_year, read_register
    from hrmonitor.questionnaire.model import read_validated
    from hrmonitor.tabulation.against_published import (
        answered_pairs,
        compare_with_published,
        own_counts,
        read_comparisons,
        read_derived,
        read_reference,
    )

    folder = snakemake.params.reference
    indicators = read_table("indicators", snakemake.input.indicators)
    derived = read_derived(folder)
    register = read_register(snakemake.input.register)
    ours = [indicators]
    for (name, round_), facilities in zip(snakemake.params.rounds.items(), snakemake.input.facilities, strict=True):
        frame = frame_of_year(register, round_["year"])
        ours.append(own_counts(name, pd.read_parquet(facilities), frame, indicators, derived))
    every = pd.concat(ours, ignore_index=True)
    forms = {name: read_validated(round_["questionnaire"]) for name, round_ in snakemake.params.rounds.items()}
    comparisons, notes = answered_pairs(
        read_comparisons(folder, snakemake.params.languages), every, forms, list(register["service"].unique()), derived
    )
    Path(snakemake.log[0]).write_text("".join(f"{note}\n" for note in notes), encoding="utf-8")
    table = compare_with_published(comparisons, every, read_reference(folder), folder)
    write_table("against_published", table, snakemake.output[0])
