"""Search every byte of a folder for planted strings, containers unpacked."""

from __future__ import annotations

import html
import io
import json
import re
import shutil
import subprocess
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path


def find_planted(folder: Path, planted: list[str]) -> list[tuple[str, str]]:
    """(file, string) for each planted string that occurs in any file under `folder`, case aside.

    PDF streams, metadata and page text, parquet cells and metadata, members of zips (xlsx, docx, pptx, ods), compressed PNG
    text, and text behind entities (html, svg, xml), tags (docx, pptx) or escapes (ipynb, json) are looked into.
    """
    needles = {value: {value.lower().encode(code) for code in ("utf-8", "cp1252", "utf-16-le")} for value in planted}
    hits = []
    for path in sorted(Path(folder).rglob("*")):
        if not path.is_file():
            continue
        content = b"\n".join(part.lower() for part in _contents(path.name, path.read_bytes()))
        hits += [(str(path), value) for value, forms in needles.items() if any(form in content for form in forms)]
    return hits


def _contents(name: str, raw: bytes) -> Iterator[bytes]:
    yield raw
    if name.endswith(".pdf"):
        yield from _pdf(raw)
    elif name.endswith(".parquet"):
        import pandas as pd

        frame = pd.read_parquet(io.BytesIO(raw))
        yield "\n".join(str(value) for column in frame for value in frame[column].dropna().unique()).encode()
    elif name.endswith((".html", ".svg", ".xml", ".rels")):
        text = raw.decode("utf-8", errors="replace")
        # Word cuts a phrase over runs; with the tags away it is whole again.
        yield html.unescape(text).encode()
        yield html.unescape(re.sub(r"<[^>]*>", "", text)).encode()
    elif name.endswith((".ipynb", ".json")):
        yield json.dumps(json.loads(raw), ensure_ascii=False).encode()
    elif name.endswith((".xlsx", ".docx", ".pptx", ".ods", ".zip")):
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            for member in archive.namelist():
                yield from _contents(member, archive.read(member))
    elif name.endswith(".png"):
        yield from _png_text(raw)


def _pdf(raw: bytes) -> Iterator[bytes]:
    import pikepdf

    with pikepdf.open(io.BytesIO(raw)) as pdf:
        for thing in pdf.objects:
            if isinstance(thing, pikepdf.Stream):
                try:
                    yield thing.read_bytes()
                except pikepdf.PdfError:
                    yield thing.read_raw_bytes()
        yield str(pdf.docinfo).encode()
    yield _pages(raw)


def _pages(raw: bytes) -> bytes:
    """The words on the pages, letter by letter as a reader copies them; poppler does it in a tenth of the time."""
    if shutil.which("pdftotext"):
        return subprocess.run(["pdftotext", "-raw", "-", "-"], input=raw, capture_output=True, check=True).stdout
    from pypdf import PdfReader

    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(raw)).pages).encode()


def _png_text(raw: bytes) -> Iterator[bytes]:
    place = 8
    while place + 8 <= len(raw):
        length, kind = int.from_bytes(raw[place : place + 4], "big"), raw[place + 4 : place + 8]
        chunk = raw[place + 8 : place + 8 + length]
        if kind in (b"zTXt", b"iTXt"):
            for start in range(len(chunk)):
                try:
                    yield zlib.decompress(chunk[start:])
                    break
                except zlib.error:
                    continue
        place += 12 + length
