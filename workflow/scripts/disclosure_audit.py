"""Attack what was published; stop the build when it gives something away."""

from hrmonitor.build.job import job

with job(snakemake):
    from pathlib import Path

    import pandas as pd
    from hrmonitor.disclosure.audit import audit, known, protected, read_published, refuse
    from hrmonitor.project.register import read_register
    from hrmonitor.publication.tables import check
    from hrmonitor.survey import read_rounds
    from hrmonitor.themes.codebook import read_themes

    asked = snakemake.params
    register = read_register(snakemake.input.register)
    themes = pd.read_csv(snakemake.input.theme_basis, dtype={"round": "str"})
    rounds = list(read_rounds(asked.rounds, snakemake.input.facilities, register, themes).values())
    forms = {round_.name: round_.questionnaire for round_ in rounds}
    books = [read_themes(path) for path in snakemake.input.theme_books]
    labels = pd.concat(books) if books else pd.DataFrame(columns=["question", "theme", "label_en", "label_nl"])
    results = Path(snakemake.output[0]).parent
    published = read_published(results, forms, asked.disclosure, set(register["facility_id"]), asked.figures, labels)
    targets = protected(rounds, asked.disclosure, asked.figures)
    table = audit(targets, published, known(rounds), forms, list(forms), asked.confidence)
    check("disclosure_audit", table)
    text = table.to_csv(index=False, float_format="%.6g", lineterminator="\n")
    try:
        refuse(table)
    except Exception:
        # Snakemake removes the output of a job that fails: what was found stands in the log's folder.
        Path(snakemake.log[0]).with_suffix(".csv").write_text(text, encoding="utf-8")
        raise
    Path(snakemake.output[0]).write_text(text, encoding="utf-8")
