"""Hostile input: what is planted, where, and what must become of it. docs/evidence/hostile-input.md is made from this list."""

from __future__ import annotations

import multiprocessing
import os
import resource
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import yaml
from hrmonitor.errors import ConfigError, UserError, shown
from hrmonitor.files.sheets import read_sheets
from hrmonitor.files.spreadsheet import harmless
from hrmonitor.language import escape_markdown
from hrmonitor.project.checks import check_config
from hrmonitor.questionnaire.expressions import compile_expression
from hrmonitor.readers.tools import word_form
from hrmonitor.themes.coding_sheets import write_text

ROOT = Path(__file__).resolve().parents[1]
# A case may take this much; a real round of 10 000 forms takes less.
CPU_SECONDS, MEMORY = 12, 4_000_000_000


@dataclass(frozen=True)
class Case:
    """`run` gets an empty folder and gives what came out; `must` is `inert` (the text itself, unharmed) or `refused` (UserError)."""

    name: str
    place: str
    must: str
    run: Callable[[Path], object]


def _shown(text: str, but: str = "") -> Callable[[Path], str]:
    """Through Pandoc as the report does it, to HTML and to Typst; what Pandoc reads must be plain words and nothing else, without `but`."""

    def run(folder: Path) -> str:
        import json

        import pypandoc

        document = json.loads(pypandoc.convert_text(escape_markdown(text), "json", format="markdown"))
        kinds = {inline["t"] for block in document["blocks"] for inline in block["c"]}
        assert [block["t"] for block in document["blocks"]] == ["Para"], document
        assert kinds <= {"Str", "Space"}, kinds
        typst = pypandoc.convert_text(escape_markdown(text), "typst", format="markdown")
        # Pandoc puts a backslash before what Typst would run.
        assert not any(f"{start}{word}" in typst.replace("\\#", "") for start in "#" for word in ("read", "import"))
        plain = "".join(i["c"] if i["t"] == "Str" else " " for b in document["blocks"] for i in b["c"])
        assert plain == (text.replace(but, "") if but else text), (plain, text)
        return plain

    return run


def _csv(content: bytes, check: Callable = lambda sheets: None) -> Callable[[Path], object]:
    def run(folder: Path) -> str:
        path = folder / "export.csv"
        path.write_bytes(content)
        sheets, _ = read_sheets(str(path), {})
        assert sheets[0].cells.size
        return "read"

    return run


def _cell(value: str) -> Callable[[Path], str]:
    def run(folder: Path) -> str:
        import openpyxl

        safe = harmless(pd.DataFrame({"raw": [value]}))["raw"][0]
        assert safe == f"'{value}"
        book = openpyxl.Workbook()
        write_text(book.active["A1"], value)
        book.save(folder / "sheet.xlsx")
        cell = openpyxl.load_workbook(folder / "sheet.xlsx").active["A1"]
        assert cell.data_type == "s"
        return safe

    return run


def _xml(name: str, member: str) -> Callable[[Path], object]:
    """Ten entities of ten entities of …, and a file of the machine, in a part of an office document."""

    def run(folder: Path) -> str:
        layers = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
        outside = '<!ENTITY outside SYSTEM "file:///etc/passwd">'
        path = folder / name
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(member, f'<!DOCTYPE d [<!ENTITY l0 "ha">{layers}{outside}]><d>&l11;&outside;</d>')
        found = word_form._rows(str(path)) if name.endswith("docx") else read_sheets(str(path), {})
        assert "root:" not in str(found)
        return str(found)

    return run


def _encoding(name: str) -> Callable[[Path], object]:
    def run(folder: Path) -> object:
        (folder / "a.csv").write_bytes(b"id,name\n1,a\n")
        return read_sheets(str(folder / "a.csv"), {"encoding": name})

    return run


def _far_cell(folder: Path) -> object:
    import openpyxl

    book = openpyxl.Workbook()
    book.active["A1"] = book.active["XFD1048576"] = "a"
    book.save(folder / "a.xlsx")
    return read_sheets(str(folder / "a.xlsx"), {})


def _repeated(folder: Path) -> object:
    cell = '<table:table-cell table:number-columns-repeated="16384"><text:p>x</text:p></table:table-cell>'
    row = f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>'
    names = " ".join(
        f'xmlns:{one}="urn:oasis:names:tc:opendocument:xmlns:{one}:1.0"' for one in ("office", "table", "text")
    )
    with zipfile.ZipFile(folder / "a.ods", "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml", f"<o {names}><office:spreadsheet><table:table>{row}</table:table></office:spreadsheet></o>"
        )
    return read_sheets(str(folder / "a.ods"), {})


def _zip(name: str) -> Callable[[Path], object]:
    def run(folder: Path) -> object:
        path = folder / name
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("word/document.xml" if name.endswith("docx") else "a.csv", b"0" * 60_000_000)
        return word_form._rows(str(path)) if name.endswith("docx") else read_sheets(str(path), {})

    return run


def _yaml(text: str) -> Callable[[Path], object]:
    def run(folder: Path) -> object:
        try:
            return check_config(yaml.safe_load(text))
        except yaml.YAMLError as error:
            raise ConfigError(str(error)) from error

    return run


def _config(*keys: str | int, value: object = None, called: str = "") -> Callable[[Path], object]:
    """The shipped config with another value at `keys`, or with one more returned form of a name."""

    def run(folder: Path) -> object:
        shutil.copy(ROOT / "config.yaml", folder)
        shutil.copytree(ROOT / "raw", folder / "raw")
        os.chdir(folder)
        config = yaml.safe_load(Path("config.yaml").read_text(encoding="utf-8"))
        if called:
            shutil.copy("raw/2021/returned/vragenlijst_01.xlsx", f"raw/2021/returned/{called}")
        else:
            block = config
            for key in keys[:-1]:
                block = block[key]
            block[keys[-1]] = value
        try:
            return check_config(config)
        except ConfigError as error:
            # The place in config.yaml, in words that fit on a screen and run nothing in it.
            assert shown(error).startswith("ConfigError: config.yaml, ") and len(shown(error)) < 1200, shown(error)
            assert shown(error).isprintable(), shown(error)
            raise

    return run


def _parameters(text: str) -> Callable[[Path], str]:
    """Through papermill's translator, whose code runs where Quarto is given parameters."""

    def run(folder: Path) -> str:
        from papermill.translators import PythonTranslator

        given = {"config": {text: [text, {"a": text}]}, "lang": text, "none": None, "huge": float("inf")}
        ran: dict = {}
        exec(PythonTranslator.codify(given), {}, ran)
        assert ran == given, ran
        return text

    return run


def _expression(text: str, answer: str = "a") -> Callable[[Path], object]:
    def run(folder: Path) -> object:
        return list(compile_expression(text).holds(pd.DataFrame({"q": pd.Series([answer], dtype="str")})))

    return run


_BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)

CASES = [
    Case("Typst that reads a file", "open text", "inert", _shown('#read("/etc/passwd")')),
    Case("Typst that imports a package", "open text", "inert", _shown('#import "@preview/x:1.0.0": *')),
    Case("a script in HTML", "open text", "inert", _shown("<script>alert(1)</script>")),
    Case("raw Markdown", "facility name", "inert", _shown("# [a](http://b) ![c](d) | e | **f** $g$ @h ^[i]")),
    Case("a raw block of Typst", "open text", "inert", _shown("```{=typst} #read(1) ```")),
    Case("a shortcode of Quarto", "open text", "inert", _shown("{{< include /etc/passwd >}}")),
    Case("inline Python", "open text", "inert", _shown("`{python} open('/etc/passwd').read()`")),
    Case("metacharacters of the shell and ../", "facility name", "inert", _shown("; rm -rf ../../ $(id) | tee `x` &")),
    Case("text that turns right to left", "open text", "inert", _shown("veilig\u202egpj.exe", but="\u202e")),
    *[
        Case(f"a formula that starts with {name}", "audit trail, open data, coding sheets", "inert", _cell(text))
        for name, text in (
            ("=", '=HYPERLINK("http://b","c")'), ("+", "+cmd|' /C calc'!A0"), ("-", "-2+3+cmd"), ("@", "@SUM(A1)"), ("a tab", "\t=1+1"),
        )
    ],
    Case("a tag that runs Python", "config.yaml", "refused", _yaml("a: !!python/object/apply:os.system [id]")),
    Case("a bomb of aliases", "config.yaml", "refused", _yaml(_BOMB)),
    Case("a bomb of aliases under a known key", "config.yaml", "refused", _yaml(_BOMB.replace("i: &i", "rounds: &i"))),
    *[
        Case(f"a path {name}", "config.yaml", "refused", _config(*keys, value=path))
        for name, keys, path in (
            ("with ../", ("register",), "raw/../../etc/passwd"),
            ("from the root", ("rounds", "2018", "contacts"), "/etc/passwd"),
            ("with ../ and a star", ("rounds", "2021", "exports", 1, "path"), "../*/*.xlsx"),
            ("with a line end", ("rounds", "2021", "names"), "raw/2021/names.csv\nb"),
            ("with a null byte", ("report", "reference"), "raw/reference\0"),
            ("with a wildcard of Snakemake", ("rounds", "2021", "coding", "themes"), "raw/{round}/coding/themes.csv"),
            ("of 5 000 letters", ("rounds", "2021", "questionnaire"), "raw/" + "x" * 5000),
            ("with a phone number", ("rounds", "2021", "other"), "raw/2021/bel 06-12345678.csv"),
        )
    ],
    *[
        Case(f"a name of a {thing} with {name}", "config.yaml", "refused", _config(section, value={text: {}}))
        for thing, section in (("round", "rounds"), ("finding", "findings"), ("figure", "figures"))
        for name, text in (("../", "../a"), ("a line end behind it", "a\n"), ("a wildcard of Snakemake", "a{lang}"), ("a formula", "=1+1"))
    ],
    *[
        Case(f"a key that is {name}", "config.yaml", "refused", _config("rounds", "2018", key, value="x"))
        for name, key in (("null", None), ("a number", 2.5), ("true", True))
    ],
    *[
        Case(f"a returned form called {name}", "raw/", must, _config(called=text))
        for name, text, must in (
            ("after a line end", "a\nb.xlsx", "refused"), ("after a wildcard of Snakemake", "a{round}.xlsx", "refused"), ("after a path variable of Snakemake", "a<b>.xlsx", "refused"),
            ("after text that turns right to left", "a\u202exslx.xlsx", "refused"), ("after bytes that are no letters", "a\udcff.xlsx", "refused"),
            ("after a phone number", "interview 0612345678.xlsx", "refused"), ("after a BSN", "111222333.xlsx", "refused"),
            ("after an e-mail address", "a.devries@instelling.example.xlsx", "refused"),
            ("after a command", "$(id); rm -rf '`x`' &.xlsx", "inert"), ("after an option of a command", "-rf.xlsx", "inert"),
            ("after a formula", "=cmd|calc.xlsx", "inert"), ("after Typst", "#read(x).xlsx", "inert"),
        )
    ],
    *[
        Case(f"{name} as a parameter of the notebook", "config.yaml", "inert", _parameters(text))
        for name, text in (
            ("a quotation mark and code", '"; import os; os.system("id") #'), ("a triple quotation mark", "\"\"\"'\'\'\\"),
            ("a line end and code", "a\nimport os\\"), ("half a letter and a null byte", "\ud800\x00\u2028\\x41\\N{DIGIT ONE}{x}%s"),
        )
    ],
    Case("an encoding that runs a decoder", "config.yaml", "refused", _encoding("zip_codec")),
    Case("an encoding that there is not", "config.yaml", "refused", _encoding("../utf-8\n")),
    Case("entities within entities, and a file", "returned .docx", "either", _xml("a.docx", "word/document.xml")),
    Case("entities within entities, and a file", "export .xlsx", "refused", _xml("a.xlsx", "xl/workbook.xml")),
    Case("entities within entities, and a file", "export .ods", "refused", _xml("a.ods", "content.xml")),
    Case("a cell in the last row and column", "export .xlsx", "refused", _far_cell),
    Case("cells that say that they are repeated", "export .ods", "refused", _repeated),
    Case("a zip bomb", "returned .docx", "refused", _zip("a.docx")),
    Case("a zip bomb", "export .xlsx", "refused", _zip("a.xlsx")),
    Case("a zip bomb", "zip of CSVs", "refused", _zip("a.zip")),
    Case("a cell of 100 MB", "export .csv", "either", _csv(b"id,name\n1," + b"x" * 100_000_000 + b"\n")),
    Case("a million columns", "export .csv", "refused", _csv(b",".join(b"c%d" % n for n in range(1_000_000)) + b"\n")),
    Case("null bytes", "export .csv", "either", _csv(b"id,name\n1,a\x00b\n\x00\x00,c\n")),
    Case("an XPath that opens a file", "questionnaire", "refused", _expression("document('/etc/passwd') = ''")),
    Case("an XPath that walks the tree", "questionnaire", "refused", _expression("count(//*//*//*) > 1")),
    Case("an XPath of a thousand brackets", "questionnaire", "refused", _expression("(" * 1000 + "1" + ")" * 1000)),
    Case("an XPath of a megabyte", "questionnaire", "refused", _expression("1" + "+1" * 500_000)),
    Case("a pattern that never ends", "questionnaire", "refused", _expression("regex(${q}, '^(a+)+$')", "a" * 60 + "!")),
    Case("a pattern with choices that never ends", "questionnaire", "refused", _expression("regex(${q}, '^(a|aa)*$')", "a" * 60 + "!")),
]  # fmt: skip


def outcome(case: Case, folder: Path) -> str:
    """`inert`, `refused: message` or `failed: why`, in a process of its own with bounded time and memory."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_bounded, args=(case, folder, theirs))
    process.start()
    theirs.close()
    try:
        told = ours.recv() if ours.poll(CPU_SECONDS * 3) else "failed: it does not end"
    except EOFError:
        told = "failed: it died, out of time or memory"
    process.kill()
    process.join()
    return told


def _bounded(case: Case, folder: Path, answer) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    try:
        case.run(folder)
        answer.send("inert")
    except UserError as error:
        # As a person sees it: a bomb must not come back in it.
        message = shown(error)
        answer.send(f"refused: {message}" if len(message) < 3000 else f"failed: a message of {len(message)} letters")
    except BaseException as error:
        answer.send(f"failed: {type(error).__name__}: {str(error)[:300]}")
