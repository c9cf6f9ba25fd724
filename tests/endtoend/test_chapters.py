"""The built report: the back-test is equal, every place that the CROSS checklist names exists, rounds are compared."""

import re

import pandas as pd
import pytest


def report(project, lang: str) -> str:
    return (project.folder / f"results/report/report_{lang}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("lang", ["en", "nl"])
def test_every_place_in_the_checklist_is_a_heading(built, lang):
    woven = report(built, lang)
    checklist = woven[woven.index("{#sec-cross}") :]
    places = set(re.findall(r"\]\(#(sec-[\w-]+)\)", checklist))
    headings = set(re.findall(r"^#+ .*\{#(sec-[\w-]+)\}$", woven, re.M))
    assert places and places <= headings


def test_the_inventories_are_reproduced(built):
    table = pd.read_csv(built.folder / "results/against_published.csv", dtype={"round": "str"})
    exact = table[table["exact"]]
    found = exact.set_index("series")["estimate"].to_dict()
    assert found == {
        "consumption_rooms": 24, "consumption_room_cities": 19,
        "interviewed_dcr": 17, "interviewed_oat": 53, "interviewed_hat": 17, "interviewed_nsp": 29,
    }  # fmt: skip
    assert exact["equal"].all()
    assert "24 computed from the answers, 24 published (2018). Equal." in report(built, "en")
    assert "19 berekend uit de antwoorden, 19 gepubliceerd (2018). Gelijk." in report(built, "nl")


def test_the_rounds_share_indicators_for_consumption_rooms(built):
    table = pd.read_csv(built.folder / "results/comparability.csv", keep_default_na=False)
    assert set(table["status"]) == {"comparable", "by_crosswalk"}
    assert set(table["services"]) == {"dcr"}


def test_a_wrong_name_in_a_comparison_stops_the_build_with_one_message(workbench):
    path = workbench.folder / "raw/reference/comparisons.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("hat_places,,total", "hat_place,,total"), encoding="utf-8")
    run = workbench.snakemake("--cores", "2", "results/against_published.csv", check=False)
    assert run.returncode != 0
    assert "comparisons.csv, row" in run.stdout and "Did you mean 'hat_places'" in run.stdout
    assert "Traceback" not in run.stdout
