"""Nothing is published in an order that comes from names or ids: with other ones, the published bytes are the same."""

import numpy as np
import pandas as pd
import pytest
from hrmonitor.findings.sensitivity import COLUMNS, summary
from published_set import World, few_roles_world, publish, read_form


@pytest.fixture(scope="module")
def form(tmp_path_factory):
    return read_form(tmp_path_factory.mktemp("form"))


def renamed(world: World, seed: int) -> World:
    """The same answers of facilities and organisations with other names, so that all stand in another order."""
    random = np.random.default_rng(seed)
    ids = world.frame["facility_id"]
    other = dict(zip(ids, [f"NL-{number}" for number in random.permutation(len(ids)) + 100], strict=True))
    owners = sorted(set(world.frame["organisation"]))
    owner = dict(zip(owners, random.permutation(["P", "Q", "R", "S", "T", "U"])[: len(owners)], strict=True))

    def reordered(table: pd.DataFrame) -> pd.DataFrame:
        table = table.assign(facility_id=table["facility_id"].map(other)).sort_values("facility_id")
        return table.reset_index(drop=True)

    frame = reordered(world.frame.assign(organisation=world.frame["organisation"].map(owner)))
    # Services stand in the order of the form; a register sorted by name may begin with any.
    frame = frame.sort_values("service", key=lambda one: one.map({"dcr": 0, "oat": 1, "hat": 2}), kind="stable")
    rounds = {name: reordered(table) for name, table in world.rounds.items()}
    return World(world.form, frame.reset_index(drop=True), rounds, reordered(world.settled))


def test_other_names_give_the_same_bytes(form, tmp_path):
    world = few_roles_world(form)
    for name, one in (("as it is", world), ("renamed", renamed(world, 1))):
        publish(tmp_path / name, one)
    files = [path.relative_to(tmp_path / "renamed") for path in sorted((tmp_path / "renamed").rglob("*.*"))]
    assert len(files) > 10
    differ = [
        str(path) for path in files if (tmp_path / "renamed" / path).read_bytes() != (tmp_path / "as it is" / path).read_bytes()
    ]  # fmt: skip
    assert differ == []


def in_order_of_names(table: pd.DataFrame, owners: pd.Series) -> dict[str, int]:
    """Organisation -> how many of its facilities answered, as the rows of the old table told who has the register."""
    rows = table[(table["scenario"] == "without_organisation") & (table["finding"] == table["finding"].iloc[0])]
    sizes, names = rows["left_out"].tolist(), sorted(owners.value_counts().index[owners.value_counts() >= 5])
    return dict(zip(names, map(int, sizes), strict=True)) if len(sizes) == len(names) and all(sizes) else {}


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
