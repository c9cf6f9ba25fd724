"""Themes in the open answers of the rounds that were coded."""

from hrmonitor.errors import for_people

with for_people(snakemake.log):
    import pandas as pd
    from hrmonitor.register import population, read_register
    from hrmonitor.tables import check
    from hrmonitor.themes import COLUMNS, estimate_themes, read_coder, read_themes

    register = read_register(snakemake.input.register)
    tables = [pd.DataFrame(columns=COLUMNS)]
    for (name, round_), submissions in zip(snakemake.params.rounds.items(), snakemake.input.submissions, strict=True):
        book = read_themes(round_["coding"]["themes"])
        coders = [read_coder(path, book) for path in round_["coding"]["coders"]]
        kept = pd.read_csv(submissions, dtype={"facility_id": "str"})
        sizes = population(register, round_["year"])
        tables.append(estimate_themes(name, book, coders, kept, sizes, snakemake.params.confidence))
    table = pd.concat([table for table in tables if len(table)] or tables, ignore_index=True)
    if len(table):
        check("themes", table)
    table.to_csv(snakemake.output[0], index=False, float_format="%.10g", lineterminator="\n")
