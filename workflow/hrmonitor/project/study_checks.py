"""`report/study/`, checked before anything runs: sections, numbers by name, citations, and that a text cannot break the report.

Only light modules are imported here, because every `snakemake` call passes through.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from hrmonitor.errors import ConfigError
from hrmonitor.project.config import SAMPLE, Config, Finding
from hrmonitor.project.finding_checks import asked_by
from hrmonitor.project.paths import nearest
from hrmonitor.project.result_fields import FIELD, Asked, check_braces
from hrmonitor.questionnaire.model import read_sheet
from hrmonitor.resources import RESOURCES
from hrmonitor.study import FOLDER, NAMES, TEXTS, Section, Study, read_study, references
from hrmonitor.unit import ANY, declared, missing


@dataclass(frozen=True)
class Place:
    """What a section may be. shape: text (paragraphs and lists), line (one paragraph) or items (a list); `fields`: the kinds of number that
    its braces may name; plain: it is set without Markdown, as in the summary and on slides; without: facts for
    which the engine has other words where the survey does not have them."""

    shape: str = "text"
    fields: tuple[str, ...] = ("share", "fact")
    plain: bool = False
    without: tuple[str, ...] = ()


LINE, ENTRY, ITEMS = Place("line", ()), Place("line"), Place("items")
REPORT = {
    "rehearsal": LINE,
    "rehearsal on the front page": LINE,
    "rehearsal in the summary": Place("line", (), plain=True),
    "rehearsal on the slides": Place("line", (), plain=True),
    "background": Place(),
    "aims": Place(),
    "recommendations": Place(),
    "limits": ITEMS,
    "limits in a rehearsal": ITEMS,
    "funding": LINE,
    "asked": Place("text", ("fact",), plain=True, without=("approached", "total")),
    "asked in a rehearsal": Place("text", ("fact",), plain=True, without=("approached", "total")),
    "title of the talk": Place("line", ("fact",), plain=True, without=("total",)),
    "limits on the slides": Place("items", ("fact",), plain=True),
}
FINDING = {
    "short name": LINE,
    "headline": Place("line", ("in_words", "rises", "falls")),
    "next steps": Place("items", ("share",)),
    "cannot tell": Place("line", ("share",)),
    "in the summary": Place("line", (), plain=True),
    "next step in the summary": Place("line", (), plain=True),
    "test 1": Place("line", ("who",)),
    "test 1 in the summary": Place("line", (), plain=True),
}
_TEST = re.compile(r"test (\d{1,2})( in the summary)?")
# What a study may say of an item of the checklist that its report has no place for.
STATUSES = ("not applicable", "not reported")
# Kind of name -> the keys that one may have, where it has keys.
NAMES_OF: dict[str, tuple[str, ...]] = {
    "unit": (), "services": ("name", "short", "one", "several"), "units": (), "topics": (), "counted": (), "averaged": (), "inside": (),
}  # fmt: skip

# What Markdown, Pandoc, Quarto or Typst would take for more than a text, and what to do.
_REFUSED = (
    (r"<(?=[A-Za-z/!?])", "a tag of HTML. Write the text without it; before a word, < is written \\<"),
    (r"```|~~~", "a block of code. Write the text without it"),
    (r"^[ \t]*:::", "a block of Quarto (:::). Write the text without it"),
    (r"^[ \t]*(?:-{3,}|={3,}|\.{3})[ \t]*$", "a line that Markdown takes for more than a line. Leave it out"),
    (r"!\[", "a picture. Figures are declared in config.yaml, under `figures`"),
    (r"^[ \t]*(?:\||\+[-=])", "a table. Tables are made from the results"),
    (r"^[ \t]*\[[^\]]*\]:", "a definition of a link. Write the address where it is named, as [text](address)"),
    (r"\\[A-Za-z]", "a command of TeX. Write the text without the \\"),
    (r"\$", "a dollar sign, which begins a formula. Write the name of the currency"),
)  # fmt: skip
_MARKDOWN = re.compile(r"[*`\[\]]|\b_|_\b")
_CITED = re.compile(r"(?<![\w\\])@\{?([\w:.-]*\w)")


def check_study(config: Config) -> dict[str, Study]:
    """Language -> what the study says in it, of each language of the report.

    Raises `ConfigError` with file and line for a section that is unknown, that is there in another language only, or whose text cannot stand there.
    A study without texts says nothing of itself, which is no mistake; what it says of other findings or types of service than there are stands
    nowhere (`unused`).
    """
    for path in sorted(FOLDER.glob("*/*")):
        if path.suffix in (".md", ".yaml") and path.name not in (*TEXTS, NAMES):
            raise ConfigError(f"{path}: no such file is read.{nearest(path.name, [*TEXTS, NAMES])} Rename it.")
    studies = {lang: read_study(FOLDER / lang) for lang in config.languages}
    sheet = cache(read_sheet)
    asked = {name: asked_by(round_.questionnaire, sheet) for name, round_ in config.rounds.items()}
    keys = {key for path in references() for key in re.findall(r"^@\w+\{([^,\s]+),", path.read_text("utf-8"), re.M)}
    for lang, study in studies.items():
        check = _Check(FOLDER / lang, config, asked, keys)
        check.report(study)
        check.findings(study)
        check.lists(study)
        check.names(study)
        check.unit(lang, study.names.get("unit", {}))
    _check_languages(studies)
    return studies


def unused(studies: Mapping[str, Study], config: Config, claimed: Collection[str]) -> list[str]:
    """What a user should know of a study that `check_study` has seen: what it says of findings, types of service and questions that there are
    not, which stands nowhere. A sentence for each. `claimed` are all findings of config.yaml, those of waiting rounds too."""
    said = []
    codes = _codes({name: asked_by(round_.questionnaire, cache(read_sheet)) for name, round_ in config.rounds.items()})
    for lang, study in studies.items():
        gone = [("findings.md", "finding", name, claimed) for name in study.findings if name not in claimed]
        gone += [
            (NAMES, "type of service" if kind == "services" else "question", code, known)
            for kind, known in codes.items()
            for code in study.names.get(kind, {})
            if code not in known
        ]
        said += [
            f"{FOLDER}/{lang}/{file}: there is no {what} {name!r}, so what is said of it is left out.{nearest(str(name), sorted(map(str, known)))}"
            for file, what, name, known in gone
        ]
    return said


def _codes(asked: Mapping[str, Asked]) -> dict[str, set[str]]:
    """Kind of name -> the codes that may have one, where not anything may."""
    questions = {question for one in asked.values() for question in one.kinds}
    services = {code for one in asked.values() for code in one.choices.get("service", ())}
    return {"services": services, "counted": questions, "averaged": questions}


def check_text(path: Path, section: Section, place: Place, keys: Collection[str]) -> None:
    """Raises `ConfigError` where a text would not come out as a text, or has not the shape of its place."""
    for number, line in enumerate(section.text.splitlines(), start=section.line):
        where = f"{path}, line {number}"
        for pattern, what in _REFUSED:
            if re.search(pattern, line):
                raise ConfigError(f"{where}: this is {what}.")
        if re.search(r"[{}]", FIELD.sub("", line)):
            raise ConfigError(
                f"{where}: a brace is not closed, or not opened. Braces stand around the name of a number, on one line."
            )
        if place.plain and _MARKDOWN.search(FIELD.sub("", line)):
            raise ConfigError(
                f"{where}: this text is set without Markdown. Leave out *, _, ` and [ ], and citations with them."
            )
        for key in _CITED.findall(line):
            if key not in keys:
                raise ConfigError(
                    f"{where}: no source is called {key!r}.{nearest(key, list(keys))} Add it to {FOLDER}/references.bib, or write "
                    "\\@ where none is meant."
                )
    if place.shape == "line" and len(section.paragraphs) > 1:
        raise ConfigError(f"{path}, line {section.line}: this text is one paragraph. Join its paragraphs.")
    if place.shape == "items" and not section.text.startswith("- "):
        raise ConfigError(f"{path}, line {section.line}: this is a list. Begin each item with `- `.")
    if place.shape == "line" and re.match(r"(?:[-+*>]|\d+[.)])\s", section.text):
        raise ConfigError(
            f"{path}, line {section.line}: this text is a sentence in the report, not a list. Write it out."
        )


class _Check:
    """The files of one language against the config, the questionnaires and the sources."""

    def __init__(self, folder: Path, config: Config, asked: Mapping[str, Asked], keys: Collection[str]):
        self.folder, self.config, self.asked, self.keys = folder, config, asked, keys

    def report(self, study: Study) -> None:
        path = self.folder / "report.md"
        for name, section in study.report.items():
            self._known(path, section, name, REPORT)
            self._section(path, section, REPORT[name], self.asked[self.config.main_round])

    def findings(self, study: Study) -> None:
        path, claims = self.folder / "findings.md", self.config.findings
        for name, parts in study.findings.items():
            if name not in claims:
                continue  # of a round that waits, or `unused`
            tests = range(1, len(claims[name].tests) + 1)
            known = [part for part in FINDING if not part.startswith("test")]
            known += [f"test {number}{end}" for number in tests for end in ("", " in the summary")]
            for part, section in parts.items():
                if not part:
                    raise ConfigError(
                        f"{path}, line {section.line}: this text stands in no part of the finding. Put it under one of: "
                        f"{', '.join(f'## {one}' for one in known)}."
                    )
                self._known(path, section, part, known)
                self._section(
                    path, section, FINDING[_TEST.sub(r"test 1\2", part)], self.asked[claims[name].round], claims[name]
                )

    def lists(self, study: Study) -> None:
        path, items = self.folder / "checklist.md", _items()
        for name, section in study.checklist.items():
            item, _, status = name.partition(", ")
            self._known(path, section, item, list(items))
            if status and (status not in STATUSES or items[item]):
                raise ConfigError(
                    f"{path}, before line {section.line}: {name!r} cannot stand here. "
                    + (
                        f"Item {item} has its place in any report; leave {status!r} out."
                        if status in STATUSES
                        else f"After the comma stands one of: {', '.join(STATUSES)}."
                    )
                )
        for file, sections in (("glossary.md", study.glossary), ("checklist.md", study.checklist)):
            for section in sections.values():
                self._section(self.folder / file, section, ENTRY, self.asked[self.config.main_round])

    def names(self, study: Study) -> None:
        path = self.folder / NAMES
        codes = _codes(self.asked)
        for kind, block in study.names.items():
            if kind not in NAMES_OF:
                raise ConfigError(
                    f"{path}: {kind!r} is no kind of name.{nearest(kind, list(NAMES_OF))} It can be: {', '.join(NAMES_OF)}."
                )
            known = codes.get(kind)
            for code, value in block.items():
                if known is not None and code not in known:
                    continue  # `unused`
                if kind == "unit":
                    continue  # `unit`
                if kind != "services":
                    self._name(path, f"{kind}.{code}", value)
                    continue
                forms = value if isinstance(value, dict) else {}
                if "name" not in forms or ("one" in forms) != ("several" in forms):
                    raise ConfigError(
                        f"{path}, {kind}.{code}: a type of service has a `name`, may have a `short` one, and has both `one` and "
                        "`several` or neither. Add what is missing."
                    )
                for form, name in forms.items():
                    if form not in NAMES_OF[kind]:
                        raise ConfigError(
                            f"{path}, {kind}.{code}: unknown key {form!r}. It can be: {', '.join(NAMES_OF[kind])}."
                        )
                    self._name(path, f"{kind}.{code}.{form}", name)

    def unit(self, lang: str, own: Mapping[str, str]) -> None:
        """Every form of the unit that the language needs has a word, by the engine or by the study, which has no other."""
        path, name = self.folder / NAMES, self.config.unit
        forms, known = declared(lang)["forms"], declared(lang)["units"]
        for form, word in own.items():
            if form not in forms:
                raise ConfigError(
                    f"{path}, unit: no text needs the form {form!r}.{nearest(str(form), list(forms))} It can be: {', '.join(forms)}."
                )
            if word != "" or forms[form].get("default") != "":
                self._name(path, f"unit.{form}", word)
        lacking = missing(lang, name, own)
        if lacking and not own:
            units = [unit for unit in known if unit != ANY]
            raise ConfigError(
                f"config.yaml, unit: {name!r} is not known.{nearest(name, units)} It can be: {', '.join(units)}; or give its words in "
                f"{path}, under `unit:`: {', '.join(lacking)}."
            )
        if lacking:
            raise ConfigError(
                f"{path}, unit: {lacking[0]!r} is missing, a word for {name!r} ({forms[lacking[0]]['for']}). Add it."
            )

    @staticmethod
    def _name(path: Path, where: str, name: object) -> None:
        if not isinstance(name, str) or not name.strip():
            raise ConfigError(
                f"{path}, {where}: {name!r} is no name. Write a word, in quotes if YAML takes it for more."
            )
        if sign := re.search(r"[*_`\[\]{}<>|#$@\\\n]", name):
            raise ConfigError(f"{path}, {where}: a name cannot hold {sign.group()!r}. Leave it out.")

    @staticmethod
    def _known(path: Path, section: Section, name: str, known: Iterable[str]) -> None:
        if name not in known:
            raise ConfigError(
                f"{path}, before line {section.line}: there is no section {name!r}.{nearest(name, list(known))} It can be: {', '.join(known)}."
            )

    def _section(
        self, path: Path, section: Section, place: Place, asked: Asked, finding: Finding | None = None
    ) -> None:
        check_text(path, section, place, self.keys)
        for number, line in enumerate(section.text.splitlines(), start=section.line):
            where = f"{path}, line {number}"
            check_braces(where, line, place.fields, asked, finding)
            for written in FIELD.findall(line):
                if written != written.strip():
                    raise ConfigError(f"{where}: {{{written}}} has a space inside its braces. Take it out.")
                if written not in place.without and (lacking := self._lacking(written)):
                    raise ConfigError(f"{where}: {{{written}}} cannot be told: {lacking}. Say it without the number.")

    def _lacking(self, fact: str) -> str:
        """Why a fact is not there; empty where it is."""
        if fact == "total" and not self.config.findings:
            return "config.yaml has no findings"
        if fact == "approached" and not self.config.rounds[self.config.main_round].contacts:
            return f"round {self.config.main_round} has no `contacts`"
        if fact in ("register", "rest", "share") and self.config.framed_by == SAMPLE:
            return "nobody knows how many there are of whom a sample was drawn"
        return ""


@cache
def _items() -> dict[str, bool]:
    """Item of CROSS -> whether any report has a place for it."""
    read = yaml.load((RESOURCES / "cross.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader)
    return {item["item"]: "where" in item for item in read["items"]}


def _check_languages(studies: Mapping[str, Study]) -> None:
    """What is said in one language is said in all."""
    said = {lang: set(_places(study)) for lang, study in studies.items()}
    for lang, places in said.items():
        for other, more in said.items():
            if missing := sorted(more - places):
                file, *headings = missing[0]
                raise ConfigError(
                    f"{FOLDER / lang / file}: {' / '.join(headings)!r} is missing, which {FOLDER / other / file} has. Write it, or take it out there."
                )


def _places(study: Study) -> Iterable[tuple[str, ...]]:
    """Where the study says something, by file and headings. Words of a glossary are those of a language."""
    yield from (("report.md", name) for name in study.report)
    yield from (("findings.md", name, part) for name, parts in study.findings.items() for part in parts)
    yield from (("checklist.md", name) for name in study.checklist)
    # The forms of a unit and the words that keep their capitals are those of a language.
    yield from (
        (NAMES, kind, str(code))
        for kind, block in study.names.items()
        if kind not in ("unit", "inside")
        for code in block
    )
