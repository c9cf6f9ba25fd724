"""Attack what was published; stop the build when it gives something away."""

from hrmonitor.build.job import job

with job(snakemake):
    from pathlib import Path

    import pandas as pd
    from hrmonitor.declarations.checks import check
    from hrmonitor.declarations.csv_files import read_table
    from hrmonitor.disclosure.audit import (
        Survey,
        audit,
        known,
        protected,
        read_published,
        refuse,
        told_by_tests,
        told_of,
    )
    from hrmonitor.project.register import read_register
    from hrmonitor.survey import read_rounds
    from hrmonitor.tabulation.against_published import read_derived
    from hrmonitor.themes.codebook import read_themes

    asked = snakemake.params
    register = read_register(snakemake.input.register)
    themes = read_table("theme_basis", snakemake.input.theme_basis)
    rounds = list(read_rounds(asked.rounds, snakemake.input.facilities, register, themes).values())
    forms = {round_.name: round_.questionnaire for round_ in rounds}
    books = [read_themes(path) for path in snakemake.input.theme_books]
    no_labels = pd.DataFrame(columns=["question", "theme", *(f"label_{lang}" for lang in asked.languages)])
    survey = Survey(
        forms=forms,
        facilities=set(register["facility_id"]),
        figures=asked.figures,
        theme_labels=pd.concat([no_labels, *books]),
        languages=asked.languages,
        derived={
            rule["indicator"]: (rule["of"], rule["divided_by"])
            for rule in read_derived(asked.reference).to_dict("records")
        },
    )
    published = read_published(Path(snakemake.output[0]).parent, survey, asked.disclosure)
    targets = protected(rounds, asked.disclosure, asked.figures)
    beside, least = known(rounds, asked.disclosure), asked.disclosure["minimum_spread"]
    results = Path(snakemake.output[0]).parent
    answered, tests = told_of(results, rounds), told_by_tests(results, rounds, asked.disclosure)
    table = audit(targets, published, beside, forms, list(forms), asked.confidence, least, answered, tests)
    check("disclosure_audit", table)
    text = table.to_csv(index=False, float_format="%.6g", lineterminator="\n")
    try:
        refuse(table)
    except Exception:
        # Snakemake removes the output of a job that fails: what was found stands in the log's folder.
        Path(snakemake.log[0]).with_suffix(".csv").write_text(text, encoding="utf-8")
        raise
    Path(snakemake.output[0]).write_text(text, encoding="utf-8")
