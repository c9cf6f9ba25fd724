"""Hostile input ends as inert text or as a clear refusal, within bounded time and memory."""

import pytest
from hostile import CASES, outcome


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.name} in {case.place}")
def test_it_is_inert_or_refused(case, tmp_path):
    told = outcome(case, tmp_path)
    allowed = ("inert", "refused") if case.must == "either" else (case.must,)
    assert told.split(":")[0] in allowed, told
