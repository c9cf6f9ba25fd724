"""Persons on lists that overlap: estimates as R's Rcapture has them, counts that cannot be are refused, small cells hide all of a study."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hrmonitor.declarations.csv_files import write_table
from hrmonitor.disclosure.rules import Rules
from hrmonitor.errors import ConfigError, UserError
from hrmonitor.estimation.capture import cells_of, chapman, log_linear, models
from hrmonitor.project.config import PersonsStudy
from hrmonitor.stages.persons import persons
from hrmonitor.tabulation.persons import read_counts

REFERENCE = pd.read_csv(
    Path(__file__).parents[1] / "reference_values" / "capture.csv", dtype={"model": "str"}, keep_default_na=False, na_values={"aic": ""}
)  # fmt: skip
CELLS = {"c100": "1", "c010": "2", "c001": "3", "c110": "12", "c101": "13", "c011": "23", "c111": "123"}
LANGUAGES = ["en", "nl"]
TITLE = {"en": "People in *the* city", "nl": "Mensen in de stad"}
TWO = "lists,persons,source,label_en,label_nl\na,60,register,Clinic,Kliniek\nb,40,register,Room,Ruimte\na & b,20,linked,,\n"
THREE = (
    "lists,persons,source,label_en,label_nl\na,360,r,A,A\nb,177,r,B,B\nc,218,r,C,C\na & b,53,r,,\na & c,64,r,,\nb & c,16,r,,\n"
    "a & b & c,4,r,,\n"
)


def of_reference(row: pd.Series) -> dict:
    lists = 3 if row["c001"] else 2
    return {frozenset(key): int(row[name]) for name, key in CELLS.items() if set(key) <= set("123"[:lists])}


@pytest.mark.parametrize("place", REFERENCE.index)
def test_estimates_and_intervals_are_those_of_r(place):
    row = REFERENCE.loc[place]
    cells = of_reference(row)
    if row["model"] == "chapman":
        both = cells[frozenset("12")]
        size = chapman(cells[frozenset("1")] + both, cells[frozenset("2")] + both, both, 0.95)
    else:
        size = log_linear(cells, [frozenset(pair) for pair in row["model"].split()], 0.95)
        assert size.aic == pytest.approx(row["aic"], abs=1e-7)
    assert size.value == pytest.approx(row["estimate"], rel=1e-9)
    # R's standard error has the weights of the last step but one.
    assert size.se == pytest.approx(row["se"], rel=1e-7)
    # Rcapture ends its search within 0.0001 of the end, and takes Stirling's formula, whose first term is 1/(12 n), for factorials.
    close = 1e-9 if row["model"] == "chapman" else 2e-3
    unseen = row[["low", "high"]].astype(float) - sum(cells.values())
    assert (size.low - sum(cells.values()), size.high - sum(cells.values())) == pytest.approx(tuple(unseen), rel=close)


def test_two_independent_lists_are_lincolns_and_petersens_and_chapmans_ends_at_the_persons_counted():
    cells = cells_of({frozenset("a"): 10, frozenset("b"): 15, frozenset("ab"): 5})
    size = log_linear(cells, (), 0.95)
    assert size.value == pytest.approx(10 * 15 / 5) and size.low > 20
    assert chapman(10, 15, 5, 0.95).value == pytest.approx(11 * 16 / 6 - 1)
    everybody = chapman(10, 10, 10, 0.95)
    assert (everybody.value, everybody.low, everybody.high, everybody.se) == (10, 10, 10, 0)


def test_the_model_in_which_all_pairs_depend_is_the_one_of_products():
    n = {key: count for key, count in zip(CELLS.values(), [247, 112, 142, 49, 60, 12, 4], strict=True)}
    size = log_linear({frozenset(key): count for key, count in n.items()}, models("123")[-1], 0.95)
    unseen = n["1"] * n["2"] * n["3"] * n["123"] / (n["12"] * n["13"] * n["23"])
    assert size.value == pytest.approx(626 + unseen, rel=1e-12)
    assert size.se == pytest.approx((unseen + unseen**2 * sum(1 / count for count in n.values())) ** 0.5, rel=1e-12)


def test_a_zero_that_leaves_a_model_without_an_estimate_gives_none():
    assert np.isnan(log_linear({frozenset("a"): 5, frozenset("b"): 9, frozenset("ab"): 0}, (), 0.95).value)
    cells = dict(zip([frozenset(key) for key in CELLS.values()], [9, 8, 7, 6, 5, 0, 3], strict=True))
    known = [not np.isnan(log_linear(cells, pairs, 0.95).value) for pairs in models("123")]
    # Without anybody on exactly b and c, those on no list have no number where a is tied to both.
    tied = [frozenset({"12", "13"}) <= {"".join(sorted(pair)) for pair in pairs} for pairs in models("123")]
    assert known == [not one for one in tied]


def study(tmp_path, text: str, *dependent: str) -> PersonsStudy:
    (tmp_path / "counts.csv").write_text(text, encoding="utf-8")
    return PersonsStudy(TITLE, str(tmp_path / "counts.csv"), dependent)


def table_of(tmp_path, text: str, *dependent: str, **rules) -> pd.DataFrame:
    return persons({"2024": {"city": study(tmp_path, text, *dependent)}}, LANGUAGES, 0.95, Rules(**rules))


def test_each_model_has_its_row_and_the_one_named_beforehand_is_chosen(tmp_path):
    two = table_of(tmp_path, TWO)
    write_table("persons", two, tmp_path / "persons.csv")
    assert two["statistic"].tolist() == ["list", "list", "overlap", "any_list", "chapman", "lincoln_petersen"]
    assert two["estimate"].tolist() == [60, 40, 20, 80, 118, 120]
    assert two.loc[two["chosen"], "statistic"].tolist() == ["chapman"]
    three = table_of(tmp_path, THREE, "c & b")
    write_table("persons", three, tmp_path / "persons.csv")
    fitted = three[three["statistic"] == "log_linear"].set_index("lists")
    assert len(fitted) == 8 and fitted.index[fitted["chosen"]].tolist() == ["b & c"]
    assert fitted.loc[["independent", "b & c"], "estimate"].tolist() == [1320, 1207]
    assert fitted.loc["b & c", "aic"] == 50.19
    plain = table_of(tmp_path, THREE)
    assert plain.loc[plain["chosen"], "lists"].tolist() == ["independent"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("a & b,20", "a & b,41", r"row 4, persons: 41 persons on 'a & b' are more than the 40 on 'b' \(row 3\)"),
        ("a & b,20", "a & b,", "row 4, persons: '' is no whole number"),
        ("a & b,20", "a & b,-1", "row 4, persons: '-1' is no whole number"),
        ("a & b,20", "a & b,1.5", "row 4, persons: '1.5' is no whole number"),
        ("a & b,20,linked,,\n", "", "there is no row for 'a & b'"),
        ("b,40", "a,40", "row 3, lists: 'a' is empty, or names"),
        ("a & b,20", "b & b,20", "row 4, lists: 'b & b' is empty, or names"),
        ("linked", "", "row 4, source: no cell may be empty"),
        ("Ruimte", "", "row 3, label_nl: no cell may be empty"),
        ("register,Clinic", "linked, by hand,Clinic", "row 2: it has more cells than the header"),
        ("label_nl", "label_de", "the column 'label_nl' is missing"),
        ("b,40,register,Room,Ruimte\na & b,20,linked,,\n", "", r"it names 1 lists \(a\). Give two or three"),
    ],
)
def test_counts_that_cannot_be_are_refused_by_file_and_row(tmp_path, old, new, said):
    assert old in TWO
    with pytest.raises(UserError, match=r"counts\.csv.*" + said):
        read_counts(study(tmp_path, TWO.replace(old, new)).counts, LANGUAGES)


def test_overlaps_of_three_lists_that_hold_more_than_the_list_are_refused(tmp_path):
    wrong = THREE.replace("b,177", "b,60")
    with pytest.raises(
        UserError, match=r"row 3, persons: 60 on 'b' are fewer than its overlaps hold together, so that -5 persons"
    ):
        table_of(tmp_path, wrong)


@pytest.mark.parametrize(("text", "pair"), [(THREE, "a & d"), (THREE, "a"), (THREE, "a & b & c"), (TWO, "a & b")])
def test_a_model_that_config_cannot_mean_is_refused_by_its_key(tmp_path, text, pair):
    with pytest.raises(ConfigError, match=r"rounds\.2024\.persons\.city\.dependent: .*'" + pair):
        table_of(tmp_path, text, pair)


@pytest.mark.parametrize("overlap", [0, 1, 2, 38, 39, 40])
def test_a_small_cell_hides_every_number_of_the_study(tmp_path, overlap):
    table = table_of(tmp_path, TWO.replace("a & b,20,linked", f"a & b,{overlap},of {overlap}"))
    assert table["suppressed"].all() and (table["source"] == "").all()
    assert table[["estimate", "ci_low", "ci_high", "se", "aic"]].isna().all(axis=None)
    write_table("persons", table, tmp_path / "persons.csv")


def test_what_is_shown_gives_no_small_cell(tmp_path):
    """The overlap of all three, 4, is itself a cell: one more than the rule needs, and two fewer are none."""
    shown = table_of(tmp_path, THREE)
    kept = shown[shown["statistic"].isin(["list", "overlap"])]
    totals = {
        frozenset(name.split(" & ")): int(count) for name, count in zip(kept["lists"], kept["estimate"], strict=True)
    }
    assert min(cells_of(totals).values()) == 4
    assert table_of(tmp_path, THREE, minimum_cell=5)["suppressed"].all()


def test_numbers_are_multiples_of_the_rounding_base(tmp_path):
    table = table_of(tmp_path, THREE, rounding_base=5)
    numbers = table[["estimate", "ci_low", "ci_high"]].to_numpy()
    assert np.all(numbers[~np.isnan(numbers)] % 5 == 0) and table[["se", "aic"]].isna().all(axis=None)


def test_without_studies_the_table_is_empty():
    assert persons({"2024": {}}, LANGUAGES, 0.95, Rules()).empty
