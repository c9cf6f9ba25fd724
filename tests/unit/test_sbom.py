"""The bill of materials holds every locked package, is valid CycloneDX and names no index."""

import json
import re
from pathlib import Path

import pytest
from hrmonitor.errors import UserError
from hrmonitor.publication.sbom import bill_of_materials

LOCK = Path(__file__).parents[2] / "requirements.txt"


def test_every_locked_package_is_in_it_once_with_hashes():
    bill = json.loads(bill_of_materials(LOCK))
    found = {(part["name"], part["version"]): len(part["hashes"]) for part in bill["components"]}
    locked = re.findall(r"^([a-z0-9-]+)==(\S+)", LOCK.read_text(), re.M)
    assert set(found) == set(locked) and len(bill["components"]) == len(locked) and min(found.values()) > 0
    assert sum("licenses" in part for part in bill["components"]) > len(locked) * 0.9


def test_it_is_the_same_again_and_names_no_host():
    text = bill_of_materials(LOCK)
    assert text == bill_of_materials(LOCK)
    assert re.findall(r"https?://([^/\"]+)", text) == ["cyclonedx.org"]


@pytest.mark.parametrize("content", [None, "pandas\n"])
def test_a_lock_that_is_none_is_refused(tmp_path, content):
    if content:
        (tmp_path / "lock").write_text(content)
    with pytest.raises(UserError, match="lock"):
        bill_of_materials(tmp_path / "lock")
