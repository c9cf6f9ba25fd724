"""Our own indicators beside published figures, as comparisons.csv declares the pairs."""

from hrmonitor.build.job import job

with job(snakemake):
    import pandas as pd
    from hrmonitor.project.register import frame_of_year, read_register
    from hrmonitor.publication.tables import check
    from hrmonitor.tabulation.against_published import (
        compare_with_published,
        own_counts,
        read_comparisons,
        read_reference,
    )

    folder = snakemake.params.reference
    indicators = pd.read_csv(snakemake.input.indicators, dtype={"round": "str"})
    register = read_register(snakemake.input.register)
    ours = [indicators]
    for (name, round_), facilities in zip(snakemake.params.rounds.items(), snakemake.input.facilities, strict=True):
        ours.append(own_counts(name, pd.read_parquet(facilities), frame_of_year(register, round_["year"]), indicators))
    table = compare_with_published(
        read_comparisons(folder), pd.concat(ours, ignore_index=True), read_reference(folder), folder
    )
    check("against_published", table).to_csv(
        snakemake.output[0], index=False, float_format="%.10g", lineterminator="\n"
    )
