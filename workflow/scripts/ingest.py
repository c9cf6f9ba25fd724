"""Read all exports of a round into one table of strings, without personal data."""

from hrmonitor.errors import for_people

with for_people(snakemake.log):
    import pandas as pd
    from hrmonitor.privacy import masked_sources, names_in, protect
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
    responses = pd.concat(frames, ignore_index=True)
    renamed = masked_sources(responses["_source"].tolist(), names_in(responses, questionnaire))
    responses["_source"] = responses["_source"].replace(renamed)
    notes = [told.assign(source=told["source"].replace(renamed)) for told in notes]
    responses, masked = protect(responses, questionnaire)
    responses.to_parquet(snakemake.output.responses, index=False)
    notes = pd.concat([*notes, masked], ignore_index=True)
    notes.to_csv(snakemake.output.notes, index=False, lineterminator="\n")
