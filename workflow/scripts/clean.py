"""Typed answers of one submission a facility, the audit trail and the response flow."""

from hrmonitor.build.job import job

with job(snakemake):
    import pandas as pd
    from hrmonitor.cleaning import clean
    from hrmonitor.cleaning.chunked import clean_in_parts
    from hrmonitor.cleaning.imputation import impute
    from hrmonitor.cleaning.losses import refuse_losses
    from hrmonitor.cleaning.other_answers import read_other
    from hrmonitor.declarations.checks import check
    from hrmonitor.declarations.csv_files import read_table
    from hrmonitor.files.chunked import number_of_parts, parts_of, write_csv, write_parquet
    from hrmonitor.files.spreadsheet import harmless
    from hrmonitor.project.config import AcceptedLoss, Imputation
    from hrmonitor.project.frame import frame_from, register_of, respondents_of
    from hrmonitor.project.keys import build
    from hrmonitor.project.register import of_group, read_contacts, read_decisions
    from hrmonitor.questionnaire.model import read_validated
    from hrmonitor.readers.label_decisions import read_labels

    round_ = snakemake.params.round
    register = of_group(register_of(*snakemake.input.register), round_["group"])
    decisions = pd.DataFrame(columns=["written", "service", "facility_id", "reason"])
    if round_["names"]:
        decisions = read_decisions(round_["names"], register)
    questionnaire = read_validated(round_["questionnaire"])
    the_rest = (
        read_table("ingest", snakemake.input.notes),
        questionnaire,
        register,
        read_contacts(round_["contacts"], register) if round_["contacts"] else None,
        decisions,
        round_["names"] or "a file of decisions (`names:` of this round in config.yaml)",
        round_["year"],
        read_other(round_["other"], questionnaire) if round_["other"] else None,
    )
    frame = frame_from(round_)
    how = {
        "respondents": respondents_of(snakemake.wildcards.round, frame),
        "labels": read_labels(round_["labels"], questionnaire) if round_["labels"] else None,
        "least_answered": round_["least_answered"],
    }
    accept = [build(AcceptedLoss, loss) for loss in round_["accept"]]
    imputation, output = build(Imputation, snakemake.params.imputation), snakemake.output

    def write_facilities(pieces):
        write_parquet(output.facilities, pieces)

    def write_audit(pieces):
        # People open the audit trail in a spreadsheet, and `raw` is what was typed.
        write_csv(output.audit, (harmless(check("audit", piece)) for piece in pieces))

    # To fill gaps, all facilities must be looked at together.
    if number_of_parts(snakemake.input.responses) > 1 and imputation.method != "hot_deck":
        responses = parts_of(snakemake.input.responses)
        tables = clean_in_parts(responses, *the_rest, write_facilities, write_audit, **how)
    else:
        tables = clean(pd.read_parquet(snakemake.input.responses), *the_rest, **how)
        tables = impute(tables, questionnaire, imputation, snakemake.params.seed)
        write_facilities([tables["facilities"]])
        write_audit([tables["audit"]])
    refuse_losses(snakemake.wildcards.round, tables["losses"], accept)
    for name in ("flow", "submissions"):
        write_csv(output[name], [check(name, tables[name])])
