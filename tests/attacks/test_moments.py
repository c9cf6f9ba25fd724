"""A mean and its standard error do not tell the answers of few."""

import numpy as np
import pandas as pd
import pytest
from attacks.moments import answers_of_few
from attacks.reasons import read
from hrmonitor.disclosure import moments
from hrmonitor.disclosure.audit.functions import digits
from hrmonitor.stages import changes as changes_stage
from hrmonitor.stages import indicators as indicators_stage
from published_set import publish, read_form, usual_world

# Of rooms, each of another organisation.
FEW = {"overdoses": [7, 12, 30], "clients": [61, 40, 52, 77]}


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    world = usual_world(read_form(tmp_path_factory.mktemp("form")))
    table = world.rounds["2021"]
    for name, numbers in FEW.items():
        room = table.index[table["service"] == "dcr"]
        table.loc[room, name] = [*numbers, *[None] * (len(room) - len(numbers))]
        table.loc[room[len(numbers) :], f"{name}__missing"] = "no_answer"
    return world


def told(folder, least_off: float) -> dict[str, list[tuple[int, ...]]]:
    """Indicator -> the answers that its total at the rooms and its standard error leave possible."""
    table = read(folder / "open_data" / "indicators.csv")
    rows = table[(table["round"] == "2021") & (table["service"] == "dcr") & (table["statistic"] == "total")]
    found = {}
    for row in rows[rows["estimate"].notna()].to_dict("records"):
        n, size = int(row["n"]), int(row["population"])
        if n in (3, 4) and n < size:
            found[row["indicator"]] = answers_of_few(row["estimate"] / size, row["se"] / size, n, size, least_off)
    return found


def test_the_answers_of_three_and_four_do_not_follow(world, tmp_path):
    publish(tmp_path, world)
    assert set(told(tmp_path, 0.05)) == set(FEW)
    assert not any(told(tmp_path, 0.05).values())
    table = read(tmp_path / "open_data" / "indicators.csv")
    few = table[(table["unit"] != "share") & (table["n"] < 10)]
    assert len(few) > 1
    assert few[["ci_low", "ci_high", "se", "deff"]].isna().all(axis=None)
    shown = table[["se", "deff"]].to_numpy().ravel()
    assert max(digits(value) for value in shown[~np.isnan(shown)]) == 2


def test_ten_digits_tell_them_and_the_auditor_says_so(world, tmp_path, monkeypatch):
    """The attack has teeth: as tables were published before, the answers follow."""
    for stage in (indicators_stage, changes_stage):
        monkeypatch.setattr(stage, "without_moments", lambda table, _: table)
        monkeypatch.setattr(stage, "justified", lambda table: table)
    publish(tmp_path, world)
    found = told(tmp_path, 1e-6)
    assert found["overdoses"] == [tuple(sorted(FEW["overdoses"]))]
    assert tuple(sorted(FEW["clients"])) in found["clients"]
    assert len(found["clients"]) < 20
    assert {"moments of few facilities", "more digits than it justifies"} <= set(world.findings(tmp_path)["reason"])


def test_a_number_ends_where_its_standard_error_does():
    table = pd.DataFrame(
        {"statistic": "total", "unit": "", "se": [153_456.0, 0.0996, 0.0, np.nan], "deff": [1.2345, 1.0, np.nan, 1.0],
         "estimate": [583_926.0, 1.23456, 87.123, 9.87654], "ci_low": 0.5, "ci_high": 1e6}
    )  # fmt: skip
    shown = moments.justified(table)
    assert shown["se"].tolist()[:3] == [150_000, 0.1, 0]
    assert shown["estimate"].tolist() == [580_000, 1.23, 87.123, 9.87654]
    assert shown["deff"].tolist()[:2] == [1.2, 1]
