"""The register and the tables of response do not tell of any facility whether it answered."""

import numpy as np
import pandas as pd
import pytest
from attacks.who_answered import told
from hrmonitor.disclosure.audit import told_of
from hrmonitor.disclosure.small_groups import pool_small
from hrmonitor.editions import Edition
from hrmonitor.questionnaire.model import Questionnaire
from hrmonitor.response import nonresponse
from hrmonitor.response.nonresponse import classes_of, compare
from hrmonitor.response.rates import response_table
from hrmonitor.survey import Round

SIZES = {"dcr": (12, 8), "oat": (26, 17), "hat": (5, 5)}


def survey(seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A register, and which of its facilities answered; everybody of the heroin units."""
    random = np.random.default_rng(seed)
    rows = [(f"NL-{service}-{place}", service) for service, (size, _) in SIZES.items() for place in range(size)]
    register = pd.DataFrame(rows, columns=["facility_id", "service"])
    n = len(register)
    register["province"] = random.choice(["utrecht", "limburg", "zeeland", "drenthe"], n, p=[0.4, 0.3, 0.2, 0.1])
    register["organisation"] = random.choice(list("ABCDEFG"), n, p=[0.3, 0.2, 0.2, 0.1, 0.1, 0.05, 0.05])
    register["municipality"] = random.choice([f"town {place}" for place in range(12)], n)
    register["opened"] = [f"{year}-01-01" for year in random.integers(1995, 2021, n)]
    register["closed"] = ""
    cases = register[["facility_id", "service", "province"]].assign(outcome="", answered=1.0, code="", remarks="")
    cases["mode"] = ""
    for service, (_, kept) in SIZES.items():
        own = random.permutation(cases.index[cases["service"] == service])[:kept]
        cases.loc[own, "mode"] = "interview"
    cases["disposition"] = np.where(cases["mode"] != "", "complete", "refusal")
    return register, cases


def publish(folder, register, cases, monkeypatch) -> None:
    monkeypatch.setattr(nonresponse, "REPLICATES", 3)
    (folder / "open_data").mkdir(exist_ok=True)
    provinces = classes_of(register, cases, 2021, 3)["province"]
    tables = {
        "response": response_table("2021", cases, provinces, False, 3),
        "nonresponse": compare("2021", register, cases, 2021, 1, 3),
    }
    for name, table in tables.items():
        table.to_csv(folder / "open_data" / f"{name}.csv", index=False, float_format="%.10g")


def answered(register, cases) -> Round:
    kept = cases.loc[cases["mode"] != "", ["facility_id", "service"]]
    return Round("2021", 2021, kept, register, Questionnaire.__new__(Questionnaire), pd.DataFrame())


@pytest.mark.parametrize("seed", range(3))
def test_no_facility_is_told(seed, tmp_path, monkeypatch):
    register, cases = survey(seed)
    publish(tmp_path, register, cases, monkeypatch)
    assert told(tmp_path, register, "2021", 2021) == {}
    assert told_of(tmp_path, [answered(register, cases)]) == {}


def edition(folder, name, register, cases) -> Edition:
    """What `publish` wrote, as the record of an edition."""
    place = folder / name
    (folder / "open_data").rename(place)
    no_table = pd.DataFrame()
    return Edition(name, place, {"2021": answered(register, cases)}, no_table, no_table)


def test_a_facility_that_answered_late_is_told_by_two_editions_and_the_auditor_says_so(tmp_path, monkeypatch):
    register, cases = survey(0)
    late = cases.index[(cases["service"] == "oat") & (cases["mode"] != "")][0]
    before = cases.copy()
    before.loc[late, ["mode", "disposition"]] = ["", "refusal"]
    publish(tmp_path, register, before, monkeypatch)
    first = edition(tmp_path, "first", register, before)
    publish(tmp_path, register, cases, monkeypatch)
    assert told_of(tmp_path, [answered(register, cases)]) == {}
    assert told_of(tmp_path, [answered(register, cases)], [first])["2021"] >= 1


def test_the_same_answers_again_tell_of_nobody(tmp_path, monkeypatch):
    register, cases = survey(0)
    publish(tmp_path, register, cases, monkeypatch)
    first = edition(tmp_path, "first", register, cases)
    publish(tmp_path, register, cases, monkeypatch)
    assert told_of(tmp_path, [answered(register, cases)], [first]) == {}


def test_classes_that_are_only_large_enough_tell_of_many_and_the_auditor_says_so(tmp_path, monkeypatch):
    """The attack has teeth: as the tables were made before, by the size of each class alone."""
    register, cases = survey(0)
    monkeypatch.setattr(
        nonresponse,
        "joined_classes",
        lambda levels, _, least: levels.astype("str").apply(pool_small, minimum_cell=least),
    )
    monkeypatch.setattr(nonresponse, "to_coarse", lambda share: share)
    publish(tmp_path, register, cases, monkeypatch)
    found = told(tmp_path, register, "2021", 2021)
    true = set(cases.loc[cases["mode"] != "", "facility_id"])
    assert len(found) > 3
    assert all((facility in true) == state for facility, state in found.items())
    assert told_of(tmp_path, [answered(register, cases)])["2021"] == len(found)
