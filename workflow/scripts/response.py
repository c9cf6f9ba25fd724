"""AAPOR outcome rates, non-response against the register, mode effects and item non-response of every round."""

from hrmonitor.jobs import job

with job(snakemake):
    import pandas as pd
    from hrmonitor.disclosure.pattern import partly_hidden
    from hrmonitor.imputed import without_fills
    from hrmonitor.indicators import Settings
    from hrmonitor.questionnaire import read_validated
    from hrmonitor.register import read_contacts, read_register
    from hrmonitor.response.dispositions import dispositions
    from hrmonitor.response.items import item_nonresponse
    from hrmonitor.response.modes import compare_modes
    from hrmonitor.response.nonresponse import compare
    from hrmonitor.response.rates import response_table
    from hrmonitor.tables import check

    register = read_register(snakemake.input.register)
    settings, minimum_cell = Settings(**snakemake.params.settings), snakemake.params.minimum_cell
    pattern = pd.read_csv(snakemake.input.pattern, dtype="str", keep_default_na=False)
    tables = {name: [] for name in ("response", "nonresponse", "mode_effects", "item_nonresponse")}
    for number, (name, round_) in enumerate(snakemake.params.rounds.items()):
        questionnaire = read_validated(round_["questionnaire"])
        facilities = without_fills(pd.read_parquet(snakemake.input.facilities[number]))
        submissions = pd.read_csv(snakemake.input.submissions[number], keep_default_na=False)
        path, year = round_["contacts"], round_["year"]
        hidden = partly_hidden(pattern, name)
        contacts = read_contacts(path, register) if path else None
        cases = dispositions(register, year, contacts, path, submissions, facilities, questionnaire)
        check("dispositions", cases).to_csv(
            snakemake.output.dispositions[number], index=False, float_format="%.10g", lineterminator="\n"
        )
        tables["response"].append(response_table(name, cases, contacts is not None, minimum_cell))
        tables["nonresponse"].append(compare(name, register, cases, year, settings.seed, minimum_cell))
        tables["mode_effects"].append(compare_modes(name, facilities, questionnaire, settings, minimum_cell, hidden))
        tables["item_nonresponse"].append(item_nonresponse(name, facilities, questionnaire, minimum_cell, hidden))
    for name, parts in tables.items():
        # A round in which all answered, or all in one mode, has no rows in some of them.
        table = pd.concat([part for part in parts if len(part)] or parts, ignore_index=True)
        check(name, table).to_csv(snakemake.output[name], index=False, float_format="%.10g", lineterminator="\n")
