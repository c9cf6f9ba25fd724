"""What unpacks to more than an export can be is refused before it is unpacked."""

import zipfile

import pytest
from hrmonitor.errors import ReaderError
from hrmonitor.readers import word_form
from hrmonitor.readers.sources import read_sheets


def bomb(path, members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, size in members:
            archive.writestr(name, b"0" * size)


@pytest.mark.parametrize(
    "members",
    [[("xl/worksheets/sheet1.xml", 60_000_000)], [(f"{n}.csv", 1) for n in range(5001)]],
    ids=["size", "members"],
)
@pytest.mark.parametrize("name", ["a.xlsx", "a.ods", "a.zip"])
def test_a_bomb_is_refused(tmp_path, members, name):
    bomb(tmp_path / name, members)
    with pytest.raises(ReaderError, match="unpack"):
        read_sheets(str(tmp_path / name), {})


def test_a_document_that_is_a_bomb_is_refused(tmp_path):
    bomb(tmp_path / "a.docx", [("word/document.xml", 60_000_000)])
    with pytest.raises(ReaderError, match="unpack"):
        word_form._rows(str(tmp_path / "a.docx"))


def test_an_entity_bomb_in_a_document_ends_as_a_refusal(tmp_path):
    layers = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    xml = f'<!DOCTYPE d [<!ENTITY l0 "ha">{layers}]><d>&l11;</d>'
    with zipfile.ZipFile(tmp_path / "a.docx", "w") as archive:
        archive.writestr("word/document.xml", xml)
    try:
        assert "ha" not in str(word_form._rows(str(tmp_path / "a.docx")))
    except ReaderError as error:
        assert "cannot be opened" in str(error)
