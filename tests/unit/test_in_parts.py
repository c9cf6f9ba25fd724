"""A large export gives the same responses in parts as at once."""

import sys
import tracemalloc
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest
from hrmonitor.cleaning import clean
from hrmonitor.cleaning.chunked import clean_in_parts
from hrmonitor.disclosure.suppressions import find_pattern
from hrmonitor.errors import ReaderError
from hrmonitor.files.chunked import columns_of, write_parquet
from hrmonitor.project.register import read_register
from hrmonitor.questionnaire.model import read_questionnaire
from hrmonitor.readers import read_export, read_in_parts
from hrmonitor.readers.dialect import Habits
from hrmonitor.tabulation.indicators import estimate_round
from published_set import RULES, SETTINGS, read_form, usual_world

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
import survey

SURVEY = (
    "type,name,label::English (en)\ninteger,clients,Clients\ndate,on,On\nselect_multiple drugs,drugs,Drugs\n"
    "text,drugs_other,Namely\ntext,remark,Remark\n"
)
CHOICES = "list_name,name,label::English (en)\ndrugs,ghb,GHB\ndrugs,heroin,Heroin\ndrugs,other,Other\n"
HEADING = "id,submitdate,lastpage,clients,on,drugs[ghb],drugs[heroin],drugs_other,remark\n"
ENTRY = {"tool": "limesurvey", "mode": "interview", "notations": {"approximate": "as_number"}}


@pytest.fixture
def form(tmp_path):
    for name, text in (("survey", SURVEY), ("choices", CHOICES), ("settings", "form_title,form_id\nA,a\n")):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    return read_questionnaire(tmp_path)


def in_parts(path, form, size, entry=ENTRY):
    habits = Habits()
    parts = list(read_in_parts(str(path), form, entry, "x.csv", habits, size))
    if habits.doubtful:
        habits.settled = True
        parts = list(read_in_parts(str(path), form, entry, "x.csv", habits, size))
    responses, notes = zip(*parts, strict=True)
    return pd.concat(responses, ignore_index=True), pd.concat(notes, ignore_index=True), len(parts)


@pytest.mark.parametrize("size", [60, 100, 150, 10_000])
@pytest.mark.parametrize(
    "last",
    [
        '9,2024-01-02 10:00:00,7,"1,250.5",01/25/2024,Y,,,x',  # decimal points, month first
        "9,2024-01-02 10:00:00,7,5,25/01/2024,No,Y,,x",  # blank boxes are no "no"
        "9,2024-01-02 10:00:00,NA,NA,NA,NA,NA,NA,NA",  # R writes NA
        "9,13/01/2024 10:00:00,7,5,25/01/2024,Y,,crack,x",
        "9,01/13/2024 10:00:00,7,5,25/01/2024,0,,crack,x",
    ],
)
def test_what_the_last_row_tells_holds_for_the_first(tmp_path, form, size, last):
    rows = ['1,02/01/2024 09:00:00,7,"1,250",02/03/2024,Y,,,"two\nlines, ""so to say"""', "", "", "3,,,NA,,,,namely,NA"]
    rows += [f"{n},03/01/2024 09:00:00,7,{n},2024-01-01,,,,remark {n}" for n in range(4, 9)]
    path = tmp_path / "x.csv"
    path.write_text(HEADING + "\n".join([*rows, last]) + "\n\n", encoding="utf-8")
    entry = {**ENTRY, "dates": "day_first"} if "NA,NA" in last else ENTRY
    whole, notes, _ = read_export(str(path), form, entry, "x.csv")
    parts, noted, number = in_parts(path, form, size, entry)
    pd.testing.assert_frame_equal(parts, whole)
    assert noted.astype(str).values.tolist() == notes.astype(str).values.tolist()
    assert (number > 1) == (size < 10_000)


@pytest.mark.parametrize("size", [60, 150, 10_000])
@pytest.mark.parametrize(
    ("rows", "left"),
    [
        (["02/03/2024", "03/04/2024", "2024-01-01"], "on"),
        (["02/03/2024", "25/03/2024", "01/25/2024"], "on"),
        (["45000", "45001", ""], "on"),
        (["02/03/2024", "03/04/2024", "25/04/2024"], None),
        (["45000", "45001", "2024-01-01"], None),
    ],
)
def test_what_no_row_tells_stops_parts_as_it_stops_the_whole(tmp_path, form, rows, size, left):
    path = tmp_path / "x.csv"
    lines = [f"{n},2024-01-01,7,{n},{on},Y,,,a long remark of row {n}" for n, on in enumerate(rows)]
    path.write_text(HEADING + "\n".join(lines) + "\n", encoding="utf-8")
    if left is None:
        whole, _, _ = read_export(str(path), form, ENTRY, "x.csv")
        pd.testing.assert_frame_equal(in_parts(path, form, size)[0], whole)
        return
    for read in (lambda: read_export(str(path), form, ENTRY, "x.csv"), lambda: in_parts(path, form, size)):
        with pytest.raises(ReaderError, match=f"question '{left}'") as caught:
            read()
        assert f"notations:\n          {left}: " in str(caught.value)


@pytest.mark.parametrize("size", [60, 150, 10_000])
@pytest.mark.parametrize(("last", "first"), [("1 Crack", "2"), ("2 ghb", "1"), ("1", None)])
def test_whether_joined_cells_hold_codes_or_labels_is_decided_over_the_file(tmp_path, size, last, first):
    """1 is the code of one option and the label of another."""
    sheets = {
        "survey": "type,name,label::English (en)\nselect_multiple drugs,drugs,Drugs\ntext,remark,Remark\n",
        "choices": "list_name,name,label::English (en)\ndrugs,1,2\ndrugs,2,1\ndrugs,ghb,Crack\n",
        "settings": "form_title,form_id\nA,a\n",
    }
    for name, text in sheets.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    form = read_questionnaire(tmp_path)
    path = tmp_path / "x.csv"
    rows = [f"{n},2024-01-02,7,{drugs},remark {n}" for n, drugs in enumerate(["1", "1", "1", "1", last])]
    path.write_text("id,submitdate,lastpage,drugs,remark\n" + "\n".join(rows) + "\n", encoding="utf-8")
    whole, notes, _ = read_export(str(path), form, ENTRY, "x.csv")
    parts, noted, _ = in_parts(path, form, size)
    pd.testing.assert_frame_equal(parts, whole)
    assert noted.astype(str).values.tolist() == notes.astype(str).values.tolist()
    ticked = {code for code in ("1", "2", "ghb") if parts.loc[0, f"drugs/{code}"] == "1"}
    assert ticked == ({first} if first else set())


def test_the_shipped_interviews_read_alike():
    form, path = read_questionnaire("raw/2021/questionnaire"), Path("raw/2021/interviews.csv")
    entry = {**ENTRY, "notations": {"percentages": "fractions_below_one", "approximate": "as_number"}}
    whole, notes, _ = read_export(str(path), form, entry, "x.csv")
    parts, noted, number = in_parts(path, form, 50_000, entry)
    pd.testing.assert_frame_equal(parts, whole)
    assert len(noted) == len(notes)
    assert number > 3


def test_a_row_that_is_cut_short_is_named_by_its_number_in_the_file(tmp_path, form):
    path = tmp_path / "x.csv"
    path.write_text(HEADING + "1,2024-01-01,7,1,,,,,\n" * 30 + "1,2024-01-01,7\n", encoding="utf-8")
    with pytest.raises(ReaderError, match="row 32"):
        in_parts(path, form, 100)


@pytest.mark.parametrize("size", [60, 110, 1000])
def test_a_round_cleaned_in_parts_is_the_same(tmp_path, size):
    survey.write_form(tmp_path)
    survey.write_register(tmp_path / "register.csv", 300)
    survey.write_export(tmp_path / "export.csv", 300)
    form, register = read_questionnaire(tmp_path), read_register(tmp_path / "register.csv")
    responses, notes, _ = read_export(str(tmp_path / "export.csv"), form, ENTRY, "b.csv")
    # Two files, not in the order of their names, so that the order of the trail is that of neither.
    responses.loc[150:, "_source"] = "a.csv"
    noted = [
        ("a.csv", 170, "text_0", "masked", ""),
        ("b.csv", 2, "", "blank_row", ""),
        ("a.csv", 1000, "", "blank_row", ""),
    ]
    if size == 60:
        noted.pop()  # and with no row that is no submission
    notes = pd.concat([notes, pd.DataFrame(noted, columns=notes.columns)])
    the_rest = (
        notes,
        form,
        register,
        None,
        pd.DataFrame(columns=["written", "service", "facility_id", "reason"]),
        "x",
        2024,
    )
    whole = clean(responses, *the_rest)
    pieces = {"facilities": [], "audit": []}
    parts = (responses.iloc[start : start + size] for start in range(0, len(responses), size))
    tables = clean_in_parts(parts, *the_rest, None, pieces["facilities"].extend, pieces["audit"].extend)
    tables |= {name: pd.concat(frames, ignore_index=True) for name, frames in pieces.items()}
    assert whole["submissions"]["status"].value_counts()["duplicate"] > 1
    assert (whole["audit"]["rule"] == "duplicate_disagrees").sum() > 10
    for name, table in whole.items():
        pd.testing.assert_frame_equal(tables[name], table)
    assert len(pieces["audit"]) >= 300 // size


def test_estimates_and_hidden_cells_of_a_table_on_disk_are_those_of_the_table(tmp_path):
    """With two rounds whose columns have other texts in another order."""
    world = usual_world(read_form(tmp_path))

    def found():
        estimates = [estimate_round(round_, SETTINGS) for round_ in answered]
        return find_pattern(answered, SETTINGS, RULES)[0], pd.concat(estimates)

    answered = world.answered()
    held = found()
    for name, table in world.rounds.items():
        write_parquet(tmp_path / f"{name}.parquet", [table[:7], table[7:]])
        world.rounds[name] = columns_of(tmp_path / f"{name}.parquet")
        assert not isinstance(world.rounds[name], pd.DataFrame)
    answered = world.answered()
    for ours, theirs in zip(found(), held, strict=True):
        assert len(theirs) > 20
        pd.testing.assert_frame_equal(ours, theirs)


def test_what_is_held_does_not_grow_with_the_number_of_parts(tmp_path):
    """A file of 23 MB in 12 parts: what is held after the third is all that is ever held."""
    survey.write_form(tmp_path)
    questions = (tmp_path / "survey.csv").read_text(encoding="utf-8").splitlines()
    left_out = ("one_", "number_", "several_", "text_1", "text_2", "asked_on")
    questions = [row for row in questions if not any(name in row for name in left_out)]
    (tmp_path / "survey.csv").write_text("\n".join(questions) + "\n", encoding="utf-8")
    survey.write_register(tmp_path / "register.csv", 360)
    form, register = read_questionnaire(tmp_path), read_register(tmp_path / "register.csv")
    rows = (
        f"{n},2024-01-01,7,Unit {n:08d},{survey.SERVICES[n % 4]},utrecht,2,{'so many words ' * 4500}{n}"
        for n in range(360)
    )
    path = tmp_path / "export.csv"
    path.write_text("id,submitdate,lastpage,facility_name,service,province,decimal_0,text_0\n" + "\n".join(rows) + "\n")
    held, parts, before = [], 0, pa.total_allocated_bytes()

    def look(frames):
        nonlocal parts
        for frame in frames:
            parts += 1
            held.append(pa.total_allocated_bytes() - before + tracemalloc.get_traced_memory()[0])
            yield frame

    def write(frames):
        for _ in look(frames):
            pass

    size = path.stat().st_size
    read = read_in_parts(str(path), form, ENTRY, "x.csv", Habits(), size // 12)
    indexed = (one.set_axis(range(one["_row"].iloc[0], one["_row"].iloc[0] + len(one))) for one, _ in read)
    notes = pd.DataFrame(columns=["source", "row", "question", "rule", "note"]).astype({"row": "int64"})
    decisions = pd.DataFrame(columns=["written", "service", "facility_id", "reason"])
    tracemalloc.start()
    try:
        tables = clean_in_parts(look(indexed), notes, form, register, None, decisions, "x", 2024, None, write, write)
    finally:
        tracemalloc.stop()
    assert (tables["submissions"]["status"] == "kept").sum() == 360
    assert parts >= 24
    assert max(held) < 1.2 * max(held[:3]), held
