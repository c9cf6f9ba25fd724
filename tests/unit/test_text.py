"""Both languages say the same things, numbers are written as readers write them, text is data."""

import csv
import re
from pathlib import Path

import pypandoc
import pytest
import yaml
from hrmonitor.cli.decisions.workbook import words as decisions
from hrmonitor.language import (
    LANGUAGES,
    TEXT_FILES,
    escape_markdown,
    framed,
    interval,
    join,
    languages_in,
    number,
    of_forms,
    percent,
    text,
)
from hrmonitor.reporting.markdown import counted
from hrmonitor.resources import RESOURCES
from hrmonitor.study import within

HOSTILE = ['#read("/etc/passwd")', "<script>alert(1)</script>", "```{=typst}\n#import\n```", "{{< include x >}}", "`{python} 1+1`",
           "$x$ \\input{y}", "@fig-x", "[a](b){.c}", "| a | b |", "*a* _b_ ~c~ ^d^", "- item", "# head", "::: div", "1. one"]  # fmt: skip


ROOT = Path(__file__).resolve().parents[2]
# Those of the shipped study, and all that the engine says in each language.
STUDY = ("en", "nl")
OTHERS = [lang for lang in LANGUAGES if lang != "en"]
ALL = {
    lang: text(lang) | {"framed": {kind: framed(lang, kind) for kind in ("sample", "population")}, "decisions": decisions(lang),
                        "forms": {key: told for key, told in of_forms(lang).items() if key != "units"}}
    for lang in LANGUAGES
}  # fmt: skip
CONFIG = yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8"))
LABELS = {"en": "label::English (en)", "nl": "label::Nederlands (nl)"}
# The same word in two languages: names, abbreviations, signs and words that Dutch or German took over.
SAME = {
    "{value} in {year}", "**Contact** {contact}", "{first}, {last}", "**{question}** {most}.",
    "{label}: {value} (interval {interval}; n = {n}).",
    "overdoses",
    "", "*", "–", "%", "A", "AAPOR", "Alpha", "CBS", "CON1 / COOP1 / REF1", "COPD", "COVID-19", "CROSS", "Deff", "DCR", "DIMS", "EMCDDA / EUDA",
    "AIC", "Chapman", "GHB", "HAT", "HIV", "Interval", "Kappa (Cohen)", "Kappa", "LADIS", "NSP", "OAT / OST", "PWUD", "R-indicator", "SHA-256", "RR2",
    "COOP1", "CON1", "REF1", "n", "p", "ml", "per 100", " pp", "test", "points", "Register", "Software", "Tests", "Test", "{}", "interviews",
    "questionnaires", "{n} – {m}", "Harm Reduction Monitor", "Export", "Median", "interview", "p (Holm)", "ADHD", "EU", "GGD", "VWS", "monitoring",
    "April", "August", "September", "November", "Lincoln–Petersen", "Version", "{authors} ({year}). {caption}. In: {title}.", "open", "status", "Interviewer",
    "Median, {unit}",
    # Words that French has too.
    "({note})", "**{verdict}**{strength} · {tests}", "**{why}**", "Comparable", "comparable", "Date", "date", "Figure", "Figures", "Note", "Notes", "Page", "page",
    "Population", "Provenance", "Province", "Question", "Question \\[variable\\]", "question", "Questionnaire", "Saturation", "Section", "Source", "Sources: {sources}.",
    "Total, {unit}", "institutions", "litres", "places", "ratio", "six", "tests", "total", "{gap} points", "{} points", "visites", "notation", "Notations",
}  # fmt: skip


class Once(yaml.SafeLoader):
    """Refuses a key that stands twice in a block: the first would be lost without a word."""

    def construct_mapping(self, node, deep=False):
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        assert len(keys) == len(set(keys)), f"{node.start_mark}: {[key for key in keys if keys.count(key) > 1]}"
        return super().construct_mapping(node, deep)


@pytest.mark.parametrize("path", [*sorted(RESOURCES.rglob("*.yaml")), ROOT / "config.yaml"], ids=lambda path: path.name)
def test_no_key_stands_twice(path):
    assert yaml.load(path.read_text(encoding="utf-8"), Once)


def leaves(block, place="") -> dict[str, object]:
    if isinstance(block, dict):
        return {name: value for key, inner in block.items() for name, value in leaves(inner, f"{place}.{key}").items()}
    if isinstance(block, list):
        return {name: value for n, inner in enumerate(block) for name, value in leaves(inner, f"{place}[{n}]").items()}
    return {place: block}


def words_of(value) -> str:
    """The text without placeholders, marks, numbers and citations: what there is to translate."""
    return re.sub(r"\{\w*\}|\[?@[\w;: -]+\]?|[^\w]|\d", "", str(value))


def pairs() -> dict[str, tuple]:
    """Place -> (English, the other language), of what both have; what one lacks is the matter of one test."""
    english, found = leaves(ALL["en"]), {}
    for lang in OTHERS:
        told = leaves(ALL[lang])
        found |= {f"{lang}: {place}": (english[place], told[place]) for place in english if place in told}
    return found


def missing(blocks: dict[str, dict]) -> list[str]:
    """What one language has and the other has not, each with the language that lacks it."""
    found = {lang: set(leaves(block)) for lang, block in blocks.items()}
    every = set.union(*found.values())
    return sorted(f"{lang}: {place.lstrip('.')}" for lang, places in found.items() for place in every - places)


def test_every_text_has_its_translation():
    # A language has the fractions that it says; what each needs, the test on fractions looks at.
    assert [place for place in missing(ALL) if "in_words.fractions[" not in place] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_fractions_of_a_language_rise_and_each_has_its_words(lang):
    fractions = text(lang)["in_words"]["fractions"]
    assert [one[0] for one in fractions] == sorted({one[0] for one in fractions})
    assert all(len(one) in (2, 3) and all(isinstance(told, str) and told for told in one[1:]) for one in fractions)


def test_a_missing_translation_is_named():
    dutch = {**text("nl"), "front": {key: value for key, value in text("nl")["front"].items() if key != "volume"}}
    assert "nl: front.volume" in missing({"en": text("en"), "nl": dutch})


def test_no_text_is_empty_in_one_language_only():
    assert [place for place, (english, other) in pairs().items() if bool(english) != bool(other)] == []


def test_translations_have_the_same_placeholders():
    for place, (english, other) in pairs().items():
        if isinstance(english, str):
            found, expected = (re.findall(r"\{[a-z_]*", told) for told in (other, english))
            assert set(found) == set(expected), place


def test_no_text_is_a_copy_of_the_other_language():
    copies = [
        f"{place}: {english}"
        for place, (english, other) in pairs().items()
        if isinstance(english, str) and english == other and words_of(english) and english not in SAME
    ]
    assert copies == []


def bilingual(block, place="") -> dict[str, dict]:
    """Every block of a YAML that has texts by language, by its key."""
    if isinstance(block, dict):
        if set(block) & {*LANGUAGES}:
            return {place: block}
        return {
            name: found for key, inner in block.items() for name, found in bilingual(inner, f"{place}.{key}").items()
        }
    if isinstance(block, list):
        return {
            name: found for n, inner in enumerate(block) for name, found in bilingual(inner, f"{place}[{n}]").items()
        }
    return {}


@pytest.mark.parametrize(
    "file", ["config.yaml", "workflow/hrmonitor/resources/glossary.yaml", "workflow/hrmonitor/resources/cross.yaml"]
)
def test_texts_by_language_are_there_in_both(file):
    found = bilingual(yaml.safe_load((ROOT / file).read_text(encoding="utf-8")))
    assert found
    lacking = [
        f"{place} lacks {lang}"
        for place, block in found.items()
        for lang in (STUDY if file == "config.yaml" else LANGUAGES)
        if not str(block.get(lang, "")).strip()
    ]
    assert lacking == []


def test_every_test_of_a_finding_says_in_both_languages_what_it_asks():
    lacking = [
        f"findings.{name}.tests[{n}].why"
        for name, finding in CONFIG["findings"].items()
        for n, test in enumerate(finding["tests"])
        if not isinstance(test["why"], dict)
    ]
    assert lacking == []


@pytest.mark.parametrize("path", sorted(ROOT.glob("raw/*/questionnaire/s*y.csv")) + sorted(ROOT.glob("raw/*/questionnaire/choices.csv")), ids=lambda path: str(path.relative_to(ROOT)))  # fmt: skip
def test_every_question_and_answer_has_its_label_in_both_languages(path):
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    lacking = []
    for row in rows:
        if row.get("type", "").startswith("end_"):
            continue
        for part in ("label", "hint", "constraint_message"):
            # The label of what is computed, and hints, may be missing, but not in one language.
            told = {lang: row.get(column.replace("label", part), "") for lang, column in LABELS.items()}
            if len(set(map(bool, told.values()))) > 1:
                lacking.append(f"{row['name']}, {part}: {', '.join(lang for lang in told if not told[lang])}")
    assert rows and lacking == []


def test_every_theme_and_series_has_its_label_in_both_languages():
    lacking = []
    for path in (*ROOT.glob("raw/*/coding/themes.csv"), ROOT / "raw/reference/series.csv"):
        with path.open(encoding="utf-8", newline="") as stream:
            for n, row in enumerate(csv.DictReader(stream), start=2):
                lacking += [f"{path.name}, row {n}, label_{lang}" for lang in STUDY if not row[f"label_{lang}"].strip()]
    assert lacking == []


def test_no_text_is_without_use():
    """A key that no code, configuration or table names is left over from a sentence that is gone."""
    files = [*(ROOT / "workflow").rglob("*.py"), *(ROOT / "workflow").rglob("*.smk"), *RESOURCES.glob("templates/*.typ"),
             *RESOURCES.glob("templates/*.lua"), *(ROOT / "report").glob("*.qmd"), RESOURCES / "cross.yaml", *RESOURCES.glob("web/*.*"),
             *ROOT.glob("raw/reference/*.csv"), *ROOT.glob("raw/*/questionnaire/*.csv"), ROOT / "config.yaml"]  # fmt: skip
    named = set(
        re.findall(
            r"[\w%-]+", "\n".join(path.read_text(encoding="utf-8", errors="ignore") for path in files if path.is_file())
        )
    )
    # Keys that are put together: a measure and its direction, a note of the fieldwork.
    ways = re.compile(r"_(up|down|unclear|above|below)$|(?<=^answered_although_)\w+$")
    dead = []
    for place in leaves(text("en")):
        for key in re.sub(r"\[\d+\]", "", place).strip(".").split("."):
            if key not in named and ways.sub("", key) not in named and " " not in key and "," not in key:
                dead.append(f"{place}: {key}")
    assert dead == []


@pytest.mark.parametrize(
    ("value", "digits", "en", "nl"),
    [(1234.5, 1, "1,234.5", "1.234,5"), (0.5, 0, "1", "1"), (2.5, 0, "3", "3"), (-3, 0, "−3", "−3"), (float("nan"), 0, "–", "–"), (1e6, 0, "1,000,000", "1.000.000")],
)  # fmt: skip
def test_numbers(value, digits, en, nl):
    assert (number(value, "en", digits), number(value, "nl", digits)) == (en, nl)


def test_shares_and_lists():
    assert percent(0.125, "nl", 1) == "12,5%"
    assert interval(0.541, 0.7, "en") == "54–70%"
    assert join(["a", "b", "c"], "nl") == "a, b en c"


def test_german_sets_a_space_before_per_cent_and_keeps_the_capitals_of_nouns():
    """As DIN 5008 and Destatis write; the space is one that no line breaks at."""
    assert percent(0.6249, "de", 1) == "62,5\u00a0%"
    assert (interval(0.5, 0.7, "de"), interval(-0.03, 0.05, "de")) == ("50–70\u00a0%", "−3 bis 5\u00a0%")
    assert number(1234567.5, "de", 1) == "1.234.567,5"
    inside = [within(label, "de") for label in ("Streetwork vor Ort", "Nicht bekannt", "DVD")]
    assert inside == ["Streetwork vor Ort", "nicht bekannt", "DVD"]
    assert within("Not known", "en") == "not known"


def test_french_sets_spaces_as_the_insee_does():
    """Narrow between thousands, and one that no line breaks at before per cent, a colon and a semicolon and within quotation marks."""
    assert number(1234567.5, "fr", 1) == "1\u202f234\u202f567,5"
    assert percent(0.6249, "fr", 1) == "62,5\u00a0%"
    assert (interval(0.5, 0.7, "fr"), interval(-0.03, 0.05, "fr")) == ("50–70\u00a0%", "−3 à 5\u00a0%")
    assert [counted(1, thing, "fr") for thing in ("tests", "facilities")] == ["un test", "une structure"]
    loose = [place for place, told in leaves(ALL["fr"]).items() if re.search(r"\w [:;?!»%](?!\w)|« ", str(told))]
    assert loose == []


def test_one_of_a_thing_has_the_article_of_its_gender():
    assert [counted(1, thing, "de") for thing in ("tests", "facilities")] == ["ein Test", "eine Einrichtung"]
    assert [counted(n, "tests", "en") for n in (0, 1, 2, 13)] == ["no tests", "one test", "two tests", "13 tests"]
    tests_passed = text("de")["findings"]["tests_passed"]
    assert tests_passed["one"].format(tests=counted(3, "tests", "de")) == "einer von drei Tests bestanden"


@pytest.mark.parametrize("hostile", HOSTILE)
def test_text_comes_through_pandoc_as_it_is(hostile):
    plain = pypandoc.convert_text(
        f"Before {escape_markdown(hostile)} after", "plain", format="markdown", extra_args=["--wrap=none"]
    )
    assert plain.strip() == f"Before {re.sub(chr(92) + 's+', ' ', hostile)} after"


@pytest.mark.parametrize("mark", "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
def test_what_turns_text_around_is_left_out_and_arabic_stays(mark):
    assert escape_markdown(f"veilig{mark}gpj") == "veiliggpj"
    assert escape_markdown("مرحبا بكم \u200f(1) שלום") == "مرحبا بكم \u200f\\(1\\) שלום"


def test_a_language_is_a_folder_with_all_its_files(tmp_path):
    for lang, names in (("xx", TEXT_FILES), ("aa", TEXT_FILES), ("half", TEXT_FILES[1:])):
        (tmp_path / lang).mkdir()
        for name in names:
            (tmp_path / lang / f"{name}.yaml").touch()
    assert languages_in(tmp_path) == ("aa", "xx")
