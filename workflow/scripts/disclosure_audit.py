"""Attack what was published; stop the build when it gives something away."""

from hrmonitor.build.job import job

with job(snakemake):
    from pathlib import Path

    import pandas as pd
    import yaml
    from hrmonitor.declarations.checks import check
    from hrmonitor.declarations.csv_files import read_table
    from hrmonitor.disclosure.audit import refuse
    from hrmonitor.editions import read_editions
    from hrmonitor.project.frame import register_of
    from hrmonitor.stages.disclosure_audit import disclosure_audit, known_ids, numbers_of_pages, survey_of
    from hrmonitor.survey import read_rounds

    asked, given = snakemake.params, snakemake.input
    register, themes = register_of(*given.register), read_table("theme_basis", given.theme_basis)
    rounds = read_rounds(asked.rounds, given.facilities, register, themes)
    survey = survey_of(
        rounds,
        known_ids(rounds, register),
        asked.figures,
        asked.languages,
        given.theme_books,
        asked.reference,
        asked.main,
    )
    results = Path(snakemake.output[0]).parent
    published, table = disclosure_audit(results, rounds, survey, asked.disclosure, asked.confidence, read_editions())
    texts = [*given.questionnaires, *given.theme_books, *given.reference, *given.words, *given.documents]
    written = [yaml.safe_dump(snakemake.config, allow_unicode=True), *(Path(one).read_text("utf-8") for one in texts)]
    odd = numbers_of_pages(results, rounds, survey, written, published)
    table = pd.concat([table, odd], ignore_index=True) if len(odd) else table
    check("disclosure_audit", table)
    text = table.to_csv(index=False, float_format="%.6g", lineterminator="\n")
    try:
        refuse(table)
    except Exception:
        # Snakemake removes the output of a job that fails: what was found stands in the log's folder.
        Path(snakemake.log[0]).with_suffix(".csv").write_text(text, encoding="utf-8")
        raise
    Path(snakemake.output[0]).write_text(text, encoding="utf-8")
