"""Groups side by side tell nothing that their rounds hide; and the audit sees it where they do."""

from pathlib import Path

import pandas as pd
import pytest
from attacks.groups import order_of, recovered
from hrmonitor.declarations.csv_files import read_table
from hrmonitor.disclosure.audit import refuse
from hrmonitor.errors import DisclosureError
from hrmonitor.project.config import Groups
from hrmonitor.stages.groups import groups
from published_set import KEPT, RULES, few_roles_world, publish, random_world, read_form, usual_world, write

# Two countries, of which each round is one.
LATEST = {"b": "2021", "a": "2018"}
NAMES = {"b": {"en": "Bee", "nl": "Bee"}, "a": {"en": "Ay", "nl": "Ay"}}


@pytest.fixture(scope="module")
def form(tmp_path_factory):
    return read_form(tmp_path_factory.mktemp("form"))


def side_by_side(indicators: pd.DataFrame, form, folder: Path) -> None:
    """groups.csv in the package, from a table of estimates."""
    settings = Groups({"en": "Country", "nl": "Land"}, NAMES)
    table, _ = groups(LATEST, dict.fromkeys(LATEST, form), indicators, settings, ["en", "nl"])
    assert len(table)
    write(table, folder / "open_data/groups.csv")


def made(folder: Path, form, world, rules=RULES) -> dict[str, pd.DataFrame]:
    bare = publish(folder, world, rules)
    side_by_side(read_table("indicators", folder / "open_data/indicators.csv"), form, folder)
    return bare


def sizes_of(world) -> dict[tuple[str, str], int]:
    return {
        (name, service): KEPT[service][1]
        for name, table in world.rounds.items()
        for service in table["service"].unique()
    }


@pytest.mark.parametrize("seed", [None, 2, 5])
def test_nothing_is_recovered_and_the_audit_is_content(form, tmp_path, seed):
    world, rules = (few_roles_world(form), RULES) if seed is None else random_world(form, seed)
    made(tmp_path, form, world, rules)
    assert recovered(tmp_path, sizes_of(world)) == {}
    found = world.findings(tmp_path, rules)
    assert len(found)
    refuse(found)


def test_estimates_made_anew_would_be_recovered_and_the_audit_stops_the_build(form, tmp_path):
    world = usual_world(form)
    bare = made(tmp_path, form, world)
    refuse(world.findings(tmp_path))
    side_by_side(bare["indicators"].assign(suppression="").fillna({"category": ""}), form, tmp_path)
    found = recovered(tmp_path, sizes_of(world))
    assert ("2021", "dcr", "role", "physician", "share") in found
    with pytest.raises(DisclosureError, match="groups"):
        refuse(world.findings(tmp_path))


def test_a_figure_for_all_that_indicators_hide_would_tell_the_part(form, tmp_path):
    """The complementary cell: services together, from answers and not from what is published."""
    world = few_roles_world(form)
    # Of the same types of service, so that there are rows for all of them.
    world.rounds["2018"] = world.rounds["2021"].copy()
    bare = made(tmp_path, form, world)
    path = tmp_path / "open_data/groups.csv"
    table, whole = (
        read_table("groups", path),
        bare["indicators"].set_index(["round", "service", "indicator", "category", "statistic"]),
    )
    hidden = table["suppressed"] & (table["service"] == "all") & (table["indicator"] == "role")
    rounded = (table["suppression"] == "rounded") & (table["service"] == "all") & (table["indicator"] == "role")
    chosen = table[hidden | rounded]
    assert len(chosen)
    for place, row in chosen.iterrows():
        one = whole.loc[(row["round"], "all", "role", row["category"], "share")]
        table.loc[place, ["estimate", "n"]] = [one["estimate"], one["n"]]
        table.loc[place, ["suppressed", "suppression"]] = [False, ""]
    write(table, path)
    assert recovered(tmp_path, sizes_of(world))
    with pytest.raises(DisclosureError):
        refuse(world.findings(tmp_path))


def test_the_order_of_rows_does_not_hang_on_what_is_hidden(form, tmp_path):
    made(tmp_path / "one", form, usual_world(form))
    world, rules = random_world(form, 5)
    world.rounds["2018"] = world.rounds["2018"][world.rounds["2018"]["service"] == "dcr"].reset_index(drop=True)
    made(tmp_path / "two", form, world, rules)
    assert order_of(tmp_path / "one/open_data/groups.csv") == order_of(tmp_path / "two/open_data/groups.csv")
