"""Read all exports of a round into one table of strings, without personal data."""

from hrmonitor.build.job import job

with job(snakemake):
    import pandas as pd
    from hrmonitor.files.chunked import write_parquet
    from hrmonitor.project.config import RoundExports
    from hrmonitor.project.keys import build
    from hrmonitor.project.register import identifiers, read_decisions, read_register
    from hrmonitor.questionnaire.model import read_questionnaire
    from hrmonitor.readers import large, read_export, read_in_parts
    from hrmonitor.readers.dialect import Habits
    from hrmonitor.readers.privacy import check_file_names, names_in, protect
    from hrmonitor.readers.round_decisions import exports_to_read

    round_ = build(RoundExports, snakemake.params.round)
    questionnaire = read_questionnaire(round_.questionnaire)
    register = read_register(snakemake.input.register)
    known = identifiers(register, read_decisions(round_.names, register) if round_.names else None)
    exports = list(exports_to_read(round_))
    habits = {source: Habits() for _, source, _ in exports}
    notes = []

    def whole():
        frames, told = zip(
            *(read_export(path, questionnaire, entry, source)[:2] for path, source, entry in exports), strict=True
        )
        yield pd.concat(frames, ignore_index=True), pd.concat(told, ignore_index=True)

    def in_parts():
        for path, source, entry in exports:
            if large(path, entry):
                yield from read_in_parts(path, questionnaire, entry, source, habits[source])
            else:
                yield read_export(path, questionnaire, entry, source)[:2]

    def without_personal_data(pieces):
        notes.clear()
        for responses, told in pieces:
            check_file_names(list(habits), names_in(responses, questionnaire))
            responses, masked = protect(responses, questionnaire, known)
            notes.extend([told, masked])
            yield responses

    # A name in a contact question is masked wherever it occurs, so that all of its round must be looked at together.
    contacts = any(question.pii for question in questionnaire)
    if contacts or not any(large(path, entry) for path, _, entry in exports):
        write_parquet(snakemake.output.responses, without_personal_data(whole()))
    else:
        write_parquet(snakemake.output.responses, without_personal_data(in_parts()))
        if any(one.doubtful for one in habits.values()):
            for one in habits.values():
                one.settled = True
            write_parquet(snakemake.output.responses, without_personal_data(in_parts()))
    pd.concat(notes, ignore_index=True).to_csv(snakemake.output.notes, index=False, lineterminator="\n")
