"""Person-first words in all text that people read; report/study/words.yaml says which words, what to say instead, and why."""

import csv
import re
from pathlib import Path

import pytest
import yaml
from hrmonitor.language import LANGUAGES, of_forms, text

ROOT = Path(__file__).resolve().parents[2]
LISTS = yaml.safe_load((ROOT / "report/study/words.yaml").read_text(encoding="utf-8"))


def strings(block, place: str = "") -> dict[str, str]:
    """Every text in a block of YAML or a dictionary, by its key."""
    if isinstance(block, dict):
        return {key: value for name, inner in block.items() for key, value in strings(inner, f"{place}.{name}").items()}
    if isinstance(block, list):
        return {key: value for n, inner in enumerate(block) for key, value in strings(inner, f"{place}[{n}]").items()}
    return {place: block} if isinstance(block, str) else {}


def cells(path: Path) -> dict[str, str]:
    with path.open(encoding="utf-8", newline="") as stream:
        return {f"row {n}, {column}": value for n, row in enumerate(csv.DictReader(stream), start=2) for column, value in row.items() if value}  # fmt: skip


def read() -> dict[str, dict[str, str]]:
    """All text by file: sentences, config, questionnaires, themes, series, glossary, forms, checklist and pages."""
    found = {f"resources/languages/{lang}/report.yaml": strings(text(lang)) for lang in LANGUAGES}
    found |= {f"forms, {lang}": strings(of_forms(lang)) for lang in LANGUAGES}
    names = [str(path.relative_to(ROOT)) for path in sorted(ROOT.glob("report/study/*/names.yaml"))]
    for name in ("config.yaml", *(f"workflow/hrmonitor/resources/{one}.yaml" for one in ("glossary", "cross")), *names):
        found[name] = strings(yaml.safe_load((ROOT / name).read_text(encoding="utf-8")))
    tables = [*ROOT.glob("raw/*/questionnaire/*.csv"), *ROOT.glob("raw/*/coding/themes.csv"), *ROOT.glob("raw/reference/[sc]*.csv"),
              *ROOT.glob("examples/*/raw/*/questionnaire/*.csv"), *ROOT.glob("examples/*/config.yaml"), *ROOT.glob("examples/*/report/study/*/names.yaml")]  # fmt: skip
    for path in (*tables, *sorted(ROOT.glob("report/figures/*.yaml"))):
        name = str(path.relative_to(ROOT))
        found[name] = cells(path) if path.suffix == ".csv" else strings(yaml.safe_load(path.read_text("utf-8")))
    for path in (
        ROOT / "README.md",
        ROOT / "raw/README.md",
        *ROOT.glob("docs/**/*.md"),
        *ROOT.glob("report/study/*/*.md"),
        *ROOT.glob("examples/*/report/study/*/*.md"),
        *ROOT.glob("examples/**/README.md"),
        ROOT / "report/report.qmd",
    ):
        lines = path.read_text(encoding="utf-8").split("\n")
        found[str(path.relative_to(ROOT))] = {f"line {n}": line for n, line in enumerate(lines, start=1)}
    return found


def avoided(told: str) -> list[str]:
    """The words of all lists that stand in the text, each with what to say."""
    hits = []
    for entry in (entry for entries in LISTS.values() for entry in entries):
        before = "".join(rf"(?!\s+{word})" for word in entry.get("not_before", []))
        # Longest first, so that the whole phrase is named.
        forms = "|".join(re.escape(form) for form in sorted(entry["avoid"], key=len, reverse=True))
        hits += [
            f"{match} (say: {entry['say']})" for match in re.findall(rf"(?<!\w)(?:{forms})(?!\w){before}", told, re.I)
        ]
    return hits


@pytest.mark.parametrize("file", sorted(read()))
def test_no_word_to_avoid(file):
    assert {place: avoided(told) for place, told in read()[file].items() if avoided(told)} == {}


@pytest.mark.parametrize(
    "told",
    ["A Drug User came.", "drugsgebruikers", "De daklozen slapen", "junkies", "an ADDICT", "die Drogensüchtigen"],
)
def test_inflections_and_capitals_are_found(told):
    assert avoided(told)


@pytest.mark.parametrize("told", ["addiction care", "dakloze mensen", "verslavingszorg", "Suchthilfe", "mensen die drugs gebruiken", "opioid_users"])  # fmt: skip
def test_other_words_are_left_alone(told):
    assert avoided(told) == []


@pytest.mark.parametrize("lang", sorted(LISTS))
def test_each_word_has_something_to_say_instead_and_a_reason(lang):
    for entry in LISTS[lang]:
        assert entry["say"] and entry["reason"] and "source" in entry, entry
        assert avoided(entry["say"]) == []
