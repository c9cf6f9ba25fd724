"""The scanner finds what is planted, in each kind of file, and nothing where nothing is."""

import zipfile

import pandas as pd
import pytest
from privacy_scanner import find_planted

SECRET = "a.devries@instelling.example"


def plant(folder, kind):
    path = folder / f"file.{kind}"
    if kind == "csv":
        path.write_text(f"a,b\n1,{SECRET.upper()}\n", encoding="utf-8")
    elif kind == "parquet":
        pd.DataFrame({"a": [SECRET] * 500}).to_parquet(path, compression="gzip")
    elif kind == "xlsx":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/sharedStrings.xml", f"<t>{SECRET}</t>")
    elif kind in ("docx", "pptx"):
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("part.xml", f"<w:t>{SECRET[:7]}</w:t><w:t>{SECRET[7:]}</w:t>")
    elif kind in ("html", "svg"):
        path.write_text(f"<p>{SECRET.replace('@', '&#64;')}</p>", encoding="utf-8")
    elif kind == "ipynb":
        path.write_text('{"cells": ["' + SECRET.replace("@", "\\u0040") + '"]}', encoding="utf-8")
    elif kind == "pdf":
        import typst

        path.write_bytes(typst.compile(f'#"{SECRET}"'.encode()))


@pytest.mark.parametrize("kind", ["csv", "parquet", "xlsx", "docx", "pptx", "html", "svg", "ipynb", "pdf"])
def test_it_finds_what_is_planted(tmp_path, kind):
    plant(tmp_path, kind)
    assert find_planted(tmp_path, [SECRET]) == [(str(tmp_path / f"file.{kind}"), SECRET)]
    assert find_planted(tmp_path, ["someone.else@instelling.example"]) == []
