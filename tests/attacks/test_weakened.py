"""Every defence is needed: without it the auditor stops the build of a small survey. All of them, and the builds with all defences: `make attack`."""

import pytest
from attacks.weakened import SLOW, WEAKENED, found
from published_set import read_form


@pytest.fixture(scope="module")
def form(tmp_path_factory):
    return read_form(tmp_path_factory.mktemp("form"))


@pytest.mark.parametrize("name", [name for name in WEAKENED if name not in SLOW])
def test_a_build_without_the_defence_is_caught(name, form, tmp_path):
    assert (found(name, form, tmp_path)["verdict"] != "safe").any()


@pytest.mark.parametrize("name", ["no complementary counts", "moments of few", "no complementary themes"])
def test_the_same_build_with_all_defences_is_not(name, form, tmp_path):
    verdicts = found(None, form, tmp_path, WEAKENED[name])["verdict"]
    assert (verdicts == "safe").all()
