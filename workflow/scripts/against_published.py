"""Our own indicators beside published figures, as comparisons.csv declares the pairs."""

from hrmonitor.build.job import job

with job(snakemake):
    import pandas as pd
    from hrmonitor.declarations.csv_files import read_table, write_table
    from hrmonitor.project.register import frame_of_year, read_register
    from hrmonitor.tabulation.against_published import (
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
    comparisons = read_comparisons(folder, snakemake.params.languages)
    table = compare_with_published(comparisons, pd.concat(ours, ignore_index=True), read_reference(folder), folder)
    write_table("against_published", table, snakemake.output[0])
