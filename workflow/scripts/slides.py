"""The slides of a talk, as PDF and as PowerPoint."""

from hrmonitor.build.job import job

with job(snakemake):
    from pathlib import Path

    from hrmonitor.reporting.outputs.brief import slides
    from hrmonitor.reporting.outputs.slides import powerpoint
    from hrmonitor.reporting.outputs.typeset import brief_to_pdf
    from hrmonitor.reporting.story import Story

    talk = slides(Story(snakemake.wildcards.lang, ".", snakemake.params.config))
    brief_to_pdf(talk, Path(snakemake.input.template), Path(snakemake.output.pdf), Path())
    Path(snakemake.output.pptx).write_bytes(powerpoint(talk, Path()))
