"""The slides of a talk, as PDF and as PowerPoint."""

from hrmonitor.jobs import job

with job(snakemake):
    from pathlib import Path

    from hrmonitor.reporting.brief import slides
    from hrmonitor.reporting.deck import powerpoint
    from hrmonitor.reporting.story import Story
    from hrmonitor.reporting.typeset import brief_to_pdf

    talk = slides(Story(snakemake.wildcards.lang, ".", snakemake.params.config))
    brief_to_pdf(talk, Path(snakemake.input.template), Path(snakemake.output.pdf), Path())
    Path(snakemake.output.pptx).write_bytes(powerpoint(talk, Path()))
