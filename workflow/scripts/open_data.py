"""The public tables as a Frictionless data package."""

from hrmonitor.errors import for_people

with for_people(snakemake.log):
    from pathlib import Path

    import pandas as pd
    from hrmonitor.package import codebook, write_package
    from hrmonitor.questionnaire import read_questionnaire
    from hrmonitor.reference import read_reference

    rounds, report = snakemake.params.rounds, snakemake.params.report
    forms = {name: read_questionnaire(round_["questionnaire"]) for name, round_ in rounds.items()}
    flows = [pd.read_csv(path).assign(round=name) for name, path in zip(rounds, snakemake.input.flow, strict=True)]
    tables = {
        "indicators": pd.read_csv(snakemake.input.indicators, dtype={"round": "str", "n": "Int64"}),
        "themes": pd.read_csv(snakemake.input.themes, dtype={"round": "str"}),
        "findings": pd.read_csv(snakemake.input.findings),
        "response_flow": pd.concat(flows)[["round", "service", "step", "n"]],
        "codebook": codebook(forms),
        "reference_series": read_reference(report["reference"]),
    }
    descriptions = {
        "indicators": "An estimate a row, with interval; small cells are suppressed.",
        "themes": "Themes in open answers, with the agreement between coders.",
        "findings": "Each test of each finding, with estimate, interval and verdict.",
        "response_flow": "From the register to the facilities in the analysis.",
        "codebook": "Questions and answer categories in English and Dutch.",
        "reference_series": "Published national series; real figures with their sources.",
    }
    synthetic = "The answers behind these tables are synthetic. " if snakemake.params.synthetic else ""
    about = {
        "name": "harm-reduction-monitor",
        "title": report["title"]["en"],
        "description": f"{synthetic}Tables of the Harm Reduction Monitor.",
        "synthetic": snakemake.params.synthetic,
    }
    write_package(Path(snakemake.output.package).parent, tables, descriptions, about)
