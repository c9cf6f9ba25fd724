"""One figure in all languages, its alt text and its data."""

from hrmonitor.build.job import job

with job(snakemake):
    from importlib import import_module
    from pathlib import Path

    import pandas as pd
    from hrmonitor.cleaning.imputation_flags import drop_imputed
    from hrmonitor.disclosure.rules import Rules
    from hrmonitor.figures import Data, save
    from hrmonitor.project.register import read_register
    from hrmonitor.questionnaire.model import read_validated
    from hrmonitor.tabulation.against_published import read_reference

    options, rounds = snakemake.params.options, snakemake.params.rounds
    kind = import_module(f"hrmonitor.figures.{options['kind']}")
    data = Data(
        questionnaires={name: read_validated(round_["questionnaire"]) for name, round_ in rounds.items()},
        years={name: round_["year"] for name, round_ in rounds.items()},
        rules=Rules(**snakemake.params.disclosure),
    )
    tables = snakemake.input
    for name in ("indicators", "findings", "themes", "saturation"):
        if name in kind.INPUTS:
            setattr(data, name, pd.read_csv(tables[name], dtype={"round": "str"}))
    if "themes" in kind.INPUTS:
        from hrmonitor.themes.codebook import read_themes

        data.theme_labels = pd.concat([read_themes(path) for path in tables.theme_books])
    if "suppressions" in kind.INPUTS:
        data.suppressions = pd.read_csv(tables.suppressions, dtype="str", keep_default_na=False)
    if "register" in kind.INPUTS:
        data.register = read_register(tables.register)
    if "reference" in kind.INPUTS:
        data.reference = read_reference(snakemake.params.reference)

    def as_given(path):
        return drop_imputed(pd.read_parquet(path))

    # A figure that is made from answers shows what facilities answered.
    for name, read in (("facilities", as_given), ("flow", pd.read_csv), ("audit", pd.read_csv)):
        if name in kind.INPUTS:
            setattr(data, name, dict(zip(rounds, map(read, tables[name]), strict=True)))
    table = kind.table(data, options)
    table.to_csv(snakemake.output.table, index=False, float_format="%.10g", lineterminator="\n")
    for lang in snakemake.params.languages:
        stem = Path(snakemake.output.table).with_suffix("")
        stem = stem.with_name(f"{stem.name}_{lang}")
        save(kind.draw(table, options, lang), stem)
        stem.with_suffix(".alt.txt").write_text(kind.alt_text(table, options, lang) + "\n", encoding="utf-8")
        lines = "\n".join(kind.description(table, options, lang))
        stem.with_suffix(".long.txt").write_text(lines + "\n", encoding="utf-8")
