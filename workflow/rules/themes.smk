"""What people wrote: themes as the coders saw them, their agreement, and whether more answers would bring more themes."""

CODED = {name: block for name, block in config["rounds"].items() if "coding" in block}
THEME_TABLES = [f"results/theme_{name}.csv" for name in ("agreement", "confusion", "saturation", "basis")]


rule themes:
    input:
        coding=[
            path
            for block in CODED.values()
            for path in (
                block["coding"]["themes"],
                *block["coding"].get("coders", []),
                *([block["coding"]["consensus"]] if "consensus" in block["coding"] else []),
            )
        ],
        responses=expand("results/{round}/responses.parquet", round=CODED),
        submissions=expand("results/{round}/submissions.csv", round=CODED),
        register=config["register"],
    output:
        themes="results/themes.csv",
        agreement="results/theme_agreement.csv",
        confusion="results/theme_confusion.csv",
        saturation="results/theme_saturation.csv",
        basis="results/theme_basis.csv",
        quotes="results/theme_quotes.parquet",
    log:
        "results/logs/themes.log",
    params:
        rounds={name: {"year": block["year"], "coding": block["coding"]} for name, block in CODED.items()},
        settings=ESTIMATION,
        disclosure=DISCLOSURE,
        findings=[
            (finding["round"], test["question"], test["theme"])
            for finding in config["findings"].values()
            for test in finding["tests"]
            if "theme" in test
        ],
        code=code_of("themes.py"),
    script:
        "../scripts/themes.py"
