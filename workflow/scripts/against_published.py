"""Our own indicators beside published figures, as comparisons.csv declares the pairs."""

from hrmonitor.jobs import job

with job(snakemake):
    import pandas as pd
    from hrmonitor.reference import beside, own_counts, read_comparisons, read_reference
    from hrmonitor.register import open_in, read_register
    from hrmonitor.tables import check

    folder = snakemake.params.reference
    indicators = pd.read_csv(snakemake.input.indicators, dtype={"round": "str"})
    register = read_register(snakemake.input.register)
    ours = [indicators]
    for (name, round_), facilities in zip(snakemake.params.rounds.items(), snakemake.input.facilities, strict=True):
        ours.append(own_counts(name, pd.read_parquet(facilities), open_in(register, round_["year"]), indicators))
    table = beside(read_comparisons(folder), pd.concat(ours, ignore_index=True), read_reference(folder), folder)
    check("against_published", table).to_csv(
        snakemake.output[0], index=False, float_format="%.10g", lineterminator="\n"
    )
