"""Published figures as they are kept, our indicators beside them, and the back-test of the inventories."""

import re
import shutil
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest
from hrmonitor.cleaning import clean
from hrmonitor.errors import UserError
from hrmonitor.figures.national_series import draw, table
from hrmonitor.figures.trend_line import runs
from hrmonitor.project.register import frame_of_year, read_register
from hrmonitor.tabulation.against_published import (
    compare_with_published,
    own_counts,
    read_comparisons,
    read_derived,
    read_publications,
    read_reference,
)

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "raw/reference"
REFERENCE = read_reference(FOLDER)
DERIVED = read_derived(FOLDER)


def published(series: str, year: int, edition: str = "") -> pd.Series:
    found = REFERENCE[(REFERENCE["series"] == series) & (REFERENCE["year"] == year)]
    return (found[found["edition"] == edition] if edition else found).iloc[0]


@pytest.fixture(scope="module")
def answers_2018() -> tuple[pd.DataFrame, pd.DataFrame]:
    """(facilities, population): the way from the file of 2018 to the facilities kept, as the rules of the pipeline go it."""
    from hrmonitor.project.register import read_contacts, read_decisions
    from hrmonitor.questionnaire.model import read_questionnaire
    from hrmonitor.readers import read_export
    from hrmonitor.readers.privacy import protect

    raw = ROOT / "raw/2018"
    form, register = read_questionnaire(raw / "questionnaire"), read_register(ROOT / "raw/register.csv")
    responses, notes, _ = read_export(
        raw / "gebruiksruimten_2018.sav", form, {"tool": "spss", "mode": "interview"}, "2018"
    )
    responses, masked = protect(responses, form)
    cleaned = clean(responses, pd.concat([notes, masked]), form, register, read_contacts(raw / "contacts.csv", register),
                    read_decisions(raw / "names.csv", register), "names.csv", 2018)  # fmt: skip
    return cleaned["facilities"], frame_of_year(register, 2018)


COLUMNS = ["round", "service", "indicator", "category", "statistic", "n", "population", "estimate", "ci_low", "ci_high", "unit", "suppressed"]  # fmt: skip
NOTHING = pd.DataFrame(columns=COLUMNS)


def indicators(*rows) -> pd.DataFrame:
    """(round, service, indicator, category, statistic, estimate, unit) each."""
    full = [(*row[:5], 20, 30, row[5], row[5] * 0.9, row[5] * 1.1, row[6], False) for row in rows]
    return pd.DataFrame(full, columns=COLUMNS)


def pairs(**changes) -> pd.DataFrame:
    """One declared pair: places for heroin-assisted treatment, with changes."""
    pair = {
        "round": "2021", "service": "hat", "indicator": "hat_places", "category": "", "statistic": "total", "series": "hat_places",
        "year": "2017", "edition": "", "exact": "", "explanation_en": "Why.", "explanation_nl": "Waarom.",
    }  # fmt: skip
    return pd.DataFrame([{**pair, **changes}])


OURS = indicators(
    ("2021", "hat", "hat_places", "", "total", 660.0, "places"),
    ("2021", "hat", "hat_places", "", "median", 37.0, "places"),
    ("2021", "oat", "clients_on_oat", "", "total", 8000.0, "registrations"),
    ("2021", "all", "cee_seen", "yes", "share", 0.75, "share"),
)


def test_the_inventory_of_2018_comes_out_as_it_was_published(answers_2018):
    facilities, population = answers_2018
    ours = own_counts("2018", facilities, population, NOTHING, DERIVED)
    declared = read_comparisons(FOLDER)
    found = compare_with_published(
        declared[(declared["exact"] == "yes") & (declared["round"] == "2018")], ours, REFERENCE, FOLDER
    )
    assert found[["series", "estimate", "published"]].to_numpy().tolist() == [
        ["consumption_rooms", 24, 24],
        ["consumption_room_cities", 19, 19],
    ]
    assert found["equal"].all()


def test_the_back_test_fails_when_a_facility_is_lost(answers_2018):
    facilities, population = answers_2018
    alone = population["municipality"].value_counts().loc[lambda n: n == 1].index[0]
    lost = population.loc[population["municipality"] == alone, "facility_id"].iloc[0]
    ours = own_counts("2018", facilities[facilities["facility_id"] != lost], population, NOTHING, DERIVED)
    declared = read_comparisons(FOLDER)
    found = compare_with_published(
        declared[(declared["exact"] == "yes") & (declared["round"] == "2018")], ours, REFERENCE, FOLDER
    )
    assert found["equal"].tolist() == [False, False]
    assert found["gap"].tolist() == [-1, -1]


def test_a_facility_outside_the_register_is_not_counted(answers_2018):
    facilities, population = answers_2018
    stranger = facilities.head(1).assign(facility_id="NL-DCR-999")
    ours = own_counts("2018", pd.concat([facilities, stranger]), population, NOTHING, DERIVED)
    counts = ours[(ours["indicator"] == "facilities") & (ours["statistic"] == "answered")].set_index("service")
    assert counts.loc["dcr", "estimate"] == 24


def test_people_reached_by_syringes_are_as_published_for_rotterdam():
    of_year = DERIVED.set_index("indicator").loc["pwid_reached", "divided_by"]
    assert round(91_400 / of_year) == published("pwid_reached_rotterdam", 2012)["value"] == 176
    assert round(422_400 / of_year) == published("pwid_reached_rotterdam", 2000)["value"] == 812


def test_people_reached_are_counted_where_syringes_are(answers_2018):
    facilities, population = answers_2018
    given = indicators(
        ("2021", "nsp", "syringes_distributed_year", "", "total", 52_000.0, "syringes"),
        ("2021", "nsp", "syringes_distributed_year", "", "median", 900.0, "syringes"),
    )
    reached = own_counts("2021", facilities, population, given, DERIVED).query("indicator == 'pwid_reached'")
    assert reached[["statistic", "estimate", "ci_low", "ci_high", "unit"]].to_numpy().tolist() == [
        ["total", 100, 90, pytest.approx(110), "persons"]
    ]
    assert own_counts("2018", facilities, population, given, DERIVED).query("indicator == 'pwid_reached'").empty


def test_registrations_stand_beside_persons_and_keep_their_unit():
    beside = pairs(service="oat", indicator="clients_on_oat", series="oat_clients", year="2015", edition="CDR 2017")
    found = compare_with_published(beside, OURS, REFERENCE, FOLDER).iloc[0]
    assert (found["unit"], found["estimate"], found["published"]) == ("registrations", 8000, 7421)
    places = OURS.assign(unit=OURS["unit"].replace("registrations", "places"))
    with pytest.raises(UserError, match="different units"):
        compare_with_published(beside, places, REFERENCE, FOLDER)


def test_the_gap_is_ours_less_published_and_shares_become_percentages():
    found = compare_with_published(pairs(), OURS, REFERENCE, FOLDER).iloc[0]
    assert (found["estimate"], found["published"], found["gap"]) == (660, 668, -8)
    assert found["gap_share"] == pytest.approx(-8 / 668)
    assert not found["equal"]
    share = pairs(
        service="all", indicator="cee_seen", category="yes", statistic="share", series="rough_sleepers_cee", year="2023"
    )
    found = compare_with_published(share, OURS, REFERENCE, FOLDER).iloc[0]
    assert (found["estimate"], found["unit"], found["published"], found["gap"]) == (75, "%", 80, -5)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"round": "2012"}, ["row 2, round", "'2012'", "2021"]),
        ({"indicator": "hat_place"}, ["row 2, indicator", "Did you mean 'hat_places'"]),
        ({"service": "dcr"}, ["row 2, service", "hat"]),
        ({"category": "yes"}, ["row 2, category"]),
        ({"statistic": "mean"}, ["row 2, statistic", "total, median"]),
        ({"series": "hat_placs"}, ["row 2, series", "Did you mean 'hat_places'"]),
        ({"year": "2018"}, ["row 2, year", "2004, 2012, 2017"]),
        ({"edition": "CDR 2018"}, ["row 2, edition", "CDR 2019"]),
        ({"series": "hat_units"}, ["row 2", "places", "facilities", "different units"]),
        (
            {"service": "oat", "indicator": "clients_on_oat", "series": "oat_clients", "year": "2015"},
            ["row 2, edition", "CDR 2017, CDR 2019"],
        ),
    ],
)
def test_a_wrong_name_in_a_pair_is_one_message(wrong, words):
    with pytest.raises(UserError) as error:
        compare_with_published(pairs(**wrong), OURS, REFERENCE, FOLDER)
    for word in ["comparisons.csv", *words]:
        assert word in str(error.value)


def test_a_pair_chooses_among_two_figures_of_one_year_by_edition():
    two = {"service": "oat", "indicator": "clients_on_oat", "series": "oat_clients", "year": "2015"}
    for edition, value in (("CDR 2017", 7421), ("CDR 2019", 5241)):
        assert (
            compare_with_published(pairs(**two, edition=edition), OURS, REFERENCE, FOLDER)["published"].item() == value
        )


def test_the_shipped_figures_are_those_of_the_sources():
    for series, year, value in [
        ("consumption_rooms", 2010, 37), ("consumption_rooms", 2017, 31), ("consumption_room_cities", 2014, 26), ("room_visitors", 2003, 36),
        ("methadone_clients", 2001, 11597), ("methadone_clients_hsr", 2005, 12564), ("oat_clients_hsr", 2003, 13125),
        ("opiate_clients", 2002, 15733), ("opiate_clients", 2012, 10886), ("cocaine_clients", 2008, 9503), ("cannabis_clients", 2011, 11246),
        ("amphetamine_clients", 2015, 1794), ("ghb_clients_secondary", 2012, 167), ("opiate_clients_secondary", 2006, 1610),
        ("hat_units", 2012, 18), ("hat_cities", 2017, 16), ("hat_places", 2012, 740), ("syringes_national", 2008, 429000),
        ("syringes_amsterdam", 1993, 1082880), ("syringes_rotterdam", 2012, 91400), ("opioid_users", 2025, 13300), ("pwid", 2018, 840),
        ("opiate_clients_age", 2021, 51), ("homeless", 2024, 33000), ("crack_users", 2025, 27900), ("attitude_entitled", 2012, 74),
    ]:  # fmt: skip
        assert published(series, year)["value"] == value, (series, year)
    assert published("opioid_users", 2012)[["low", "high"]].tolist() == [12700, 16300]
    assert published("problem_users", 2001)[["low", "high"]].tolist() == [21720, 46358]
    assert set(REFERENCE[(REFERENCE["series"] == "ghb_clients") & (REFERENCE["year"] == 2010)]["value"]) == {553, 524}


def test_methadone_on_two_bases_and_interviewed_and_existing_facilities_are_apart():
    bases = {"methadone_clients": {"LADIS"}, "methadone_clients_hsr": {"HSR-7 2007"}}
    for series, expected in bases.items():
        assert set(REFERENCE[REFERENCE["series"] == series]["run"]) == expected
    counts = REFERENCE.drop_duplicates("series").set_index("series")["counts"]
    assert counts["interviewed_dcr"] == "respondents"
    assert counts["consumption_rooms"] == counts["hat_units"] == "population"


def test_the_figure_joins_only_values_that_were_counted_alike():
    import matplotlib.pyplot as plt

    # Two counts of one year, and a year in which nothing was counted.
    shown = table({"reference": REFERENCE}, {"series": ["ghb_clients"]})
    assert shown["value"].notna().all()
    fig = draw(shown, {"confidence": 0.95}, "en")
    drawn = [line.get_xydata().tolist() for line in fig.axes[0].get_lines()]
    plt.close(fig)
    joined = [run[["year", "value"]].to_numpy(dtype=float).tolist() for run in runs(shown)]
    assert [[2010.0, 524.0], [2011.0, 650.0]] in joined
    assert not any([2010.0, 524.0] in run and [2010.0, 553.0] in run for run in joined)
    # What is drawn are these, as lines that go from year to year.
    assert sorted(len(line) for line in drawn if len(line) > 1) == sorted(len(run) for run in joined if len(run) > 1)
    assert all(one[0] < other[0] for line in drawn for one, other in pairwise(line))


WRONG = {
    "unknown series": ("values.csv", r"^hat_places,", "hat_place,", "no such series"),
    "unknown status": ("values.csv", r",S,(?=6 |about|,)", ",K,", "status: write S"),
    "derived without how": ("values.csv", r",D,[^,\n]*,[^,\n]*$", ",D,,", "needs a note"),
    "note in one language": ("values.csv", r"trial,experiment$", "trial,", "both note and note_nl"),
    "value outside its range": ("values.csv", r"14000,12700", "14000,14700", "not in low to high"),
    "no number": ("values.csv", r"^hat_places,2012,740", "hat_places,2012,many", "'many' is no number"),
    "a point that may be of thousands": ("values.csv", r"^hat_places,2012,740", "hat_places,2012,1.740", "'1.740' can be 1740 or 1.74"),
    "a number too large": ("values.csv", r"^hat_places,2012,", "hat_places,1e400,", "year: '1e400' is no number"),
    "half a year": ("values.csv", r"^hat_places,2012,", "hat_places,2012.5,", "no whole number"),
    "two values of one year": ("values.csv", r"2015,5241,,,CDR 2019,CDR 2019", "2015,5241,,,CDR 2017,CDR 2017", "by edition"),
    "unknown count": ("series.csv", r",policy,", ",politics,", "counts can be"),
    "series twice": ("series.csv", r"^hat_units,", "hat_cities,", "duplicated"),
    "no basis": ("series.csv", r",All units,Alle units$", ",All units,", "may be empty"),
    "no explanation": ("comparisons.csv", r'yes,"[^"]+",', "yes,,", "why the two may differ"),
    "a comma without quotes": ("comparisons.csv", r'yes,"([^"]+)",', r"yes,\1,", "between quotes"),
    "exact in other words": ("comparisons.csv", r",yes,", ",true,", "exact: write yes"),
    "a column lost": ("comparisons.csv", r"^round,service", "round,type", "'service' is missing"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_a_mistake_in_the_files_is_named(tmp_path, name):
    file, pattern, replacement, word = WRONG[name]
    folder = shutil.copytree(FOLDER, tmp_path / "reference")
    text = (folder / file).read_text(encoding="utf-8")
    broken, times = re.subn(pattern, replacement, text, count=1, flags=re.M)
    assert times == 1
    (folder / file).write_text(broken, encoding="utf-8")
    with pytest.raises(UserError) as error:
        read_reference(folder)
        read_comparisons(folder)
    assert file in str(error.value) and word in str(error.value)


def test_without_declared_pairs_there_is_nothing_beside(tmp_path):
    assert compare_with_published(read_comparisons(tmp_path), OURS, REFERENCE, tmp_path).empty


def test_original_publications_are_of_sources_that_the_figures_have(tmp_path):
    assert read_publications(FOLDER)["VZinfo"] == ["ladis2015"]
    assert read_publications(tmp_path) == {}
    shutil.copy(FOLDER / "values.csv", tmp_path)
    (tmp_path / "publications.csv").write_text("source,cite\nVZinfo,ladis2015\nNobody,ladis2015\n", encoding="utf-8")
    with pytest.raises(UserError, match=r"row 3: values.csv has no such source"):
        read_publications(tmp_path)


def test_every_original_publication_is_among_the_references():
    keys = {key for cited in read_publications(FOLDER).values() for key in cited}
    bib = (ROOT / "report/study/references.bib").read_text(encoding="utf-8")
    assert keys and keys <= set(re.findall(r"^@\w+\{(\w+),$", bib, re.M))
