"""Two pages for policy officers."""

from hrmonitor.jobs import job

with job(snakemake):
    from pathlib import Path

    from hrmonitor.reporting.brief import policy_summary
    from hrmonitor.reporting.story import Story
    from hrmonitor.reporting.typeset import brief_to_pdf

    story = Story(snakemake.wildcards.lang, ".", snakemake.params.config)
    brief_to_pdf(policy_summary(story), Path(snakemake.input.template), Path(snakemake.output[0]), Path())
