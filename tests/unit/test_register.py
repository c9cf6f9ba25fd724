"""Which facility a written name means."""

import pandas as pd
import pytest
from hrmonitor.errors import RegisterError
from hrmonitor.project.register import OUT_OF_FRAME, Known, frame_of_year, match_names, read_decisions, read_register

REGISTER = pd.DataFrame(
    [
        ("NL-DCR-001", "Gebruiksruimte De Groene Haven", "GR DGH Utrecht", "x", "dcr", "utrecht", "Utrecht", "2001-01-01", ""),
        ("NL-DCR-002", "Gebruiksruimte De Witte Haven", "", "x", "dcr", "utrecht", "Utrecht", "2001-01-01", "2019-05-01"),
        ("NL-NSP-001", "Spuitomruil De Groene Haven", "", "x", "nsp", "utrecht", "Utrecht", "2022-01-01", ""),
    ],
    columns=["facility_id", "name", "aliases", "organisation", "service", "province", "municipality", "opened", "closed"],
)  # fmt: skip
NO_DECISIONS = pd.DataFrame(columns=["written", "service", "facility_id", "reason"])


def match(name, service="dcr", decisions=NO_DECISIONS):
    written = pd.DataFrame({"source": ["f.csv"], "row": [7], "name": [name], "service": [service]})
    return tuple(match_names(written, REGISTER, decisions, "names.csv").iloc[0])


@pytest.mark.parametrize(
    ("name", "facility", "how"),
    [
        ("Gebruiksruimte De Groene Haven", "NL-DCR-001", "exact"),
        ("gebruiksruimte de groene haven", "NL-DCR-001", "alike"),
        ("GR DGH Utrecht", "NL-DCR-001", "alias"),
        ("Gebruiksruimte De Groene Haven (Utrecht)", "NL-DCR-001", "alike"),
    ],
)
def test_a_name_is_matched(name, facility, how):
    assert match(name) == (facility, how)


def test_a_name_of_another_service_is_no_match():
    assert match("Spuitomruil De Groene Haven", "nsp")[0] == "NL-NSP-001"
    with pytest.raises(RegisterError):
        match("Polikliniek De Groene Haven", "oat")


def test_a_misspelt_name_is_a_suggestion_and_no_match():
    """It may be another facility, which the register lacks: "Steiger" was taken for "Reiger"."""
    for name in ("Gebruiksruimte De Groee Haven", "Gebruiksruimte De Grote Haven"):
        with pytest.raises(RegisterError, match="Nearest: NL-DCR-001"):
            match(name)
    decisions = pd.DataFrame(
        [("Gebruiksruimte De Groee Haven", "dcr", "NL-DCR-001", "r")], columns=NO_DECISIONS.columns
    )
    assert match("Gebruiksruimte De Groee Haven", decisions=decisions) == ("NL-DCR-001", "decided")


def test_a_name_that_two_facilities_share_means_neither():
    """The place behind it tells which, or a person does."""
    twins = REGISTER.assign(
        name="De Haven", aliases="Haven", service="dcr", municipality=["Utrecht", "Breda", "Zwolle"]
    )
    for name in ("De Haven", "de haven", "Haven"):
        written = pd.DataFrame({"source": ["f.csv"], "row": [7], "name": [name], "service": ["dcr"]})
        with pytest.raises(RegisterError, match="the register has no facility"):
            match_names(written, twins, NO_DECISIONS, "names.csv")
    written = pd.DataFrame({"source": ["f.csv"], "row": [7], "name": ["De Haven, Breda"], "service": ["dcr"]})
    assert match_names(written, twins, NO_DECISIONS, "names.csv")["facility_id"].tolist() == ["NL-DCR-002"]


def test_letters_of_other_scripts_and_signs_tell_names_apart():
    """Of a Greek or Cyrillic name nothing was left, so that any other was the one facility that the register had."""
    names = ["Καστανιά", "Bør", "Haven +"]
    known = REGISTER.assign(name=names, aliases="", service="dcr")
    for name, facility in (("ΚΑΣΤΑΝΙΆ", "NL-DCR-001"), ("Πεύκο", ""), ("Каштан", ""), ("…", ""), ("BØR", "NL-DCR-002"), ("Bær", ""),
                           ("haven+", ""), ("Haven", ""), ("Haven  +", "NL-NSP-001")):  # fmt: skip
        found, _ = Known(known, NO_DECISIONS).find(name, "dcr")
        assert (found or "") == facility, name


def test_an_unknown_name_is_said_with_place_nearest_and_a_ready_line():
    with pytest.raises(RegisterError) as caught:
        match("Huis aan de Gracht")
    for word in ("f.csv, row 7", "'Huis aan de Gracht'", "NL-DCR-00", "names.csv", '"Huis aan de Gracht",dcr,'):
        assert word in str(caught.value)


def test_a_person_decides():
    decisions = pd.DataFrame(
        [("Huis aan de Gracht", "dcr", "NL-DCR-002", ""), ("Elders", "dcr", "", "")], columns=NO_DECISIONS.columns
    )
    assert match("huis aan de gracht", decisions=decisions) == ("NL-DCR-002", "decided")
    assert match("Elders", decisions=decisions) == (OUT_OF_FRAME, "decided")


def test_a_frame_is_what_was_open_in_the_year():
    assert list(frame_of_year(REGISTER, 2019)["facility_id"]) == ["NL-DCR-001", "NL-DCR-002"]
    assert list(frame_of_year(REGISTER, 2022)["facility_id"]) == ["NL-DCR-001", "NL-NSP-001"]


def test_a_register_with_a_cell_longer_than_the_csv_module_takes_is_read(tmp_path):
    long = REGISTER.assign(aliases="a " * 100_000 + "z")
    long.to_csv(tmp_path / "register.csv", index=False)
    assert read_register(tmp_path / "register.csv")["aliases"].str.len().tolist() == [200_001] * 3


def test_a_facility_may_be_open_for_ever(tmp_path):
    REGISTER.assign(closed="9999-12-31").to_csv(tmp_path / "register.csv", index=False)
    assert len(frame_of_year(read_register(tmp_path / "register.csv"), 2030)) == 3


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda r: r.assign(facility_id="NL-1"), ["row 3", "duplicated"]),
        (lambda r: r.assign(opened="1/1/2001"), ["row 2", "opened", "yyyy-mm-dd"]),
        (lambda r: r.assign(opened="2001-13-02"), ["row 2", "opened", "'2001-13-02' is no date"]),
        (lambda r: r.assign(closed="30-02-2021"), ["row 2", "closed", "'2021-02-30' is no date"]),
        (lambda r: r.assign(closed="1999-12-31"), ["row 2", "closed", "before it opened"]),
        (lambda r: r.drop(columns="service"), ["'service'", "missing"]),
    ],
)
def test_a_wrong_register_is_refused_with_the_place(tmp_path, change, words):
    path = tmp_path / "register.csv"
    change(REGISTER).to_csv(path, index=False)
    with pytest.raises(RegisterError) as caught:
        read_register(path)
    for word in words:
        assert word in str(caught.value)


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ("De Haven,dcr,NL-DCR-009,r\n", "row 2: the register has no facility 'NL-DCR-009'"),
        ("Haven,dcr,NL-DCR-001,r\nhaven.,dcr,,r\n", "row 3: an earlier row decides on this name"),
        ("Haven,dcr,NL-NSP-001,r\n", "row 2: NL-NSP-001 is 'nsp' in the register, and the answer says 'dcr'"),
    ],
)
def test_a_wrong_decision_on_a_name_is_refused_with_its_row(tmp_path, lines, words):
    (tmp_path / "names.csv").write_text(f"written,service,facility_id,reason\n{lines}", encoding="utf-8")
    with pytest.raises(RegisterError, match=words):
        read_decisions(tmp_path / "names.csv", REGISTER)


def test_a_decision_for_a_facility_that_was_closed_is_refused():
    written = pd.DataFrame({"source": ["f.csv"], "row": [7], "name": ["Haven"], "service": ["dcr"]})
    decisions = pd.DataFrame([("Haven", "dcr", "NL-DCR-002", "r")], columns=NO_DECISIONS.columns)
    with pytest.raises(RegisterError, match=r"names\.csv: by its dates in the register, NL-DCR-002 was not open"):
        match_names(written, frame_of_year(REGISTER, 2021), decisions, "names.csv")
