"""Both languages say the same things, numbers are written as readers write them, text is data."""

import re

import pypandoc
import pytest
from hrmonitor.language import escape_markdown, interval, join, number, percent, text

HOSTILE = ['#read("/etc/passwd")', "<script>alert(1)</script>", "```{=typst}\n#import\n```", "{{< include x >}}", "`{python} 1+1`",
           "$x$ \\input{y}", "@fig-x", "[a](b){.c}", "| a | b |", "*a* _b_ ~c~ ^d^", "- item", "# head", "::: div", "1. one"]  # fmt: skip


def keys(block, place=""):
    if isinstance(block, dict):
        return {found for key, value in block.items() for found in keys(value, f"{place}.{key}")}
    if isinstance(block, list):
        return {f"{place}[{len(block)}]"} | {found for value in block for found in keys(value, f"{place}[]")}
    return {place}


def test_every_text_has_its_translation():
    english, dutch = keys(text("en")), keys(text("nl"))
    assert sorted(english - dutch) == []
    assert sorted(dutch - english) == []


def leaves(block, place=""):
    if isinstance(block, dict):
        return {
            found: value for key, inner in block.items() for found, value in leaves(inner, f"{place}.{key}").items()
        }
    if isinstance(block, list):
        return {
            found: value for n, inner in enumerate(block) for found, value in leaves(inner, f"{place}[{n}]").items()
        }
    return {place: block}


def test_translations_have_the_same_placeholders():
    dutch = leaves(text("nl"))
    for place, english in leaves(text("en")).items():
        if isinstance(english, str):
            assert set(re.findall(r"\{\w+\}", english)) == set(re.findall(r"\{\w+\}", dutch[place])), place


def test_no_stigmatising_words():
    words = {
        "en": ["addict", "junkie", "drug abuse", "drug user", "substance abuser"],
        "nl": ["verslaafde", "junk", "drugsgebruiker", "misbruik"],
    }
    for lang, avoided in words.items():
        told = " ".join(str(value).lower() for value in leaves(text(lang)).values())
        assert [word for word in avoided if word in told] == []


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


@pytest.mark.parametrize("hostile", HOSTILE)
def test_text_comes_through_pandoc_as_it_is(hostile):
    plain = pypandoc.convert_text(
        f"Before {escape_markdown(hostile)} after", "plain", format="markdown", extra_args=["--wrap=none"]
    )
    assert plain.strip() == f"Before {re.sub(chr(92) + 's+', ' ', hostile)} after"
