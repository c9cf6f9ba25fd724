"""Harm Reduction Monitor: raw questionnaire exports in, report and data package out.

snakemake --cores 4            everything
snakemake simulate --cores 1   write the synthetic raw data anew
"""

from snakemake.utils import min_version

min_version("9.0")


configfile: "config.yaml"


include: "workflow/rules/package.smk"
include: "workflow/rules/common.smk"
include: "workflow/rules/simulate.smk"
include: "workflow/rules/ingest.smk"
include: "workflow/rules/clean.smk"
include: "workflow/rules/suppressions.smk"
include: "workflow/rules/indicators.smk"
include: "workflow/rules/comparability.smk"
include: "workflow/rules/groups.smk"
include: "workflow/rules/changes.smk"
include: "workflow/rules/trends.smk"
include: "workflow/rules/against_published.smk"
include: "workflow/rules/persons.smk"
include: "workflow/rules/themes.smk"
include: "workflow/rules/findings.smk"
include: "workflow/rules/response.smk"
include: "workflow/rules/figures.smk"
include: "workflow/rules/report.smk"
include: "workflow/rules/formats.smk"
include: "workflow/rules/web.smk"
include: "workflow/rules/publication.smk"
include: "workflow/rules/disclosure_audit.smk"


# Every output by its name: Snakemake does not miss a file that only stands between others.
RESULTS = {
    path
    for rule in workflow.rules
    if rule.name != "engines_agree"
    for output in rule.output
    for path in expand(re.sub(r",[^}]*", "", output), round=ROUNDS, lang=LANGUAGES, figure=FIGURES, volume=VOLUMES)
}


if workflow.is_main_process and not NO_PLACE:
    for sentence in distrust(RESULTS):
        print(sentence, file=sys.stderr)


rule all:
    default_target: True
    input:
        sorted(RESULTS),
        BY_BOTH,


# Only what runs jobs needs the folder to itself; a dry run or a summary does not come here.
onstart:
    if workflow.is_main_process:
        if NO_PLACE:  # it has been said
            sys.exit(1)
        try:
            begin()
            check_comparisons({*CONFIG.rounds, *CONFIG.waiting}, CONFIG.report.reference)
        except UserError as error:
            print(as_shown(error), file=sys.stderr)
            sys.exit(1)
        print(f"Typesetting: {choose_engine(CONFIG.report.engine)[1]}.", file=sys.stderr)


onsuccess:
    if workflow.is_main_process:
        changed = changed_meanwhile(SOURCES, source_files(Path.cwd()))
        if changed and "simulate" not in workflow.dag_settings.targets:  # which writes raw/ itself
            print(as_shown(FaultError(changed)), file=sys.stderr)
            sys.exit(1)
