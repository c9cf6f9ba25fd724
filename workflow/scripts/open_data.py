"""The public tables as a Frictionless data package."""

from hrmonitor.build.job import job

with job(snakemake):
    import shutil
    from pathlib import Path

    import pandas as pd
    from hrmonitor.declarations.csv_files import read_table
    from hrmonitor.declarations.tables import public_tables
    from hrmonitor.publication.names import called, slug_of
    from hrmonitor.publication.open_data import codebook, write_package
    from hrmonitor.questionnaire.model import read_validated
    from hrmonitor.tabulation.against_published import read_reference

    rounds, report, languages = snakemake.params.rounds, snakemake.params.report, snakemake.params.languages
    forms = {name: read_validated(round_["questionnaire"]) for name, round_ in rounds.items()}
    flows = [
        read_table("flow", path).assign(round=name) for name, path in zip(rounds, snakemake.input.flow, strict=True)
    ]
    of_the_package = {
        "response_flow": pd.concat(flows)[["round", "service", "step", "n"]],
        "codebook": codebook(forms, languages),
        "reference_series": read_reference(report["reference"], languages),
    }
    tables = {
        name: of_the_package[name] if name in of_the_package else read_table(name, snakemake.input[name])
        for name in public_tables(snakemake.params.frames, snakemake.params.groups)
    }
    synthetic = "The answers behind these tables are synthetic. " if snakemake.params.synthetic else ""
    # The package speaks English, wherever the title does too.
    title = report["title"].get("en") or report["title"][languages[0]]
    about = {
        "name": slug_of(report["name"] or title),
        "title": title,
        "publication": called(report["name"]),
        "description": f"{synthetic}Tables of the {called(report['name'])}.",
        "makers": ", ".join(report["authors"]),
        "keywords": report["keywords"],
        "synthetic": snakemake.params.synthetic,
        "languages": languages,
        "register": "register" in snakemake.params.frames,
    }
    write_package(Path(snakemake.output.package).parent, tables, about)
    shutil.copyfile(snakemake.input.licence, snakemake.output.licence)
