"""Typeset: woven Markdown to PDF (tagged, PDF/UA-1 and PDF/A-2a).

The built-in engine is Pandoc and Typst, from wheels; Quarto, where it is on PATH and recent enough, takes the same
Markdown, filter and template.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from itertools import zip_longest
from pathlib import Path

from hrmonitor.declarations.public_files import VOLUMES
from hrmonitor.errors import UserError
from hrmonitor.language import escape_markdown, settable_in
from hrmonitor.resources import RESOURCES

TEMPLATES = RESOURCES / "templates"

# Chapters without a number or a word of the answers: no foot there says that it is made up.
REAL_SECTIONS = ("sec-methods", "sec-how", "sec-published", "sec-cross", "sec-glossary", "sec-colophon", "sec-sources")
# Quarto brings a Pandoc of its own. The older one of 1.6 to 1.8 sets a source with several authors otherwise ("Schouten, Cobben, and
# Bethlehem" for "Schouten et al."), so the words of the engines would differ.
LEAST_PANDOC = (3, 8)
WANTED = "Quarto 1.9 or newer"
EXTENSIONS = "markdown-raw_html-raw_tex-raw_attribute-tex_math_dollars-tex_math_single_backslash+pipe_tables"


def choose_engine(wanted: str) -> tuple[str, str]:
    """(`quarto` or `pandoc`, why). Raises `UserError` when Quarto is asked for and is not there, or is too old."""
    if wanted == "pandoc":
        return "pandoc", "built-in engine (as config.yaml asks)"
    program = shutil.which("quarto")
    pandoc = _version(program, "pandoc", "--version") if program else ()
    if program and pandoc >= LEAST_PANDOC:
        return "quarto", f"Quarto {'.'.join(map(str, _version(program, '--version')))}"
    if program:
        found = (
            f"the Quarto on PATH has Pandoc {'.'.join(map(str, pandoc))}"
            if pandoc
            else "the Quarto on PATH does not start"
        )
    else:
        found = "no Quarto on PATH"
    if wanted == "quarto":
        raise UserError(f"config.yaml, report.engine: {found}. Install {WANTED}, or write `engine: auto`.")
    return "pandoc", f"built-in engine ({found}; {WANTED} would be used)"


def both_engines() -> bool:
    """Whether Quarto is here beside the built-in engine."""
    return choose_engine("auto")[0] == "quarto"


def words_that_differ(one: Path, other: Path) -> str:
    """Where the words of two PDFs part, with some words before; empty if nowhere. Hyphens at line ends and white space aside."""
    from pypdf import PdfReader

    texts = []
    for path in (one, other):
        pages = " ".join(page.extract_text() for page in PdfReader(path).pages)
        texts.append(re.sub(r"[-\u00ad\u2010]\s+", "", pages).split())
    for place, (left, right) in enumerate(zip_longest(*texts)):
        if left != right:
            before = " ".join(texts[0][max(0, place - 8) : place])
            return f"after “{before}”: “{left}” in {one.name}, “{right}” in {other.name}"
    return ""


def _version(*command: str) -> tuple[int, ...]:
    """The first version number that a program prints, as far as its second part; empty if it prints none."""
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    found = re.search(r"(?<!\d)\d+(\.\d+)+", run.stdout)
    return tuple(map(int, found[0].split(".")[:2])) if found and not run.returncode else ()


# Over 6 parameters: each is a fact of the document; the callers have them apart.
def metadata_of(report: dict, lang: str, words: dict, year: int, synthetic: bool, volume: str = "report") -> dict:
    """What template, filter and document properties take from `config["report"]` and the texts.

    The first volume has the report's title; another has its own name for a title, and that of the report below it.
    """
    first = volume == VOLUMES[0]
    title, subtitle = report["title"][lang], report["subtitle"][lang]
    return {
        "title": title if first else words["volumes"][volume],
        "subtitle": subtitle if first else f"{title}. {subtitle}",
        "numbered": not first,
        "author": report["authors"],
        "lang": lang,
        "year": str(year),
        "toc-title": words["contents"],
        "reference-section-title": words["references"],
        "synthetic-mark": words["synthetic_mark"] if synthetic else "",
        "real-sections": list(REAL_SECTIONS),
        "words": words["typeset"],
        "kinds": words["kinds"],
    }


def numbered(metadata: dict) -> list[str]:
    """Pandoc's option for numbers before headings, which only a volume to look things up in has."""
    return ["--number-sections"] if metadata.get("numbered", True) else []


def to_pdf(markdown: Path, pdf: Path, references: Sequence[Path], metadata: dict, root: Path, engine: str) -> None:
    """PDF of the Markdown. `references` are BibTeX files; `root` the folder that figures' paths start from. The date
    inside the file is fixed: results carry no clock."""
    with tempfile.TemporaryDirectory(dir=pdf.parent, prefix=".") as folder:
        source = Path(folder, "report.typ")
        run_pandoc(
            engine, markdown, source, metadata,
            ["--to=typst", f"--template={TEMPLATES / 'report.typ'}", f"--lua-filter={TEMPLATES / 'report.lua'}",
             *(f"--bibliography={one}" for one in references), "--columns=20", "--shift-heading-level-by=0"],
        )  # fmt: skip
        pdf.write_bytes(_set_pages(source, root, markdown))


def brief_to_pdf(data: dict, template: Path, pdf: Path, root: Path) -> None:
    """PDF of plain data (see `brief`) by a Typst template of its own, which reads it as JSON: no text is code there."""
    with tempfile.TemporaryDirectory(dir=pdf.parent, prefix=".") as folder:
        values = Path(folder, "data.json")
        values.write_text(json.dumps(settable_in(data), ensure_ascii=False), encoding="utf-8")
        inputs = {"data": "/" + values.resolve().relative_to(root.resolve()).as_posix()}
        # Typst reads nothing outside `root`, and the package may be installed elsewhere.
        source = shutil.copy(template, folder)
        pdf.write_bytes(_set_pages(Path(source), root, template, inputs))


def _set_pages(source: Path, root: Path, written: Path, inputs: dict[str, str] | None = None) -> bytes:
    """A Typst file as PDF/A-2a and PDF/UA-1. A warning is an error: it means that something was not set as written.

    `written` is the file that a person wrote or can look at; an error names it.
    """
    import typst

    try:
        content, warnings = typst.compile_with_warnings(
            str(source), root=str(root.resolve()), font_paths=[str(RESOURCES / "fonts")], ignore_system_fonts=True,
            pdf_standards=["a-2a", "ua-1"], timestamp=0, sys_inputs=inputs or {},
        )  # fmt: skip
    except typst.TypstError as error:
        raise UserError(f"{written}: Typst cannot set this page ({error}).") from error
    if warnings:
        told = "; ".join(dict.fromkeys(str(warning) for warning in warnings))
        raise UserError(f"{written}: Typst warns of these pages ({told}). Fix templates/report.typ or the text.")
    return content


def run_pandoc(engine: str, source: Path, target: Path, metadata: dict, options: list[str]) -> None:
    """Pandoc, of Quarto or of its own, from our Markdown; raises `UserError` with what it says when it fails."""
    if engine == "quarto":
        program = ["quarto", "pandoc"]
    else:
        import pypandoc

        program = [pypandoc.get_pandoc_path()]
    with tempfile.TemporaryDirectory() as folder:
        values = Path(folder, "metadata.json")
        # Pandoc reads metadata as Markdown; these are what a user wrote in config.yaml, and are text.
        written = {key: _as_text(metadata[key]) for key in ("title", "subtitle", "author") if key in metadata}
        values.write_text(json.dumps(metadata | written), encoding="utf-8")
        # Its data directory is not the user's, of which the templates and abbreviations would change the pages.
        run = subprocess.run(
            [*program, str(source), f"--from={EXTENSIONS}", f"--data-dir={folder}", f"--metadata-file={values}",
             f"--output={target}", *options],
            capture_output=True, text=True, encoding="utf-8", check=False,
        )  # fmt: skip
    if run.returncode:
        raise UserError(f"{source}: Pandoc cannot set this document ({run.stderr.strip()}).")


def _as_text(value: str | list[str]) -> str | list[str]:
    return escape_markdown(value) if isinstance(value, str) else [escape_markdown(one) for one in value]
