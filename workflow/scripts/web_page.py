"""A woven page as HTML: one file with figures, their data, and what a reader needs to sort, filter and look up."""

from hrmonitor.build.job import job

with job(snakemake):
    from pathlib import Path

    from hrmonitor.declarations.csv_files import read_table
    from hrmonitor.language import text
    from hrmonitor.questionnaire.model import read_validated
    from hrmonitor.reporting.outputs.explorer import explorer
    from hrmonitor.reporting.outputs.typeset import choose_engine, metadata_of
    from hrmonitor.reporting.outputs.web_page import read_figure, web_page
    from hrmonitor.study import references

    params, lang, name = snakemake.params, snakemake.wildcards.lang, snakemake.wildcards.volume
    words = text(lang)
    names = words["volumes"]
    metadata = metadata_of(params.report, lang, words, params.year, params.synthetic, name)
    metadata |= {"languages": params.languages, "contents": words["contents"], "front": f"index_{lang}.html"}
    lookup = None
    if name == params.volumes[0]:
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
        references(),
        metadata,
        choose_engine(params.report["engine"])[0],
        {
            f"{figure}_{lang}.svg": read_figure(Path("results/figures"), figure, kind, lang)
            for figure, kind in params.kinds.items()
        },
        lookup,
        {f"{other}_{lang}.html": names[other] for other in params.volumes if other != name},
    )
