"""Read all exports of a round into one table of strings, without personal data."""

from hrmonitor.errors import for_people

with for_people(snakemake.log):
    from fnmatch import fnmatch
    from pathlib import PurePosixPath

    import pandas as pd
    from hrmonitor.privacy import protect
    from hrmonitor.questionnaire import read_questionnaire
    from hrmonitor.readers import read_export

    round_ = snakemake.params.round
    questionnaire = read_questionnaire(round_["questionnaire"])
    # Sources are named from the round's folder on: the place means the same wherever the project stands.
    home = PurePosixPath(round_["questionnaire"]).parent
    frames = []
    for path in round_["files"]:
        entry = next(entry for entry in round_["exports"] if fnmatch(path, entry["path"]))
        place = PurePosixPath(path)
        source = str(place.relative_to(home)) if place.is_relative_to(home) else str(place)
        frames.append(read_export(path, questionnaire, entry, source))
    responses, notes = protect(pd.concat(frames, ignore_index=True), questionnaire)
    responses.to_parquet(snakemake.output.responses, index=False)
    notes.to_csv(snakemake.output.notes, index=False, lineterminator="\n")
