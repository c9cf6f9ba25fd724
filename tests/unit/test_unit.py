"""The words for what a survey is of: in each language, by markers in texts, of the engine or of the study."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml
from hrmonitor import unit
from hrmonitor.build.job import BUILD, job
from hrmonitor.cli.main import _config
from hrmonitor.errors import ConfigError, DeclarationError
from hrmonitor.language import LANGUAGES, framed, of_forms, terms, text
from hrmonitor.project.checks import check_config
from hrmonitor.project.config import FRAMES
from hrmonitor.project.study_checks import check_study
from hrmonitor.reporting.markdown import counted
from hrmonitor.unit import ANY, declared, in_words, speak_of, words_of
from small_survey import small_config, write_small

# What texts say of the shipped study's unit, in the languages that this file can read.
OF_FACILITIES = re.compile(
    r"(?<!_)facilit(?!\w*_)|voorziening|\bstaff\b|(?<!beleids)medewerker|\bclients?\b|cliënt|Einrichtung|établissement",
    re.I,
)
KNOWN = [name for name in declared("en")["units"] if name != ANY]


def strings(data) -> list[str]:
    if isinstance(data, dict):
        return [text for value in data.values() for text in strings(value)]
    if isinstance(data, list):
        return [text for value in data for text in strings(value)]
    return [data] if isinstance(data, str) else []


def texts(lang: str) -> list[str]:
    """All that the engine says in a language."""
    return strings([terms(lang), of_forms(lang), text(lang), *(framed(lang, kind) for kind in FRAMES)])


# --- the declarations ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_language_knows_the_units_of_english_in_all_its_forms(lang):
    assert list(declared(lang)["units"]) == list(declared("en")["units"])
    for name, words in declared(lang)["units"].items():
        assert unit.missing(lang, name, {}) == [], name
        assert set(words) <= set(declared(lang)["forms"]), name
        assert not any("<<" in word for word in words_of(lang, name, {}).values()), name


@pytest.mark.parametrize("name", KNOWN)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_marker_is_left_in_any_text(lang, name):
    speak_of(name)
    assert [one for one in texts(lang) if "<<" in one or ">>" in one] == []


def test_the_markers_of_tables_and_glossary_are_known():
    with (unit.RESOURCES / "tables.yaml").open(encoding="utf-8") as stream:
        assert not any("<<" in one for one in strings(in_words(yaml.safe_load(stream), "en")))
    with (unit.RESOURCES / "glossary.yaml").open(encoding="utf-8") as stream:
        for entry in yaml.safe_load(stream):
            for lang, meaning in entry["meaning"].items():
                assert "<<" not in in_words(meaning, lang)


@pytest.mark.parametrize("name", [name for name in KNOWN if name != "facility"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_texts_about_another_unit_speak_of_no_facility_nor_its_staff_or_clients(lang, name):
    speak_of(name)
    assert [one for one in texts(lang) if OF_FACILITIES.search(re.sub(r"\{\w*\}", "", one))] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_declared_form_is_used(lang):
    own = {form: f"«{form}»" for form in declared(lang)["forms"]}
    spoken = " ".join(strings(in_words([f"<<{form}>>" for form in own], lang)))
    assert "<<" not in spoken
    files = [*unit.RESOURCES.glob(f"languages/{lang}/*.yaml")]
    files += [unit.RESOURCES / "glossary.yaml"]
    written = " ".join(path.read_text(encoding="utf-8") for path in files)
    used = {form[0].lower() + form[1:] for form in re.findall(r"<<(\w+)>>", written)}
    assert sorted(own.keys() - used) == []


# --- markers ------------------------------------------------------------------------------------------------------


def test_a_marker_stands_for_the_word_with_a_capital_where_it_has_one():
    speak_of("city")
    said = in_words({"a": "All <<many>>.", "b": ["<<Many>>: {n}", 3], "c": "<<a>> or <<one>>"}, "en")
    assert said == {"a": "All cities.", "b": ["Cities: {n}", 3], "c": "a city or city"}


def test_an_empty_form_takes_the_space_after_it_with_it():
    speak_of("city")
    assert in_words("asked <<staff_of>> <<many>> to", "en") == "asked cities to"


def test_an_unknown_marker_is_refused_with_its_text():
    with pytest.raises(DeclarationError, match=r"<<mani>> is no form of a unit: 'All <<mani>>'"):
        in_words("All <<mani>>", "en")


def test_texts_follow_the_unit_that_is_spoken_of():
    speak_of("city")
    of_cities = text("en")["front"]["facts"]["response"]
    speak_of("event")
    assert "cities" in of_cities
    assert text("en")["front"]["facts"]["response"] == of_cities.replace("cities", "events")


def test_a_count_of_one_has_the_singular():
    speak_of("city")
    assert [counted(n, "facilities", "en") for n in (1, 2)] == ["one city", "two cities"]
    assert [counted(n, "facilities", "nl") for n in (1, 2)] == ["één stad", "twee steden"]


# --- a unit of the study's own ------------------------------------------------------------------------------------


def study_of(folder: Path, monkeypatch, name: str, languages: tuple[str, ...] = ("en", "nl"), **words: dict) -> None:
    """A small survey of that unit, with its words by language, checked."""
    write_small(folder, small_config(languages) | {"unit": name})
    for lang, own in words.items():
        path = folder / "report/study" / lang / "names.yaml"
        path.parent.mkdir(parents=True)
        path.write_text(yaml.safe_dump({"unit": own}), encoding="utf-8")
    monkeypatch.chdir(folder)
    check_study(check_config(yaml.safe_load(Path("config.yaml").read_text(encoding="utf-8"))))


LIBRARY = {
    "en": {"one": "library", "many": "libraries", "a": "a library"},
    "nl": {
        "one": "bibliotheek",
        "many": "bibliotheken",
        "the": "de bibliotheek",
        "each": "elke bibliotheek",
        "that": "die",
    },
}


def test_a_study_has_a_unit_of_its_own(tmp_path, monkeypatch):
    study_of(tmp_path, monkeypatch, "library", **LIBRARY)
    speak_of("library", tmp_path)
    assert in_words("<<Many>> by <<type>>", "en") == "Libraries by type of library"
    assert in_words("<<The>> en <<many>>", "nl") == "De bibliotheek en bibliotheken"


def test_a_study_has_other_words_for_a_unit_of_the_engine(tmp_path, monkeypatch):
    study_of(tmp_path, monkeypatch, "facility", en={"staff": "team members", "staff_of": "team members of"})
    speak_of("facility", tmp_path)
    assert in_words("<<Staff_of>> <<many>>", "en") == "Team members of facilities"


def test_a_language_that_the_study_does_not_speak_says_unit(tmp_path, monkeypatch):
    study_of(tmp_path, monkeypatch, "library", ("nl",), nl=LIBRARY["nl"])
    speak_of("library", tmp_path)
    assert in_words("Two <<many>>", "en") == "Two units"


@pytest.mark.parametrize(
    ("name", "words", "said"),
    [
        ("citi", {}, "config.yaml, unit: 'citi' is not known. Did you mean 'city'?"),
        ("library", {}, "report/study/en/names.yaml, under `unit:`: one, many, a"),
        ("library", {"en": LIBRARY["en"]}, "report/study/nl/names.yaml, under `unit:`: one, many, the"),
        ("library", {"en": {"one": "library", "a": "a library"}, "nl": LIBRARY["nl"]},
         "report/study/en/names.yaml, unit: 'many' is missing, a word for 'library' (the plural"),
        ("city", {"en": {"mani": "towns"}}, "report/study/en/names.yaml, unit: no text needs the form 'mani'. Did you mean 'many'?"),
        ("city", {"en": {"many": ""}}, "report/study/en/names.yaml, unit.many: '' is no name"),
        ("city", {"en": {"many": 3}}, "report/study/en/names.yaml, unit.many: 3 is no name"),
        ("City", {}, "config.yaml, unit: 'City' does not match"),
    ],
)  # fmt: skip
def test_a_unit_without_its_words_is_refused_with_file_and_key(tmp_path, monkeypatch, name, words, said):
    with pytest.raises(ConfigError) as error:
        study_of(tmp_path, monkeypatch, name, **words)
    assert said in str(error.value)


# --- who speaks of the unit ---------------------------------------------------------------------------------------


def test_a_command_speaks_of_the_unit_of_config(tmp_path, monkeypatch):
    study_of(tmp_path, monkeypatch, "library", **LIBRARY)
    _config()
    assert in_words("<<Many>>", "en") == "Libraries"


def test_a_job_of_a_build_speaks_of_the_unit_of_config(tmp_path, monkeypatch):
    study_of(tmp_path, monkeypatch, "library", **LIBRARY)
    monkeypatch.delenv(BUILD, raising=False)
    with job(SimpleNamespace(input=[], output=[], log=["job.log"], config={"unit": "library"})):
        assert text("nl")["plurals"]["facilities"][-1] == "bibliotheken"
