"""All figures in all languages, their alt texts and their data; those that would be drawn as they are stay."""

from hrmonitor.build.job import job

with job(snakemake) as digests:
    from importlib.metadata import version
    from pathlib import Path

    from hrmonitor.build.batch import digest_of, put_on_record, side_by_side, to_make
    from hrmonitor.disclosure.rules import Rules
    from hrmonitor.figures.data import Data
    from hrmonitor.figures.drawing import draw, kind_of, read_input
    from hrmonitor.questionnaire.model import read_validated

    params = snakemake.params
    rounds, figures = params.rounds, params.figures
    shared = {name: params[name] for name in ("rounds", "languages", "disclosure", "reference")}
    shared["libraries"] = [version(name) for name in ("matplotlib", "numpy", "pandas")]
    made_from = {
        name: digest_of(figure | shared | {path: digests[path] for path in figure["files"]})
        for name, figure in figures.items()
    }
    outputs = {name: figure["outputs"] for name, figure in figures.items()}
    names = to_make(made_from, outputs)

    kinds = {name: kind_of(figures[name]["options"]["kind"]) for name in names}
    tables = {
        table: read_input(table, snakemake.input[table], rounds, params.reference)
        for table in sorted({table for kind in kinds.values() for table in kind.inputs})
    }
    questionnaires = {name: read_validated(round_["questionnaire"]) for name, round_ in rounds.items()}

    def make(name: str) -> None:
        data = Data(
            questionnaires=questionnaires,
            tables={table: tables[table] for table in kinds[name].inputs},
            years={name: round_["year"] for name, round_ in rounds.items()},
            rules=Rules(**params.disclosure),
            languages=params.languages,
            claims=figures[name]["claims"],
            groups={name: round_["group"] or "" for name, round_ in rounds.items()},
        )
        draw(kinds[name], data, figures[name]["options"], Path("results/figures", name))

    Path(snakemake.log[0]).write_text(f"Drawn: {', '.join(names) or 'none'}.\n", encoding="utf-8")
    side_by_side(make, names, snakemake.threads)
    put_on_record(made_from, outputs)
