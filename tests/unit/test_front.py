"""The first page: what it says of services of which nobody answered."""

from types import SimpleNamespace

import pandas as pd
import pytest
from hrmonitor.language import text
from hrmonitor.reporting.chapters.front import _silent

FLOW = pd.DataFrame(
    [
        (service, step, n)
        for service, counts in {
            "dcr": (3, 0),
            "oat": (9, 4),
            "hat": (2, 0),
            "unknown": (None, 0),
            "all": (14, 4),
        }.items()
        for step, n in zip(("register", "kept"), counts, strict=True)
        if n is not None
    ],
    columns=["service", "step", "n"],
)


def told(services: tuple[str, ...], lang: str) -> list[str]:
    story = SimpleNamespace(
        words=text(lang),
        lang=lang,
        latest="2024",
        forms={"2024": SimpleNamespace(services=services)},
        service_label=str.upper,
    )
    return _silent(story, FLOW)


@pytest.mark.parametrize(("lang", "both"), [("en", "DCR and HAT"), ("nl", "DCR en HAT")])
def test_the_first_page_names_services_of_which_nobody_answered(lang, both):
    (sentence,) = told((), lang)
    assert both in sentence
    assert "OAT" not in sentence and "UNKNOWN" not in sentence


def test_a_service_that_the_round_was_not_about_is_not_named():
    (sentence,) = told(("oat", "hat"), "en")
    assert "HAT" in sentence and "DCR" not in sentence
    assert told(("oat",), "en") == []
