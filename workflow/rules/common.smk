"""What all rules share: the checked config, and the digest that makes rules rerun when their code changes."""

import gc
import os
import re
import sys
from pathlib import Path

WORKFLOW = (Path(workflow.basedir) / "workflow").resolve()
# What the package brings along: sentences, templates, fonts.
RESOURCES = "workflow/hrmonitor/resources"
# Matplotlib keeps its list of fonts in the home folder, unless told otherwise.
os.environ["MPLCONFIGDIR"] = str(Path(".snakemake", "matplotlib").resolve())

from hrmonitor.build.code_digest import digest_of_code, modules
from hrmonitor.build.guard import back_from_the_future, begin, changed_meanwhile, date_back, distrust, no_place_to_write
from hrmonitor.declarations.public_files import DOCUMENTS, ENGINES, VOLUMES
from hrmonitor.declarations.figures import figures as figure_kinds
from hrmonitor.declarations.tables import public_tables
from hrmonitor.declarations.tables import tables as declared_tables
from hrmonitor.project.checks import check_config
from hrmonitor.project.keys import plain
from hrmonitor.errors import UserError
from hrmonitor.errors import shown as as_shown
from hrmonitor.build.job import BUILD, FaultError
from hrmonitor.build.environment import SAME_EVERYWHERE
from hrmonitor.publication.release import commit_of, digest_of, source_files
from hrmonitor.project.config import READING_KEYS
from hrmonitor.project.finding_checks import check_comparisons
from hrmonitor.project.study_checks import check_study, unused
from hrmonitor.study import files_of as study_files
from hrmonitor.study import names_of as study_names
from hrmonitor.study import references

os.environ.update(SAME_EVERYWHERE)

# What is imported by now stays to the end. Python would look through all of it for garbage several times more, mostly while it ends: a
# fifth of a call with nothing to do.
gc.freeze()

try:
    KINDS = figure_kinds()
    CONFIG = check_config(config)
    STUDIES = check_study(CONFIG)
    PUBLIC_TABLES = list(public_tables(CONFIG.frames, bool(CONFIG.groups)))
    SOURCES = source_files(Path.cwd())
    # In the params of the rules that print it, so that they rerun when it changes.
    MADE_FROM = {"commit": commit_of(Path.cwd(), SOURCES), "sources": digest_of(SOURCES)}
except UserError as error:
    print(as_shown(error), file=sys.stderr)
    sys.exit(1)

# Jobs end themselves if this process is gone.
os.environ[BUILD] = str(os.getpid())

if workflow.is_main_process:
    date_back(SOURCES)
    NO_PLACE = no_place_to_write(Path("results"), Path(".snakemake"))
    for sentence in [*NO_PLACE, *back_from_the_future(Path("results"), SOURCES)]:
        print(as_shown(FaultError(sentence)), file=sys.stderr)
    for sentence in unused(STUDIES, CONFIG, config.get("findings") or {}):
        print(sentence, file=sys.stderr)
    for name in CONFIG.waiting:
        print(f"Round {name} has no exports yet and is left out.", file=sys.stderr)
    if NO_PLACE and not os.access(".snakemake", os.W_OK):  # where Snakemake itself writes, also in a dry run
        sys.exit(1)

ROUNDS = list(CONFIG.rounds)
# Not every study has one.
REGISTER = [CONFIG.register] if CONFIG.register else []
LANGUAGES = list(CONFIG.languages)
# Results carry no clock; where a file must have a date, it is that of the newest round.
YEAR = CONFIG.newest_year
DISCLOSURE = plain(CONFIG.disclosure)
ESTIMATION = {key: getattr(CONFIG, key) for key in ("confidence", "seed", "dont_know_in_base")} | plain(
    CONFIG.estimation
)


wildcard_constraints:
    figure="|".join(CONFIG.figures) or "none",
    round="|".join(ROUNDS),
    lang="|".join(LANGUAGES),


def code_of(script: str, *modules: str) -> str:
    """A digest of the script and of the modules behind it, and of `modules`: in `params`, so that an edit reruns the rule."""
    return digest_of_code(WORKFLOW / "scripts" / script, *modules)


def shown(files: str | list[str], caption: str, category: str, **labels: str):
    """Outputs that `snakemake --report` shows, with the words of resources/captions/{caption}.rst.

    Only for what may be published and for `all`: the report is one file that people send on.
    """
    return report(files, caption=f"../hrmonitor/resources/captions/{caption}.rst", category=category, labels=labels)


def questionnaire_files(round_: str) -> list[str]:
    folder = CONFIG.rounds[round_].questionnaire
    sheets = [f"{folder}/{sheet}.csv" for sheet in ("survey", "choices", "settings", "crosswalk")]
    # The crosswalk is the one sheet that a form can do without.
    return [sheet for sheet in sheets if not sheet.endswith("crosswalk.csv") or Path(sheet).is_file()]


def all_questionnaire_files() -> list[str]:
    return [file for round_ in ROUNDS for file in questionnaire_files(round_)]


def rounds_with(*keys: str) -> dict[str, dict]:
    """Those keys of every round."""
    return {name: {key: plain(getattr(round_, key)) for key in keys} for name, round_ in CONFIG.rounds.items()}


def round_config(*keys: str):
    """A params function: those keys of the wildcards' round, so that only their change reruns the rule."""
    return lambda wildcards: {key: plain(getattr(CONFIG.rounds[wildcards.round], key)) for key in keys}


def per_round(file: str) -> list[str]:
    return [f"results/{round_}/{file}" for round_ in ROUNDS]


def result_files(table: str) -> str | list[str]:
    """Where a declared table stands: one file, or one a round."""
    return per_round(f"{table}.csv") if declared_tables()[table].one_a_round else f"results/{table}.csv"


# The records of earlier editions: what was printed cannot be hidden again.
EDITIONS = [path for path in SOURCES if path.startswith("editions/")]
# The words for what the survey is of.
UNITS = f"{RESOURCES}/languages/{{lang}}/units.yaml"
# What is said in a language: sentences, and the terms that figures use too.
WORDS = [
    UNITS,
    *(
        f"{RESOURCES}/languages/{{lang}}/{name}.yaml"
        for name in ("report", "terms", *(["frames"] if CONFIG.framed_by != "register" else []))
    ),
]
# What the study says of itself: its texts, and the names that figures and tables use too.
STUDY = {lang: study_files(lang) for lang in LANGUAGES}
NAMES = [file for lang in LANGUAGES for file in study_names(lang)]
REFERENCES = [path.as_posix() for path in references()]
THEME_BOOKS = [round_.coding.themes for round_ in CONFIG.coded.values()]
REFERENCE_FILES = [
    f"{CONFIG.report.reference}/{name}.csv" for name in ("series", "values", "comparisons", "derived", "publications")
]
REFERENCE_FILES = [
    file for file in REFERENCE_FILES if file.endswith(("series.csv", "values.csv")) or Path(file).is_file()
]
