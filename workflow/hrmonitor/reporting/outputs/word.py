"""The report as a Word document that an institute can edit: real styles, captions, contents, alt text, header rows that repeat."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Sequence
from pathlib import Path

from hrmonitor.language import terms
from hrmonitor.reporting.outputs.office import LONGEST_PROPERTY, same_bytes
from hrmonitor.reporting.outputs.typeset import TEMPLATES, numbered, run_pandoc


def to_word(markdown: Path, word: Path, references: Sequence[Path], metadata: dict, root: Path, engine: str) -> None:
    """.docx of the Markdown. `references` are BibTeX files; figures are PNG under `root`."""
    with tempfile.TemporaryDirectory(dir=word.parent, prefix=".") as folder:
        made = Path(folder, "report.docx")
        run_pandoc(
            engine, markdown, made, metadata,
            ["--to=docx", f"--reference-doc={TEMPLATES / 'reference.docx'}", f"--lua-filter={TEMPLATES / 'report.lua'}",
             "--toc", "--toc-depth=2", *numbered(metadata), f"--resource-path={root}", "--citeproc",
             *(f"--bibliography={one}" for one in references), "--columns=20"],
        )  # fmt: skip
        content = made.read_bytes()
    word.write_bytes(same_bytes(_finish(content, metadata), int(metadata["year"])))


def _finish(content: bytes, metadata: dict) -> bytes:
    """What Pandoc leaves to Word: rows of headings that repeat, rows that stay whole, language, properties."""
    import docx
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    document = docx.Document(io.BytesIO(content))
    for table in document.tables:
        for place, row in enumerate(table.rows):
            properties = row._tr.get_or_add_trPr()
            for tag in ["w:cantSplit"] + (["w:tblHeader"] if place == 0 else []):
                if properties.find(qn(tag)) is None:
                    properties.append(OxmlElement(tag))
    run = document.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    language = run.find(qn("w:lang"))
    if language is None:
        language = OxmlElement("w:lang")
        run.append(language)
    language.set(qn("w:val"), terms(metadata["lang"])["language"]["locale"])
    for drawing in document.element.body.iter(qn("wp:docPr")):
        # Pandoc names a picture by its file; the caption stands below it.
        drawing.set("name", f"figure {drawing.get('id')}")
        drawing.attrib.pop("title", None)
    if metadata["synthetic-mark"]:
        for section in document.sections:
            section.footer.paragraphs[0].text = metadata["synthetic-mark"]
    properties = document.core_properties
    properties.author, properties.last_modified_by = ", ".join(metadata["author"])[:LONGEST_PROPERTY], ""
    properties.language = terms(metadata["lang"])["language"]["locale"]
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()
