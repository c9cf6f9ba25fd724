"""The engine knows nothing of what a study is about: no service, drug, place, network, country or year of the shipped one."""

from __future__ import annotations

import csv
import re

import pytest
from hrmonitor.language import TEXT_FILES
from settings import ROOT, shipped

# What belongs to the shipped study although it stands among the code: the programs that make its synthetic answers up, and the command for them.
OF_THE_STUDY = ("workflow/hrmonitor/simulation/", "workflow/scripts/simulate.py")
# Fonts and their licences are others' work.
OF_OTHERS = ("workflow/hrmonitor/resources/fonts/",)
# Drugs and what goes with their use, networks and their talk, countries, other years that the shipped texts name. Patterns of whole words.
WORDS = (
    "drugs?", "heroin\\w*", "heroïne\\w*", "methadon\\w*", "buprenorphin\\w*", "buprenorfine", "naloxon\\w*", "ghb", "gbl", "crack", "coca[iï]ne", "opioid\\w*",
    "opioïd\\w*", "opia\\w*", "cannabis", "amphetamine\\w*", "needles?", "naald\\w*", "syringes?", "spuit\\w*", "injecting", "inject(?:s|ion|ions)", "overdos\\w*",
    "addict\\w*", "verslav\\w*", "harm[ -]?reduction\\w*", "consumption rooms?", "gebruiksruimte\\w*", "trimbos\\S*", "lisbon", "emcdda", "euda", "ladis", "dims",
    "netherlands", "nederland", "dutch", "holland", "belgi\\w+", "germany", "zurich", "europe\\w*", "2017", "2020", "2022",
)  # fmt: skip
# (file, what is found there) -> why it may stand.
EXCEPTIONS = {
    ("Snakefile", "harm reduction"): "the name of the program",
    ("workflow/hrmonitor/__init__.py", "harm reduction"): "the name of the program",
    ("workflow/hrmonitor/project/config.py", "harm reduction"): "the name of the program",
    ("workflow/hrmonitor/resources/config.schema.yaml", "harm reduction"): "the name of the program",
    ("workflow/hrmonitor/resources/languages/en/report.yaml", "harm reduction"): "the name of the program, in the colophon",
    ("workflow/hrmonitor/resources/languages/nl/report.yaml", "harm reduction"): "the name of the program, in the colophon",
    ("workflow/hrmonitor/resources/languages/de/report.yaml", "harm reduction"): "the name of the program, in the colophon",
    ("workflow/hrmonitor/resources/languages/fr/report.yaml", "harm reduction"): "the name of the program, in the colophon",
    **{
        (f"workflow/hrmonitor/resources/{name}", "hat"): "a German verb"
        for name in ("glossary.yaml", "new_study/de/report.md", *(f"languages/de/{one}.yaml" for one in TEXT_FILES))
    },
    ("workflow/hrmonitor/resources/web/page.html", "harm reduction"): "the name of the program, as the page's generator",
    ("workflow/hrmonitor/questionnaire/missing_words.py", "dutch"): "a language",
    ("workflow/hrmonitor/personal_data.py", "dutch"): "a language",
    ("workflow/hrmonitor/readers/tools/limesurvey.py", "dutch"): "a language",
    ("workflow/hrmonitor/language.py", "dutch"): "a language",
    ("workflow/hrmonitor/cleaning/answers.py", "dutch"): "a language",
    ("workflow/hrmonitor/resources/languages/nl/terms.yaml", "dutch"): "a language",
    ("workflow/hrmonitor/estimation/capture.py", "holland"): "the author of a method",
    ("workflow/hrmonitor/themes/saturation.py", "2020"): "the year in which a method was published",
    ("workflow/hrmonitor/project/keys.py", "2020"): "the edition of JSON Schema",
    ("workflow/hrmonitor/resources/config.schema.yaml", "2020"): "the edition of JSON Schema",
    ("workflow/hrmonitor/resources/references.bib", "2022"): "the year in which a method was published",
    ("workflow/hrmonitor/resources/references.bib", "2021"): "the year in which a method was published",
    ("workflow/hrmonitor/resources/cross.yaml", "2021"): "the year in which the checklist was published",
    ("workflow/hrmonitor/resources/glossary.yaml", "european"): "the name of the licence",
    ("workflow/hrmonitor/readers/numbers_in_words.py", "syringes"): "a word for what is counted, as for litres and hours",
    ("workflow/hrmonitor/readers/numbers_in_words.py", "syringe"): "a word for what is counted, as for litres and hours",
    ("workflow/hrmonitor/readers/numbers_in_words.py", "spuit"): "a word for what is counted, as for litres and hours",
    ("workflow/hrmonitor/readers/numbers_in_words.py", "spuiten"): "a word for what is counted, as for litres and hours",
}  # fmt: skip


def codes() -> set[str]:
    """The codes of services in the shipped questionnaires."""
    found = set()
    for path in ROOT.glob("raw/*/questionnaire/choices.csv"):
        with path.open(encoding="utf-8", newline="") as stream:
            found |= {row["name"] for row in csv.DictReader(stream) if row["list_name"] == "service"}
    return found


def places() -> set[str]:
    """The provinces and municipalities of the shipped register, as codes and as names."""
    with (ROOT / "raw/register.csv").open(encoding="utf-8", newline="") as stream:
        named = {row[column] for row in csv.DictReader(stream) for column in ("province", "municipality")}
    return {form for name in named if name for form in (name, name.replace("_", "-"), name.replace("_", " "))}


def rounds() -> set[str]:
    return {part for name, round_ in shipped().rounds.items() for part in (name, str(round_.year))}


def of_the_study() -> re.Pattern:
    exact = {re.escape(word) for word in codes() | places() | rounds()}
    return re.compile(
        rf"(?<![\w.])(?:{'|'.join(sorted({*exact, *WORDS}, key=len, reverse=True))})(?!\w)", re.IGNORECASE
    )


def engine() -> dict[str, str]:
    """Every text file of the engine: the package, its rules and scripts, and the documents that call its chapters."""
    files = [*(ROOT / "workflow").rglob("*"), *(ROOT / "report").glob("*"), ROOT / "Snakefile"]
    found = {}
    for path in files:
        name = path.relative_to(ROOT).as_posix()
        if path.is_file() and "__pycache__" not in path.parts and not name.startswith((*OF_THE_STUDY, *OF_OTHERS)):
            try:
                found[name] = path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue  # no text
    return found


def hits(files: dict[str, str]) -> dict[tuple[str, str], list[int]]:
    """(file, word) -> lines."""
    pattern, found = of_the_study(), {}
    for name, content in files.items():
        for number, line in enumerate(content.splitlines(), start=1):
            for word in pattern.findall(line):
                found.setdefault((name, word.lower()), []).append(number)
    return found


def test_what_is_looked_for_is_there_to_be_found():
    assert codes() == {"dcr", "oat", "hat", "nsp"} and {"Amsterdam", "noord brabant"} <= places() and "2021" in rounds()
    assert len(engine()) > 300


def test_the_engine_knows_nothing_of_what_the_study_is_about():
    assert {where: lines for where, lines in hits(engine()).items() if where not in EXCEPTIONS} == {}


def test_no_exception_is_left_over():
    assert set(EXCEPTIONS) - set(hits(engine())) == set()
    names = {where for where, why in EXCEPTIONS.items() if why.startswith("the name of the program")}
    files = engine()
    assert [name for name, _ in names if "Harm Reduction Monitor" not in files[name]] == []
    # The name and nothing else.
    assert [name for name, _ in names if re.search(r"harm reduction(?! monitor)", files[name], re.IGNORECASE)] == []


@pytest.mark.parametrize(
    "line",
    ["at dcr,", "Heroin-assisted", "in Amsterdam.", "Noord-Brabant", "the Dutch network", "GHB", "in 2021", "raw/2018/", "harm-reduction services", "spuitomruil", "Europeans"],
)  # fmt: skip
def test_each_kind_of_word_is_found(line):
    assert hits({"x": line})


@pytest.mark.parametrize("line", ["that", "0.2021", "dcrx", "boat", "in 2024", "an article"])
def test_other_words_are_left_alone(line):
    assert hits({"x": line}) == {}
