"""The report as Markdown in one language, every number filled in."""

from hrmonitor.errors import for_people

with for_people(snakemake.log):
    from pathlib import Path

    import nbformat

    # What the document's cells import: named here so that a change there weaves anew.
    from hrmonitor.reporting import response_chapter, story  # noqa: F401
    from hrmonitor.reporting.weave import weave

    markdown, notebook = weave(
        Path(snakemake.input.document),
        {"lang": snakemake.wildcards.lang, "root": ".", "config": snakemake.params.config},
    )
    Path(snakemake.output.markdown).write_text(markdown, encoding="utf-8")
    nbformat.write(notebook, snakemake.output.notebook)
