"""One figure in all languages, its alt text and its data."""

from hrmonitor.build.job import job

with job(snakemake):
    from importlib import import_module
    from pathlib import Path

    import pandas as pd
    from hrmonitor.cleaning.imputation_flags import drop_imputed
    from hrmonitor.declarations.csv_files import read_table
    from hrmonitor.declarations.tables import tables
    from hrmonitor.disclosure.rules import Rules
    from hrmonitor.figures.data import Data, save
    from hrmonitor.project.frame import register_of
    from hrmonitor.questionnaire.model import read_validated
    from hrmonitor.tabulation.against_published import read_reference

    options, rounds, files = snakemake.params.options, snakemake.params.rounds, snakemake.input
    kind = import_module(f"hrmonitor.figures.{options['kind']}").FIGURE

    def read(name: str):
        """An input of a figure; those of the rounds by round."""
        if name == "facilities":
            # A figure that is made from answers shows what facilities answered.
            return {
                round_: drop_imputed(pd.read_parquet(path)) for round_, path in zip(rounds, files[name], strict=True)
            }
        if name == "register":
            return register_of(*files[name])
        if name == "reference":
            return read_reference(snakemake.params.reference)
        if name == "theme_books":
            from hrmonitor.themes.codebook import read_themes

            return pd.concat([read_themes(path) for path in files[name]])
        if tables()[name].one_a_round:
            return {round_: read_table(name, path) for round_, path in zip(rounds, files[name], strict=True)}
        return read_table(name, files[name])

    data = Data(
        questionnaires={name: read_validated(round_["questionnaire"]) for name, round_ in rounds.items()},
        tables={name: read(name) for name in kind.inputs},
        years={name: round_["year"] for name, round_ in rounds.items()},
        rules=Rules(**snakemake.params.disclosure),
        languages=snakemake.params.languages,
        claims=snakemake.params.claims,
    )
    table = kind.table(data, options)
    table.to_csv(snakemake.output.table, index=False, float_format="%.10g", lineterminator="\n")
    for lang in snakemake.params.languages:
        stem = Path(snakemake.output.table).with_suffix("")
        stem = stem.with_name(f"{stem.name}_{lang}")
        save(kind.draw(table, options, lang), stem.with_suffix(".svg"), stem.with_suffix(".png"))
        save(kind.draw(table, options | {"narrow": True}, lang), stem.with_suffix(".narrow.svg"))
        title = kind.headline(table, options, lang) or options["title"][lang]
        stem.with_suffix(".title.txt").write_text(title + "\n", encoding="utf-8")
        stem.with_suffix(".alt.txt").write_text(kind.alt_text(table, options, lang) + "\n", encoding="utf-8")
        lines = "\n".join(kind.description(table, options, lang))
        stem.with_suffix(".long.txt").write_text(lines + "\n", encoding="utf-8")
