"""Inputs, outputs, checksums and software of the build, as an RO-Crate."""

from hrmonitor.build.job import job

with job(snakemake):
    import json
    from pathlib import Path

    from hrmonitor.publication.provenance import crate
    from hrmonitor.reporting.outputs.typeset import choose_engine

    _, engine = choose_engine(snakemake.params.engine)
    made = crate(
        [str(path) for path in snakemake.input.raw],
        [str(path) for path in snakemake.input.results],
        [str(path) for path in snakemake.input.workflow],
        snakemake.params.rules,
        snakemake.params.year,
        engine,
        snakemake.params.synthetic,
        snakemake.params.made_from,
        snakemake.params.publication,
        snakemake.params.authors,
    )
    text = json.dumps(made, indent=2, ensure_ascii=False, sort_keys=True)
    Path(snakemake.output[0]).write_text(text + "\n", encoding="utf-8")
