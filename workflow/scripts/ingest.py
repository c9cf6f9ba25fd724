"""Read all exports of a round into one table of strings, without personal data."""

from hrmonitor.build.job import job

with job(snakemake):
    from functools import partial

    from hrmonitor.files.chunked import write_parquet
    from hrmonitor.project.config import RoundExports
    from hrmonitor.project.frame import register_of
    from hrmonitor.project.keys import build
    from hrmonitor.project.register import identifiers, read_decisions
    from hrmonitor.questionnaire.model import read_questionnaire
    from hrmonitor.readers.round_decisions import exports_to_read
    from hrmonitor.stages.ingest import ingest

    round_ = build(RoundExports, snakemake.params.round)
    register = register_of(*snakemake.input.register)
    known = identifiers(register, read_decisions(round_.names, register) if round_.names else None)
    write = partial(write_parquet, snakemake.output.responses)
    notes = ingest(list(exports_to_read(round_)), read_questionnaire(round_.questionnaire), known, write)
    notes.to_csv(snakemake.output.notes, index=False, lineterminator="\n")
