"""What all rules share: the checked config, and the digest that makes rules rerun when their code changes."""

import gc
import hashlib
import os
import re
import sys
from functools import cache
from pathlib import Path

WORKFLOW = (Path(workflow.basedir) / "workflow").resolve()
sys.path.insert(0, str(WORKFLOW))
# `script:` jobs are processes of their own; this is how they find the package without an install.
os.environ["PYTHONPATH"] = str(WORKFLOW)
# Matplotlib keeps its list of fonts in the home folder, unless told otherwise.
os.environ["MPLCONFIGDIR"] = str(Path(".snakemake", "matplotlib").resolve())

from hrmonitor.builds import back_from_the_future, begin, changed_meanwhile, date_back, no_place_to_write
from hrmonitor.config import check_config
from hrmonitor.errors import UserError
from hrmonitor.errors import shown as as_shown
from hrmonitor.jobs import BUILD, FaultError
from hrmonitor.machine import SAME_EVERYWHERE
from hrmonitor.release import commit_of, digest_of, source_files
from hrmonitor.rounds import decision_files

os.environ.update(SAME_EVERYWHERE)

# What is imported by now stays to the end. Python would look through all of it for garbage several times more, mostly while it ends: a
# fifth of a call with nothing to do.
gc.freeze()

try:
    config = check_config(config)
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
    for name in config["waiting"]:
        print(f"Round {name} has no exports yet and is left out.", file=sys.stderr)

ROUNDS = list(config["rounds"])
LANGUAGES = config["languages"]
# Results carry no clock; where a file must have a date, it is that of the newest round.
YEAR = max(block["year"] for block in config["rounds"].values())
DISCLOSURE = config["disclosure"]
ESTIMATION = {key: config[key] for key in ("confidence", "seed", "dont_know_in_base")} | config["estimation"]


wildcard_constraints:
    figure="|".join(config["figures"]) or "none",
    round="|".join(ROUNDS),
    lang="|".join(LANGUAGES),


# Name in an import -> file.
MODULES = {
    ".".join(path.relative_to(WORKFLOW).with_suffix("").parts).removesuffix(".__init__"): path
    for path in (WORKFLOW / "hrmonitor").rglob("*.py")
}
# Of a line that imports from hrmonitor: the module, and the names if there are any. Parsing all files takes half a second of every call.
IMPORTS = re.compile(r"^ *(?:import|from) +(hrmonitor[\w.]*)(?: +import +(?:\(([^)]*)\)|(.*)))?", re.M)


@cache
def imports_of(file: Path) -> set[Path]:
    """The files of hrmonitor that `file` itself imports."""
    found = set()
    for module, *names in IMPORTS.findall(file.read_text(encoding="utf-8")):
        found |= {module, *(f"{module}.{name}" for name in re.findall(r"\w+", " ".join(names)))}
    return {MODULES[name] for name in found & MODULES.keys()}


def modules_used_by(file: Path) -> set[Path]:
    """The files of hrmonitor behind `file`, directly or through each other, and itself."""
    found, todo = set(), [file]
    while todo:
        one = todo.pop()
        if one not in found:
            found.add(one)
            todo += imports_of(one)
    return found


@cache
def named_bytes(file: Path) -> bytes:
    return str(file.relative_to(WORKFLOW)).encode() + file.read_bytes()


def code_of(*scripts: str) -> str:
    """A digest of the library modules behind a rule: it goes into `params`, so that an edit reruns the rule.

    Snakemake itself sees a change of the script, but not of the modules which the script imports.
    """
    files = {WORKFLOW / "hrmonitor" / "machine.py"}
    for script in scripts:
        files |= modules_used_by((WORKFLOW / "scripts" / script).resolve())
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(named_bytes(file))
    return digest.hexdigest()[:16]


def shown(files: str | list[str], caption: str, category: str, **labels: str):
    """Outputs that `snakemake --report` shows, with the words of report/captions/{caption}.rst.

    Only for what may be published and for `all`: the report is one file that people send on.
    """
    return report(files, caption=f"../../report/captions/{caption}.rst", category=category, labels=labels)


def questionnaire_files(round_: str) -> list[str]:
    folder = config["rounds"][round_]["questionnaire"]
    sheets = [f"{folder}/{sheet}.csv" for sheet in ("survey", "choices", "settings", "crosswalk")]
    # The crosswalk is the one sheet that a form can do without.
    return [sheet for sheet in sheets if not sheet.endswith("crosswalk.csv") or Path(sheet).is_file()]


def all_questionnaire_files() -> list[str]:
    return [file for round_ in ROUNDS for file in questionnaire_files(round_)]


def rounds_with(*keys: str) -> dict[str, dict]:
    """Those keys of every round."""
    return {name: {key: block[key] for key in keys} for name, block in config["rounds"].items()}


def round_config(*keys: str):
    """A params function: those keys of the wildcards' round, so that only their change reruns the rule."""
    return lambda wildcards: {key: config["rounds"][wildcards.round].get(key) for key in keys}


@cache
def needs(figure: str) -> list[str]:
    """The tables that the figure's kind asks for, from the INPUTS line of its module."""
    kind = WORKFLOW / "hrmonitor" / "figures" / f"{config['figures'][figure]['kind']}.py"
    line = re.search(r"^INPUTS = \((.*)\)$", kind.read_text(encoding="utf-8"), re.M).group(1)
    return re.findall(r'"(\w+)"', line)


def tables_for(name: str, paths: list[str]):
    """An input function: those paths, for figures that need the table."""
    return lambda wildcards: paths if name in needs(wildcards.figure) else []


def per_round(file: str) -> list[str]:
    return [f"results/{round_}/{file}" for round_ in ROUNDS]


# What is said in a language: sentences, and the terms that figures use too.
WORDS = ["report/text/{lang}.yaml", "report/text/terms_{lang}.yaml"]
THEME_BOOKS = [block["coding"]["themes"] for block in config["rounds"].values() if "coding" in block]
REFERENCE_FILES = [f"{config['report']['reference']}/{name}.csv" for name in ("series", "values", "comparisons")]
REFERENCE_FILES = [file for file in REFERENCE_FILES if not file.endswith("comparisons.csv") or Path(file).is_file()]
