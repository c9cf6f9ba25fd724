"""Countries, regions or cities side by side, where rounds belong to several."""

if CONFIG.groups:

    rule groups:
        input:
            questionnaires=sorted(
                {file for round_ in CONFIG.latest_rounds.values() for file in questionnaire_files(round_)}
            ),
            indicators="results/indicators.csv",
        output:
            groups="results/groups.csv",
            comparability="results/group_comparability.csv",
        log:
            "results/logs/groups.log",
        params:
            latest=CONFIG.latest_rounds,
            questionnaires={name: CONFIG.rounds[name].questionnaire for name in CONFIG.latest_rounds.values()},
            groups=plain(CONFIG.groups),
            languages=LANGUAGES,
            code=code_of("groups.py"),
        script:
            "../scripts/groups.py"
