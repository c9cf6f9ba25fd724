"""Two pages for policy officers."""

from hrmonitor.build.job import job

with job(snakemake):
    from pathlib import Path

    from hrmonitor.reporting.outputs.brief import policy_summary
    from hrmonitor.reporting.outputs.typeset import brief_to_pdf
    from hrmonitor.reporting.story import Story

    story = Story(snakemake.wildcards.lang, ".", snakemake.params.config)
    brief_to_pdf(policy_summary(story), Path(snakemake.input.template), Path(snakemake.output[0]), Path())
