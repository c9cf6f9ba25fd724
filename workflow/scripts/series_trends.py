"""The trend of each published series, with how much its years resemble each other."""

from hrmonitor.build.job import job

with job(snakemake):
    from hrmonitor.declarations.csv_files import write_table
    from hrmonitor.tabulation.against_published import read_reference
    from hrmonitor.tabulation.series_trends import series_trends

    table = series_trends(read_reference(snakemake.params.reference), snakemake.params.confidence)
    write_table("series_trends", table, snakemake.output[0])
