"""Answers that are easy to get wrong come back right from every tool, or are refused: `tests/right_or_refused.py` runs a million."""

import pytest
import right_or_refused
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st


@pytest.mark.parametrize("variant", right_or_refused.VARIANTS)
@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
@given(number=st.integers(0, 10**6))
def test_no_answer_comes_back_as_another_one_without_a_word(tmp_path, variant, number):
    assert right_or_refused.wrong(variant, number, tmp_path)[0] == []


def test_the_check_itself_sees_a_wrong_value(tmp_path, monkeypatch):
    """With two labels swapped on their way, every tool that writes labels is caught."""
    from hrmonitor.cleaning import typed_answers

    right = typed_answers.parse_texts

    def swapped(texts, question, labels=None):
        codes = question.codes
        return [
            type(parsed)(codes[(codes.index(parsed.value) + 1) % len(codes)])
            if question.kind == "select_one" and parsed.value in codes
            else parsed
            for parsed in right(texts, question, labels)
        ]

    monkeypatch.setattr(typed_answers, "parse_texts", swapped)
    assert any(right_or_refused.wrong("kobo labels", number, tmp_path)[0] for number in range(5))
