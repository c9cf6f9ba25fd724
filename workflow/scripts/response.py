"""AAPOR outcome rates, non-response against the register, mode effects and item non-response of every round."""

from hrmonitor.build.job import job

with job(snakemake):
    import pandas as pd
    from hrmonitor.cleaning.imputation_flags import drop_imputed
    from hrmonitor.declarations.csv_files import read_table, write_table
    from hrmonitor.disclosure.suppressions import questions_with_hidden_counts
    from hrmonitor.project.register import read_contacts, read_register
    from hrmonitor.questionnaire.model import read_validated
    from hrmonitor.response.dispositions import dispositions
    from hrmonitor.response.items import item_nonresponse
    from hrmonitor.response.modes import compare_modes
    from hrmonitor.response.nonresponse import compare
    from hrmonitor.response.rates import response_table
    from hrmonitor.tabulation.indicators import EstimationSettings

    register = read_register(snakemake.input.register)
    settings, minimum_cell = EstimationSettings(**snakemake.params.settings), snakemake.params.minimum_cell
    suppressions = read_table("suppressions", snakemake.input.suppressions)
    tables = {name: [] for name in ("response", "nonresponse", "mode_effects", "item_nonresponse")}
    for number, (name, round_) in enumerate(snakemake.params.rounds.items()):
        questionnaire = read_validated(round_["questionnaire"])
        facilities = drop_imputed(pd.read_parquet(snakemake.input.facilities[number]))
        submissions = read_table("submissions", snakemake.input.submissions[number])
        path, year = round_["contacts"], round_["year"]
        hidden = questions_with_hidden_counts(suppressions, name)
        contacts = read_contacts(path, register) if path else None
        cases = dispositions(register, year, contacts, path, submissions, facilities, questionnaire)
        write_table("dispositions", cases, snakemake.output.dispositions[number])
        tables["response"].append(response_table(name, cases, contacts is not None, minimum_cell))
        tables["nonresponse"].append(compare(name, register, cases, year, settings.seed, minimum_cell))
        tables["mode_effects"].append(compare_modes(name, facilities, questionnaire, settings, minimum_cell, hidden))
        tables["item_nonresponse"].append(item_nonresponse(name, facilities, questionnaire, minimum_cell, hidden))
    for name, parts in tables.items():
        # A round in which all answered, or all in one mode, has no rows in some of them.
        table = pd.concat([part for part in parts if len(part)] or parts, ignore_index=True)
        write_table(name, table, snakemake.output[name])
