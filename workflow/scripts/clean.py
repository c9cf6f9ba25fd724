"""Typed answers of one submission a facility, the audit trail and the response flow."""

from hrmonitor.errors import for_people

with for_people(snakemake.log):
    import pandas as pd
    from hrmonitor.cleaning import clean
    from hrmonitor.cleaning.imputation import impute
    from hrmonitor.cleaning.other import read_other
    from hrmonitor.questionnaire import read_questionnaire
    from hrmonitor.register import read_contacts, read_decisions, read_register
    from hrmonitor.tables import check

    round_ = snakemake.params.round
    register = read_register(snakemake.input.register)
    decisions = pd.DataFrame(columns=["written", "service", "facility_id", "reason"])
    if round_["names"]:
        decisions = read_decisions(round_["names"], register)
    questionnaire = read_questionnaire(round_["questionnaire"])
    tables = clean(
        pd.read_parquet(snakemake.input.responses),
        pd.read_csv(snakemake.input.notes, keep_default_na=False),
        questionnaire,
        register,
        read_contacts(round_["contacts"], register) if round_["contacts"] else None,
        decisions,
        round_["names"] or "a file of decisions (`names:` of this round in config.yaml)",
        round_["year"],
        read_other(round_["other"], questionnaire) if round_["other"] else None,
    )
    tables = impute(tables, questionnaire, snakemake.params.imputation, snakemake.params.seed)
    tables["facilities"].to_parquet(snakemake.output.facilities, index=False)
    for name in ("audit", "flow", "submissions"):
        check(name, tables[name]).to_csv(snakemake.output[name], index=False, lineterminator="\n")
