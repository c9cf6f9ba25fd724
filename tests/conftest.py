"""Property tests try the same examples in every run, so that a red build can be repeated.

`pytest --hypothesis-profile=explore` looks for new ones.
CI does not look for the smallest failing example, which takes minutes where an example is a whole file.
"""

import os

import pytest
from hrmonitor.unit import speak_of
from hypothesis import Phase, settings

PHASES = [Phase.explicit, Phase.reuse, Phase.generate] if "CI_RUN" in os.environ else list(Phase)
settings.register_profile("repeatable", derandomize=True, phases=PHASES)
settings.register_profile("explore", max_examples=2000, deadline=None)
settings.load_profile("repeatable")


@pytest.fixture(autouse=True)
def about_facilities():
    """What a test has texts speak of, the next one does not."""
    speak_of()
    yield
    speak_of()
