"""Real figures beside a finding: numbers, breaks, and whether they speak against it; and what a verdict allows the report to say."""

from dataclasses import replace

import pandas as pd
import pytest
from hrmonitor.errors import ConfigError
from hrmonitor.language import in_fraction, text
from hrmonitor.project.config import PublishedSeries
from hrmonitor.project.finding_checks import check_published
from hrmonitor.reporting.chapters import answers, beside
from hrmonitor.reporting.story import Story
from settings import ROOT, shipped

# Those of the shipped study.
LANGUAGES = ("en", "nl")

VERDICTS = ("supported", "partly_supported", "not_supported", "contradicted", "not_assessable")


def story(lang: str = "en", *published: PublishedSeries, synthetic: bool = True) -> Story:
    config = shipped()
    findings = {**config.findings, "ghb_need": replace(config.findings["ghb_need"], published=published)}
    return Story(lang, ROOT, replace(config, findings=findings, synthetic=synthetic))


def box(*published: PublishedSeries, lang: str = "en") -> str:
    return beside.box(story(lang, *published), "ghb_need")


def test_a_series_that_did_not_rise_speaks_against_a_finding_of_growth():
    told = box(PublishedSeries("ghb_clients", 2015, "rise"))
    assert "837 in 2015, 956 in 2021, 831 in 2024" in told
    assert "hardly changed from 2015 to 2024" in told and "**speaks against the finding**" in told
    assert "After 2015 and 2021 the count was made in another way" in told and "this is a weak sign" in told
    assert "Sources: " in told and "Jellinek" in told


def test_from_its_beginning_the_same_series_rose():
    told = box(PublishedSeries("ghb_clients", None, "rise"))
    assert "60 in 2007" in told and "rose by" in told and "speaks against" not in told


@pytest.mark.parametrize(("expect", "against"), [("no_rise", False), ("fall", False), ("rise", True)])
def test_what_a_fall_means_depends_on_what_the_finding_says(expect, against):
    told = box(PublishedSeries("opiate_clients", None, expect))
    assert "15,733 in 2002" in told and "7,800 in 2023" in told and "fell by 50%" in told
    assert ("speaks against" in told) == against


def test_a_percentage_changes_by_points_and_a_background_figure_says_nothing_of_the_finding():
    assert "rose by 4 percentage points from 2022 to 2024" in box(
        PublishedSeries("homeless_other_europe", None, "rise")
    )
    # 2022 is after the year of asking: it says nothing about the three years before.
    assert "not the years that the finding is about" in box(PublishedSeries("homeless_other_europe", None, "rise"))
    told = box(PublishedSeries("professionals_negative"))
    assert "20–51% (2023)" in told and "finding" not in told


def test_without_a_figure_the_box_says_so_and_dutch_has_its_own_numbers():
    assert text("en")["beside"]["none"] in box()
    assert "15.733 in 2002" in box(PublishedSeries("opiate_clients", None, "no_rise"), lang="nl")


@pytest.mark.parametrize(
    ("series", "wrong"),
    [
        (PublishedSeries("ghb_client"), "Did you mean 'ghb_clients'"),
        (PublishedSeries("ghb_clients", 2030), "has no number from 2030 on"),
    ],
)
def test_a_series_that_is_not_there_is_refused_by_name(series, wrong):
    findings = {"f": replace(shipped().findings["ghb_need"], published=(series,))}
    with pytest.raises(ConfigError, match=wrong):
        check_published(findings, str(ROOT / "raw/reference"))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("synthetic", [True, False])
def test_next_steps_stand_only_where_a_finding_is_supported(lang, synthetic):
    made = story(lang, synthetic=synthetic)
    words, steps = text(lang)["spread"], made.study.of_finding("ghb_need", "next steps").items
    told = {verdict: answers._policy(made, "ghb_need", verdict) for verdict in VERDICTS}
    assert [verdict for verdict in VERDICTS if steps[0] in told[verdict]] == ["supported"]
    assert len(set(told.values())) == len(VERDICTS)
    mood = "rehearsal" if synthetic else "real"
    assert all(words["policy"][mood][verdict] in told[verdict] for verdict in VERDICTS)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_only_made_up_answers_are_told_as_a_rehearsal(lang):
    """Every sentence that rests on whether answers are real is there for both, under every verdict."""
    words = text(lang)
    for moods in (words["spread"]["because"], words["spread"]["policy"]):
        assert set(moods) == {"real", "rehearsal"}
        assert set(moods["real"]) == set(moods["rehearsal"]) == set(VERDICTS)
    made = story(lang)
    made.findings = pd.DataFrame({"finding": ["a", "b"], "verdict": ["supported"] * 2})
    real = story(lang, synthetic=False)
    real.findings = made.findings
    assert answers.verdicts(made) != answers.verdicts(real)
    assert ("would" if lang == "en" else "zouden") in answers.verdicts(made)


@pytest.mark.parametrize(
    ("share", "told"),
    [
        (0.785, "nearly eight in ten"),
        (0.2590, "one in four"),
        (0.0, "no"),
        (0.02, "hardly any"),
        (0.97, "more than nine in ten"),
        (0.985, "almost all"),
        (1.0, "all"),
        (0.34, "one in three"),
        (2 / 3, "two in three"),
        (1 / 7, "one in seven"),
    ],
)
def test_a_share_in_words_never_says_more_than_it(share, told):
    assert in_fraction(share, "en") == told
