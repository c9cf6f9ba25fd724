"""How many persons there are, from lists that overlap; an empty table where no round has them."""


rule persons:
    input:
        counts=sorted({study.counts for round_ in CONFIG.rounds.values() for study in (round_.persons or {}).values()}),
    output:
        "results/persons.csv",
    log:
        "results/logs/persons.log",
    params:
        rounds={name: {"persons": plain(round_.persons or {})} for name, round_ in CONFIG.rounds.items()},
        confidence=CONFIG.confidence,
        disclosure=DISCLOSURE,
        languages=LANGUAGES,
        code=code_of("persons.py"),
    script:
        "../scripts/persons.py"
