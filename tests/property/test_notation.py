"""Numbers, dates and labels drawn at random and written in one notation a column come back as they were, or the column is refused."""

from datetime import date
from decimal import Decimal

import pandas as pd
import pytest
from hrmonitor.cleaning.typed_answers import parse_texts
from hrmonitor.errors import ReaderError
from hrmonitor.questionnaire.model import read_questionnaire
from hrmonitor.questionnaire.typography import typographic
from hrmonitor.readers.answers import settle_column
from hrmonitor.readers.column_notation import ColumnReader, refuse_open
from hrmonitor.readers.dialect import Habits
from hypothesis import given, settings
from hypothesis import strategies as st

SURVEY = "type,name,label,unit\ninteger,whole,Whole,\ndecimal,part,Part,\ndate,day,Day,\nselect_one size,size,Size,\n"
LABELS = ["< 10", "> 10", "10", "1-0", "Voldoende", "Onvoldoende", "niet voldoende", "1", "2", "3", "20", "2 0"]
CHOICES = "list_name,name,label\n" + "".join(
    f'size,{number},"{label}"\n' for number, label in enumerate(LABELS, start=1)
)
quick = settings(max_examples=150, deadline=None)


@pytest.fixture(scope="module")
def form(tmp_path_factory):
    folder = tmp_path_factory.mktemp("form")
    for name, text in (("survey", SURVEY), ("choices", CHOICES), ("settings", "form_title,form_id\nF,f\n")):
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return read_questionnaire(folder)


def grouped(number: Decimal, thousands: str, point: str) -> str:
    return f"{number:,f}".replace(",", "\x00").replace(".", point).replace("\x00", thousands)


WRITE = {
    "plain": lambda number: f"{number:f}",
    "comma": lambda number: f"{number:f}".replace(".", ","),
    "1,234.5": lambda number: grouped(number, ",", "."),
    "1.234,5": lambda number: grouped(number, ".", ","),
    "1 234,5": lambda number: grouped(number, "\u202f", ","),
    "1'234.5": lambda number: grouped(number, "'", "."),
    "scientific": lambda number: f"{number:E}",
    "three decimals": lambda number: f"{number:.3f}",
}


def read_back(form, name: str, cells: list[str], **entry) -> list | None:
    """What cleaning makes of the cells; None if the column was refused."""
    data = pd.Series(cells, dtype="str")
    reader = ColumnReader("table", pd.Series(range(2, len(cells) + 2)), entry, form, Habits())
    settled = settle_column(reader, form[name], data, None)
    try:
        refuse_open("e.csv", reader.decided)
    except ReaderError as error:
        assert f"question {name!r}" in str(error)
        return None
    return [parsed.value for parsed in parse_texts(settled, form[name])]


@pytest.mark.parametrize("how", WRITE)
@quick
@given(numbers=st.lists(st.integers(0, 10**7), min_size=1, max_size=6))
def test_whole_numbers_come_back_or_are_refused(form, how, numbers):
    read = read_back(form, "whole", [WRITE[how](Decimal(number)) for number in numbers])
    assert read is None or read == numbers


@pytest.mark.parametrize("how", WRITE)
@quick
@given(
    numbers=st.lists(st.decimals(0, 10**7, allow_nan=False, places=3), min_size=1, max_size=6), places=st.integers(0, 3)
)
def test_numbers_with_decimals_come_back_or_are_refused(form, how, numbers, places):
    numbers = [round(number, places) for number in numbers]
    read = read_back(form, "part", [WRITE[how](number) for number in numbers])
    assert read is None or read == [float(number) for number in numbers]


@quick
@given(
    numbers=st.lists(st.decimals(0, 10**7, allow_nan=False, places=3), min_size=1, max_size=6),
    how=st.sampled_from([("1,234.5", "decimal_point"), ("1.234,5", "decimal_comma"), ("plain", "decimal_point"), ("comma", "decimal_comma")]),
)  # fmt: skip
def test_what_config_says_is_read_without_a_stop(form, numbers, how):
    written, said = how
    read = read_back(form, "part", [WRITE[written](number) for number in numbers], notations={"part": said})
    assert read == [float(number) for number in numbers]


@quick
@given(
    days=st.lists(st.dates(date(1955, 1, 1), date(2060, 1, 1)), min_size=1, max_size=5),
    how=st.sampled_from(
        ["%d-%m-%Y", "%m/%d/%Y", "%d.%m.%Y", "%Y-%m-%d", "%d%b%Y", "%d %B %Y", "%Y/%m/%d", "%Y-%m-%dT23:59:00+02:00"]
    ),
)
def test_dates_come_back_or_are_refused(form, days, how):
    read = read_back(form, "day", [day.strftime(how) for day in days])
    assert read is None or read == [day.isoformat() for day in days]


@quick
@given(
    chosen=st.lists(st.integers(1, len(LABELS)), min_size=1, max_size=5),
    codes=st.booleans(),
    disguise=st.sampled_from(["{}", " {} ", "{}.", "\ufeff{}", "{}\u00a0"]),
    upper=st.booleans(),
)
def test_choices_come_back_or_are_refused(form, chosen, codes, disguise, upper):
    """Codes 1, 2, 3 and 10 are labels of other options too, and labels differ in one sign, digit or prefix."""
    texts = [str(number) if codes else LABELS[number - 1] for number in chosen]
    read = read_back(form, "size", [disguise.format(text.upper() if upper else text) for text in texts])
    # Each answer comes back, or is named as not understood, or the column is refused.
    assert read is None or all(value in (None, str(number)) for value, number in zip(read, chosen, strict=True))


@quick
@given(
    text=st.sampled_from(LABELS),
    place=st.integers(0, 20),
    letter=st.sampled_from("<>≤≥+=0123456789") | st.sampled_from(["on", "niet ", "un"]),
)
def test_a_label_with_one_sign_more_is_another(form, text, place, letter):
    changed = text[:place] + letter + text[place:]
    if typographic(changed) in map(typographic, LABELS) or changed.isdigit():
        return
    assert read_back(form, "size", [changed]) in ([None], None)
