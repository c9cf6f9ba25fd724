"""What a survey is of, such as facilities, people or cities: its words, which texts name by markers.

`<<many>>` in a text of the engine stands for the plural of the study's word, `<<Many>>` for the same with a capital. Each language says in
`resources/languages/{lang}/units.yaml` which forms it needs, and gives them for the units that the engine knows; a study gives words of its own
in `report/study/{lang}/names.yaml`, under `unit:`. Whoever reads config.yaml calls `speak_of` once, before any text is read; until then texts are about facilities.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from hrmonitor.errors import ConfigError, DeclarationError
from hrmonitor.resources import RESOURCES

DEFAULT = "facility"
# The one whose words are taken in a language that the study does not speak.
ANY = "unit"
OWN_WORDS = "report/study/{lang}/names.yaml"
_MARKER = re.compile(r"<<(\w+)>>( ?)")


class Unit:
    """A unit by its name in config.yaml; the study's own words for it are those of the project in `root`, if one is given."""

    def __init__(self, name: str = DEFAULT, root: Path | str | None = None):
        self.name, self.root = name, root if root is None else Path(root).resolve()
        self._words: dict[str, dict[str, str]] = {}

    def words(self, lang: str) -> dict[str, str]:
        """Form -> word, of all forms that the language declares. Raises `ConfigError` for one that nobody gave."""
        if lang not in self._words:
            self._words[lang] = words_of(lang, self.name, self._own(lang))
        return self._words[lang]

    def _own(self, lang: str) -> dict[str, str]:
        path = None if self.root is None else Path(self.root, OWN_WORDS.format(lang=lang))
        if path is None or not path.is_file():
            return {}
        try:
            read = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
        except yaml.YAMLError as error:
            raise ConfigError(f"{path}: this is no YAML that can be read ({error}).") from error
        own = read.get("unit") if isinstance(read, dict) else None
        # What is no word, `project.study_checks` refuses.
        return {str(form): word for form, word in own.items() if isinstance(word, str)} if isinstance(own, dict) else {}


_spoken_of = Unit()


def speak_of(name: str = DEFAULT, root: Path | str | None = None) -> None:
    """From now on the engine's texts are about this unit, with the words that the project in `root` has for it."""
    global _spoken_of
    _spoken_of = Unit(name, root)


def spoken_words(lang: str) -> tuple[tuple[str, str], ...]:
    """(form, word) of the unit that is spoken of, to tell texts about one unit from those about another."""
    return tuple(_spoken_of.words(lang).items())


@cache
def declared(lang: str) -> dict[str, dict]:
    """`forms`, form -> {for, default}, and `units`, name -> form -> word, as the language's file has them."""
    path = RESOURCES / "languages" / lang / "units.yaml"
    return yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)


def missing(lang: str, name: str, own: Mapping[str, str]) -> list[str]:
    """The forms that neither the engine nor the study has; [] where all are there."""
    given = declared(lang)["units"].get(name, {}) | own
    return [form for form, about in declared(lang)["forms"].items() if form not in given and "default" not in about]


def words_of(lang: str, name: str, own: Mapping[str, str]) -> dict[str, str]:
    """Form -> word of a unit; raises as `Unit.words` does."""
    units, forms = declared(lang)["units"], declared(lang)["forms"]
    given = units.get(name, {} if own else units[ANY]) | own
    if lacking := missing(lang, name, own if own else given):
        raise ConfigError(
            f"{OWN_WORDS.format(lang=lang)}, unit: {lacking[0]!r} is missing ({forms[lacking[0]]['for']}). Add it."
        )
    words: dict[str, str] = {}
    for form, about in forms.items():
        words[form] = given[form] if form in given else _filled(about["default"], words)
    return words


def in_words(data: Any, lang: str, unit: Unit | None = None) -> Any:
    """The texts in lists and dictionaries with the words of the unit in place of markers; without `unit`, of the one that is spoken of.

    Raises `DeclarationError` for an unknown marker.
    """
    return _in(data, (unit or _spoken_of).words(lang))


def _in(data: Any, words: Mapping[str, str]) -> Any:
    if isinstance(data, dict):
        return {key: _in(value, words) for key, value in data.items()}
    if isinstance(data, list):
        return [_in(value, words) for value in data]
    return _filled(data, words) if isinstance(data, str) and "<<" in data else data


def _filled(text: str, words: Mapping[str, str]) -> str:
    """A form that is empty takes the space after it with it, unless it is the ending of a word (`interrogé<<e>>s`)."""

    def word(marker: re.Match) -> str:
        form = marker[1][0].lower() + marker[1][1:]
        if form not in words:
            raise DeclarationError(
                f"{marker[0].strip()} is no form of a unit: {text!r}. It can be: {', '.join(words)}."
            )
        said = words[form] if form == marker[1] else words[form][:1].upper() + words[form][1:]
        ending = text[: marker.start()][-1:].isalpha()
        return said + marker[2] if said or ending else ""

    return _MARKER.sub(word, text)
