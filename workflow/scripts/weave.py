"""The report as Markdown in one language, every number filled in."""

from hrmonitor.build.job import job

with job(snakemake):
    from pathlib import Path

    import nbformat
    from hrmonitor.reporting.outputs.weave import weave

    markdown, notebook = weave(
        Path(snakemake.input.document),
        {"lang": snakemake.wildcards.lang, "root": ".", "config": snakemake.params.config},
    )
    Path(snakemake.output.markdown).write_text(markdown, encoding="utf-8")
    nbformat.write(notebook, snakemake.output.notebook)
