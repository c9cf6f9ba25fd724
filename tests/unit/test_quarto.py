"""What `quarto render report/report.qmd` reads is what the pipeline hands to its own engine."""

import subprocess

import pypandoc
import pytest
import yaml
from endtoend.conftest import ROOT
from hrmonitor.errors import UserError
from hrmonitor.language import text
from hrmonitor.reporting.outputs.typeset import EXTENSIONS, TEMPLATES, choose_engine, metadata_of, words_that_differ
from hrmonitor.study import references


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
    named = [*header["bibliography"], header["filters"][0]["path"], typst["template"], typst["font-paths"], html["css"]]
    assert [name for name in named if not (ROOT / "report" / name).exists()] == []


def program(folder, script):
    path = folder / "quarto"
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)


@pytest.mark.parametrize(
    ("pandoc", "engine"),
    [("3.8.3", "quarto"), ("3.10", "quarto"), ("4.0.1", "quarto"), ("3.6.3", "pandoc"), ("2.19.2", "pandoc")],
)
def test_auto_takes_a_quarto_whose_pandoc_is_recent_enough(tmp_path, monkeypatch, pandoc, engine):
    program(tmp_path, f'test "$1" = pandoc && echo "pandoc {pandoc}" || echo 1.9.38')
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert choose_engine("auto")[0] == engine
    assert choose_engine("pandoc")[0] == "pandoc"


@pytest.mark.parametrize(
    ("script", "said"),
    [("echo pandoc 3.6.3", "has Pandoc 3.6"), ("exit 1", "does not start"), (None, "no Quarto on PATH")],
)
def test_a_quarto_that_is_asked_for_and_cannot_be_used_is_refused_in_one_line(tmp_path, monkeypatch, script, said):
    if script:
        program(tmp_path, script)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UserError, match=said) as error:
        choose_engine("quarto")
    assert "Quarto 1.9 or newer" in str(error.value)
    assert len(str(error.value).splitlines()) == 1


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


SAMPLE = ROOT / "tests" / "reference_values" / "pandoc"
READ_BY = sorted(path.stem for path in SAMPLE.glob("*.json"))


def filtered(source, form, to, *options):
    """What our filter and the Pandoc of this environment make of a file."""
    command = [
        pypandoc.get_pandoc_path(), str(source), f"--from={form}", f"--to={to}", f"--lua-filter={TEMPLATES / 'report.lua'}",
        *(f"--bibliography={path}" for path in references(ROOT)), *options,
    ]  # fmt: skip
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True).stdout


@pytest.mark.parametrize("version", READ_BY)
@pytest.mark.parametrize(("to", "options"), [("typst", []), ("html", ["--citeproc"])])
def test_what_an_older_pandoc_read_comes_out_as_what_this_one_reads(version, to, options):
    now = filtered(SAMPLE / "sample.md", EXTENSIONS, to, *options)
    assert filtered(SAMPLE / f"{version}.json", "json", to, *options) == now


def test_typst_gets_labels_and_words_and_no_citation_of_its_own():
    page = filtered(SAMPLE / "3.5.json", "json", "typst")
    assert "<tbl-one>" in page
    assert "@tbl-one" in page
    assert "{#tbl" not in page
    assert "A table of #emph[shares] in @sec-chapter.]" in page.replace("\n", " ")
    assert "(Dutch Harm Reduction Network 2022)" in page.replace("\n", " ").replace("\\(", "(")
    assert "@gouwe2022" not in page


def test_quarto_numbers_a_web_page_itself(tmp_path):
    """Quarto's filters see a global of that name; ours then leaves captions and references to it."""
    in_quarto = tmp_path / "in_quarto.lua"
    in_quarto.write_text(f"quarto = {{}}\nreturn dofile('{TEMPLATES / 'report.lua'}')\n", encoding="utf-8")
    command = [
        pypandoc.get_pandoc_path(),
        str(SAMPLE / "sample.md"),
        f"--from={EXTENSIONS}",
        "--to=html",
        f"--lua-filter={in_quarto}",
    ]
    page = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True).stdout
    assert "Figure 1." not in page
    assert "@fig-one" in page
    assert "Figure 1." in filtered(SAMPLE / "sample.md", EXTENSIONS, "html", "--citeproc")


def test_code_that_pandoc_colours_finds_its_definitions_in_the_template(tmp_path):
    import typst

    source = tmp_path / "code.md"
    source.write_text("# Code\n\n```python\nlang = 'en'\n```\n", encoding="utf-8")
    metadata = metadata_of(
        {"title": {"en": "T"}, "subtitle": {"en": "S"}, "authors": ["A"]}, "en", text("en"), 2021, True
    )
    values = tmp_path / "values.yaml"
    values.write_text(yaml.safe_dump(metadata), encoding="utf-8")
    page = filtered(
        source,
        EXTENSIONS,
        "typst",
        f"--template={TEMPLATES / 'report.typ'}",
        f"--metadata-file={values}",
        "--syntax-highlighting=tango",
    )
    assert "#KeywordTok" in page or "#NormalTok" in page
    target = tmp_path / "code.typ"
    target.write_text(page, encoding="utf-8")
    assert (
        typst.compile(str(target), ignore_system_fonts=True, font_paths=[str(TEMPLATES.parent / "fonts")])[:4]
        == b"%PDF"
    )
