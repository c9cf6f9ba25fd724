"""The auditor finds nothing in what the suppressor let pass, and each of the leaks that were made on purpose."""

import re
import shutil

import numpy as np
import pandas as pd
import pytest
from hrmonitor.disclosure.audit import refuse
from hrmonitor.disclosure.rules import Rules
from hrmonitor.errors import DisclosureError
from published_set import SETTINGS, publish, read_form, usual_world, write

ROLE = ("2021", "dcr", "role", "physician", "share")
SYRINGES = ("2021", "dcr", "syringes_distributed_year", "", "sum")
INSURED = ("2021", "dcr", "insured", "", "client_mean")
OVERDOSES = ("2021", "dcr", "overdoses", "", "difference")
THEME = ("2021", "dcr", "why/stigma", "", "theme")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("published")
    world = usual_world(read_form(folder / "form"))
    return folder / "results", world, publish(folder / "results", world)


@pytest.fixture
def results(made, tmp_path):
    """A copy that a test may weaken."""
    shutil.copytree(made[0], tmp_path / "results")
    return tmp_path / "results"


def read(path):
    names = ("round", "round_from", "category", "suppression")
    return pd.read_csv(path, dtype=dict.fromkeys(names, "str"), keep_default_na=False, na_values=[""]).fillna(
        dict.fromkeys([name for name in names if name != "round"], "")
    )


def restore(folder, bare, table: str, where: str, columns=("estimate", "ci_low", "ci_high", "n")) -> None:
    """Print in a table of the package what had been hidden."""
    path = folder / "open_data" / f"{table}.csv"
    shown, rows = read(path), bare[table].fillna({"category": ""} if "category" in bare[table] else {})
    chosen = rows.query(where).index
    assert len(chosen), where
    for column in columns:
        if column in shown:
            shown[column] = shown[column].astype("Float64")
            shown.loc[chosen, column] = rows.loc[chosen, column].astype("Float64")
    if "suppression" in shown:
        shown.loc[chosen, "suppression"] = ""
    write(shown, path)


def missing_complementary_cell(folder, bare, world):
    for column in ("manager", "other"):
        restore(folder, bare, "indicators", f"indicator == 'role' and category == '{column}' and round == '2021'")


def margin_of_a_total(folder, bare, world):
    restore(
        folder,
        bare,
        "indicators",
        "indicator == 'syringes_distributed_year' and service == 'hat' and statistic == 'total'",
    )


def confidential_cell(folder, bare, world):
    restore(
        folder,
        bare,
        "indicators",
        "indicator == 'syringes_distributed_year' and service == 'dcr' and statistic == 'total'",
    )


def mean_by_clients_of_another_service(folder, bare, world):
    restore(folder, bare, "indicators", "indicator == 'insured' and service == 'hat'")


def mean_beside_a_hidden_total(folder, bare, world):
    path = folder / "open_data" / "indicators.csv"
    table = read(path)
    own = table.query("indicator == 'syringes_distributed_year' and service == 'dcr' and round == '2021'").assign(
        statistic="mean", estimate=world.rounds["2021"].query("service == 'dcr'")["syringes"].astype(float).mean(), n=10
    )
    write(pd.concat([table, own]), path)


def interval_left_behind(folder, bare, world):
    where = "indicator == 'role' and category == 'physician' and service == 'dcr' and round == '2021' and statistic == 'share'"
    restore(folder, bare, "indicators", where, ("ci_low", "ci_high"))


def bounds_left_behind(folder, bare, world):
    where = "indicator == 'role' and category == 'physician' and service == 'dcr' and round == '2021'"
    restore(folder, bare, "indicators", f"{where} and statistic == 'share_bounds'", ("ci_low",))


def bounds_of_all(folder, bare, world):
    for service in ("oat", "hat"):
        restore(
            folder, bare, "indicators", f"indicator == 'role' and category == 'physician' and service == '{service}'"
        )
    restore(folder, bare, "indicators", "indicator == 'role' and category == 'physician' and service == 'all'")


def change_between_rounds(folder, bare, world):
    restore(folder, bare, "changes", "indicator == 'syringes_distributed_year' and statistic == 'change'")


def ratio_and_change_then_and_now(folder, bare, world):
    restore(folder, bare, "changes", "indicator == 'overdoses' and statistic in ['paired_change', 'paired_ratio']")


def questions_left_open(folder, bare, world):
    restore(folder, bare, "item_nonresponse", "question == 'role_other'", ("n", "population"))


def theme_to_ten_digits(folder, bare, world):
    restore(folder, bare, "themes", "service in ['all', 'oat']")


def figure_data(folder, bare, world):
    path = folder / "figures" / "roles.csv"
    table = read(path)
    table.loc[(table["service"] == "dcr") & (table["category"] == "physician"), "estimate"] = 0.1
    write(table, path)


def other_language(folder, bare, world):
    path = folder / "report" / "report_nl.html"
    text = path.read_text(encoding="utf-8")
    shown, made = re.subn(
        r'(id="tbl-numbers-dcr".*?<td>Spuiten\?</td><td>totaal</td><td>)–', r"\g<1>10.934", text, flags=re.S
    )
    assert made == 1
    path.write_text(shown, encoding="utf-8")


def codebook(folder, bare, world):
    """The count over all services tells that of the rooms, where the others are shown and the share of all is not."""
    path = folder / "report" / "report_en.md"
    text = path.read_text(encoding="utf-8")
    counts = r"\g<1>Manager 15; Nurse 15; Physician \\<3; Other 1 |"
    shown, made = re.subn(r"(\\\[role\\\] \| )not shown \|", counts, text)
    assert made == 1
    path.write_text(shown, encoding="utf-8")
    restore(folder, bare, "indicators", "indicator == 'role' and category == 'other' and service == 'hat'")
    for table in ("open_data/indicators.csv", "figures/roles.csv"):
        all_ = read(folder / table)
        told = (all_["indicator"] == "role") & (all_["service"] == "all")
        all_.loc[told, ["estimate", "ci_low", "ci_high"]] = np.nan
        write(all_, folder / table)
    for lang in ("en", "nl"):
        (folder / "figures" / f"roles_{lang}.long.txt").unlink()


def description_of_a_figure(folder, bare, world):
    path = folder / "figures" / "roles_nl.long.txt"
    told = path.read_text(encoding="utf-8")
    assert "Gebruiksruimten, arts" not in told
    path.write_text(told + "Gebruiksruimten, arts: 10% (n = 10).\n", encoding="utf-8")


def count_in_a_description_of_a_figure(folder, bare, world):
    """Of few facilities a description says how many."""
    path = folder / "figures" / "roles_nl.long.txt"
    path.write_text(path.read_text(encoding="utf-8") + "Gebruiksruimten, arts: 1 van 10 (n = 10).\n", encoding="utf-8")


def means_of_both_rounds(folder, bare, world):
    """The mean of 2018 is not hidden; with the change it tells that of 2021."""
    restore(
        folder, bare, "indicators", "indicator == 'syringes_distributed_year' and service == 'dcr' and round == '2018'"
    )
    restore(folder, bare, "changes", "indicator == 'syringes_distributed_year' and statistic == 'paired_change'")


def beside_published_figures(folder, bare, world, estimate=True):
    row = {"round": "2021", "service": "dcr", "indicator": "pwid_reached", "category": "", "statistic": "total", "n": 10,
           "population": 12, "unit": "persons", "suppressed": True, "published": 100.0}  # fmt: skip
    total = (
        bare["indicators"]
        .query(
            "indicator == 'syringes_distributed_year' and service == 'dcr' and statistic == 'total' and round == '2021'"
        )["estimate"]
        .item()
        / 520
    )
    row |= {"estimate": total if estimate else np.nan, "gap": total - 100.0}
    write(pd.DataFrame([row]), folder / "open_data" / "against_published.csv")


def gap_to_a_published_figure(folder, bare, world):
    beside_published_figures(folder, bare, world, estimate=False)


LEAKS = [
    (missing_complementary_cell, ROLE, "narrowed"),
    (margin_of_a_total, SYRINGES, "narrowed"),
    (confidential_cell, SYRINGES, "shown"),
    (mean_by_clients_of_another_service, INSURED, "narrowed"),
    (mean_beside_a_hidden_total, SYRINGES, "shown"),
    (interval_left_behind, ROLE, "narrowed"),
    (bounds_left_behind, ROLE, "narrowed"),
    (bounds_of_all, ROLE, "narrowed"),
    (change_between_rounds, SYRINGES, "narrowed"),
    (ratio_and_change_then_and_now, OVERDOSES, "narrowed"),
    (questions_left_open, ("2021", "dcr", "role", "other", "share"), "narrowed"),
    (theme_to_ten_digits, THEME, "narrowed"),
    (figure_data, ROLE, "shown"),
    (other_language, SYRINGES, "shown"),
    (codebook, ("2021", "dcr", "role", "other", "share"), "narrowed"),
    (description_of_a_figure, ROLE, "shown"),
    (count_in_a_description_of_a_figure, ROLE, "shown"),
    (means_of_both_rounds, SYRINGES, "narrowed"),
    (beside_published_figures, SYRINGES, "shown"),
    (gap_to_a_published_figure, SYRINGES, "shown"),
]


def test_the_auditor_finds_nothing_in_what_was_let_pass(made):
    folder, world, _ = made
    found = world.findings(folder)
    assert (found["verdict"] == "safe").all(), found
    # It looked at a cell of each kind.
    assert {ROLE, SYRINGES, INSURED, OVERDOSES, THEME} <= set(
        found[["round", "service", "indicator", "category", "statistic"]].itertuples(index=False, name=None)
    )
    refuse(found)


def test_stricter_rules_and_rounded_totals_hold_as_well(made, tmp_path):
    world, rules = made[1], Rules(minimum_cell=5, p_percent=30, rounding_base=10, sensitive=("role",))
    bare = publish(tmp_path, world, rules)
    found = world.findings(tmp_path, rules)
    assert (found["verdict"] == "safe").all(), found
    assert len(found) > len(world.findings(made[0]))
    shown = read(tmp_path / "open_data" / "indicators.csv").query("statistic == 'total'")["estimate"].dropna()
    assert (shown % 10 == 0).all()
    assert not (bare["indicators"].query("statistic == 'total'")["estimate"] % 10 == 0).all()


@pytest.mark.parametrize(("weaken", "cell", "verdict"), LEAKS, ids=[leak[0].__name__ for leak in LEAKS])
def test_the_auditor_finds_the_planted_leak(made, results, weaken, cell, verdict):
    _, world, bare = made
    weaken(results, bare, world)
    found = world.findings(results)
    own = found[found[["round", "service", "indicator", "category", "statistic"]].apply(tuple, axis=1) == cell]
    assert own["verdict"].tolist() == [verdict]
    with pytest.raises(DisclosureError, match="/".join(re.escape(part) for part in cell if part)):
        refuse(found)


def test_a_mark_for_one_facility_is_found(made, results):
    world = made[1]
    own = world.rounds["2021"][["service", "clients_then", "clients"]].set_axis(["service", "then", "now"], axis=1)
    write(own, results / "figures" / "pairs.csv")
    found = world.findings(results)
    assert found.loc[found["verdict"] != "safe", "shown_in"].tolist() == ["figures/pairs.csv"]


def test_a_file_that_names_a_facility_is_found(made, results):
    (results / "figures" / "roles_en.alt.txt").write_text("Most at NL-dcr-003.\n", encoding="utf-8")
    found = made[1].findings(results)
    assert found.loc[found["verdict"] != "safe", "reason"].tolist() == ["names a facility"]


def test_the_table_of_the_audit_has_no_value_of_a_hidden_cell(made):
    """Its numbers are widths, which follow from what is published."""
    folder, world, bare = made
    found = world.findings(folder)
    hidden = (
        bare["indicators"]
        .query(
            "indicator == 'syringes_distributed_year' and service == 'dcr' and statistic == 'total' and round == '2021'"
        )["estimate"]
        .item()
    )
    told = found.select_dtypes("number").to_numpy().ravel()
    assert not np.isclose(told, hidden, rtol=0.02).any()
    assert not np.isclose(told, hidden * 10 / 12, rtol=0.02).any()
    assert SETTINGS.confidence not in told
