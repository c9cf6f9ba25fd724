"""Which indicators of two rounds may be set side by side, and why others may not."""

from hrmonitor.build.job import job

with job(snakemake):
    from hrmonitor.declarations.csv_files import write_table
    from hrmonitor.questionnaire.model import read_questionnaire
    from hrmonitor.stages.comparability import comparability

    # Not `survey.by_year`, which imports all that reads answers: this stage reads none.
    rounds = sorted(snakemake.params.rounds.items(), key=lambda item: (item[1]["year"], item[0]))
    forms = {name: read_questionnaire(round_["questionnaire"]) for name, round_ in rounds}
    groups = {name: round_["group"] or "" for name, round_ in rounds}
    write_table("comparability", comparability(forms, groups, snakemake.params.languages), snakemake.output[0])
