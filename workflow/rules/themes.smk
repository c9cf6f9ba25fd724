"""What people wrote: themes as two coders saw them, with their agreement."""

CODED = {name: block for name, block in config["rounds"].items() if "coding" in block}


rule themes:
    input:
        coding=[path for block in CODED.values() for path in (block["coding"]["themes"], *block["coding"]["coders"])],
        submissions=expand("results/{round}/submissions.csv", round=CODED),
        register=config["register"],
    output:
        "results/themes.csv",
    log:
        "results/logs/themes.log",
    params:
        rounds={name: {"year": block["year"], "coding": block["coding"]} for name, block in CODED.items()},
        confidence=config["confidence"],
        code=code_of("themes.py"),
    script:
        "../scripts/themes.py"
