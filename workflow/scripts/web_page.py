"""A woven page as HTML: one file with figures, their data, and what a reader needs to sort, filter and look up."""

from hrmonitor.build.job import job

with job(snakemake):
    from pathlib import Path

    from hrmonitor.declarations.csv_files import read_table
    from hrmonitor.language import text
    from hrmonitor.questionnaire.model import read_validated
    from hrmonitor.reporting.outputs.explorer import explorer
    from hrmonitor.reporting.outputs.typeset import choose_engine
    from hrmonitor.reporting.outputs.web_page import read_figure, web_page

    params, lang, name = snakemake.params, snakemake.wildcards.lang, snakemake.wildcards.page
    words = text(lang)
    names = words["web"]["pages"]
    title = params.report["title"][lang]
    metadata = {
        "title": title if name == "report" else names[name],
        "subtitle": params.report["subtitle"][lang] if name == "report" else title,
        "author": params.report["authors"],
        "lang": lang,
        "languages": params.languages,
        "year": str(params.year),
        "contents": words["contents"],
        "reference-section-title": words["references"],
        "synthetic-mark": words["synthetic_mark"] if params.synthetic else "",
        "kinds": words["kinds"],
    }
    lookup = None
    if name == "report":
        lookup = explorer(
            read_table("indicators", snakemake.input.indicators[0]),
            {round_: read_validated(block["questionnaire"]) for round_, block in params.rounds.items()},
            {round_: block["title"][lang] for round_, block in params.rounds.items()},
            lang,
            {tuple(pair) for pair in params.tested},
        )
    web_page(
        Path(snakemake.input.markdown),
        Path(snakemake.output.page),
        Path("report/references.bib"),
        metadata,
        choose_engine(params.report["engine"])[0],
        {
            f"{figure}_{lang}.svg": read_figure(Path("results/figures"), figure, kind, lang)
            for figure, kind in params.kinds.items()
            if figure in params.pages[name]
        },
        lookup,
        {f"{page}_{lang}.html": names[page] for page in params.pages if page != name},
    )
