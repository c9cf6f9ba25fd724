"""How many persons there are, for each study that a round names."""

from hrmonitor.build.job import job

with job(snakemake):
    from hrmonitor.declarations.csv_files import write_table
    from hrmonitor.disclosure.rules import Rules
    from hrmonitor.project.config import PersonsStudy
    from hrmonitor.project.keys import build
    from hrmonitor.stages.persons import persons

    params = snakemake.params
    rounds = {
        name: {study: build(PersonsStudy, own) for study, own in round_["persons"].items()}
        for name, round_ in params.rounds.items()
    }
    table = persons(rounds, params.languages, params.confidence, Rules(**params.disclosure))
    write_table("persons", table, snakemake.output[0])
