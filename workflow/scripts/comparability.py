"""Which indicators of two rounds may be set side by side, and why others may not."""

from hrmonitor.build.job import job

with job(snakemake):
    from hrmonitor.declarations.csv_files import write_table
    from hrmonitor.questionnaire.comparability import compare_rounds
    from hrmonitor.questionnaire.model import read_questionnaire

    rounds = sorted(snakemake.params.rounds.items(), key=lambda item: (item[1]["year"], item[0]))
    table = compare_rounds(
        {name: read_questionnaire(round_["questionnaire"]) for name, round_ in rounds}, snakemake.params.languages
    )
    write_table("comparability", table, snakemake.output[0])
