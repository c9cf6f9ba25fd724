"""Read all exports of a round into one table of strings, without personal data."""

from hrmonitor.errors import for_people

with for_people(snakemake.log):
    import pandas as pd
    from hrmonitor.privacy import protect
    from hrmonitor.questionnaire import read_questionnaire
    from hrmonitor.readers import read_export
    from hrmonitor.rounds import exports_of

    round_ = snakemake.params.round
    questionnaire = read_questionnaire(round_["questionnaire"])
    frames, notes = [], []
    for path, source, entry in exports_of(round_):
        responses, told, export = read_export(path, questionnaire, entry, source)
        frames.append(responses)
        notes.append(told)
    responses, masked = protect(pd.concat(frames, ignore_index=True), questionnaire)
    responses.to_parquet(snakemake.output.responses, index=False)
    notes = pd.concat([*notes, masked], ignore_index=True)
    notes.to_csv(snakemake.output.notes, index=False, lineterminator="\n")
