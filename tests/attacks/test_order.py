"""Nothing is published in an order that comes from names or ids: with other ones, the published bytes are the same."""

import pandas as pd
import pytest
from attacks.order import differing, in_order_of_names, renamed
from hrmonitor.findings.sensitivity import COLUMNS, summary
from published_set import few_roles_world, publish, read_form


@pytest.fixture(scope="module")
def form(tmp_path_factory):
    return read_form(tmp_path_factory.mktemp("form"))


def test_other_names_give_the_same_bytes(form, tmp_path):
    world = few_roles_world(form)
    for name, one in (("as it is", world), ("renamed", renamed(world, 1))):
        publish(tmp_path / name, one)
    files, differ = differing(tmp_path / "as it is", tmp_path / "renamed")
    assert files > 10
    assert differ == []


def test_repetitions_do_not_say_which_organisation_had_how_many_that_answered():
    owners = pd.Series(["Anchor"] * 9 + ["Beacon"] * 7 + ["Cirkel"] * 12)
    answered = {"Anchor": 8, "Beacon": 5, "Cirkel": 10}
    rows = [("f", "without_organisation", str(n), 23 - n, "supported", True) for n in answered.values()]
    rows.append(("f", "worst_case", "", 23, "supported", True))
    table = pd.DataFrame(rows, columns=COLUMNS)
    assert in_order_of_names(table, owners) == answered
    assert in_order_of_names(summary(table), owners) == {}
    # Nor does any number of the table depend on which of them was it.
    other = table.iloc[[2, 0, 1, 3]].reset_index(drop=True)
    assert summary(other).equals(summary(table))
