"""What `quarto render report/report.qmd` reads is what the pipeline hands to its own engine."""

import pytest
import yaml
from endtoend.conftest import ROOT
from hrmonitor.language import text
from hrmonitor.reporting.outputs.typeset import choose_engine, metadata_of, words_that_differ


@pytest.mark.parametrize("lang", ["en", "nl"])
def test_the_profile_of_each_language_says_what_config_and_texts_say(lang):
    config = yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8"))
    year = max(block["year"] for block in config["rounds"].values())
    profile = yaml.safe_load((ROOT / f"_quarto-{lang}.yml").read_text(encoding="utf-8"))
    assert profile == metadata_of(config["report"], lang, text(lang), year, config["synthetic"])


def test_every_file_that_the_document_names_is_there():
    header = (ROOT / "report" / "report.qmd").read_text(encoding="utf-8").split("---\n")[1]
    header = yaml.safe_load(header)
    typst, html = header["format"]["typst"], header["format"]["html"]
    named = [header["bibliography"], header["filters"][0]["path"], typst["template"], typst["font-paths"], html["css"]]
    assert [name for name in named if not (ROOT / "report" / name).exists()] == []


def program(folder, version):
    path = folder / "quarto"
    path.write_text(f"#!/bin/sh\necho {version}\n", encoding="utf-8")
    path.chmod(0o755)


@pytest.mark.parametrize(
    ("version", "engine"), [("1.6.40", "quarto"), ("2.0.1", "quarto"), ("1.5.57", "pandoc"), ("99.9.9", "quarto")]
)
def test_auto_takes_a_quarto_that_is_recent_enough(tmp_path, monkeypatch, version, engine):
    program(tmp_path, version)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert choose_engine("auto")[0] == engine
    assert choose_engine("pandoc")[0] == "pandoc"


def pdf(path, words):
    import typst

    path.with_suffix(".typ").write_text(f"#set page(width: 90pt)\n{words}", encoding="utf-8")
    path.write_bytes(typst.compile(str(path.with_suffix(".typ")), ignore_system_fonts=True))
    return path


def test_the_first_word_that_differs_is_named(tmp_path):
    one = pdf(tmp_path / "one.pdf", "De eerste bevinding wordt ondersteund door 79% van de voorzieningen.")
    same = pdf(
        tmp_path / "same.pdf", "#set text(9pt)\nDe eerste bevinding wordt ondersteund door 79% van de voorzieningen."
    )
    other = pdf(tmp_path / "other.pdf", "De eerste bevinding wordt ondersteund door 97% van de voorzieningen.")
    assert words_that_differ(one, same) == ""
    assert "“79%” in one.pdf, “97%” in other.pdf" in words_that_differ(one, other)
    shorter = pdf(tmp_path / "shorter.pdf", "De eerste bevinding wordt ondersteund door 79% van de")
    assert words_that_differ(one, shorter) != ""
