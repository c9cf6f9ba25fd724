"""Open answers on their way to coders and back: sheets, messages, the consensus round, prevalence, saturation and quotes."""

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hrmonitor.errors import CleaningError
from hrmonitor.estimation import exact_share
from hrmonitor.estimation.sampling_design import EstimationSettings
from hrmonitor.themes.codebook import read_themes
from hrmonitor.themes.coding import answers_to_code, read_coding, side_by_side
from hrmonitor.themes.coding_sheets import disagreements, shuffled, write_sheets
from hrmonitor.themes.prevalence import adjudicate, cleared_quotes, estimate_themes
from hrmonitor.themes.saturation import saturation_table, summarise

SURVEY = """type,name,label::Nederlands (nl),label::English (en),coded
text,why,Waarom?,Why?,yes
text,wish,=Wens?,Wish?,yes
"""
CHOICES = """list_name,name,label::Nederlands (nl),label::English (en)
x,y,Y,Y
"""
BOOK = pd.DataFrame(
    [("why", "stigma", "Stigma, schaamte", "Stigma, shame"), ("why", "waiting", "Wachtlijsten", "Waiting lists"), ("wish", "staff", "Personeel", "Staff")],
    columns=["question", "theme", "label_nl", "label_en"],
)  # fmt: skip
REGISTER = pd.DataFrame(
    [("Huis De Beuk", "Beuken|De Beukenhof", "Kompas (Noord)"), ("Aarde", "", "Kompas (Noord)")],
    columns=["name", "aliases", "organisation"],
)
TEXTS = [
    "Zij schamen zich.",
    '=HYPERLINK("http://x";"klik")',
    "Lang wachten\nen schaamte",
    "+ personeel",
    "Niets",
    "Bel \x0b▇▇▇",
]


@pytest.fixture(scope="module")
def answers():
    return given(TEXTS)


def given(texts: list[str], seed: int = 1, register: pd.DataFrame = REGISTER) -> pd.DataFrame:
    """Answers to `why` of so many facilities; the last but one also to `wish`, the last is of a submission that does not count."""
    wish = [None] * (len(texts) - 2) + ["Meer collega's", None]
    rows = range(2, 2 + len(texts))
    responses = pd.DataFrame({"_source": "interviews.csv", "_row": rows, "why": texts, "wish": wish})
    submissions = pd.DataFrame(
        {"source": "interviews.csv", "row": rows, "service": "dcr", "facility_id": [f"NL-DCR-{row}" for row in rows],
         "status": ["kept"] * (len(texts) - 1) + ["duplicate"]}
    )  # fmt: skip
    return answers_to_code("2021", BOOK, responses, submissions, register, seed)


def workbook(tmp_path, form, answers, lang="nl"):
    path = tmp_path / "coder.xlsx"
    write_sheets(path, shuffled(answers, 1, "coder"), BOOK, form, lang)
    return path


def fill(path, choose) -> None:
    """Fill in a workbook as a coder would: `choose` gives the entries for a sheet and the text of an answer."""
    book = openpyxl.load_workbook(path)
    for sheet in book.worksheets[2:]:
        for row in sheet.iter_rows(min_row=2):
            for cell, entry in zip(row[2:], choose(sheet.title, row[1].value), strict=False):
                cell.value = entry
    book.save(path)


def cells(path) -> list[str]:
    return [str(cell.value) for sheet in openpyxl.load_workbook(path) for row in sheet.iter_rows() for cell in row if cell.value is not None]  # fmt: skip


def test_a_sheet_says_nothing_of_whose_answer_it_is(tmp_path, form, answers):
    shown = " ".join(cells(workbook(tmp_path, form, answers)))
    for hidden in ("NL-DCR", "dcr", "interviews.csv"):
        assert hidden not in shown
    headings = [cell.value for cell in openpyxl.load_workbook(tmp_path / "coder.xlsx")["why"][1]]
    assert headings == ["sleutel", "Waarom?", "thema 1", "thema 2", "opmerking", "publiceren"]


def test_answers_of_submissions_that_do_not_count_are_not_handed_out(tmp_path, form, answers):
    assert not any("▇▇▇" in text for text in cells(workbook(tmp_path, form, answers)))
    assert len(answers) == 7


def test_keys_lead_back_and_depend_on_text_round_and_seed(answers):
    assert answers["key"].is_unique
    assert answers["key"].str.fullmatch(r"K[A-Z2-7]{8}").all()
    again = given([*TEXTS[:4], "Iets anders", TEXTS[5]])
    same = set(answers["key"]) & set(again["key"])
    assert set(answers["key"]) - same == set(answers.loc[answers["text"] == "Niets", "key"])
    assert not set(answers["key"]) & set(given(TEXTS, seed=2)["key"])


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Bij huis de beuk, en bij De Beukenhof.", "Bij ▇▇▇, en bij ▇▇▇."),
        ("Kompas (Noord) helpt", "▇▇▇ helpt"),
        ("Beukenlaan of op aarde", "Beukenlaan of op aarde"),
    ],
)
def test_names_of_facilities_are_masked_for_coders_and_in_quotes(tmp_path, form, text, shown):
    answers = given([text, "x", "y"])
    assert answers["text"][0] == shown
    assert shown in cells(workbook(tmp_path, form, answers))


def test_keys_outlive_a_correction_of_the_register():
    texts = ["Bij Huis De Beuk", "x", "y"]
    with_name, without = given(texts), given(texts, register=REGISTER[1:])
    assert with_name["text"][0] != without["text"][0]
    assert with_name["key"].tolist() == without["key"].tolist()


def test_each_coder_has_an_order_of_their_own_that_the_seed_repeats():
    many = given([f"Antwoord {number}" for number in range(40)])
    orders = {name: shuffled(many, 1, name)["key"].tolist() for name in ("2021/coder_1", "2021/coder_2")}
    assert orders["2021/coder_1"] != orders["2021/coder_2"]
    assert sorted(orders["2021/coder_1"]) == sorted(orders["2021/coder_2"])
    assert orders["2021/coder_1"] == shuffled(many, 1, "2021/coder_1")["key"].tolist()
    in_file = many[many["kept"]]["key"].tolist()
    assert orders["2021/coder_1"] != in_file


def test_text_is_text_in_a_spreadsheet(tmp_path, form, answers):
    book = openpyxl.load_workbook(workbook(tmp_path, form, answers))
    found = [cell for sheet in book for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
    assert {cell.data_type for cell in found} == {"s"}
    risky = [cell for cell in found if cell.value[0] in "=+-@"]
    assert len(risky) == 4  # two answers, and the label of a question on its sheet and in the list of themes
    assert all(cell.quotePrefix for cell in risky)


def test_the_drop_down_holds_the_themes_of_the_question(tmp_path, form, answers):
    book = openpyxl.load_workbook(workbook(tmp_path, form, answers))
    lists = {}
    for name in ("why", "wish"):
        rule = next(rule for rule in book[name].data_validations.dataValidation if "$" in rule.formula1)
        sheet, cells_ = rule.formula1.replace("'", "").replace("$", "").split("!")
        lists[name] = [row[0].value for row in book[sheet][cells_]], str(rule.sqref)
    assert lists["why"] == (["(geen van deze)", "Stigma, schaamte", "Wachtlijsten"], "C2:D6")
    assert lists["wish"] == (["(geen van deze)", "Personeel"], "C2")


def marks(coding) -> set:
    return set(coding.marks[coding.marks["coded"]][["row", "question", "theme"]].itertuples(index=False, name=None))


def test_a_filled_workbook_is_read_back_in_either_language_and_by_code(tmp_path, form, answers):
    path = workbook(tmp_path, form, answers)
    chosen = {
        TEXTS[0]: ["Stigma, schaamte"], TEXTS[1]: ["waiting", "STIGMA, SHAME"], TEXTS[2]: ["Wachtlijsten"], TEXTS[3]: ["(none of these)"],
        "Meer collega's": ["Staff"],
    }  # fmt: skip
    fill(path, lambda sheet, text: chosen.get(text, []))
    coding = read_coding(path, BOOK, answers)
    assert marks(coding) == {(2, "why", "stigma"), (3, "why", "stigma"), (3, "why", "waiting"), (4, "why", "waiting"), (6, "wish", "staff")}  # fmt: skip
    # Read and none of the themes in it: coded. An empty line: not coded, and told.
    assert sorted(coding.marks.query("question == 'why'")["row"].unique()) == [2, 3, 4, 5]
    assert len(coding.notes) == 1 and "1 answers have no theme" in coding.notes[0]


def test_a_theme_column_that_a_coder_adds_is_read(tmp_path, form, answers):
    path = workbook(tmp_path, form, answers)
    fill(path, lambda sheet, text: ["Wachtlijsten"] if sheet == "why" else ["Personeel"])
    book = openpyxl.load_workbook(path)
    book["why"].insert_cols(5)
    book["why"]["E1"], book["why"]["E2"] = "Thema 3", "Stigma, schaamte"
    book.save(path)
    coding = read_coding(path, BOOK, answers)
    assert coding.marks.query("theme == 'stigma'")["coded"].sum() == 1
    assert coding.marks.query("theme == 'waiting'")["coded"].sum() == 5


def test_a_csv_with_places_is_read_too(tmp_path, answers):
    path = tmp_path / "coder.csv"
    path.write_text(
        "source;row;question;themes;publish\ninterviews.csv;2;why;stigma|waiting;ja\ninterviews.csv;3;why;;\n"
    )
    coding = read_coding(path, BOOK, answers)
    assert marks(coding) == {(2, "why", "stigma"), (2, "why", "waiting")}
    assert len(coding.marks) == 4
    assert coding.publish.to_records(index=False).tolist() == [("interviews.csv", 2, "why", True)]


def change(place, value):
    def mistake(path):
        book = openpyxl.load_workbook(path)
        book["why"][place] = value
        book.save(path)

    return mistake


def double(path):
    book = openpyxl.load_workbook(path)
    book["why"]["A3"] = book["why"]["A2"].value
    book.save(path)


@pytest.mark.parametrize(
    ("mistake", "told"),
    [
        (change("C3", "Huisvesting"), ["coder.xlsx, sheet 'why', row 3", "'Huisvesting' is no theme of 'why'", "stigma, waiting"]),
        (change("A3", "KAAAAAAAA"), ["coder.xlsx, sheet 'why', row 3", "'KAAAAAAAA'", "coding-sheets"]),
        (change("A3", None), ["coder.xlsx, sheet 'why', row 3", "no answer has the key ''"]),
        (change("F3", "misschien"), ["sheet 'why', row 3", "publish is 'misschien'"]),
        (double, ["coder.xlsx, sheet 'why', row 3", "coded twice, see row 2"]),
    ],
    ids=["unknown theme", "changed key", "lost key", "publish", "twice"],
)  # fmt: skip
def test_what_cannot_be_right_has_a_message(tmp_path, form, answers, mistake, told):
    path = workbook(tmp_path, form, answers)
    fill(path, lambda sheet, text: ["Wachtlijsten"] if sheet == "why" else ["Personeel"])
    read_coding(path, BOOK, answers)
    mistake(path)
    with pytest.raises(CleaningError) as error:
        read_coding(path, BOOK, answers)
    assert [part for part in told if part not in str(error.value)] == []
    assert "wachten" not in str(error.value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("source,row,question,themes\ninterviews.csv,99,why,stigma\n", "row 2: there is no answer to 'why' in row 99 of interviews.csv"),
        ("source,row,question,themes\ninterviews.csv,two,why,stigma\n", "row 2: row is 'two'"),
        ("source,row,question,themes\ninterviews.csv,2²,why,stigma\n", "row 2: row is '2²'"),
        ("source,line,question,themes\ninterviews.csv,2,why,stigma\n", "no sheet has the columns of a coder's file"),
    ],
)  # fmt: skip
def test_a_wrong_place_has_a_message(tmp_path, answers, text, told):
    path = tmp_path / "coder.csv"
    path.write_text(text)
    with pytest.raises(CleaningError, match=told):
        read_coding(path, BOOK, answers)


def test_a_theme_that_stands_in_the_book_twice_is_told(tmp_path):
    path = tmp_path / "themes.csv"
    path.write_text("question,theme,label_nl,label_en\nwhy,a,A,A\nwhy,a,B,B\n")
    with pytest.raises(CleaningError, match="row 3: 'why' has the theme 'a' twice"):
        read_themes(path)


def test_a_book_about_a_question_that_there_is_not_is_told(answers):
    book = BOOK.assign(question="whyy")
    with pytest.raises(CleaningError, match="2021 has themes for 'whyy'"):
        answers_to_code(
            "2021", book, pd.DataFrame({"_source": ["f"], "_row": [1], "why": ["x"]}), pd.DataFrame(), REGISTER, 1
        )


def coder(tmp_path, answers, name: str, *lines: str):
    path = tmp_path / f"{name}.csv"
    path.write_text("source,row,question,themes,publish\n" + "".join(f"interviews.csv,{line}\n" for line in lines))
    return read_coding(path, BOOK, answers)


@pytest.fixture
def coded(tmp_path, answers):
    first = coder(tmp_path, answers, "one", "2,why,stigma,yes", "3,why,waiting,", "4,why,stigma|waiting,", "5,why,,")
    second = coder(tmp_path, answers, "two", "2,why,stigma,", "3,why,stigma,", "4,why,waiting,", "6,why,waiting,", "7,why,stigma,")  # fmt: skip
    return [first, second]


def test_answers_of_one_coder_or_of_none_are_told(coded, answers):
    wide, notes = side_by_side(coded, answers)
    assert len(wide) == 10
    told = " ".join(notes)
    assert "1 answers are of submissions that do not count" in told
    assert "why: 2 answers were coded by one coder only" in told
    assert "wish: 1 of 1 answers were coded by nobody" in told


def test_the_consensus_sheet_lists_what_coders_differ_on_and_what_one_of_them_saw(tmp_path, form, coded, answers):
    wide, _ = side_by_side(coded, answers)
    table = disagreements(wide, answers, BOOK, "nl").set_index("row")
    assert table[["coder_1", "coder_2"]].to_dict("index") == {
        3: {"coder_1": "Wachtlijsten", "coder_2": "Stigma, schaamte"},
        4: {"coder_1": "Stigma, schaamte; Wachtlijsten", "coder_2": "Wachtlijsten"},
        5: {"coder_1": "(geen van deze)", "coder_2": "(niet gecodeerd)"},
        6: {"coder_1": "(niet gecodeerd)", "coder_2": "Wachtlijsten"},
    }
    path = tmp_path / "consensus.xlsx"
    write_sheets(path, table.reset_index(), BOOK, form, "nl")
    book = openpyxl.load_workbook(path)
    assert [cell.value for cell in book["why"][1]][2:6] == ["coder_1", "coder_2", "thema 1", "thema 2"]
    for row in range(2, 6):
        book["why"].cell(row, 5).value = "Wachtlijsten"
    book.save(path)
    assert {(row, theme) for row, _, theme in marks(read_coding(path, BOOK, answers))} == {
        (row, "waiting") for row in (3, 4, 5, 6)
    }


def test_the_consensus_overrules_and_the_rest_follows_the_majority(tmp_path, coded, answers):
    wide, _ = side_by_side(coded, answers)
    consensus = coder(tmp_path, answers, "consensus", "3,why,stigma,")
    found = {
        name: adjudicate("2021", wide, decided, answers).set_index(["row", "theme"])
        for name, decided in (("without", None), ("with", consensus))
    }
    stigma = {
        name: table.xs("stigma", level="theme")[["present", "basis"]].apply(tuple, axis=1).to_dict()
        for name, table in found.items()
    }
    assert stigma["without"] == {2: (True, "all_coders"), 3: (False, "disputed"), 4: (False, "disputed"), 5: (False, "one_coder"), 6: (False, "one_coder")}  # fmt: skip
    assert stigma["with"] == {**stigma["without"], 3: (True, "consensus")}
    # What coders saw before stays on record: in row 3 one of two saw stigma, in row 4 too.
    assert found["with"].loc[[(3, "stigma"), (4, "stigma"), (5, "stigma")], ["coders", "saw"]].to_numpy().tolist() == [[2, 1], [2, 1], [1, 0]]  # fmt: skip
    # The consensus is about the whole answer: what it does not name is not there.
    assert found["with"].loc[(3, "waiting"), ["present", "basis"]].tolist() == [False, "consensus"]


def test_of_three_coders_two_are_the_majority(tmp_path, answers):
    three = [
        coder(tmp_path, answers, str(n), f"2,why,{themes},") for n, themes in enumerate(["stigma", "stigma", "waiting"])
    ]
    settled = adjudicate("2021", side_by_side(three, answers)[0], None, answers).set_index("theme")
    assert settled["present"].to_dict() == {"stigma": True, "waiting": False}
    assert set(settled["basis"]) == {"majority"}


SETTINGS = EstimationSettings(confidence=0.95, seed=1, dont_know_in_base=True)


def frame_around(settled: pd.DataFrame, sizes: dict[str, int]) -> pd.DataFrame:
    """A register with the facilities that were coded, and as many more as make `sizes`."""
    frames = []
    for service, size in sizes.items():
        coded = list(settled.loc[settled["service"] == service, "facility_id"].unique())
        silent = [f"silent {service} {number}" for number in range(size - len(coded))]
        frames.append(pd.DataFrame({"facility_id": [*coded, *silent], "service": service}))
    return pd.concat(frames, ignore_index=True)


def test_the_prevalence_of_all_is_weighted_by_service():
    """4 of 5 rooms of 10, and 1 of 5 of 90: 26 of 100 facilities, not half of them."""
    rows = [
        ("2021", "f", number, "why", f"{service}{number}", service, "stigma", number < named, "all_coders")
        for service, named in (("dcr", 4), ("oat", 1))
        for number in range(5)
    ]
    columns = ["round", "source", "row", "question", "facility_id", "service", "theme", "present", "basis"]
    settled = pd.DataFrame(rows, columns=columns)
    table = estimate_themes("2021", BOOK.iloc[:1], settled, {}, frame_around(settled, {"dcr": 10, "oat": 90}), SETTINGS)
    assert table.set_index("service").loc["all", "estimate"] == pytest.approx(0.26)


def test_prevalence_is_the_exact_share_of_the_facilities_coded(coded, answers):
    settled = adjudicate("2021", side_by_side(coded, answers)[0], None, answers)
    frame = frame_around(settled, {"dcr": 24, "oat": 3})
    table = estimate_themes("2021", BOOK, settled, {("why", "stigma"): 0.8}, frame, SETTINGS)
    exact = exact_share(1, 5, 24)
    rows = table.set_index(["theme", "service"])
    assert rows.loc[("stigma", "dcr"), ["n", "population", "estimate", "agreement"]].tolist() == [5, 24, 0.2, 0.8]
    assert rows.loc[("stigma", "dcr"), ["ci_low", "ci_high"]].tolist() == [exact.low, exact.high]
    assert rows.loc[("waiting", "all"), ["n", "population", "estimate"]].tolist() == [5, 27, 0.4]
    assert rows.loc[("stigma", "oat"), "n"] == 0
    assert np.isnan(rows.loc[("stigma", "oat"), "estimate"])
    assert rows.loc[("staff", "all"), "n"] == 0


def test_a_quote_needs_a_yes_and_no_no(tmp_path, answers):
    first = coder(tmp_path, answers, "one", "2,why,stigma,yes", "3,why,stigma,yes", "4,why,stigma,")
    second = coder(tmp_path, answers, "two", "2,why,stigma,", "3,why,stigma,no", "4,why,stigma,", "7,why,stigma,yes")
    settled = adjudicate("2021", side_by_side([first, second], answers)[0], None, answers)
    quotes = cleared_quotes("2021", [first, second], answers, settled)
    assert quotes.to_records(index=False).tolist() == [("2021", "why", "stigma", TEXTS[0])]
    nothing = [coder(tmp_path, answers, "none", "2,why,stigma,")]
    assert cleared_quotes("2021", nothing, answers, settled).empty


def settled_as(*themes: str) -> pd.DataFrame:
    """Answers with these themes, of a and b."""
    rows = [
        ("2021", "f", i, "why", "N", "dcr", theme, theme in there, "all_coders")
        for i, there in enumerate(themes)
        for theme in "ab"
    ]
    return pd.DataFrame(
        rows, columns=["round", "source", "row", "question", "facility_id", "service", "theme", "present", "basis"]
    )


def test_saturation_is_the_share_of_orders_in_which_all_themes_were_seen():
    # Theme a in every answer, b in one of ten: after i answers b has been seen in i of 10 orders, on average 1 + i / 10 themes.
    table = saturation_table("2021", settled_as("ab", *["a"] * 9), 1).set_index("answers")
    for answers in (1, 4, 10):
        assert table.loc[answers, "complete"] == pytest.approx(answers / 10, abs=0.05)
        assert table.loc[answers, "themes"] == pytest.approx(1 + answers / 10, abs=0.05)
    assert table.loc[10, ["low", "high", "complete"]].tolist() == [2, 2, 1]


def test_a_theme_seen_once_means_no_saturation_and_one_seen_often_does():
    once = summarise(saturation_table("2021", settled_as("ab", *["a"] * 19), 1)).iloc[0]
    assert (once["themes"], once["answers"], bool(once["saturated"])) == (2, 20, False)
    often = summarise(saturation_table("2021", settled_as(*["ab"] * 6, *["a"] * 14), 1)).iloc[0]
    assert bool(often["saturated"]) and often["half"] < often["sure"] <= 18


def test_without_a_theme_there_is_nothing_to_saturate():
    assert saturation_table("2021", settled_as("", ""), 1).empty
