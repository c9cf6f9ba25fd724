"""Answers in each tool's shape, read back: the same answers; a damaged file: the same rows or a message."""

import csv
import functools
import random

import pandas as pd
import pytest
import tool_files as write
from hrmonitor.cleaning.answers import parse_choice, parse_date, parse_number
from hrmonitor.errors import ReaderError
from hrmonitor.questionnaire.model import read_questionnaire
from hrmonitor.readers import read_export
from hrmonitor.readers.detect import detect
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

SURVEY = """type,name,label::Nederlands (nl),label::English (en)
begin_group,place,Uw voorziening,Your facility
text,name,"Hoe heet u, precies?","What is your name, exactly?"
select_one kind,kind,Welk type?,Which type?
end_group,,,
begin_group,use,Gebruik,Use
select_multiple drugs,drugs_now,Welke middelen?,Which drugs?
select_multiple drugs,drugs_then,Welke middelen toen?,Which drugs then?
integer,clients,Hoeveel cliënten?,How many clients?
decimal,share,Welk deel?,What share?
date,since,Sinds wanneer?,Since when?
select_one trend,q_5_2,Vraag 5.2,Question 5.2
select_one trend,q_52,Vraag 52,Question 52
end_group,,,
"""
CHOICES = """list_name,name,label::Nederlands (nl),label::English (en)
kind,dcr,Gebruiksruimte,Consumption room
kind,NA,Niet van dit alles,None of these
kind,nsp,"Spuitomruil, ook mobiel","Needle exchange, also mobile"
drugs,crack,"Basecoke (crack, gekookt)","Base cocaine (crack, cooked)"
drugs,cocaine,Cocaïne,Cocaine
drugs,ghb,GHB; ook GBL,GHB; also GBL
drugs,cocaine_alcohol,"Cocaïne, met alcohol","Cocaine, with alcohol"
trend,1,Meer,More
trend,2,Minder,Less
trend,3,Hetzelfde,The same
"""


@pytest.fixture(scope="module")
def form(tmp_path_factory):
    folder = tmp_path_factory.mktemp("form")
    (folder / "survey.csv").write_text(SURVEY, encoding="utf-8")
    (folder / "choices.csv").write_text(CHOICES, encoding="utf-8")
    (folder / "settings.csv").write_text("form_title,form_id,version\nF,f,1\n", encoding="utf-8")
    return read_questionnaire(folder)


WORDS = st.text(st.sampled_from("abcé ;,\"'=\n|&-1"), min_size=1, max_size=20).map(lambda text: "w" + text.strip())
ONE = st.fixed_dictionaries(
    {"name": WORDS},
    optional={
        "kind": st.sampled_from(["dcr", "NA", "nsp"]),
        "drugs_now": st.sets(st.sampled_from(["crack", "cocaine", "ghb", "cocaine_alcohol"]), min_size=1),
        "drugs_then": st.sets(st.sampled_from(["crack", "cocaine", "ghb", "cocaine_alcohol"]), min_size=1),
        "clients": st.integers(0, 99999).map(str),
        "share": st.integers(0, 999).map(lambda n: f"{n / 10:g}"),
        "since": st.dates(min_value=pd.Timestamp("1990-01-01").date()).map(lambda day: day.isoformat()),
        "q_5_2": st.sampled_from(["1", "2", "3"]),
        "q_52": st.sampled_from(["1", "2", "3"]),
    },
)
CODES = ["crack", "cocaine", "ghb", "cocaine_alcohol"]


def canonical(one: dict) -> dict:
    found = {}
    for name, value in one.items():
        if isinstance(value, set):
            found |= {f"{name}/{code}": str(int(code in value)) for code in CODES}
        else:
            found[name] = value
    return found


SEVERAL = st.lists(ONE.map(canonical), min_size=1, max_size=4)
VARIANTS = {
    "limesurvey codes": ("limesurvey", "e.csv", write.limesurvey),
    "limesurvey labels": ("limesurvey", "e.csv", functools.partial(write.limesurvey, labels=True, ticks=("Ja", "Nee"))),
    "limesurvey text, comma, cp1252": ("limesurvey", "e.csv", functools.partial(write.limesurvey, labels=True, headings="text", delimiter=",", encoding="cp1252")),
    "kobo names, both": ("kobo", "e.csv", write.kobo),
    "kobo names, details": ("kobo", "e.csv", functools.partial(write.kobo, variant="details")),
    "kobo names, summary, xlsx": ("kobo", "e.xlsx", functools.partial(write.kobo, variant="summary")),
    "kobo labels, both, xlsx": ("kobo", "e.xlsx", functools.partial(write.kobo, labels="nl")),
    "kobo labels, summary": ("kobo", "e.csv", functools.partial(write.kobo, labels="en", variant="summary", groups=False)),
    "odk central zip": ("kobo", "e.zip", write.odk_zip),
    "redcap raw": ("redcap", "e.csv", write.redcap),
    "redcap labels": ("redcap", "e.csv", functools.partial(write.redcap, labels=True)),
    "qualtrics": ("qualtrics", "e.csv", write.qualtrics),
    "qualtrics values": ("qualtrics", "e.csv", functools.partial(write.qualtrics, texts=False)),
    "qualtrics legacy": ("qualtrics", "e.csv", functools.partial(write.qualtrics, headings=2)),
    "surveymonkey expanded": ("surveymonkey", "e.csv", write.surveymonkey),
    "surveymonkey numbers, xlsx": ("surveymonkey", "e.xlsx", functools.partial(write.surveymonkey, numeric=True)),
    "surveymonkey condensed": ("surveymonkey", "e.csv", functools.partial(write.surveymonkey, condensed=True)),
    "google forms": ("google_forms", "e.csv", write.google_forms),
    "microsoft forms": ("microsoft_forms", "e.xlsx", write.microsoft_forms),
    "spss": ("spss", "e.sav", write.statistical),
    "spss zsav": ("spss", "e.zsav", write.statistical),
    "stata": ("stata", "e.dta", write.statistical),
    "table csv": ("table", "e.csv", write.table),
    "table tsv, joined": ("table", "e.tsv", functools.partial(write.table, joined=True)),
    "table xlsx": ("table", "e.xlsx", write.table),
    "table parquet": ("table", "e.parquet", write.table),
}  # fmt: skip
quick = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def meaning(form, column: str, text: str):
    question = form[column.split("/")[0]]
    if "/" in column:
        return text
    if question.kind == "select_one":
        return parse_choice(text, question).value
    if question.kind in ("integer", "decimal"):
        return parse_number(text, question.kind == "integer").value
    return parse_date(text).value if question.kind == "date" else text.replace("\r\n", "\n").strip()


@pytest.mark.parametrize("variant", VARIANTS)
@quick
@given(answers=SEVERAL)
def test_answers_read_back(form, tmp_path, variant, answers):
    tool, name, writer = VARIANTS[variant]
    path = tmp_path / name
    writer(path, form, answers)
    entry = {"tool": tool, "mode": "interview"}
    responses, _, _ = read_export(str(path), form, entry, name)
    assert len(responses) == len(answers)
    for place, one in enumerate(answers):
        read = responses.iloc[place].dropna()
        read = {column: meaning(form, column, text) for column, text in read.items() if not column.startswith("_")}
        expected = {column: meaning(form, column, text) for column, text in one.items()}
        # A joined cell and a blank box cannot tell "none of these" from "not answered".
        assert {c: v for c, v in read.items() if v != "0"} == {c: v for c, v in expected.items() if v != "0"}
        assert all(read[c] == "0" for c, v in expected.items() if v == "0" and "/" in c)


@pytest.mark.parametrize("variant", VARIANTS)
def test_auto_finds_the_tool(form, tmp_path, variant):
    tool, name, writer = VARIANTS[variant]
    path = tmp_path / name
    one = {"name": "w", "kind": "dcr", "clients": "3", **{f"drugs_now/{code}": "1" for code in CODES}}
    writer(path, form, [one])
    assert detect(str(path), {})[0] == tool


@pytest.mark.parametrize("variant", VARIANTS)
@settings(quick, max_examples=20)
@given(seed=st.integers(0, 10**6))
def test_a_damaged_file_is_refused_or_loses_no_row_unsaid(form, tmp_path, variant, seed):
    tool, name, writer = VARIANTS[variant]
    path = tmp_path / name
    rng = random.Random(seed)
    answers = [
        {"name": f"w{n}", "kind": "dcr", "clients": str(n)} | {f"drugs_now/{c}": rng.choice("01") for c in CODES}
        for n in range(6)
    ]
    writer(path, form, answers)
    content = bytearray(path.read_bytes())
    if rng.random() < 0.5:
        del content[rng.randrange(1, len(content)) :]
    else:
        for _ in range(rng.randrange(1, 6)):
            content[rng.randrange(len(content))] = rng.randrange(256)
    path.write_bytes(bytes(content))
    try:
        responses, _, _ = read_export(str(path), form, {"tool": tool, "mode": "interview"}, name)
    except ReaderError as error:
        assert str(path) in str(error)
    else:
        assert set(responses.columns) >= {"_source", "_row", "name"}
        assert not responses["_row"].duplicated().any()


TEXT_FILES = [variant for variant, (_, name, _) in VARIANTS.items() if name.endswith((".csv", ".tsv"))]


def cells_of(path, facts: list[str]) -> list[list[str]]:
    """The rows of a text file that are not blank, read by another hand."""
    encoding = next(fact for fact in facts if fact.startswith("text in ")).removeprefix("text in ")
    delimiter = next(fact for fact in facts if fact.startswith("cells apart by ")).removeprefix("cells apart by ")
    delimiter = "\t" if delimiter == "a tab" else delimiter.strip("'")
    with open(path, encoding="utf-8-sig" if encoding == "utf-8" else encoding, newline="") as file:
        return [row for row in csv.reader(file, delimiter=delimiter) if any(map(str.strip, row))]


@pytest.mark.parametrize("variant", TEXT_FILES)
@settings(quick, max_examples=20)
@given(seed=st.integers(0, 10**6))
def test_no_row_of_a_damaged_text_file_goes_unsaid(form, tmp_path, variant, seed):
    tool, name, writer = VARIANTS[variant]
    path = tmp_path / name
    rng = random.Random(seed)
    writer(path, form, [{"name": f"w{n}", "kind": "dcr", "clients": str(n)} for n in range(6)])
    lines = path.read_bytes().splitlines(keepends=True)
    for _ in range(rng.randrange(1, 4)):
        place = rng.randrange(len(lines))
        what = rng.randrange(4)
        if what == 0:
            del lines[place : place + rng.randrange(1, 3)]
        elif what == 1:
            lines.insert(place, rng.choice([b"\n", b",,,\n", b" \n", lines[place]]))
        elif what == 2:
            lines[place] = lines[place][: rng.randrange(len(lines[place]))] + b"\n"
        else:
            lines[place] = lines[place].replace(b"w", rng.choice([b'"', b"\n", b";", b"\xff", b""]), 1)
        lines = lines or [b"\n"]
    path.write_bytes(b"".join(lines))
    try:
        responses, notes, export = read_export(str(path), form, {"tool": tool, "mode": "interview"}, name)
    except ReaderError as error:
        assert str(path) in str(error)
        return
    headings = next((int(fact[0]) for fact in export.facts if fact.endswith("heading rows")), 1)
    assert len(responses) + int((notes["rule"] == "no_respondent").sum()) + headings == len(
        cells_of(path, export.facts)
    )


@pytest.mark.parametrize("variant", TEXT_FILES)
@quick
@given(answers=SEVERAL, encoding=st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "utf-16"]))
def test_the_encoding_does_not_matter(form, tmp_path, variant, answers, encoding):
    tool, name, writer = VARIANTS[variant]
    path = tmp_path / name
    entry = {"tool": tool, "mode": "interview"}
    writer(path, form, answers)
    text = path.read_bytes().decode("cp1252" if "cp1252" in variant else "utf-8-sig")
    path.write_bytes(text.encode("utf-8"))
    whole, _, _ = read_export(str(path), form, entry, name)
    path.write_bytes(text.encode(encoding))
    try:
        again, _, _ = read_export(str(path), form, entry, name)
    except ReaderError as error:
        assert str(path) in str(error)
    else:
        pd.testing.assert_frame_equal(again, whole)


# The order does matter where SurveyMonkey names a question once for all columns of its options, and where two columns
# have one heading, as LimeSurvey's codes of q_5_2 and q_52 do.
@pytest.mark.parametrize(
    "variant",
    [v for v in TEXT_FILES if not v.startswith(("surveymonkey", "limesurvey codes", "limesurvey labels"))],
)
@quick
@given(answers=SEVERAL, random=st.randoms(use_true_random=False))
def test_columns_in_any_order_are_read_alike_or_refused(form, tmp_path, variant, answers, random):
    tool, name, writer = VARIANTS[variant]
    path = tmp_path / name
    entry = {"tool": tool, "mode": "interview"}
    writer(path, form, answers)
    whole, _, export = read_export(str(path), form, entry, name)
    rows = cells_of(path, export.facts)
    order = list(range(len(rows[0])))
    random.shuffle(order)
    with open(path, "w", encoding="utf-8", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows([[row[place] for place in order] for row in rows])
    try:
        again, _, _ = read_export(str(path), form, entry, name)
    except ReaderError as error:
        assert str(path) in str(error)
    else:
        pd.testing.assert_frame_equal(again.drop(columns="_row"), whole.drop(columns="_row"))


@settings(quick, max_examples=20)
@given(order=st.permutations(range(9)))
def test_the_order_of_columns_does_not_matter(form, tmp_path, order):
    path = tmp_path / "e.csv"
    answers = [{"name": "w", "kind": "nsp", "q_5_2": "1", "q_52": "3", "drugs_now/crack": "1", "drugs_now/ghb": "0"}]
    write.table(path, form, answers, joined=True)
    frame = pd.read_csv(path, dtype="str", keep_default_na=False)
    frame.iloc[:, list(order)].to_csv(path, index=False)
    responses, _, _ = read_export(str(path), form, {"tool": "table", "mode": "interview"}, "e.csv")
    assert responses.loc[0, ["name", "kind", "q_5_2", "q_52", "drugs_now/crack"]].tolist() == [
        "w",
        "nsp",
        "1",
        "3",
        "1",
    ]
