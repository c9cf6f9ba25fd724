"""Whatever is written and decided: after `decide` the record says just that, and a second `decide` finds nothing to do."""

import csv
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from hrmonitor.cli.decide import apply
from hrmonitor.cli.decisions.filled import changes_of, read_filled
from hrmonitor.cli.decisions.kinds import SHEETS
from hrmonitor.cli.decisions.records import read_record, write_record
from hrmonitor.cli.decisions.sheet import Item, option
from hrmonitor.cli.decisions.workbook import decision_column, words, write_workbook
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

# What people write and what Excel, CSV and YAML have their own ideas about.
LETTERS = st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs"), include_characters="\n\t'\"=+-@;,|")
TEXTS = st.text(LETTERS, min_size=1, max_size=30).filter(lambda text: text.strip())
CODES = st.text(st.characters(codec="ascii", categories=("L", "N"), include_characters="_-."), min_size=1, max_size=12)


@st.composite
def cases(draw):
    """Items of every kind, and what a person decides about each: an option, or nothing yet."""
    lang = draw(st.sampled_from(["nl", "en"]))
    made, decided = [], {}
    for sheet in SHEETS:
        texts = draw(
            st.lists(
                TEXTS, min_size=1, max_size=4, unique_by=lambda text, sheet=sheet: sheet.same((text,) * len(sheet.key))
            )
        )
        labels = draw(st.dictionaries(CODES, TEXTS, min_size=1, max_size=6))
        # Two codes that differ in case alone are one for a person who types them.
        codes = {code.casefold(): code for code in labels}.values()
        options = tuple(option(code, labels[code]) for code in codes)
        items = []
        for text in texts:
            key = tuple(text.strip() for _ in sheet.key)
            shown = tuple(1 if name == "times" else text for name in sheet.headings)
            items.append(Item((key,), shown, options))
            chosen = draw(st.none() | st.sampled_from(options))
            typed = draw(st.booleans())
            if chosen:
                reason = draw(TEXTS)
                decided[sheet.id_of(items[-1])] = (chosen.value, chosen.value if typed else chosen.text, reason)
        made.append((sheet, items))
    return lang, made, decided


def fill(path: Path, lang: str, decided: dict) -> None:
    book = load_workbook(path)
    for sheet in SHEETS:
        place = book[words(lang)["sheets"][sheet.name]["title"]]
        for row in range(2, place.max_row + 1):
            if place.cell(row, 1).value in decided:
                _, text, reason = decided[place.cell(row, 1).value]
                for column, value in ((decision_column(sheet), text), (decision_column(sheet) + 1, reason)):
                    place.cell(row, column).value, place.cell(row, column).data_type = value, "s"
    book.save(path)


@given(cases())
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_record_says_what_the_person_said_and_a_second_time_adds_nothing(case):
    lang, made, decided = case
    with TemporaryDirectory() as folder:
        path = Path(folder) / "decisions.xlsx"
        write_workbook(path, "2024", made, lang, "Anna", "hrmonitor decide 2024")
        assert changes_of(read_filled(path, "2024").rows, made) == ([], [])
        fill(path, lang, decided)
        book = read_filled(path, "2024")
        changes, problems = changes_of(book.rows, made)
        assert (book.who, book.lang, problems) == ("Anna", lang, [])
        after = []
        for sheet, items in made:
            file = Path(folder) / sheet.record
            record = read_record(file, sheet.columns, named=False)
            for change in changes:
                if change.sheet is sheet:
                    apply(record, change, "Anna", "2024-05-01")
            write_record(record)
            with open(file, encoding="utf-8-sig", newline="") as written:
                assert not [cell for row in csv.reader(written) for cell in row if cell.startswith(("=", "@"))]
            on_record = read_record(file, sheet.columns, named=True).by_key(sheet.key, sheet.same)
            wanted = {sheet.same(item.keys[0]): decided[sheet.id_of(item)] for item in items if sheet.id_of(item) in decided}  # fmt: skip
            assert {key: row[sheet.value] for key, row in on_record.items()} == {
                key: value for key, (value, _, _) in wanted.items()
            }
            assert all(on_record[key]["reason"] == " ".join(reason.split()) for key, (_, _, reason) in wanted.items())
            present = {sheet.id_of(item): on_record.get(sheet.same(item.keys[0]), {}) for item in items}
            after.append((sheet, [replace(item, present=row.get(sheet.value), reason=row.get("reason", ""))
                                  for item in items for row in [present[sheet.id_of(item)]]]))  # fmt: skip
        assert changes_of(read_filled(path, "2024").rows, after) == ([], [])
