"""Data quality in words: each rule has its sentence, second submissions say what decided, raw values name nobody."""

from types import SimpleNamespace

import pandas as pd
import pytest
from hrmonitor.cleaning import SEVERITY, STATUSES
from hrmonitor.cleaning.imputation_flags import RULE
from hrmonitor.language import text
from hrmonitor.reporting.chapters import quality as quality_chapter

RULES = {*SEVERITY, *STATUSES, RULE} - {"kept"}


@pytest.mark.parametrize("lang", ["en", "nl"])
@pytest.mark.parametrize("rule", sorted(RULES))
def test_each_rule_that_the_code_can_write_has_a_name_and_a_sentence(lang, rule):
    words = text(lang)
    assert words["figures"]["rules"][rule]
    assert words["quality"]["rules"][rule].endswith(".")


def test_no_sentence_is_for_a_rule_that_does_not_exist():
    assert set(text("en")["quality"]["rules"]) == RULES


def table(rows: list[tuple]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["source", "row", "facility_id", "status", "mode", "answered"])


@pytest.mark.parametrize(
    ("kept", "second", "why"),
    [
        (("interview", 10), ("questionnaire", 90), "mode"),
        (("interview", 90), ("interview", 10), "answered"),
        (("interview", 90), ("interview", 90), "first"),
    ],
)
def test_what_decided_between_two_submissions(kept, second, why):
    all_ = table([("a.csv", 2, "A", "kept", *kept), ("a.csv", 3, "A", "duplicate", *second)])
    responses = all_[["source", "row", "mode"]].set_axis(["_source", "_row", "_mode"], axis=1)
    found = quality_chapter.decisions(all_.drop(columns=["mode", "answered"]), responses, all_)
    assert found.to_dict() == {why: 1}


NUMBER, TEXT = SimpleNamespace(kind="integer", pii=False), SimpleNamespace(kind="text", pii=False)


@pytest.mark.parametrize(
    ("question", "raw", "shown"),
    [
        (NUMBER, ["999", "999", "-9"], ["999", "\\-9"]),
        (NUMBER, ["Jan Jansen"], []),
        (NUMBER, ["0612345678"], []),
        (NUMBER, ["veel", "veel", "veel"], ["veel"]),
        (TEXT, ["12"], []),
        (SimpleNamespace(kind="integer", pii=True), ["12"], []),
    ],
)
def test_a_raw_value_is_shown_only_where_it_can_name_nobody(question, raw, shown):
    assert quality_chapter._raw(pd.Series(raw), question, 3) == shown
