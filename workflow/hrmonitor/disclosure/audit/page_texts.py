"""The words of published pages as pieces of text, whatever their format: what stands on them, and what is said beside it unseen."""

from __future__ import annotations

import html
import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

# What Markdown and HTML add: addresses of links, attributes, tags, references.
_MARKUP = re.compile(r"\]\([^)\s]*(?:\s\"[^\"]*\")?\)|\{[#.][^}]*\}|</?[a-zA-Z][^<>]*>|@[\w:-]+")
_DRAWN = re.compile(r"<!--([^<>]*)-->|<(?:\w+:)?(?:title|desc)\b[^<>]*>([^<]*)<")
# Runs of Word and PowerPoint, the ends of their lines and cells, values of charts, and descriptions of pictures.
_RUNS = re.compile(
    r"<[wa]:t(?:\s[^>]*)?>([^<]*)|(</[wa]:p>|<[wa]:(?:tab|br|cr)\b)|<c:v>([^<]*)|\b(?:descr|title)=\"([^\"]*)\""
)
_NO_TEXT = re.compile(r"styles|theme|settings|numbering|fontTable|slideLayout|slideMaster|Content_Types")
# What the program that wrote the file counted in it.
_COUNTED = re.compile(
    r"<(AppVersion|TotalTime|Pages|Words|Characters\w*|Lines|Paragraphs|Slides|Notes|HiddenSlides|MMClips)>[^<]*"
)
_ATTRIBUTES = ("alt", "title", "aria-label", "content", "summary", "value")


def texts_of(path: Path) -> Iterator[str]:
    """The texts of a page: also notes, properties, alternative texts, and the data that a web page carries."""
    match path.suffix:
        case ".pdf":
            yield from _of_pdf(path)
        case ".docx" | ".pptx":
            yield from _of_office(path)
        case ".html":
            yield from _of_web_page(path.read_text(encoding="utf-8"))
        case ".ipynb":
            yield from _of_notebook(json.loads(path.read_text(encoding="utf-8")))
        case ".svg":
            # The letters of a figure are drawn; a comment beside them has the text.
            for match in _DRAWN.finditer(path.read_text(encoding="utf-8")):
                yield html.unescape(match[1] or match[2] or "")
        case _:
            yield _plain(path.read_text(encoding="utf-8"))


def _plain(markdown: str) -> str:
    return html.unescape(_MARKUP.sub(" ", markdown.replace("\\", "")))


def _of_pdf(path: Path) -> Iterator[str]:
    from pypdf import PdfReader

    reader = PdfReader(path)
    yield from (page.extract_text() for page in reader.pages)
    yield from map(str, (reader.metadata or {}).values())


def _of_office(path: Path) -> Iterator[str]:
    with zipfile.ZipFile(path) as archive:
        for member in archive.namelist():
            if member.endswith(".xlsx"):
                yield from _of_chart_data(archive.read(member))
            if not member.endswith(".xml") or _NO_TEXT.search(member):
                continue
            content = archive.read(member).decode("utf-8")
            if member.startswith("docProps/"):
                yield html.unescape(re.sub(r"<[^<>]*>", "\n", _COUNTED.sub("", content)))
                continue
            # A number may be cut over runs, and is whole again without what is between them.
            said = (
                run or ("\n" if end else "") or f"\n{value or beside or ''}\n"
                for run, end, value, beside in _RUNS.findall(content)
            )
            yield html.unescape("".join(said))


def _of_chart_data(workbook: bytes) -> Iterator[str]:
    """What the workbook within a chart holds, which "edit data" shows: values and texts of its cells."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        for member in archive.namelist():
            if re.match(r"xl/(worksheets/|sharedStrings)", member) and member.endswith(".xml"):
                cells = re.findall(r"<(v|t)(?:\s[^>]*)?>([^<]*)", archive.read(member).decode("utf-8"))
                # A value is the shortest that is the same in binary; a spreadsheet shows fifteen digits of it.
                yield "\n".join(html.unescape(text) if kind == "t" else _fifteen(text) for kind, text in cells)


def _fifteen(value: str) -> str:
    try:
        return format(float(value), ".15g")
    except ValueError:
        return value


def _of_notebook(notebook: dict) -> Iterator[str]:
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            yield _plain("".join(cell["source"]))
        for output in cell.get("outputs", []):
            yield from (
                _plain("".join(data)) for data in output.get("data", {}).values() if isinstance(data, str | list)
            )


def _of_web_page(content: str) -> Iterator[str]:
    import lxml.html

    root = lxml.html.document_fromstring(content)
    for element in root.iter(lxml.html.etree.Element):
        if element.tag == "script" and element.get("type") == "application/json":
            yield from _of_data(json.loads(element.text or "null"))
        for name, value in element.attrib.items():
            if name in _ATTRIBUTES or name.startswith("data-"):
                yield value
    for element in list(root.iter("script", "style")):
        element.drop_tree()
    yield "\n".join(root.itertext())


def _of_data(data: object) -> Iterator[str]:
    """Every name and value; numbers as a reader of English writes them, which is how they stand there."""
    match data:
        case dict():
            for name, value in data.items():
                yield str(name)
                yield from _of_data(value)
        case list():
            for value in data:
                yield from _of_data(value)
        case bool() | None:
            return
        case int() | float():
            yield format(data, ".12g")
        case _:
            yield _plain(str(data))
