"""Themes in the open answers of the rounds that were coded, and how the coders came to them."""

from hrmonitor.build.job import job

with job(snakemake):
    from pathlib import Path

    import pandas as pd
    from hrmonitor.declarations.csv_files import read_table, write_table
    from hrmonitor.disclosure.rules import Rules
    from hrmonitor.disclosure.theme_cells import hide_themes
    from hrmonitor.estimation.sampling_design import EstimationSettings
    from hrmonitor.project.register import frame_of_year, read_register
    from hrmonitor.themes.agreement import AGREEMENT, CONFUSION, agreement_table, confusion_table
    from hrmonitor.themes.codebook import read_themes
    from hrmonitor.themes.coding import answers_to_code, read_coding, side_by_side
    from hrmonitor.themes.prevalence import COLUMNS, QUOTES, SETTLED, adjudicate, cleared_quotes, estimate_themes
    from hrmonitor.themes.saturation import SATURATION, saturation_table

    asked = snakemake.params
    register = read_register(snakemake.input.register)
    columns = {
        "themes": COLUMNS,
        "agreement": AGREEMENT,
        "confusion": CONFUSION,
        "saturation": SATURATION,
        "basis": SETTLED,
        "quotes": QUOTES,
    }
    tables = {name: [pd.DataFrame(columns=heading)] for name, heading in columns.items()}
    notes = []
    for (name, round_), responses, submissions in zip(
        asked.rounds.items(), snakemake.input.responses, snakemake.input.submissions, strict=True
    ):
        files = round_["coding"]
        book = read_themes(files["themes"])
        kept = read_table("submissions", submissions)
        answers = answers_to_code(name, book, pd.read_parquet(responses), kept, register, asked.settings["seed"])
        coders = [read_coding(path, book, answers) for path in files.get("coders", [])]
        consensus = read_coding(files["consensus"], book, answers) if "consensus" in files else None
        wide, told = side_by_side(coders, answers)
        settled = adjudicate(name, wide, consensus, answers)
        agreement = agreement_table(name, book, wide, asked.settings["confidence"], asked.settings["seed"])
        alphas = agreement[agreement["statistic"] == "alpha"].set_index(["question", "theme"])["estimate"].to_dict()
        frame = frame_of_year(register, round_["year"])
        estimated = estimate_themes(name, book, settled, alphas, frame, EstimationSettings(**asked.settings))
        organisations = register.set_index("facility_id")["organisation"]
        tested = {(question, theme) for round_, question, theme in asked.findings if round_ == name}
        rules = Rules(**asked.disclosure)
        tables["themes"].append(hide_themes(estimated, settled, organisations, rules, tested))
        tables["agreement"].append(agreement)
        tables["confusion"].append(confusion_table(name, book, wide))
        tables["saturation"].append(saturation_table(name, settled, asked.settings["seed"]))
        tables["basis"].append(settled)
        everybody = [*coders, *([consensus] if consensus else [])]
        tables["quotes"].append(cleared_quotes(name, everybody, answers, settled))
        counts = settled.groupby("basis").size()
        notes += [f"{name}: {note}" for note in [*told, *(consensus.notes if consensus else [])]]
        notes += [f"{name}: {number} themes of answers taken from: {basis}" for basis, number in counts.items()]
    # What is not as it might be, and where the themes were taken from.
    Path(snakemake.log[0]).write_text("".join(f"{note}\n" for note in notes), encoding="utf-8")
    for name, parts in tables.items():
        table = pd.concat([part for part in parts if len(part)] or parts, ignore_index=True)
        if name == "quotes":
            table.to_parquet(snakemake.output.quotes, index=False)
            continue
        write_table("themes" if name == "themes" else f"theme_{name}", table, snakemake.output[name])
