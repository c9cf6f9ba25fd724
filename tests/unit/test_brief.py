"""The two pages for policy officers: what each verdict lets them say, and how easy they read."""

import re
from dataclasses import replace
from itertools import pairwise

import pandas as pd
import pytest
import yaml
from endtoend.conftest import ROOT
from hrmonitor.language import text
from hrmonitor.project.checks import check_config
from hrmonitor.reporting.outputs.brief import policy_summary
from hrmonitor.reporting.story import Story
from hrmonitor.study import Study, study, within

LANGUAGES = ("en", "nl")
# B1: Flesch's reading ease of 60 and more is "standard" or easier; the Dutch formula is Douma's, on the same scale.
LEAST_EASE = 60
MOST_WORDS = 22


def story(lang: str, verdicts: dict[str, str] | None = None) -> Story:
    """A story in which each finding has the verdict given, else `supported`, with one estimate for all its tests."""
    config = check_config(yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8")))
    made = Story(lang, ROOT, config)
    rows = [
        {"finding": name, "verdict": (verdicts or {}).get(name, "supported"), "strength": "strong", "passed": True,
         "estimate": 0.123, "ci_low": 0.1, "ci_high": 0.2, "n": 47, "changers": 40}
        for name, finding in config.findings.items() for _ in finding.tests
    ]  # fmt: skip
    made.findings = pd.DataFrame(rows)
    made.flow = lambda round_: pd.DataFrame(
        {"service": "all", "step": ["kept", "approached", "register"], "n": [90, 110, 120]}
    )
    return made


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_finding_has_a_claim_a_meaning_and_a_number_in_plain_words(lang):
    summary, own = policy_summary(story(lang)), study(lang, ROOT)
    assert len(summary["cards"]) == 7
    for card in summary["cards"]:
        assert card["claim"] == own.of_finding(card["name"], "in the summary").text
        assert {number["estimate"] for number in card["numbers"]} == {"12%"}
        assert all("10–20%" in number["full"] for number in card["numbers"])
        # Of rises against falls the share is of those that report either.
        answered = ["40", "47"] if card["name"] == "ghb_need" else ["47"] * len(card["numbers"])
        assert all(n in number["full"] for n, number in zip(answered, card["numbers"], strict=True))
    assert summary["meaning"] == [parts["next step in the summary"].text for parts in own.findings.values()]
    assert summary["means_after"] == ""


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("verdict", ["partly_supported", "not_supported", "not_assessable"])
def test_what_follows_from_a_finding_is_said_only_if_it_is_supported(lang, verdict):
    words = text(lang)["policy_summary"]
    summary = policy_summary(story(lang, {"stigma_access": verdict}))
    card = next(card for card in summary["cards"] if card["name"] == "stigma_access")
    assert card["verdict_words"].startswith(words["verdicts"][verdict])
    assert study(lang, ROOT).of_finding("stigma_access", "next step in the summary").text not in summary["meaning"]
    assert len(summary["meaning"]) == 6
    assert summary["means_after"] == words["means_rest"]
    none = policy_summary(story(lang, dict.fromkeys(study(lang, ROOT).findings, verdict)))
    assert (none["means"], none["meaning"]) == (words["means_none"], [])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_contradicted_finding_shows_the_number_that_contradicts_it_first(lang):
    made = story(lang, {"ghb_need": "contradicted"})
    first = made.findings.index[made.findings["finding"] == "ghb_need"][0]
    made.findings.loc[first, ["passed", "estimate", "ci_low", "ci_high"]] = [False, 0.25, 0.12, 0.43]
    card = next(one for one in policy_summary(made)["cards"] if one["name"] == "ghb_need")
    assert [number["estimate"] for number in card["numbers"]] == ["", "12%"]
    # Of 40 that report a change 10 report a rise and 30 a fall.
    assert "40" in card["numbers"][0]["sentence"] and "30" in card["numbers"][0]["sentence"]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("known", [0, 40])
def test_a_dont_know_does_not_pass_for_a_no_in_silence(lang, known):
    made, words = story(lang), text(lang)["findings"]
    made.findings = made.findings.assign(known_n=known, known_estimate=0.25 if known else float("nan"))
    sentence = policy_summary(made)["cards"][6]["numbers"][0]["sentence"]
    assert sentence.endswith(words["known_short"].format(estimate="25%", n="40") if known else words["nobody_knows"])
    # Of a share that must be large, a don't know counts against it.
    assert words["nobody_knows"] not in policy_summary(made)["cards"][0]["numbers"][0]["sentence"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_census_has_no_margin(lang):
    made = story(lang)
    made.findings = made.findings.assign(ci_low=0.123, ci_high=0.123)
    assert all(len(number["small"]) == 1 for card in policy_summary(made)["cards"] for number in card["numbers"])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_finding_without_plain_words_gets_its_statement_and_the_report_s_sentence(lang):
    made = story(lang)
    made.study = Study()
    card = policy_summary(made)["cards"][4]
    assert card["claim"] == made.config.findings["stigma_access"].statement[lang]
    assert "12%" in card["numbers"][0]["sentence"]
    assert "\\" not in card["numbers"][0]["sentence"]


def sentences(lang: str) -> list[str]:
    """All sentences that the summary can hold, with numbers in their places."""
    words = text(lang)["policy_summary"]
    told = [
        words["synthetic"],
        *words["asked"]["real"],
        *words["asked"]["rehearsal"],
        *(form for one in words["sure"] for form in ([one] if isinstance(one, str) else one.values())),
        *words["means"].values(),
        words["means_none"],
        words["means_rest"],
        words["more"],
    ]
    told += [
        *words["verdicts"].values(),
        *words["strengths"].values(),
    ]
    own = study(lang, ROOT)
    for name in ("rehearsal in the summary", "asked", "asked in a rehearsal"):
        told += own.report[name].paragraphs
    for parts in own.findings.values():
        told += [parts[name].text for name in ("in the summary", "next step in the summary")]
        told += [f"12% {parts[name].text}" for name in parts if name.startswith("test") and name.endswith("summary")]
    filled = " ".join(re.sub(r"\{\w+\}", "12", one) for one in told if one)
    return [one for one in re.split(r"(?<=[.?!:])\s+", filled) if one]


def syllables(word: str, lang: str) -> int:
    """Groups of vowels; in English without a silent e at the end."""
    word = word.lower()
    vowels = "aeiouyáéëèïíóöúü"
    if lang == "en" and re.search(r"[^aeiouyl]e$|[^aeiouytd]ed$|[^aeiouyscxz]es$", word):
        word = re.sub(r"e(d|s)?$", r"\1", word)
    groups = sum(b in vowels and a not in vowels for a, b in pairwise(f" {word}"))
    return max(1, groups)


def ease(told: list[str], lang: str) -> float:
    """Reading ease: Flesch (1948) for English, Douma (1960) for Dutch."""
    words = [word for sentence in told for word in re.findall(r"[^\W\d_]+", sentence)]
    length, weight = len(words) / len(told), sum(syllables(word, lang) for word in words) / len(words)
    if lang == "en":
        return 206.835 - 1.015 * length - 84.6 * weight
    return 206.84 - 0.93 * length - 77 * weight


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_summary_reads_at_b1(lang):
    told = sentences(lang)
    long = [one for one in told if len(one.split()) > MOST_WORDS]
    assert long == []
    assert ease(told, lang) >= LEAST_EASE


def test_the_measure_tells_easy_from_hard():
    hard = ["De implementatie van evidence-based interventiestrategieën vereist multidisciplinaire afstemming."]
    assert ease(hard, "nl") < 30 < LEAST_EASE < ease(["De hond ziet de kat en loopt weg."], "nl")
    assert ease(["The cat sat on the mat and looked at us."], "en") > 90


@pytest.mark.parametrize(
    ("label", "inside"),
    [
        ("GHB", "GHB"),
        ("Help with GHB", "help with GHB"),
        ("Phone and Wi-Fi", "phone and Wi-Fi"),
        ("COVID-19", "COVID-19"),
        ("A", "a"),
    ],
)
def test_a_label_inside_a_sentence_keeps_its_abbreviations(label, inside):
    assert within(label, "en") == inside


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_summary_tells_how_many_services_were_contacted(lang):
    assert "110" in policy_summary(story(lang))["asked"][0]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_survey_that_was_not_held_is_told_as_a_rehearsal(lang):
    told = {}
    for synthetic in (True, False):
        made = story(lang)
        made.config = replace(made.config, synthetic=synthetic)
        told[synthetic] = policy_summary(made)
    own = study(lang, ROOT).report
    assert told[True]["asked"][0].startswith(own["asked in a rehearsal"].text[:12])
    assert told[False]["asked"][0].startswith(own["asked"].text[:3]) and not told[False]["synthetic"]
    assert told[True]["outcome"] != told[False]["outcome"] and told[True]["sure"] != told[False]["sure"]
