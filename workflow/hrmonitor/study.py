"""What a study says of itself: `report/study/`, a folder a language, read and not yet checked (`project.study_checks` does that).

`report.md` has a section for each place in the report, `findings.md` one a finding with its parts, `glossary.md` one a word and `checklist.md`
one an item of CROSS; `names.yaml` has the words that tables and figures use too, so that a changed sentence draws no figure anew.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import yaml

from hrmonitor.errors import ConfigError
from hrmonitor.language import settable, terms

FOLDER = Path("report/study")
TEXTS = ("report.md", "findings.md", "glossary.md", "checklist.md")
NAMES = "names.yaml"
# Methods that the engine's sentences cite, and what the study itself cites.
REFERENCES = (Path("workflow/hrmonitor/resources/references.bib"), FOLDER / "references.bib")

_HEADING = re.compile(r"(#{1,6})[ \t]+(.*?)[ \t]*#*[ \t]*")
_COMMENT = re.compile(r"<!--.*?-->", re.S)
# They turn the letters behind them, also those of others.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class Section:
    """A text between two headings, and the line of the file on which it begins."""

    text: str
    line: int

    @property
    def paragraphs(self) -> list[str]:
        return [" ".join(part.split()) for part in re.split(r"\n[ \t]*\n", self.text)]

    @property
    def items(self) -> list[str]:
        """The items of a list whose lines begin with `- `."""
        return [" ".join(item.split()) for item in re.split(r"^- +", self.text, flags=re.M) if item.strip()]


@dataclass(frozen=True)
class Study:
    """The texts and names in one language; what the study leaves out is not among them."""

    report: dict[str, Section] = field(default_factory=dict)
    findings: dict[str, dict[str, Section]] = field(default_factory=dict)
    glossary: dict[str, Section] = field(default_factory=dict)
    checklist: dict[str, Section] = field(default_factory=dict)
    names: dict[str, dict] = field(default_factory=dict)

    def of_finding(self, finding: str, part: str) -> Section | None:
        return self.findings.get(finding, {}).get(part)

    def name_of(self, service: str, form: str = "name") -> str | None:
        """A type of service by its code: its `name`, `short` name, or `one` and `several` of them."""
        return self.names.get("services", {}).get(service, {}).get(form)

    def units(self, known: dict[str, str]) -> dict[str, str]:
        """The engine's words for units and the study's own."""
        return known | self.names.get("units", {})

    def services(self, lang: str, form: str = "name") -> dict[str, str]:
        """Code -> name of all types of service that have one, in that form if they have it, and of what the engine calls all of them."""
        codes = self.names.get("services", {})
        own = {code: name for code in codes if (name := self.name_of(code, form) or self.name_of(code))}
        return own | (terms(lang)["services"] if form == "name" else {})


def read_sections(path: Path, depth: int = 1) -> dict[tuple[str, ...], Section]:
    """(heading, or heading and heading below it) -> text, without comments; a section without text is left out.

    Raises `ConfigError` with file and line for text above the first heading, a heading deeper than `depth` and one that stands twice.
    """
    found: dict[tuple[str, ...], Section] = {}
    seen: dict[tuple[str, ...], int] = {}
    place: tuple[str, ...] = ()
    lines: list[str] = []
    start = 1
    content = _COMMENT.sub(lambda comment: "\n" * comment.group().count("\n"), path.read_text(encoding="utf-8"))

    def keep() -> None:
        text = settable(_TURNING.sub("", "\n".join(lines))).strip()
        if text and not place:
            raise ConfigError(
                f"{path}, line {start}: there is text above the first heading. Put it under a `# heading`."
            )
        if text:
            found[place] = Section(text, start)

    for number, line in enumerate(content.splitlines(), start=1):
        heading = _HEADING.fullmatch(line)
        if heading is None:
            if line.strip() and not any(map(str.strip, lines)):
                lines, start = [], number
            lines.append(line)
            continue
        keep()
        level, name = len(heading[1]), " ".join(heading[2].split())
        if level > depth or level > len(place) + 1:
            raise ConfigError(
                f"{path}, line {number}: a heading with {'#' * level} cannot stand here. "
                + ("Headings begin with # ." if depth == 1 else "Findings begin with # and their parts with ## .")
            )
        place, lines, start = (*place[: level - 1], name), [], number + 1
        if place in seen:
            raise ConfigError(
                f"{path}, line {number}: the heading {name!r} stands on line {seen[place]} too. Join the two."
            )
        seen[place] = number
        if level < depth:
            found.setdefault(place, Section("", number))
    keep()
    return found


def read_names(path: Path) -> dict[str, dict]:
    """The names, as the file has them. Raises `ConfigError` where it is no YAML with a block a kind of name."""
    try:
        read = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader) or {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        raise ConfigError(
            f"{path}{where}: this is no YAML that can be read ({getattr(error, 'problem', error)})."
        ) from error
    if not isinstance(read, dict) or not all(isinstance(block, dict) or block is None for block in read.values()):
        raise ConfigError(f"{path}: each kind of name is a block, such as `services:` with a line a code below it.")
    return {kind: block or {} for kind, block in read.items()}


def read_study(folder: Path) -> Study:
    """The texts of one language, from `report/study/{lang}`; a file that is not there leaves its sections out."""
    sections = {
        name: read_sections(folder / name, depth=2 if name == "findings.md" else 1) if (folder / name).is_file() else {}
        for name in TEXTS
    }
    flat = {name: {place[0]: section for place, section in own.items()} for name, own in sections.items()}
    findings: dict[str, dict[str, Section]] = {}
    for (finding, *part), section in sections["findings.md"].items():
        findings.setdefault(finding, {})
        if part or section.text:
            findings[finding][part[0] if part else ""] = section
    names = read_names(folder / NAMES) if (folder / NAMES).is_file() else {}
    return Study(flat["report.md"], findings, flat["glossary.md"], flat["checklist.md"], names)


@cache
def _study(folder: Path) -> Study:
    return read_study(folder)


def study(lang: str, root: Path | str = ".") -> Study:
    """What the study in the project's folder says in a language."""
    return _study(Path(root, FOLDER, lang).resolve())


def within(label: str, lang: str) -> str:
    """A label as it stands inside a sentence: as the study's names have it under `inside`, else with a small first letter where the language
    writes it so (`small_inside` of its terms: yes, no, or the words that are no nouns). Abbreviations are left alone (`DVD`, `Wi-Fi`)."""
    own = study(lang).names.get("inside", {})
    if label in own:
        return own[label]
    small = terms(lang)["language"]["small_inside"]
    if isinstance(small, str):
        small = re.split(r"\W", label, maxsplit=1)[0] in small.split()
    return label if label[1:2].isupper() or not small else label[:1].lower() + label[1:]


def files_of(lang: str) -> list[str]:
    """The files of a language that are there: texts and names."""
    return [path.as_posix() for name in (*TEXTS, NAMES) if (path := FOLDER / lang / name).is_file()]


def names_of(lang: str) -> list[str]:
    """The file with the names, which figures use too, if it is there."""
    return [path.as_posix()] if (path := FOLDER / lang / NAMES).is_file() else []


def references(root: Path | str = ".") -> list[Path]:
    """The BibTeX files that citations are looked up in."""
    return [path for one in REFERENCES if (path := Path(root, one)).is_file()]
