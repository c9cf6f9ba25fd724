"""Each sheet of the workbook: what is asked, what a person says, and what the build reads of it."""

from pathlib import Path

import pytest
from decisions_project import HEADINGS, LABEL, SmallRound, answer, record
from hrmonitor.cleaning.answers import Options
from hrmonitor.errors import ConfigError, ReaderError
from hrmonitor.questionnaire.model import read_questionnaire
from hrmonitor.readers import read_export
from hrmonitor.readers.label_decisions import read_labels
from hrmonitor.readers.round_decisions import exports_to_read


def as_built(small: SmallRound):
    """The responses as `ingest` gets them."""
    round_ = small.config["rounds"]["2024"]
    form = read_questionnaire(round_["questionnaire"])
    return [read_export(path, form, entry, source)[0] for path, source, entry in exports_to_read(round_)]


def test_a_column_gets_its_question_another_is_left_out_and_a_question_is_not_asked(project):
    headings = [{"role": "functie van de respondent", "growth": "Groeit u?"}.get(name, name) for name in HEADINGS]
    headings = [name for name in headings if name != "clients"] + ["opmerking"]
    small = SmallRound()
    row = {**answer(), "functie van de respondent": "nurse", "Groeit u?": "up", "opmerking": "=x"}
    small.export({name: row[name] for name in headings if name in row}, headings=headings)
    counts, _, stops = small.check()
    assert counts == {"Columns": (3, 0), "Questions without a column": (3, 0)} and len(stops) == 2
    assert {row["heading in the file"]: row["cells filled"] for row in small.rows("Columns")} == {
        "functie van de respondent": 1, "Groeit u?": 1, "opmerking": 1}  # fmt: skip
    small.fill("Columns", "functie van de respondent", "role – Role?")
    small.fill("Columns", "Groeit u?", "growth")
    small.fill("Columns", "opmerking", "(leave this column out)", "van onszelf")
    small.fill("Questions without a column", "clients", "not_asked", "later toegevoegd")
    small.decide()
    assert "nothing that is not on record" in small.decide()[0]
    lines = {(line["column"], line["question"], line["source"]) for line in record("raw/2024/columns.csv")}
    assert lines == {("functie van de respondent", "role", "exports/answers.csv"), ("Groeit u?", "growth", "exports/answers.csv"),
                     ("opmerking", "", "exports/answers.csv")}  # fmt: skip
    counts, _, stops = small.check()
    assert stops == [] and counts == {"Columns": (0, 3), "Questions without a column": (0, 1)}
    (responses,) = as_built(small)
    assert responses.loc[0, ["role", "growth"]].tolist() == ["nurse", "up"] and responses["clients"].isna().all()


def test_a_heading_that_several_files_share_is_decided_once(project):
    headings = [{"role": "taak"}.get(name, name) for name in HEADINGS]
    small = SmallRound()
    row = {**answer(), "taak": "nurse"}
    row.pop("role")
    small.export(row, headings=headings)
    small.export({**row, "facility_name": "Huis Beuk"}, headings=headings, name="tweede.csv")
    assert small.check()[0]["Columns"] == (1, 0)
    small.fill("Columns", "taak", "role")
    small.decide()
    assert [line["source"] for line in record("raw/2024/columns.csv")] == ["exports/answers.csv", "exports/tweede.csv"]
    assert small.check()[2] == [] and [one["role"][0] for one in as_built(small)] == ["nurse", "nurse"]


def test_headings_that_are_not_unique_are_known_by_their_letter(project):
    headings = ["facility_name", "service", "toelichting", "toelichting", *HEADINGS[4:]]
    small = SmallRound()
    with open("raw/2024/exports/answers.csv", "w", encoding="utf-8") as file:
        file.write(",".join(headings) + "\nHuis Aarde,dcr,other,Kok,1,0,0,,12,up\n")
    assert small.check()[0]["Columns"] == (2, 0)
    small.fill("Columns", "C", "role")
    small.fill("Columns", "D", "role_other")
    small.decide()
    (responses,) = as_built(small)
    assert responses.loc[0, ["role", "role_other"]].tolist() == ["other", "Kok"]


def test_two_columns_cannot_answer_one_question(project):
    headings = [{"role": "taak", "growth": "toename"}.get(name, name) for name in HEADINGS]
    small = SmallRound()
    small.export(
        {"facility_name": "Huis Aarde", "service": "dcr", "taak": "nurse", "toename": "up", "clients": "3"},
        headings=headings,
    )
    small.check()
    cells = [small.fill("Columns", "taak", "role"), small.fill("Columns", "toename", "role")]
    with pytest.raises(ConfigError) as error:
        small.decide()
    for cell in cells:
        assert f"sheet Columns, cell {cell}: “role” is also chosen in another row for exports/answers.csv" in str(
            error.value
        )


def test_a_question_cannot_be_answered_and_not_asked(project):
    headings = [{"role": "taak"}.get(name, name) for name in HEADINGS]
    small = SmallRound()
    small.export({"facility_name": "Huis Aarde", "service": "dcr", "taak": "nurse", "clients": "3"}, headings=headings)
    small.check()
    small.fill("Columns", "taak", "role")
    small.fill("Questions without a column", "role", "not_asked")
    config = Path("config.yaml").read_bytes()
    with pytest.raises(
        ReaderError,
        match=r"absent\.csv, row 2: 'role' is not asked, and raw/2024/columns\.csv, row 2 gives it a column",
    ):
        small.decide()
    assert Path("config.yaml").read_bytes() == config and not list(Path("raw/2024").glob("*.csv"))


def test_a_decision_that_config_contradicts_stops_with_both_places(project):
    headings = [{"role": "taak"}.get(name, name) for name in HEADINGS]
    small = SmallRound()
    small.export({**{name: "" for name in headings}, "facility_name": "Huis Aarde", "taak": "nurse"}, headings=headings)
    small.check()
    small.fill("Columns", "taak", "role")
    small.decide()
    text = Path("config.yaml").read_text(encoding="utf-8")
    Path("raw/2024/map.csv").write_text("column,question\ntaak,role_other\n", encoding="utf-8")
    for key, place in (("columns: raw/2024/map.csv", "raw/2024/map.csv, row 2"), ("ignore: [taak]", "`ignore:`")):
        Path("config.yaml").write_text(_in_2024(text, key), encoding="utf-8")
        with pytest.raises(ReaderError, match=r"raw/2024/columns\.csv, row 2: .*" + place.replace(".", r"\.")):
            as_built(small)


def _in_2024(text: str, key: str) -> str:
    place = text.index("raw/2024/exports/*.csv")
    return text[:place] + text[place:].replace(
        "        mode: interview\n", f"        mode: interview\n        {key}\n", 1
    )


def test_a_label_is_decided_with_a_reason(project):
    small = SmallRound(answer(growth="Meer als 10%"), answer("Huis Beuk", growth='zegt "niets"'))
    assert small.check()[0] == {"Labels": (2, 0)}
    cell = small.fill("Labels", "Meer als 10%", "up – More than 10%")
    with pytest.raises(ConfigError, match=f"sheet Labels, cell {cell}: this decision needs a reason"):
        small.decide()
    small.fill("Labels", "Meer als 10%", "up – More than 10%", "taalfout")
    small.fill("Labels", 'zegt "niets"', "quotes", 'bedoelt:\nniets, of "nee"')
    small.decide()
    assert [(row["written"], row["option"], row["reason"]) for row in record("raw/2024/labels.csv")] == [
        ("Meer als 10%", "up", "taalfout"),
        ('zegt "niets"', "quotes", 'bedoelt: niets, of "nee"'),
    ]
    form = read_questionnaire("raw/2024/questionnaire")
    options = Options(form["growth"], read_labels("raw/2024/labels.csv", form))
    assert [options.parse(text).value for text in ("Meer als 10%", 'zegt "niets"', "Minder dan 10%")] == [
        "up",
        "quotes",
        "down",
    ]
    assert small.check()[0::2] == ({"Labels": (0, 2)}, [])


def test_a_label_with_quotes_commas_and_a_line_end_is_one_line_of_the_drop_down(project):
    small = SmallRound(answer(growth="onzin"))
    small.check("nl")
    from openpyxl import load_workbook

    lists = load_workbook(small.workbook)["lists"]
    entries = [cell.value for column in lists.iter_cols(min_row=2) for cell in column if cell.value]
    assert f"quotes – {LABEL.replace(chr(10), ' ')}" in entries
    small.fill("Antwoordlabels", "onzin", f"quotes – {LABEL.replace(chr(10), ' ')}", "x")
    small.decide()
    assert record("raw/2024/labels.csv")[0]["option"] == "quotes"


@pytest.mark.parametrize(("notation", "value"), [("decimal_comma", "1234"), ("decimal_point", "1.234")])
def test_a_notation_is_decided_and_read(project, notation, value):
    small = SmallRound()
    survey = Path("raw/2024/questionnaire/survey.csv")
    survey.write_text(
        survey.read_text(encoding="utf-8").replace("integer,clients", "decimal,clients"), encoding="utf-8"
    )
    small.export(answer(clients="1.234"), answer("Huis Beuk", clients="2.345"))
    counts, _, stops = small.check()
    assert counts == {"Notations": (1, 0)} and "two ways" in stops[0]
    (row,) = small.rows("Notations")
    assert "1.234" in row["what it says and what it can be"] and row["cells"] == 2
    said = {
        "decimal_comma": "decimal_comma – a comma marks decimals, a point thousands",
        "decimal_point": "decimal_point",
    }
    small.fill("Notations", "clients", said[notation], "gevraagd")
    small.decide()
    assert "nothing that is not on record" in small.decide()[0]
    assert record("raw/2024/notations.csv")[0]["notation"] == notation and small.check()[2] == []
    assert float(as_built(small)[0]["clients"][0].replace(" ", "")) == float(value)
    # The export's own key may say the same, and nothing else.
    text = Path("config.yaml").read_text(encoding="utf-8")
    other = {"decimal_comma": "decimal_point", "decimal_point": "decimal_comma"}[notation]
    Path("config.yaml").write_text(_in_2024(text, f"notations: {{clients: {notation}}}"), encoding="utf-8")
    as_built(small)
    Path("config.yaml").write_text(_in_2024(text, f"notations: {{clients: {other}}}"), encoding="utf-8")
    with pytest.raises(ReaderError, match=r"raw/2024/notations\.csv, row 2: .*config\.yaml"):
        as_built(small)


def test_a_line_that_cannot_be_is_refused_with_its_row(project):
    small = SmallRound(answer())
    path = Path("raw/2024/notations.csv")
    Path("config.yaml").write_text(
        Path("config.yaml").read_text(encoding="utf-8").replace(
            "    questionnaire: raw/2024/questionnaire\n", "    questionnaire: raw/2024/questionnaire\n    notations: raw/2024/notations.csv\n"
        ),
        encoding="utf-8",
    )  # fmt: skip
    for lines, told in (
        (",clients,numbers,", "row 2: there is no notation"),
        (",clients,numbers,decimal_point\n,clients,numbers,decimal_comma", "row 3: row 2 decides on the same"),
        (",clients,numbers,day_first", "row 2: 'day_first' is not a notation of 'clients'"),
        (",drugs,joiner,tab", "row 2: 'tab' is no joiner"),
    ):
        path.write_text("source,question,kind,notation\n" + lines + "\n", encoding="utf-8")
        with pytest.raises(ReaderError, match=rf"notations\.csv, {told}"):
            as_built(small)
