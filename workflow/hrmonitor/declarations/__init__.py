"""What the tables and the figures of a survey are, declared once; checks, reading, data package, docs and audit follow from it.

In comes `resources/tables.yaml` and the `FIGURE` of each module in `figures/`; out come `Table`, `Column` and `Figure`. Nothing here
imports pandas, matplotlib or a room below but `checks` and `csv_files`, as every `snakemake` call reads the declarations.
"""
