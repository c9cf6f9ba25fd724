"""All figures in one job: both languages, alt text, a description in words, and the data behind each.

A job for each takes 45 CPU seconds in all, most of them for imports; one job takes 18. A figure whose data, settings, code
and libraries are as they were is kept (`build/batch.py`), also when Snakemake is told to run all.
"""

# What all figures know of the config as a whole.
FIGURE_OPTIONS = {"confidence": CONFIG.confidence, "synthetic": CONFIG.synthetic}


def made_from(kind: str) -> dict[str, str | list[str]]:
    """The files that a kind of figure is made from, by the names of its tables."""
    others = {
        "facilities": per_round("facilities.parquet"),
        "register": REGISTER,
        "reference": REFERENCE_FILES,
        "theme_books": THEME_BOOKS,
    }
    return {name: others[name] if name in others else result_files(name) for name in KINDS[kind].inputs}


# What every figure uses.
USED_BY_ALL = [
    *all_questionnaire_files(),
    *expand(f"{RESOURCES}/languages/{{lang}}/terms.yaml", lang=LANGUAGES),
    *expand(UNITS, lang=LANGUAGES),
    *NAMES,
    f"{RESOURCES}/matplotlibrc",
]


def outputs_of(figure: str) -> list[str]:
    kinds = ("svg", "narrow.svg", "png", "title.txt", "alt.txt", "long.txt")
    return [
        f"results/figures/{figure}.csv",
        *(f"results/figures/{figure}_{lang}.{kind}" for lang in LANGUAGES for kind in kinds),
    ]


def files_of(figure: str) -> list[str]:
    """All that a figure is made from."""
    tables = made_from(CONFIG.figures[figure].kind).values()
    return USED_BY_ALL + [path for files in tables for path in ([files] if isinstance(files, str) else files)]


def settings_of(figure: str) -> dict:
    """What a figure is drawn from and by: once it changes, the figure is drawn anew."""
    block = CONFIG.figures[figure]
    return {
        "options": plain(block) | FIGURE_OPTIONS,
        # Only what is made from findings waits for what config.yaml says of them.
        "claims": plain(CONFIG.findings) if "findings" in KINDS[block.kind].inputs else {},
        "unit": CONFIG.unit,
        "files": files_of(figure),
        "outputs": outputs_of(figure),
        "code": code_of("figure.py", f"hrmonitor.figures.{block.kind}"),
    }


def shown_outputs(figure: str) -> list[str]:
    """What the job leaves of a figure, with what `snakemake --report` shows of it. It is not deleted as the job begins."""
    table, *others = outputs_of(figure)
    pictures = {f"results/figures/{figure}_{lang}.svg": lang for lang in LANGUAGES}
    return [
        update(shown(table, "figure_data", "Figures", figure=figure, form="data")),
        *(
            update(
                shown(path, "figure", "Figures", figure=figure, form=f"picture, {pictures[path]}")
                if path in pictures
                else path
            )
            for path in others
        ),
    ]


rule figure:
    input:
        **{
            name: files
            for kind in sorted({figure.kind for figure in CONFIG.figures.values()})
            for name, files in made_from(kind).items()
        },
        used_by_all=USED_BY_ALL,
    output:
        [path for figure in CONFIG.figures for path in shown_outputs(figure)],
    log:
        "results/logs/figure.log",
    threads: 2
    params:
        figures=lambda wildcards: {figure: settings_of(figure) for figure in CONFIG.figures},
        rounds=rounds_with("year", "questionnaire", "frame", "group"),
        languages=LANGUAGES,
        disclosure=DISCLOSURE,
        reference=CONFIG.report.reference,
    script:
        "../scripts/figure.py"
