"""The public tables as a Frictionless data package."""

from hrmonitor.build.job import job

with job(snakemake):
    import shutil
    from pathlib import Path

    import pandas as pd
    import yaml
    from hrmonitor.publication.open_data import codebook, write_package
    from hrmonitor.questionnaire.model import read_validated
    from hrmonitor.tabulation.against_published import read_reference

    # What stands under results/ and is handed on as it is, with what a row is.
    DESCRIPTIONS = {
        "indicators": "An estimate a row, with interval, standard error and design effect; small cells are suppressed.",
        "changes": "The change of an indicator between two rounds; small cells are suppressed.",
        "comparability": "Whether two rounds asked an indicator alike, and why not.",
        "themes": "Themes in open answers, with the agreement between coders.",
        "theme_agreement": "Agreement between coders by theme, with intervals.",
        "findings": "Each test of each finding, with estimate, interval, p value and verdict.",
        "sensitivity": "Each finding again without a mode, without an organisation and in the worst case.",
        "response": "AAPOR outcome rates and dispositions by service, province and mode.",
        "nonresponse": "The facilities that answered beside the register.",
        "mode_effects": "Differences between interviews and returned questionnaires.",
        "item_nonresponse": "Questions left without an answer, by reason.",
        "against_published": "Our figures beside published ones, with the gap and why they may differ.",
    }
    BESIDES = {
        "response_flow": "From the register to the facilities in the analysis.",
        "codebook": "Questions and answer categories in English and Dutch.",
        "reference_series": "Published national series; real figures with their sources.",
    }

    rounds, report = snakemake.params.rounds, snakemake.params.report
    forms = {name: read_validated(round_["questionnaire"]) for name, round_ in rounds.items()}
    names = {"round": "str", "round_from": "str", "level": "str", "left_out": "str", "edition": "str"}
    tables = {
        name: pd.read_csv(path, dtype=names).convert_dtypes()
        for name, path in zip(DESCRIPTIONS, snakemake.input.tables, strict=True)
    }
    flows = [pd.read_csv(path).assign(round=name) for name, path in zip(rounds, snakemake.input.flow, strict=True)]
    tables |= {
        "response_flow": pd.concat(flows)[["round", "service", "step", "n"]],
        "codebook": codebook(forms),
        "reference_series": read_reference(report["reference"]),
    }
    synthetic = "The answers behind these tables are synthetic. " if snakemake.params.synthetic else ""
    about = {
        "name": "harm-reduction-monitor",
        "title": report["title"]["en"],
        "description": f"{synthetic}Tables of the Harm Reduction Monitor.",
        "makers": "Harm Reduction Monitor",
        "synthetic": snakemake.params.synthetic,
    }
    columns = yaml.safe_load(Path(snakemake.input.columns).read_text(encoding="utf-8"))
    write_package(Path(snakemake.output.package).parent, tables, {**DESCRIPTIONS, **BESIDES}, columns, about)
    shutil.copyfile(snakemake.input.licence, snakemake.output.licence)
