"""No sentence claims more than its test can carry: growth from a level, cause from a share, the nation from a sample, fact from opinion."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest
from hrmonitor.language import text
from hrmonitor.project.test_kinds import KINDS, kind_of
from hrmonitor.questionnaire.model import read_validated
from hrmonitor.reporting.chapters.answers import key_of, plain_words
from hrmonitor.study import study
from settings import ROOT, shipped

# Those of the shipped study.
LANGUAGES = ("en", "nl")

# What is measured as it is at one time, and what is measured as a change.
LEVELS, CHANGES = (
    {"share", "theme", "median", "difference"},
    {"rises", "net", "ratio", "paired_change", "change", "slope"},
)
# Numbers that facilities took from their own counts; all else is what somebody said.
COUNTS = {"ratio", "paired_change", "median", "change", "difference", "slope"}
MARKS = {
    "growth": {
        "en": r"\b(rises?|rose|risen|grow|grows|grew|growth|growing|increas\w+|decreas\w+|fell|falls?(?! short)|declin\w+|more and more)\b",
        "nl": r"\b(stijg\w*|steeg|stegen|groei\w*|toegenomen|toenam\w*|nam\w* .*\btoe|afgenomen|afnam\w*|daal\w*|gedaald)\b",
    },
    "cause": {
        "en": r"\b(because|caus\w+|due to|leads? to|led to|therefore|thereby|as a result|thanks to)\b",
        "nl": r"\b(omdat|doordat|waardoor|daardoor|veroorza\w+|leid\w* tot|dankzij|als gevolg van|vanwege)\b",
    },
    "nation": {
        "en": r"\b(in the Netherlands|nation\w*|Dutch|the country|everywhere)\b",
        "nl": r"\b(in Nederland|landelijk\w*|Nederlands\w*|overal|het land)\b",
    },
}
SAID = {
    "en": r"\b(say|says|report|reports|reported|name|names|give|gives|agree|find|answered|bring up|stay|choose)\b",
    "nl": r"\b(volgens|zegt?|zeggen|meld\w*|noem\w*|genoemd|vinden|vindt|antwoord\w*|naar eigen zeggen)\b",
}


def claims_more(told: str, measure: str, lang: str, trend: bool = False, national: bool = False) -> list[str]:
    """What the sentence claims beyond its test. `trend`: the question asks for a change; `national`: it asks about something national."""
    found = {claim for claim, words in MARKS.items() if re.search(words[lang], told, re.IGNORECASE)}
    if measure in CHANGES or trend:
        found.discard("growth")
    if national or measure == "slope":
        found.discard("nation")
    if measure not in COUNTS and not re.search(SAID[lang], told, re.IGNORECASE):
        found.add("fact")
    return sorted(found)


def carrying(template: str, mark: str) -> list[str]:
    """The sentences of a template that state a number; what they leave open may be said in others."""
    return [one for one in re.split(r"(?<=[.;])\s+", template) if mark in one]


def keyed() -> dict[str, tuple]:
    config = shipped()
    return {
        key_of(test): (test, finding.round)
        for finding in config.findings.values()
        for test in finding.tests
        if test.categories or kind_of(test).measure == "rises"
    }


def asks(test, round_: str, lang: str) -> dict[str, bool]:
    """Whether the question asks for a change, and for something national."""
    question = read_validated(ROOT / shipped().rounds[round_].questionnaire)[test.question]
    return {
        "trend": {"increase", "stable", "decrease"} <= set(question.codes),
        "national": bool(re.search(MARKS["nation"][lang], question.label(lang), re.IGNORECASE)),
    }


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_sentence_for_a_kind_of_test_stays_within_it(lang):
    sentences, measures = text(lang)["sentences"], {kind.measure for kind in KINDS.values()}
    seen = set()
    for name, told in sentences.items():
        measure = next(
            (one for one in sorted(measures, key=len, reverse=True) if name == one or name.startswith(f"{one}_")), None
        )
        if measure is None:
            continue
        seen.add(measure)
        for one in told.values() if isinstance(told, dict) else [told]:
            # A number that stands by itself is one that facilities gave.
            assert claims_more(one, measure, lang) in ([], ["fact"] if measure == "theme" else []), name
    assert seen == measures


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_share_in_plain_words_stays_within_its_question(lang):
    made, tests = SimpleNamespace(config=shipped(), study=study(lang, ROOT)), keyed()
    shares, brief = plain_words(made), plain_words(made, " in the summary")
    assert set(shares) | set(brief) <= set(tests)
    for key, template in shares.items():
        test, round_ = tests[key]
        carried = carrying(template, "{who}")
        assert carried
        for told in carried:
            # The three reasons are one sentence, whose verb stands in its first part.
            told = (
                told
                if key == "adaptation_reasons: population" or not key.startswith("adaptation")
                else f"{told} {SAID_OF[lang]}"
            )
            assert claims_more(told, kind_of(test).measure, lang, **asks(test, round_, lang)) == [], key
    for key, told in brief.items():
        test, round_ = tests[key]
        asked = asks(test, round_, lang)
        # `changed the way they work` and `sends data` are answers on the service itself.
        own = test.question in ("adapted", "delivers_national")
        assert (
            claims_more(
                told, "median" if own else kind_of(test).measure, lang, **{**asked, "trend": asked["trend"] or own}
            )
            == []
        ), key


SAID_OF = {"en": "give", "nl": "noemen"}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_headline_stays_within_the_tests_whose_numbers_it_names(lang):
    config, told = shipped(), study(lang, ROOT).findings
    assert set(told) == set(config.findings)
    for name, parts in told.items():
        template = parts["headline"].text
        finding = config.findings[name]
        for part in template.split(";"):
            places = {int(place) for place in re.findall(r"\{(?:share|rises|falls) (\d+)\}", part)}
            assert places, f"{name}: {part} rests on no test"
            for place in places:
                test = finding.tests[place - 1]
                assert claims_more(part, kind_of(test).measure, lang, **asks(test, finding.round, lang)) == [], part


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_claim_or_next_step_tells_a_cause(lang):
    parts = study(lang, ROOT).findings.values()
    told = [one["in the summary"].text for one in parts] + [step for one in parts for step in one["next steps"].items]
    told += [finding.statement[lang] for finding in shipped().findings.values()]
    assert [one for one in told if re.search(MARKS["cause"][lang], one, re.IGNORECASE)] == []


@pytest.mark.parametrize(
    ("told", "measure", "claims"),
    [
        ("{who} say that the need is growing.", "share", ["growth"]),
        ("{who} report that housing caused it.", "share", ["cause"]),
        ("{who} say that people in the Netherlands visit less often.", "theme", ["nation"]),
        ("Provision falls short at {who}.", "share", ["fact"]),
        ("The share rose by {estimate}.", "paired_change", []),
        (
            "Stigma keeps people from treatment due to rules, and more so as it grows.",
            "share",
            ["cause", "fact", "growth"],
        ),
    ],
)
def test_a_sentence_that_claims_more_is_refused(told, measure, claims):
    assert claims_more(told, measure, "en") == claims


def test_a_dutch_sentence_that_claims_more_is_refused():
    assert claims_more(
        "Volgens {who} groeit de behoefte in Nederland doordat het aanbod tekortschiet.", "share", "nl"
    ) == ["cause", "growth", "nation"]
    assert claims_more("Bij {who} schiet het aanbod tekort.", "share", "nl") == ["fact"]
