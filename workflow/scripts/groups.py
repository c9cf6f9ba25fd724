"""Groups of rounds side by side, and which of their questions may be compared."""

from hrmonitor.build.job import job

with job(snakemake):
    from hrmonitor.declarations.csv_files import read_table, write_table
    from hrmonitor.project.config import Groups
    from hrmonitor.project.keys import build
    from hrmonitor.questionnaire.model import read_validated
    from hrmonitor.stages.groups import groups

    params = snakemake.params
    forms = {group: read_validated(params.questionnaires[name]) for group, name in params.latest.items()}
    indicators = read_table("indicators", snakemake.input.indicators)
    table, compared = groups(params.latest, forms, indicators, build(Groups, params.groups), params.languages)
    write_table("groups", table, snakemake.output.groups)
    write_table("group_comparability", compared, snakemake.output.comparability)
