"""One job a figure: both languages, alt text, a description in words, and the data behind it."""

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


rule figure:
    input:
        unpack(lambda wildcards: made_from(CONFIG.figures[wildcards.figure].kind)),
        questionnaires=all_questionnaire_files(),
        words=expand(f"{RESOURCES}/text/terms_{{lang}}.yaml", lang=LANGUAGES),
        look=f"{RESOURCES}/matplotlibrc",
    output:
        table=shown("results/figures/{figure}.csv", "figure_data", "Figures", figure="{figure}", form="data"),
        images=[
            (
                shown(path, "figure", "Figures", figure="{figure}", form=f"picture, {lang}")
                if path.endswith(f"_{lang}.svg")
                else path
            )
            for lang in LANGUAGES
            for path in (
                f"results/figures/{{figure}}_{lang}.{kind}"
                for kind in ("svg", "narrow.svg", "png", "title.txt", "alt.txt", "long.txt")
            )
        ],
    log:
        "results/logs/figure_{figure}.log",
    params:
        options=lambda wildcards: plain(CONFIG.figures[wildcards.figure]) | FIGURE_OPTIONS,
        # Only what is made from findings waits for what config.yaml says of them.
        claims=lambda wildcards: (
            plain(CONFIG.findings) if "findings" in KINDS[CONFIG.figures[wildcards.figure].kind].inputs else {}
        ),
        rounds=rounds_with("year", "questionnaire", "frame"),
        languages=LANGUAGES,
        disclosure=DISCLOSURE,
        reference=CONFIG.report.reference,
        code=lambda wildcards: code_of("figure.py", f"hrmonitor.figures.{CONFIG.figures[wildcards.figure].kind}"),
    script:
        "../scripts/figure.py"
